"""Floor 11: the browser app, in Solara; ``server.py`` serves it.

A page is a folder and a line in ``pages.py``. Pages share what stands here and never import one another.
"""
