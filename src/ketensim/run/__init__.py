"""Floor 5: running a chain, as one Mesa model that can be watched and as an ensemble of many runs."""
