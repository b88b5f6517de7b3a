"""Bytes -> text: which encoding a payload is in, and what of it is damaged."""
