"""Ids of paragraphs that stay with them through all versions of an address, so that one paragraph can be cited for good.

Ids are derived and not stored: the readings of an address are gone through in the order they were made, whatever cleaner made them. So a
better cleaner, whose reading comes after the one that was cited, gives the paragraphs it finds again the ids they had, and new ones to
what only it sees. An id is the place in the first text for its paragraphs, and counts on from there for those that came later. It is never
used again for anything else, but a paragraph that was removed and comes back word for word has its own again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from archive.differences.alignment import align
from archive.documents import load_notice
from cleaners.characters.fold import fold

_AGAIN = 8  # characters from which a paragraph that comes back is known by its words


@dataclass(frozen=True, slots=True)
class Text:
    """One reading on its way through the history: when its page was captured, and its paragraphs."""

    captured_at: str
    paragraphs: tuple[str, ...]


def number(history: Iterable[Text]) -> list[tuple[int, ...]]:
    """Give the ids of the paragraphs of each text of a history, in the order in which they were read; pure.

    A text goes by the one read before of its own capture, and then by the last one captured before it.
    """
    standing: dict[str, _Numbered] = {}
    ids, out = _Ids(), []
    for text in history:
        earlier = max((at for at in standing if at < text.captured_at), default=None)
        near = earlier or min((at for at in standing if at > text.captured_at), default=None)
        sources = [standing[at] for at in (text.captured_at, near) if at in standing]
        standing[text.captured_at] = ids.carry(sources, text.paragraphs)
        out.append(standing[text.captured_at][1])
    return out


def paragraph_ids(connection: sqlite3.Connection, address: int) -> dict[int, tuple[int, ...]]:
    """Give the ids of the paragraphs of an address's readings, by the number of the reading.

    Of readings that say the same as another, only those a version shows are there.
    """
    return numbered(history(connection, address))


def history(connection: sqlite3.Connection, address: int) -> dict[int, Text]:
    """Give the readings of an address in the order they were made, by their numbers."""
    return {row["id"]: _text(row) for row in connection.execute(_HISTORY, {"address": address})}


def numbered(readings: Mapping[int, Text]) -> dict[int, tuple[int, ...]]:
    """Give the ids of the paragraphs of readings, by the number of the reading; pure."""
    return dict(zip(readings, number(readings.values()), strict=True))


def _text(row: sqlite3.Row) -> Text:
    return Text(row["captured_at"], tuple(paragraph.text for paragraph in load_notice(row["document"]).paragraphs))


_HISTORY = """
    select r.id, c.captured_at, coalesce(r.document, s.document) as document
    from captures c join readings r on r.capture = c.id left join readings s on s.id = r.same_as
    where c.address = :address and r.version is not null
    and (r.same_as is null or r.id in (select reading from versions where address = :address)) order by r.id
"""

_Numbered = tuple[tuple[str, ...], tuple[int, ...]]
"""Paragraphs and their ids."""


class _Ids:
    """What has been given so far: the next free id, and which words an id last stood for."""

    def __init__(self) -> None:
        self._next = 1
        self._words: dict[str, int] = {}

    def carry(self, sources: Sequence[_Numbered], after: tuple[str, ...]) -> _Numbered:
        """Give the paragraphs of a text the ids they had, and new ones to the new."""
        given: dict[int, int] = {}
        for before, known in sources:
            _inherit(before, known, after, given)
        used = set(given.values())
        for place, text in enumerate(after):
            if place not in given:
                again = self._words.get(fold(text), 0) if len(text) >= _AGAIN else 0
                given[place] = again if again and again not in used else self._fresh()
                used.add(given[place])
        self._words |= {fold(text): given[place] for place, text in enumerate(after) if len(text) >= _AGAIN}
        return after, tuple(given[place] for place in range(len(after)))

    def _fresh(self) -> int:
        self._next += 1
        return self._next - 1


def _inherit(before: Sequence[str], known: Sequence[int], after: Sequence[str], given: dict[int, int]) -> None:
    """Hand ids on along the links between two texts; the longest part of a split has the id, and the longest part of a join gives it."""
    used = set(given.values())
    for link in sorted(align(before, after), key=lambda link: -min(len(before[link.old]), len(after[link.new]))):
        if link.new not in given and known[link.old] not in used:
            given[link.new] = known[link.old]
            used.add(known[link.old])
