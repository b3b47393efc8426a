"""Claims about the workshop over HTTP (a package, so that its conftest has a name of its own)."""
