"""Pages that scripts fill, rendered by a Chromium that has no network of its own (docs/javascript.md)."""
