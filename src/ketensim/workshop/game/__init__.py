"""The rules of a workshop: plan, seats, phases, decisions. Pure: no file, no clock, no network."""
