"""Locks between processes: one run a site, one a registered domain, and the archive as a whole for what changes its shape.

A lock is a file in `<archive>-locks/` held through the operating system, so it goes when its holder does, even by kill -9;
beside it the holder says who it is. What is out there, domains and addresses, is the same for every archive: their locks lie in
one folder for all archives beside each other.
"""

from __future__ import annotations

import json
import os
import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from filelock import FileLock, Timeout

from archive.times import now
from cleaners.errors import ArchiveError

SHARED = ("host:", "address:")
"""Names of what no two archives may ask at once."""


@contextmanager
def hold(path: Path | str, name: str, by: str = "", *, wait: float = 0) -> Iterator[None]:
    """Hold the lock `name` (archive, site:NAME, host:DOMAIN) of the archive at `path`, waiting at most `wait` seconds for it.

    `by` says what the holder does; without it the command line is told. ArchiveError names the holder's pid, command and
    since when it holds the lock.
    """
    lock = _acquire(Path(path), name, by, wait)
    try:
        yield
    finally:
        lock.release()


def _acquire(path: Path, name: str, by: str, wait: float) -> FileLock:
    """Take a lock and sign it, both or none."""
    try:
        file = lock_file(path, name)
        lock = FileLock(file, timeout=wait, thread_local=False)
        lock.acquire()
        try:
            _sign(file.with_suffix(".holder"), by)
        except OSError:
            lock.release()
            raise
    except Timeout:
        raise ArchiveError(_taken(path, name, file.with_suffix(".holder"))) from None
    except OSError as error:
        raise ArchiveError(
            f"{path}: no lock can be taken beside it ({error.strerror}); its folder must have room and be writable"
        ) from error
    return lock


def is_held(path: Path, name: str) -> bool:
    """Say whether a process holds the lock `name` of the archive at `path`."""
    return _is_taken(_place(path, name))


def _is_taken(file: Path) -> bool:
    if not (file.exists() and os.access(file, os.W_OK)):
        return False
    try:
        with FileLock(file, timeout=0, thread_local=False):
            return False
    except Timeout:
        return True


def holders(path: Path) -> list[str]:
    """Give who holds a lock of the archive at `path`: process, command and since when."""
    found = sorted(lock_folder(path).glob("*.lock"))
    return [_who(file.with_suffix(".holder")) for file in found if _is_taken(file)]


def lock_file(path: Path, name: str) -> Path:
    """Give the file of the lock `name` of the archive at `path`, its folder made."""
    file = _place(path, name)
    file.parent.mkdir(parents=True, exist_ok=True)
    return file


def _place(path: Path, name: str) -> Path:
    folder = path.with_name("dibao-locks") if name.startswith(SHARED) else lock_folder(path)
    return folder / f"{quote(name, safe='')}.lock"


def lock_folder(path: Path) -> Path:
    """Give the folder where the locks of the archive at `path` itself lie."""
    return path.with_name(path.name + "-locks")


def _sign(file: Path, by: str) -> None:
    holder = {"pid": os.getpid(), "command": by or shlex.join(sys.argv), "since": now()}
    written = file.with_suffix(f".{os.getpid()}")
    written.write_text(json.dumps(holder), encoding="utf-8")
    written.replace(file)


def _taken(path: Path | str, name: str, file: Path) -> str:
    return f"{path}: the lock {name!r} is held by {_who(file)}; wait for it to end, or stop that process"


def _who(file: Path) -> str:
    try:
        holder = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        holder = {}
    since = holder.get("since", "an unknown time")
    return f"process {holder.get('pid', 'unknown')} ({holder.get('command', 'unknown command')}) since {since}"
