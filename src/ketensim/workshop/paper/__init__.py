"""What is printed: hand-outs, the rehearsal, the report of a workshop."""
