"""Notices put into an archive by what they say; every place, organ and number is invented."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

from archive.relations import relate
from archive.store import Archive
from cleaners.records import Capture, Notice, Paragraph

START = datetime(2026, 3, 1, 2, tzinfo=UTC)
HAN = [chr(code) for code in range(0x4E00, 0x4E00 + 2000)]


def prose(seed: int, length: int = 400) -> str:
    """Make a text nobody wrote."""
    random_ = random.Random(seed)
    letters = random_.choices(HAN, k=length)
    return "".join(letter + ("，" if place % 11 == 10 else "") for place, letter in enumerate(letters))


def edited(text: str, number: int, seed: int = 1) -> str:
    """Replace so many characters of a text."""
    random_, letters = random.Random(seed), list(text)
    for place in random_.sample(range(len(letters)), number):
        letters[place] = random_.choice(HAN)
    return "".join(letters)


class Kept:
    """An archive, and notices in it by short names."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self.names: dict[str, str] = {}

    def put(self, name: str, title: str, text: str = "", *, site: str = "linshui", day: int = 0, again: int = 0, **fields) -> str:
        """Read a page of a site that says this; `again` makes it a later capture of the same page."""
        url = f"https://www.{site}.gov.example/{name}.html"
        body = f"{name} {again} {title} {text}".encode()
        capture = self.archive.add(Capture(site, url, START + timedelta(days=day, hours=again), 200, (), body))
        notice = Notice(title=title, paragraphs=tuple(map(Paragraph, text.split("\n"))) if text else (), **fields)
        self.names[name] = self.archive.read(capture, notice, fingerprint="f").notice
        return self.names[name]

    def relate(self, **how):
        """Relate what came."""
        return relate(self.archive, **how)

    def relations(self, *kinds: str) -> set[tuple[str, str, str]]:
        """Give (from, kind, to) by short names."""
        names = {work: name for name, work in self.names.items()}
        with self.archive.reading() as connection:
            rows = connection.execute('select "from", kind, "to" from relations').fetchall()
        return {(names[row[0]], row[1], names[row[2]]) for row in rows if not kinds or row[1] in kinds}

    def rows(self, sql: str, *values: object) -> list[dict]:
        """Read rows."""
        with self.archive.reading() as connection:
            return [dict(row) for row in connection.execute(sql, values).fetchall()]

    def derived(self) -> dict[str, list[tuple]]:
        """Give everything that was derived, without when it was found and numbers that only count."""
        tables = {
            "profiles": "notice, text, size, core, key, authority, published, basis",
            "title_names": "*",
            "sketches": "*",
            "bands": "*",
            "crowds": "*",
            "likenesses": "*",
            "citations": 'notice, relation, number, title, key, core, paragraph, "start", "end", sentence, target, how',
            "relations": '"from", "to", kind, evidence',
            "validities": "notice, state, since, source, evidence",
        }
        with self.archive.reading() as connection:
            return {
                table: sorted(map(repr, map(tuple, connection.execute(f"select {columns} from {table}"))))
                for table, columns in tables.items()
            }
