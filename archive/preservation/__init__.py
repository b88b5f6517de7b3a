"""Keeping the file itself: seals on rows, `verify`, `backup` and `restore` (docs/durability.md)."""
