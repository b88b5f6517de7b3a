"""What a page states of its document: labels, tags, header tables, titles; which reading of a field to believe."""
