"""FLOOR 6: experiments. A file says what to vary; each run is computed once, anywhere, and always gives the same bytes."""
