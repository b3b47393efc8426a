"""Two chains beside each other with one slider."""
