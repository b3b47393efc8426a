"""FLOOR 8: what people see of results: figures, tables, conclusions in words, and the report. Words come from ``texts/``."""
