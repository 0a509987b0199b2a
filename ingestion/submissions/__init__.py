"""Provincial workbooks: form definitions, the reader, acceptance."""
