"""The page, the tables and the words about the result of an experiment."""
