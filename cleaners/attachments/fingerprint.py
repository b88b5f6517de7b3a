"""Which reader of files this is: texts read by another one are read again by a rebuild."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files

_LIBRARIES = ("pypdfium2", "lxml", "olefile", "python-calamine", "rarfile")
_BESIDES = ("decode.py", "plausible.py", "resync.py")
"""Modules of `cleaners` that decide what a text file says. HTML files go through all of `cleaners`, whose changes do not count here."""


@lru_cache(maxsize=1)
def fingerprint() -> str:
    """Give `sha256:<16 hex>` over the source of the readers and the versions of the libraries they read with."""
    digest = hashlib.sha256()
    cleaners = files("cleaners")
    own = (entry for entry in cleaners.joinpath("attachments").iterdir() if entry.name.endswith((".py", ".toml")))
    for entry in sorted((*own, *map(cleaners.joinpath, _BESIDES)), key=lambda entry: entry.name):
        digest.update(entry.name.encode() + b"\0" + entry.read_bytes())
    for library in _LIBRARIES:
        digest.update(f"{library} {_version(library)}\n".encode())
    return "sha256:" + digest.hexdigest()[:16]


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return ""
