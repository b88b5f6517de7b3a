"""One request at a time to an IP address, whatever processes ask: many county sites stand behind one gateway.

The lock of an address (`archive.locks`) is taken for one request and kept until the pace allows the next, so that runs which
share a gateway take turns and keep its pace together. Domains are locked for a whole run (`crawler.site_run`).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from time import monotonic

from filelock import FileLock, Timeout

from archive.locks import lock_file

_POLL = 0.05  # seconds
_SHARE = 0.75  # of the delay: a little less than the least that jitter leaves, so that others get their turn


class Turns:
    """Takes the locks of addresses for the archive at `path`; `stopped` says that nobody wants to wait any longer."""

    def __init__(self, path: Path, stopped: Callable[[], bool]) -> None:
        self._path = path
        self._stopped = stopped
        self._locks: dict[str, FileLock] = {}
        self._released: dict[str, float] = {}

    @asynccontextmanager
    async def at(self, address: str, delay: float) -> AsyncIterator[bool]:
        """Hold an address for one request and what is left of `delay` seconds after it; gives False where nobody wants to any more.

        An empty address is nobody's, and free.
        """
        lock = await self._take(address) if address else None
        if lock is None:
            yield not address
            return
        begun = monotonic()
        try:
            yield True
        finally:
            left = begun + _SHARE * delay - monotonic()
            asyncio.get_running_loop().call_later(max(0.0, left), self._release, address, lock)

    async def _take(self, address: str) -> FileLock | None:
        lock = self._locks.setdefault(address, FileLock(lock_file(self._path, f"address:{address}"), timeout=0, thread_local=False))
        if monotonic() - self._released.get(address, 0.0) < _POLL:
            await asyncio.sleep(2 * _POLL)  # somebody else may have waited for longer
        while not self._stopped():
            try:
                if not lock.is_locked:
                    lock.acquire()
                    return lock
            except Timeout:
                pass
            await asyncio.sleep(_POLL)
        return None

    def _release(self, address: str, lock: FileLock) -> None:
        self._released[address] = monotonic()
        lock.release()
