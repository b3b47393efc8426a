"""Axes, colours, markup and the picture of a chain: what every page draws with."""
