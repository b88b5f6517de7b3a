"""Power cuts: the commit path's statements replayed through a file system that writes down every write and sync, and cut anywhere.

The standard library's SQLite cannot load a file system of our own, so the statements an archive really makes are traced and made again
with APSW (https://rogerbinns.github.io/apsw/vfs.html), whose files tell what reaches the disk and when it is asked to be there for good.
A cut takes the log up to some moment: what was synced stands; of what was not, nothing, any sectors, or torn ones do. What a file
system may still do (lie about a sync, reorder across one) is not in the model. Readers' shared memory is lost, as it would be.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import apsw
from commit_path import faults, missing, traced, work

from archive import Archive

SECTOR = 512
DROP_ALL, DROP_SOME, TEAR = "all unsynced dropped", "some sectors dropped", "sectors torn"
MODES = (DROP_ALL, DROP_SOME, TEAR)


@dataclass(frozen=True)
class Event:
    """One thing that happened to a file: write, truncate, sync, delete; or `kept`: a commit was acknowledged."""

    kind: str
    name: str = ""
    offset: int = 0
    content: bytes = b""


@dataclass
class Tape:
    """Everything that happened, in order."""

    events: list[Event] = field(default_factory=list)

    def cut(self, at: int, mode: str, random: Random) -> tuple[dict[str, bytes], int]:
        """Give the files a cut before an event leaves, by name, and how many commits were acknowledged by then."""
        durable: dict[str, bytearray] = {}
        pending: dict[str, list[Event]] = {}
        kept = 0
        for event in self.events[:at]:
            if event.kind == "kept":
                kept += 1
            elif not event.name:
                continue  # a temporary file
            elif event.kind == "delete":
                durable.pop(event.name, None)
                pending.pop(event.name, None)
            elif event.kind == "sync":
                for write in pending.pop(event.name, []):
                    _apply(durable.setdefault(event.name, bytearray()), write)
            else:
                pending.setdefault(event.name, []).append(event)
        for name, writes in pending.items():
            for write in writes:
                _perhaps(durable.setdefault(name, bytearray()), write, mode, random)
        return {name: bytes(content) for name, content in durable.items()}, kept


def _apply(content: bytearray, event: Event) -> None:
    if event.kind == "truncate":
        del content[event.offset :]
        return
    if len(content) < event.offset:
        content.extend(bytes(event.offset - len(content)))
    content[event.offset : event.offset + len(event.content)] = event.content


def _perhaps(content: bytearray, event: Event, mode: str, random: Random) -> None:
    """Let as much of an unsynced write reach the disk as the mode says, sector by sector."""
    if mode == DROP_ALL:
        return
    if event.kind == "truncate":
        if random.random() < 0.5:
            _apply(content, event)
        return
    for start in range(0, len(event.content), SECTOR):
        if random.random() < 0.5:
            continue
        sector = event.content[start : start + SECTOR]
        torn = random.randrange(len(sector)) if mode == TEAR and random.random() < 0.5 else len(sector)
        _apply(content, Event("write", event.name, event.offset + start, sector[:torn]))


def record(folder: Path, *, turns: int = 2, pages: int = 12) -> tuple[list[str | None], list[str]]:
    """Give the statements an archive makes from the first on, None where something was acknowledged; and what was."""
    statements: list[str | None] = []
    acknowledged: list[str] = []

    def kept(said: str) -> None:
        statements.append(None)
        acknowledged.append(said)

    # what FTS5 does to its own tables is traced too, and is done again by its own code
    with (
        traced(lambda statement: None if "'main'.'" in statement or statement.startswith("--") else statements.append(statement)),
        Archive.open(folder / "traced.db") as archive,
    ):
        work(archive, kept, turns=turns, pages=pages)
    return statements, acknowledged


def replay(statements: list[str | None], folder: Path, checkpoint: int = 40) -> Tape:
    """Make the statements again on a file system that tapes; `checkpoint` pages of log are folded in at a time, to have that in it."""
    tape = Tape()
    with _taping(tape) as name:
        connection = apsw.Connection(str(folder / "replayed.db"), vfs=name)
        connection.execute("pragma locking_mode = exclusive")  # without shared memory, which a power cut takes anyway
        for statement in statements:
            if statement is None:
                tape.events.append(Event("kept"))
            else:
                connection.execute(statement).fetchall()
            if statement and "journal_mode" in statement:
                connection.execute(f"pragma wal_autocheckpoint = {checkpoint}")
                connection.execute("pragma synchronous = full")
        connection.close()
    return tape


def restart(files: dict[str, bytes], folder: Path) -> Path:
    """Lay out what a cut left, in a folder that has nothing of an earlier one in it, and give the archive's path."""
    for name in ("cut.db", "cut.db-wal", "cut.db-shm", "cut.db-journal"):
        (folder / name).unlink(missing_ok=True)
    for name, content in files.items():
        (folder / name.replace("replayed.db", "cut.db")).write_bytes(content)
    return folder / "cut.db"


def check(path: Path, acknowledged: list[str], *, quick: bool = True) -> list[str]:
    """Give what a cut did wrong: what was acknowledged and is gone, what is damaged, what was kept by half."""
    if not path.exists() or not path.stat().st_size:
        return [f"lost: {said}" for said in acknowledged]
    return missing(path, acknowledged) + faults(path, quick=quick)


@contextmanager
def _taping(tape: Tape) -> Iterator[str]:
    class File(apsw.VFSFile):
        def __init__(self, filename: Any, flags: list[int]) -> None:
            self.name = Path(filename.filename() if isinstance(filename, apsw.URIFilename) else filename).name if filename else ""
            super().__init__("", filename, flags)

        def xWrite(self, data: bytes, offset: int) -> None:
            super().xWrite(data, offset)
            tape.events.append(Event("write", self.name, offset, bytes(data)))

        def xTruncate(self, newsize: int) -> None:
            super().xTruncate(newsize)
            tape.events.append(Event("truncate", self.name, newsize))

        def xSync(self, flags: int) -> None:
            tape.events.append(Event("sync", self.name))

    class System(apsw.VFS):
        def __init__(self) -> None:
            super().__init__("taping", "")

        def xOpen(self, name: Any, flags: list[int]) -> apsw.VFSFile:
            return File(name, flags)

        def xDelete(self, filename: str, syncdir: bool) -> None:
            super().xDelete(filename, syncdir)
            tape.events.append(Event("delete", Path(filename).name))

    system = System()
    try:
        yield "taping"
    finally:
        system.unregister()
