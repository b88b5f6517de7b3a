"""Keeping the file itself: the fixity of rows, `verify`, `backup` and `restore` (docs/durability.md)."""
