"""How well the audit finds what is wrong, and only that: a country with faults planted at known places.

Here belong the world that is judged (:mod:`.world`), the faults (:mod:`.planting`) and the comparison of both with what
the audit says (:mod:`.scoring`). The figures go into the raw zone as the reader would have written them; that workbooks
are read rightly is proven elsewhere (``tests/pipeline``). ``make audit-score`` prints the result.
"""
