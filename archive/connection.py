"""The one way to the database file: its checks, its settings and its write transactions.

Writes go through `Store.write`, which is BEGIN IMMEDIATE: a deferred transaction that reads first fails at once with
"database is locked" when another process has written in between (https://www.sqlite.org/isolation.html), whatever the timeout.
"""

from __future__ import annotations

import logging
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import RLock, local

from sqlite_utils import Database

from archive.locks import hold
from archive.schema import APPLICATION_ID, PAGE_SIZE, migrations
from cleaners.errors import ArchiveError

BUSY_SECONDS = 30
"""How long a write waits for another process's short transaction."""
CACHE_BYTES = 64 << 20
"""How much of the file a connection that writes keeps in memory: digests and ids lie anywhere in their indexes."""
FOLD_SECONDS = 1
"""How long the end of a run waits for readers to let go of the log."""
LARGE_LOG = 256 << 20
"""Bytes of log from which on it is told that a reader keeps it from being cut."""

_log = logging.getLogger(__name__)


class Store:
    """An open archive file: the connection, and transactions on it that threads of this process take in turn.

    A thread that reads while another one writes does so on a connection of its own, and sees what was kept before.
    """

    def __init__(self, path: Path, connection: sqlite3.Connection, *, read_only: bool = False) -> None:
        self.path = path
        self.connection = connection
        self._read_only = read_only
        self._turn = RLock()
        self._broken = False
        self._readers: list[sqlite3.Connection] = []
        self._own = local()

    @classmethod
    def open(cls, path: Path, *, create: bool = True, for_reading: bool = False) -> Store:
        """Open the archive at `path`, making or migrating it where needed; ArchiveError says what is wrong with the file.

        One that may not be written to is opened `for_reading` only.
        """
        read_only = for_reading and not (os.access(path, os.W_OK) and os.access(path.absolute().parent, os.W_OK))
        check_file(path, create=create and not for_reading, read_only=read_only)
        try:
            connection = _connect(path, read_only=read_only)
        except sqlite3.Error as error:
            raise ArchiveError(f"{path}: cannot be opened ({error}); give a folder that exists and may be written to") from error
        store = cls(path, connection, read_only=read_only)
        try:
            store._prepare()
        except sqlite3.Error as error:
            connection.close()
            raise ArchiveError(
                f"{path}: {error}; check that the file and its folder may be written to, and `PRAGMA integrity_check`"
            ) from error
        except BaseException:
            connection.close()
            raise
        return store

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """Give the connection inside a write transaction: all of the block is kept, or nothing.

        A block inside a block belongs to the outer one, and so does its failure: the outer block then keeps nothing, even where
        the error was caught. (No savepoints: FTS5 writes out a segment at each, which doubles the cost of a visit.)
        ArchiveError when another process keeps the archive busy for longer than `BUSY_SECONDS`, or the disk refuses.
        """
        with self._turn:
            if self.connection.in_transaction:
                yield from self._join()
                return
            self._broken = False
            try:
                self.connection.execute("begin immediate")
                yield self.connection
                if self._broken:
                    raise ArchiveError(
                        f"{self.path}: a step inside this transaction failed, so nothing of it was kept; try it again without that step"
                    )
                self.connection.execute("commit")
            except sqlite3.OperationalError as error:
                raise ArchiveError(f"{self.path}: {error}; nothing of this step was kept, try it again") from error
            finally:
                # nothing is open after a commit, and after some errors (a full disk) SQLite has rolled back by itself
                if self.connection.in_transaction:
                    self.connection.execute("rollback")

    def _join(self) -> Iterator[sqlite3.Connection]:
        try:
            yield self.connection
        except BaseException:
            self._broken = True
            raise

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Give a connection for reading, at once: one of this thread's own where another thread is in the middle of a write."""
        if not self._turn.acquire(blocking=False):
            yield self._beside()
            return
        try:
            yield self.connection
        finally:
            self._turn.release()

    def _beside(self) -> sqlite3.Connection:
        """Give this thread's own connection, which only reads."""
        if not hasattr(self._own, "connection"):
            self._own.connection = connection = _connect(self.path, read_only=self._read_only)
            connection.row_factory = sqlite3.Row
            connection.execute("pragma query_only = on")
            self._readers.append(connection)
        return self._own.connection  # type: ignore[no-any-return]

    def close(self) -> None:
        """Close the file; the write-ahead log is folded into it when this was its last user."""
        with self._turn:
            while self._readers:
                self._readers.pop().close()
            self.connection.close()

    def fold_log(self) -> int:
        """Fold the write-ahead log into the file and cut it, at the end of a run; gives the bytes that are left of it.

        A reader who began before may keep it from being cut: then that is told where the log has grown large, and tried by the next run.
        """
        with self._turn:
            self.connection.execute(f"pragma busy_timeout = {FOLD_SECONDS * 1000}")
            try:
                self.connection.execute("pragma wal_checkpoint(truncate)").fetchall()
            finally:
                self.connection.execute(f"pragma busy_timeout = {BUSY_SECONDS * 1000}")
        log = self.path.with_name(f"{self.path.name}-wal")
        left = log.stat().st_size if log.exists() else 0
        if left > LARGE_LOG:
            _log.warning("%s is %d MB: whoever reads the archive since long keeps it from being cut; end that reader", log, left >> 20)
        return left

    def _prepare(self) -> None:
        connection = self.connection
        connection.row_factory = sqlite3.Row
        database = Database(connection, execute_plugins=False)
        if self._read_only:
            if not _up_to_date(database, self.path):
                raise ArchiveError(f"{self.path}: was made by an older dibao and cannot be brought up to date here; copy it")
            return
        if connection.execute("pragma application_id").fetchone()[0] != APPLICATION_ID or not _up_to_date(database, self.path):
            with hold(self.path, "archive", by="making or migrating the archive", wait=BUSY_SECONDS):
                self._make(database)
        if connection.execute("pragma journal_mode").fetchone()[0] != "wal":  # a backup put to use by hand
            connection.execute("pragma journal_mode = wal")
        connection.execute(f"pragma cache_size = -{CACHE_BYTES >> 10}")
        connection.execute("pragma synchronous = full")
        connection.execute("pragma foreign_keys = on")

    def _make(self, database: Database) -> None:
        # these take effect only before the first table, and journal_mode only outside a transaction
        self.connection.execute(f"pragma page_size = {PAGE_SIZE}")
        self.connection.execute(f"pragma application_id = {APPLICATION_ID}")
        self.connection.execute("pragma journal_mode = wal")
        with self.write():
            migrations.apply(database)


def is_frozen(path: Path) -> bool:
    """Say whether an archive lies where nothing may be written and no log is left to fold in: SQLite then needs to be told so."""
    log = path.with_name(f"{path.name}-wal")
    return not os.access(path.absolute().parent, os.W_OK) and not (log.exists() and log.stat().st_size)


def _connect(path: Path, *, read_only: bool) -> sqlite3.Connection:
    how = "immutable=1" if is_frozen(path) else "mode=ro"
    name = f"{path.absolute().as_uri()}?{how}" if read_only else str(path)
    return sqlite3.connect(name, uri=read_only, isolation_level=None, check_same_thread=False, timeout=BUSY_SECONDS)


def check_file(path: Path, *, create: bool, read_only: bool = False) -> None:
    """Say with an ArchiveError what keeps `path` from being opened as an archive; a file that is not there may be made."""
    if not path.exists():
        if not create:
            raise ArchiveError(f"{path}: there is no such archive; name another with --db, or crawl or import to make it")
        return
    if path.is_dir():
        raise ArchiveError(f"{path}: is a folder; name a file for the archive")
    if not os.access(path, os.R_OK if read_only else os.R_OK | os.W_OK):
        raise ArchiveError(f"{path}: may not be {'read' if read_only else 'written to'}; change its permissions or copy it")
    with path.open("rb") as file:
        head = file.read(100)
    # SQLite file format, section 1.3: the magic string, and the application id at offset 68
    if head and (head[:16] != b"SQLite format 3\x00" or int.from_bytes(head[68:72], "big") != APPLICATION_ID):
        raise ArchiveError(f"{path}: is not a dibao archive; name another file with --db")


def names() -> frozenset[str]:
    """Give the names of today's migrations."""
    return frozenset(migration.name for migration in migrations._migrations)  # noqa: SLF001 - the library lists them nowhere else


def _up_to_date(database: Database, path: Path) -> bool:
    unknown = {migration.name for migration in migrations.applied(database)} - names()
    if unknown:
        raise ArchiveError(f"{path}: was made by a newer dibao (it has {', '.join(sorted(unknown))}); install that version to use it")
    return not migrations.pending(database)
