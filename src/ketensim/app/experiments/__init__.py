"""Experiments: many combinations of settings, computed beside the page."""
