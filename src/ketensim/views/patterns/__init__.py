"""The pages about patterns of the field: claim, picture, verdict."""
