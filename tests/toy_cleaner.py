"""A cleaner for tests of the archive, which a rebuild can send to its processes: pages are JSON, the text is what they say."""

import json
import os
import signal
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cleaners.errors import LayoutError
from cleaners.records import Capture, Notice, Paragraph, Removal

START = datetime(2024, 1, 1, tzinfo=UTC)
SITE = "https://www.linshui.gov.example"


@dataclass(frozen=True)
class Toy:
    """Reads by rules of a name; those called "plain" leave the counter out. A page may end its process or fail on purpose."""

    name: str = "first"
    deadly: bool = True

    def __call__(self, capture):
        page = json.loads(capture.body)
        if page.get("deadly") and self.deadly:
            os.kill(os.getpid(), signal.SIGSEGV)
        if page.get("fails"):
            raise LayoutError(f"{capture.url}: the cleaner failed on this page")
        counter = page.get("counter", "")
        taken = counter and "plain" in self.name
        removals = (Removal("counter", "counter", (1, 0, len(counter)), counter),) if taken else ()
        lines = [page["text"], counter] if counter and not taken else [page["text"]]
        flags = ("soft_404",) if page["text"] == "不存在" else ()
        return Notice(title="通知", paragraphs=tuple(map(Paragraph, lines)), removals=removals, flags=flags), self.name

    def fingerprint(self, _site):
        return self.name

    def learned(self, _site):
        return ()


def keep(archive, number, day, reader=Toy(), *, read=True, site="linshui", **page):
    """Keep a capture of a page, and what the reader reads in it."""
    body = json.dumps(page | {"day": day}).encode()
    capture = archive.add(Capture(site, f"{SITE}/{number}.html", START + timedelta(days=day), 200, (), body))
    return archive.read(capture, reader(capture)[0], fingerprint=reader.name) if read else None
