"""Own chain: make a chain of one's own and scan how it stands."""
