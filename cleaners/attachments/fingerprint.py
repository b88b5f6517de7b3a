"""Which reader of files this is: texts read by another one are read again by a rebuild."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files

_LIBRARIES = ("pypdfium2", "lxml", "olefile", "python-calamine", "rarfile")
_FOLDERS = ("attachments", "decoding")
"""Folders of `cleaners` that decide what a file says. HTML files go through all of `cleaners`, whose changes do not count here."""


@lru_cache(maxsize=1)
def fingerprint() -> str:
    """Give `sha256:<16 hex>` over the source of the readers and the versions of the libraries they read with."""
    digest = hashlib.sha256()
    sources = (entry for folder in _FOLDERS for entry in files("cleaners").joinpath(folder).iterdir())
    for name, content in sorted((entry.name, entry.read_bytes()) for entry in sources if entry.name.endswith((".py", ".toml", ".txt"))):
        digest.update(name.encode() + b"\0" + content)
    for library in _LIBRARIES:
        digest.update(f"{library} {_version(library)}\n".encode())
    return "sha256:" + digest.hexdigest()[:16]


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return ""
