"""`dibao backup` and `dibao restore`: a copy that was looked over before it counts, and the way back.

A copy is made by VACUUM INTO (https://www.sqlite.org/lang_vacuum.html, section 4): the archive as it stood at one moment, while a
crawl writes on. It is written beside its place under another name, brought to disk, looked over, and only then renamed.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from archive.connection import BUSY_SECONDS, Store, is_frozen
from archive.export.atomic import sync_folder
from archive.locks import hold, holders
from archive.preservation.damage import Report, Told
from archive.preservation.verify import verify
from cleaners.errors import ArchiveError

BESIDE = ("-wal", "-shm", "-journal")
"""What SQLite keeps beside a database file."""


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy that was made: where, how large in bytes, what was looked at in it, and older copies that were taken away for it."""

    path: Path
    size: int
    report: Report
    dropped: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Restored:
    """An archive that was restored: rows by table in it and in the one it replaced, and where that one lies now."""

    path: Path
    rows: Mapping[str, int]
    before: Mapping[str, int]
    aside: Path | None

    @property
    def lacks(self) -> dict[str, int]:
        """How many rows the replaced archive had beyond those of the restored one, by table."""
        return {table: number - self.rows.get(table, 0) for table, number in self.before.items() if number > self.rows.get(table, 0)}


def backup(
    path: Path, to: Path, *, quick: bool = False, keep: int | None = None, damaged: bool = False, told: Told = lambda *_: None
) -> Copy:
    """Copy the archive at `path` to a file, or into a folder under its name and the time; `keep` so many of those in the folder.

    The copy is looked over, `quick` its fixity only; ArchiveError where it cannot be written or is not sound: then nothing is
    at its place that was not there before, and no older copy is taken away. Asked for `damaged` too, one that is not sound is kept
    under a name that says so (X.damaged.db), beside what was there.
    """
    if not path.is_file():
        raise ArchiveError(f"{path}: there is no such archive; name another with --db")
    into = to.is_dir() or not to.suffix
    place = to / f"{path.stem}-{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}.db" if into else to
    if place.exists() and place.samefile(path):
        raise ArchiveError(f"{to}: is the archive itself; name another place with --to")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with hold(place.parent / ".backup", place.name if not into else path.stem, by="backing up"):
            report = _copy(path, place, quick=quick, damaged=damaged, told=told)
            dropped = _drop(place.parent, path.stem, keep) if into and keep and report.sound else ()
    except OSError as error:
        raise ArchiveError(f"{place}: cannot be written ({error.strerror or error}); name another place with --to") from error
    made = place if report.sound else _as_damaged(place)
    return Copy(made, made.stat().st_size, report, dropped)


def restore(copy: Path, to: Path, *, replace: bool = False, told: Told = lambda *_: None) -> Restored:
    """Put a copy in the place of an archive, once it was looked over; gives what differs from the one that was there.

    An archive that is there is left alone unless it is to be replaced, and then kept aside under another name; ArchiveError where
    a run holds it. The copy itself is not touched.
    """
    if not copy.is_file():
        raise ArchiveError(f"{copy}: there is no such backup; name the file `dibao backup` wrote")
    if to.exists() and to.samefile(copy):
        raise ArchiveError(f"{to}: is the backup itself; name the archive's own place with --to")
    if to.exists() and not replace:
        raise ArchiveError(f"{to}: is there already; --replace keeps it aside and puts the backup in its place")
    if held := holders(to):
        raise ArchiveError(f"{to}: {held[0]} is using it; wait for it to end, or stop that process")
    try:
        to.parent.mkdir(parents=True, exist_ok=True)
        with hold(to, "archive", by="restoring a backup"):
            return _restore(copy, to, told)
    except OSError as error:
        raise ArchiveError(f"{to}: cannot be written ({error.strerror or error}); it needs room, and leave to write") from error


def _copy(path: Path, place: Path, *, quick: bool, damaged: bool, told: Told) -> Report:
    with _unfinished(place) as part:
        told("copying", 0, 0)
        _vacuum(path, part)
        report = verify(part, quick=quick, told=told)
        if not damaged:
            _check(report, f"{place}: the copy of {path} is not sound, so it was not kept (--damaged keeps it, named as such)")
        _bring(part, place if report.sound else _as_damaged(place))
    return report


def _as_damaged(place: Path) -> Path:
    return place.with_name(f"{place.stem}.damaged{place.suffix}")


def _vacuum(path: Path, part: Path) -> None:
    name = f"{path.absolute().as_uri()}?{'immutable=1' if is_frozen(path) else 'mode=ro'}"
    try:
        with closing(sqlite3.connect(name, uri=True, isolation_level=None, timeout=BUSY_SECONDS)) as connection:
            connection.execute("vacuum into ?", (str(part),))
    except sqlite3.Error as error:
        raise ArchiveError(f"{part.parent}: the copy of {path} could not be written ({error}); nothing was changed") from error


def _restore(copy: Path, to: Path, told: Told) -> Restored:
    with _unfinished(to) as part:
        told("copying", 0, 0)
        _vacuum(copy, part)
        _check(verify(part, told=told), f"{copy}: is not sound, so nothing was restored")
        Store.open(part, create=False).close()  # into the settings an archive in use has: a write-ahead log
        rows, before = _rows(part), _rows(to) if to.exists() else {}
        aside = _put_aside(to)
        _bring(part, to)
    return Restored(to, rows, before, aside)


def _check(report: Report, what: str) -> None:
    if not report.sound:
        more = f" and {len(report.damages) - 1} more" if len(report.damages) > 1 else ""
        raise ArchiveError(f"{what}: {report.damages[0]}{more}. Ask `dibao verify` about the archive")


@contextmanager
def _unfinished(place: Path) -> Iterator[Path]:
    """Give a name beside a place for what is not finished; what is left under it is taken away, that of a killed process, too."""
    part = place.with_name(f".{place.name}.part")
    _clear(part)
    try:
        yield part
    finally:
        _clear(part)


def _clear(part: Path) -> None:
    for name in ("", *BESIDE):
        part.with_name(part.name + name).unlink(missing_ok=True)
    if (locks := part.with_name(f"{part.name}-locks")).is_dir():
        shutil.rmtree(locks)


def _bring(part: Path, place: Path) -> None:
    """Put a finished file in its place for good: a power cut leaves the old one or the new one."""
    with part.open("rb+") as file:
        os.fsync(file.fileno())
    part.replace(place)
    sync_folder(place.parent)


def _put_aside(to: Path) -> Path | None:
    """Rename an archive and what lies beside it: a log without its file must not meet another file."""
    aside = to.with_name(f"{to.name}.replaced-{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}")
    there = [name for name in ("", *BESIDE) if to.with_name(to.name + name).exists()]
    for name in there:
        to.with_name(to.name + name).rename(aside.with_name(aside.name + name))
    return aside if "" in there else None


def _drop(folder: Path, stem: str, keep: int) -> tuple[Path, ...]:
    """Take away all but the newest copies of an archive in a folder."""
    copies = sorted(folder.glob(f"{stem}-[0-9]*T[0-9]*Z.db"))
    dropped = tuple(copies[:-keep])
    for old in dropped:
        old.unlink()
    return dropped


def _rows(path: Path) -> dict[str, int]:
    """Count what people ask after; nothing where a file is too damaged to be asked."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            return {table: connection.execute(f"select count(*) from {table}").fetchone()[0] for table in _COUNTED}  # noqa: S608 - the names are ours
    except sqlite3.Error:
        return {}


_COUNTED = ("sites", "runs", "captures", "payloads", "versions", "notices")
