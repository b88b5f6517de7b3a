"""The files of a WARC export: each record a gzip member of its own, a new file where one is full."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field
from typing import IO, Self

MOST_BYTES = 1_000_000_000
"""Bytes of a file, as ISO 28500:2017, annex C, recommends."""


@dataclass(frozen=True, slots=True)
class Span:
    """Where a record was written: the file's name, and its first byte and length in it."""

    name: str
    offset: int
    length: int


def in_order(path: str) -> str:
    """Give what file names are sorted by so that further files of an export come behind its first."""
    return path.removesuffix(".gz").removesuffix(".warc")


Opened = Callable[[str], AbstractContextManager[IO[bytes]]]


@dataclass
class Volumes:
    """The files of one export; `begin` gives the records each of them begins with.

    They are closed at its end, all of them or none; or `one_by_one`, when the next begins.
    """

    stem: str
    opened: Opened
    most: int = MOST_BYTES
    packed: bool = True
    one_by_one: bool = False
    begin: Callable[[str], Iterator[bytes]] = lambda _name: iter(())
    names: list[str] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    _stack: ExitStack = field(default_factory=ExitStack)

    def __enter__(self) -> Self:
        self._stack.__enter__()
        self._next()
        return self

    def __exit__(self, *told: object) -> bool | None:
        return self._stack.__exit__(*told)  # type: ignore[arg-type]

    def turn(self) -> None:
        """Begin another file where the one begun is full: records that belong together stay together."""
        if self.sizes[-1] >= self.most:
            self._next()

    def put(self, record: bytes) -> Span:
        """Write a record to the file begun."""
        content = _packed(record) if self.packed else record
        self._file.write(content)
        span = Span(self.names[-1], self.sizes[-1], len(content))
        self.sizes[-1] += len(content)
        return span

    def _next(self) -> None:
        if self.one_by_one:
            self._stack.close()
        number = len(self.names) + 1
        name = f"{self.stem}{f'-{number:05d}' if number > 1 else ''}.warc{'.gz' if self.packed else ''}"
        self.names.append(name)
        self.sizes.append(0)
        self._file = self._stack.enter_context(self.opened(name))
        for record in self.begin(name):
            self.put(record)


def _packed(record: bytes) -> bytes:
    # a compressor of zlib writes no time and no name, so the same record is always the same bytes
    packer = zlib.compressobj(6, zlib.DEFLATED, 31)
    return packer.compress(record) + packer.flush()
