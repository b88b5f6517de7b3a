"""WARC files (ISO 28500:2017) in and out."""

from archive.warc.reading import read_warc

__all__ = ["read_warc"]
