"""Claims about the workshop: game."""
