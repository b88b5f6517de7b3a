"""How much of one file is read: set once for a file and handed to the readers of what lies inside it."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

LARGEST = 64 << 20
"""Bytes; a larger file is refused."""
SECONDS = 20.0
"""Processor seconds for one file; a page of OCR adds `OCR_SECONDS`."""
OCR_SECONDS = 30.0
MEMORY = 1 << 30
"""Bytes of address space a file may take beyond what the process has."""
OCR_MEMORY = 3 << 30
"""Bytes more where OCR was asked for: its models are large."""
SHARE = 0.8
"""Of the seconds a reader takes before it gives what it has: what is late is better partial than lost."""
LONGEST = 20_000_000
"""Characters of text that are kept."""
MOST_FILES = 5_000
MOST_UNPACKED = 100 << 20
"""Bytes that all files of an archive may unpack to, those of archives inside it counted."""
MOST_RATIO = 200
"""Times its packed size that a file of an archive may unpack to, once it is larger than `SMALL`."""
SMALL = 1 << 20
DEEPEST = 2
"""Archives in the archive, one in another, whose files are read; those of one further in are listed."""


@dataclass(slots=True)
class Budget:
    """What is left of something that a file and all files inside it share."""

    left: int


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a reader may spend: `until` on the clock of this process's processor time, pages of OCR, bytes to unpack.

    `depth` counts the archives around the file.
    """

    until: float
    ocr_pages: Budget
    unpacked: Budget
    depth: int = 0

    @property
    def over(self) -> bool:
        """Whether the time is up."""
        return time.process_time() > self.until

    @property
    def inside(self) -> Bounds:
        """The bounds of a file inside this one."""
        return replace(self, depth=self.depth + 1)


def starting_now(seconds: float = SECONDS, ocr_pages: int = 0) -> Bounds:
    """Give the bounds of a file whose reading starts now and may take this many seconds."""
    return Bounds(time.process_time() + SHARE * seconds, Budget(ocr_pages), Budget(MOST_UNPACKED))
