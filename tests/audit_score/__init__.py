"""Precision and recall of the audit on a country with faults planted at known places.

Here belong the world that is judged (:mod:`.world`), the faults (:mod:`.planting`) and their comparison with the result
of the audit (:mod:`.scoring`). The figures go into the raw zone as the reader would have written them; reading
workbooks is tested elsewhere (``tests/pipeline``). ``make audit-score`` prints the result.
"""
