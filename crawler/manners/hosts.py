"""When a host is left alone, and how long one is waited for: pure decisions over the captures of one run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from cleaners.records import Capture

WAITING = frozenset({418, 429, 503})  # too many requests, for now; 418 is what some firewalls say for it
_REFUSALS = frozenset({"blocked", "failed"})


@dataclass
class Hosts:
    """Which hosts of a run have been left alone, and why: a challenge at once, refusals and failures after `patience` in a row."""

    patience: int = 5
    stopped: dict[str, str] = field(default_factory=dict)
    _in_a_row: Counter[str] = field(default_factory=Counter)

    def note(self, capture: Capture) -> None:
        """Take one exchange into account."""
        host = urlsplit(capture.url).hostname or ""
        if capture.outcome == "challenge":
            self.stop(host, f"{host} answers with a challenge: {capture.reason}")
        self._in_a_row[host] = self._in_a_row[host] + 1 if capture.outcome in _REFUSALS else 0
        if self._in_a_row[host] >= self.patience:
            self.stop(host, f"{host} refused or failed {self.patience} requests in a row, last: {capture.reason or capture.outcome}")

    def stop(self, host: str, reason: str) -> None:
        """Leave a host alone for the rest of the run; the first reason stays."""
        self.stopped.setdefault(host, reason)

    def why_stopped(self, url: str) -> str:
        """Say why a URL's host is left alone; empty when it is not."""
        return self.stopped.get(urlsplit(url).hostname or "", "")


def retry_after(headers: Iterable[tuple[str, str]], now: datetime) -> float | None:
    """Read how many seconds a server asks to wait (RFC 9110, section 10.2.3: seconds or a date); None where it does not say."""
    value = next((value.strip() for name, value in headers if name.lower() == "retry-after"), "")
    if value.isdecimal():
        return float(value)
    try:
        moment = parsedate_to_datetime(value) if value else None
    except ValueError:
        return None
    if moment is None:
        return None
    return max(0.0, (moment.replace(tzinfo=moment.tzinfo or UTC) - now).total_seconds())
