"""Floor 10: the workshop *steering versus letting go*, with a room full of phones."""
