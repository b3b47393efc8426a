"""Claims about the workshop: keep."""
