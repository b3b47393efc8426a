"""FLOOR 9: other people's tools drive the model: EMA workbench (``ema``) and SALib (``salib``), by one function of names."""
