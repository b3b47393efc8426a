"""Explore: six conditions as sliders, and what becomes of the goal."""
