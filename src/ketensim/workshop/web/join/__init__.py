"""How a participant comes in, and comes back."""
