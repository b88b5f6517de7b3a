"""What came of a request: undone codings, damage, what is content and what is not, kept as a Capture."""
