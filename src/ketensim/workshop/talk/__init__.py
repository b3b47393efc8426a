"""What there is to talk about afterwards: what was chosen, what it did, and questions."""
