"""Forms as data: a file per form and version, its typed reader, and what is generated from it for dbt.

Pure: reading, accepting and writing workbooks belong to :mod:`ingestion.submissions`.
"""
