"""Vietnamese numbers, dates and periods, text folding, place names: pure functions, no I/O but reference data."""
