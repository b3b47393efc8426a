"""Floor: what many runs say together. Reads results and tables; runs a chain only through ``run``."""
