"""Rooms that survive a restart, and what may be taken along as a table."""
