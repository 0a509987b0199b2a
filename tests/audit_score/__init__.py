"""Precision and recall of the audit on a country with faults planted at known places.

World and faults come from :mod:`ingestion.samples` (``world``, ``catalogue``). Here belong where the faults are planted
(:mod:`.planting`) and their comparison with the result of the audit (:mod:`.scoring`). The figures go into the raw zone
as the reader would have written them (:mod:`.raw`); reading workbooks is tested elsewhere (``tests/pipeline``). ``make
audit-score`` prints the result.
"""
