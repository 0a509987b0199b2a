"""Portals: their configuration, what they list, and how their pages are fetched, archived and recorded.

Data flow of a page: :mod:`.portals` (which) -> :mod:`.survey` and :mod:`.fetch` under :mod:`.collect` -> the archive
and ``raw/_fetches``. :mod:`ingestion.news` reads the content of pages from the archive; neither imports the other.
"""
