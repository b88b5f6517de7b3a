"""The hours in which a site may be asked (`crawl_window` in its site file), in Asia/Shanghai. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from typing import Self
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class Window:
    """From `begin` up to `end`, over midnight where the end is the earlier of the two."""

    begin: time
    end: time

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `22:00-06:00`; ValueError for anything else, and for two times that are the same."""
        begin, _, end = text.partition("-")
        window = cls(time.fromisoformat(begin.strip()), time.fromisoformat(end.strip()))
        if window.begin == window.end:
            raise ValueError(f"{text!r} is no window: its two times are the same")
        return window

    def holds(self, moment: datetime) -> bool:
        """Say whether an aware moment lies within."""
        hour = moment.astimezone(CHINA).time()
        if self.begin < self.end:
            return self.begin <= hour < self.end
        return hour >= self.begin or hour < self.end

    def __str__(self) -> str:
        return f"{self.begin:%H:%M}-{self.end:%H:%M}"


def may_ask(crawl_window: str | None, moment: datetime) -> bool:
    """Say whether a site with this `crawl_window` (None: always) may be asked at an aware moment."""
    return crawl_window is None or Window.parse(crawl_window).holds(moment)
