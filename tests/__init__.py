"""A package, so that one of the same name that a dependency installs (some old ones do) is not found in its place."""
