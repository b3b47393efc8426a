"""Claims about the workshop (a package, because other folders have tests of the same name)."""
