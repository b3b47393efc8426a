"""The report of one ensemble or of two on equal luck."""
