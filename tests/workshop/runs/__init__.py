"""Claims about the workshop: runs."""
