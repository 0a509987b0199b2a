"""Portals: which there are, what they list, and how their pages are fetched politely, archived and recorded.

The path of a page: :mod:`.portals` (which) -> :mod:`.survey` and :mod:`.fetch` under :mod:`.collect` -> the archive
and ``raw/_fetches``. What a page states is read by :mod:`ingestion.news`, from the archive; the two rooms do not know
each other.
"""
