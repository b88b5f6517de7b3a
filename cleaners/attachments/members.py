"""The files inside an archive, whatever packed it: read into memory within limits, their names never used as paths."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Protocol

from cleaners.attachments.attempt import Attempt
from cleaners.attachments.bounds import DEEPEST, LARGEST, MOST_FILES, MOST_RATIO, SMALL, Bounds
from cleaners.attachments.reading import failure, read_inside
from cleaners.attachments.records import FileText
from cleaners.errors import FileError

STEP = 4096
"""Bytes asked of an unpacker at a time: some give whatever a step unpacks to at once."""
_HOUSEKEEPING = re.compile(r"(?:^|/)(?:__MACOSX/|\.DS_Store$|Thumbs\.db$|desktop\.ini$)", re.IGNORECASE)
"""What systems leave in archives for themselves."""
_SHORT = frozenset({"damaged", "encrypted", "garbled", "memory_limit", "partial", "scanned", "time_limit", "too_large", "unsupported"})
"""Flags of a file whose text is not whole."""


class Readable(Protocol):
    """What gives bytes."""

    def read(self, size: int, /) -> bytes:
        """Give at most so many bytes, none at the end."""
        ...


@dataclass(frozen=True, slots=True)
class Member:
    """One file of an archive: its name, size and packed size as the archive says, and how to open it."""

    name: str
    size: int
    packed: int
    open: Callable[[], AbstractContextManager[Readable]]
    encrypted: bool = False


def read_members(members: Sequence[Member], bounds: Bounds) -> FileText:
    """Read the files of an archive; its text is that of all, each below its name."""
    own = [member for member in members if not _HOUSEKEEPING.search(member.name)]
    files = tuple(_read(member, bounds) for member in own[:MOST_FILES])
    text = "\n".join("\n".join(filter(None, (file.name, file.text))) for file in files)
    found = FileText(text, files=files)
    if short := [file.name for file in files if _SHORT.intersection(file.flags)]:
        reason = f"Of its {len(files)} files {len(short)} could not be read whole ({_listed(short)}): see the reason of each."
        found = found.flagged("partial", reason=reason)
    if len(own) > MOST_FILES:
        reason = f"It holds {len(own)} files, of which the first {MOST_FILES} were looked at: unpack it and import the files."
        found = found.flagged("partial", "too_large", reason=reason)
    return found


def _listed(names: Iterable[str], most: int = 5) -> str:
    names = list(names)
    return ", ".join(names[:most]) + (", ..." if len(names) > most else "")


def _read(member: Member, bounds: Bounds) -> FileText:
    """Read one file; whatever is wrong with it is its own record's."""
    found = FileText(name=member.name, size=member.size)
    if bounds.depth > DEEPEST:
        return found.flagged("unsupported", reason="It lies in too many archives: unpack them and import it.")
    if member.encrypted:
        return found.flagged("encrypted", reason="It asks for a password: ask the office for a copy without one.")
    if bounds.over:
        return found.flagged("time_limit", reason="The files before it took the time there is: unpack the archive and import it.")
    with Attempt() as attempt:
        content = _content(member, bounds)
    if attempt.error:
        flag, reason = failure(attempt.error)
        return found.flagged(flag, reason=reason)
    return replace(read_inside(content, None, member.name, bounds.inside), name=member.name, size=len(content))


def _content(member: Member, bounds: Bounds) -> bytes:
    """Unpack a file, as far as sizes allow: what an archive says of them is not believed."""
    most = min(LARGEST, bounds.unpacked.left, max(SMALL, MOST_RATIO * member.packed))
    with member.open() as stream:
        content = unpack(stream.read, most)
    bounds.unpacked.left -= len(content)
    return content


def unpack(read: Callable[[int], bytes], most: int) -> bytes:
    """Read a stream to its end; FileError where that is further than `most` bytes."""
    content = bytearray()
    while some := read(STEP):
        content += some
        if len(content) > most:
            raise FileError(
                f"It unpacks to more than {most >> 20} MiB or {MOST_RATIO} times its size: open the archive itself", "too_large"
            )
    return bytes(content)
