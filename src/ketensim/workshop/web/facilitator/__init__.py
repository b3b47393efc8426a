"""The pages of the facilitator."""
