"""Floor 10: the browser app, in Solara; ``server.py`` serves it, with the workshop in the same process."""
