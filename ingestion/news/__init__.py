"""News: articles in archived pages, and the figures, tables, tasks, documents and lists that they state.

:mod:`.reading` reads the archive and the record of fetches and appends to the raw zone. Fetching is in
:mod:`ingestion.portals`; neither imports the other.
"""
