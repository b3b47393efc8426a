"""A chain from a list of cases: its words, how good the list is, and how it resembles the simulation."""
