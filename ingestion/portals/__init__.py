"""Portals: pages fetched politely and archived, articles taken out of them, and the figures they state.

The way of a page: :mod:`.portals` (which) -> :mod:`.survey` and :mod:`.fetch` under :mod:`.collect`
(archived, recorded) -> :mod:`.reading` (:mod:`.article`, :mod:`.claims`) -> raw zone.
Workbooks are none of its business.
"""
