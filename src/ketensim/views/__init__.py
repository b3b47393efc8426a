"""FLOOR 8: what people see of results: figures, tables, conclusions in words, the report; words are in ``texts/``."""
