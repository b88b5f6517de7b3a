"""How many requests a registered domain is sent in any 24 hours, whatever runs send them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

DAY = timedelta(hours=24)
_RECOUNT = timedelta(minutes=10)

Count = Callable[[datetime], Counter[str]]
"""Counts the requests kept since an aware moment, by domain."""


class Budget:
    """Spends a daily number of requests a domain: counted from the archive at first, and again when it seems used up.

    `limit` None: without end.
    """

    def __init__(self, limit: int | None, count: Count) -> None:
        self.limit = limit
        self._count = count
        self._sent: Counter[str] = Counter()
        self._counted: datetime | None = None

    def spend(self, domain: str, now: datetime) -> bool:
        """Take one request to a domain at an aware moment; False where none is left."""
        if self.limit is None:
            return True
        if self._counted is None or (self._sent[domain] >= self.limit and now - self._counted >= _RECOUNT):
            self._sent, self._counted = Counter(self._count(now - DAY)), now
        if self._sent[domain] >= self.limit:
            return False
        self._sent[domain] += 1
        return True
