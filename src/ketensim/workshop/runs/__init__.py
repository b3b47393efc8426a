"""What became of the decisions: the runs of the tables, round by round."""
