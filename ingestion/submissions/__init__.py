"""Provincial workbooks: the reader, acceptance, receipts, templates."""
