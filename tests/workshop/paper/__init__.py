"""Claims about the workshop: paper."""
