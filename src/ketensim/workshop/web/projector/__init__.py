"""The screen that everybody sees."""
