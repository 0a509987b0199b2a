"""News: articles taken out of archived pages, and the figures, tables, tasks, documents and lists that they state.

:mod:`.reading` reads the archive and the record of fetches and appends to the raw zone. How a page came there is the
business of :mod:`ingestion.portals`; the two rooms do not know each other.
"""
