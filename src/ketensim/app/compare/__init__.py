"""Compare: settings beside one another, on equal luck."""
