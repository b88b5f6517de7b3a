"""Notices split over several pages, held while their further parts are on the way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from cleaners.records import Capture, Notice
from spiders.spider import FurtherPart


@dataclass
class _Waiting:
    """A notice's first part, the addresses of the others in order, and what came of those that were answered."""

    capture: Capture
    urls: tuple[str, ...]
    came: dict[str, bytes | None] = field(default_factory=dict)

    def bodies(self) -> Iterator[bytes]:
        """Give the parts in order, up to the first that did not come: a text with a gap in its midst would be no text."""
        for url in self.urls:
            body = self.came.get(url)
            if body is None:
                return
            yield body


class SplitNotices:
    """The notices of one run whose further parts were asked for; a notice is read once every part was answered or failed."""

    def __init__(self) -> None:
        self._waiting: dict[str, _Waiting] = {}

    def wait(self, capture: Capture, notice: Notice) -> None:
        """Hold a notice until its further parts came."""
        self._waiting[capture.record_id or ""] = _Waiting(capture, notice.parts)

    def take(self, part: FurtherPart) -> tuple[Capture, tuple[bytes, ...]] | None:
        """Take a part that came, or did not; gives the notice and the parts to read with it when this was the last one."""
        waiting = self._waiting.get(part.notice)
        if waiting is None:
            return None
        came = part.capture is not None and part.capture.outcome == "ok"
        waiting.came[part.url] = part.capture.body if came and part.capture is not None else None
        if len(waiting.came) < len(waiting.urls):
            return None
        del self._waiting[part.notice]
        return waiting.capture, tuple(waiting.bodies())
