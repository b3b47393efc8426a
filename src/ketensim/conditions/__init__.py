"""Floor 2: the theory. One module per condition, of one fixed shape; they meet only in the state."""
