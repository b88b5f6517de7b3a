"""Texts that are alike: found by the bands of their signatures, kept in the archive, and checked by the Jaccard index of their shingles.

Texts are compared, not notices: the same text on a hundred sites is looked at once. In a band that more than `CROWD` texts share (forms
filled in by the thousand) the first `CROWD` by number stand for all: a pair is looked at where one of the two is among them. Which
these are depends on the texts alone, and whoever becomes or ceases to be one is compared again, so that the pairs found are the same
whatever the order in which texts come and go.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray

from archive.documents import load_notice
from archive.relations.shingles import (
    SHORTEST,
    Form,
    Hashes,
    agreement,
    band_keys,
    bare,
    jaccard,
    minima,
    shingles,
    signatures,
    stack,
)

ALIKE = 0.7
"""The Jaccard index of shingles from which two texts are alike: with five characters to a shingle, about 7 of 100 characters replaced."""
CROWD = 16
"""Texts of one band that are each compared with all others of it."""
CACHE = 64 << 10
"""KiB of pages SQLite holds in memory during a pass: the keys of bands lie anywhere in their table."""
_MARGIN = 0.16  # four standard deviations of an estimate from 128 places
_KEPT = 4000  # texts whose shingles are held in memory
_DIGITS = re.compile(r"\d+")

Opened = Callable[[int], str | None]
"""Gives a text by its number."""


class Texts:
    """Texts as they are compared: those just read, and others, opened where they are needed."""

    def __init__(self, open_text: Opened) -> None:
        self._open = open_text
        self._held: dict[int, tuple[Hashes, Form]] = {}

    def keep(self, forms: Mapping[int, Form]) -> list[Hashes]:
        """Take texts that were just read and give their shingles."""
        found = shingles(list(forms.values()))
        for number, form, hashes in zip(forms, forms.values(), found, strict=True):
            self._held[number] = hashes, form
        while len(self._held) > _KEPT + len(forms):
            del self._held[next(iter(self._held))]
        return found

    def compare(self, one: int, other: int) -> tuple[float, float] | None:
        """Give the Jaccard index of two texts' shingles and the share of figures they have in common; None where one is not there."""
        first, second = self._get(one), self._get(other)
        if first is None or second is None:
            return None
        shared = jaccard(first[0], second[0])
        return shared, _figures_shared(first[1], second[1]) if shared >= ALIKE else 0.0

    def _get(self, number: int) -> tuple[Hashes, Form] | None:
        if number not in self._held:
            text = self._open(number)
            if text is None:
                return None
            self.keep({number: bare(text)})
        return self._held[number]


@contextmanager
def roomy(connection: sqlite3.Connection) -> Iterator[None]:
    """Give SQLite's page cache the room that many rows at random places need."""
    before = connection.execute("pragma cache_size").fetchone()[0]
    connection.execute(f"pragma cache_size = -{CACHE}")
    try:
        yield
    finally:
        connection.execute(f"pragma cache_size = {before}")


def _figures_shared(one: Form, other: Form) -> float:
    """Give the share of the figures of the text with fewer of them that stand in the other one too; 1 where there are none."""
    first, second = (Counter(_DIGITS.findall(form.tobytes().decode("utf-16-le", "surrogatepass"))) for form in (one, other))
    fewer = min(first.total(), second.total())
    return (first & second).total() / fewer if fewer else 1.0


def change(connection: sqlite3.Connection, texts: Texts, come: Mapping[int, Form], gone: Iterable[int]) -> set[int]:
    """Take texts out and put others in; gives the numbers of those that are alike to others than before."""
    changed, again = set[int](), set[int]()
    for number in gone:
        partners, promoted = _take_out(connection, number)
        changed |= partners
        again |= promoted
    candidates, displaced = _put_in(connection, texts, {number: form for number, form in come.items() if len(form) >= SHORTEST})
    again = (again | displaced) - candidates.keys()
    known = {number: {other: (shared, figures) for other, shared, figures in alike_to(connection, number)} for number in again}
    candidates |= {number: _candidates(connection, number) for number in again}
    return changed | _compare(connection, texts, candidates, known)


def _take_out(connection: sqlite3.Connection, number: int) -> tuple[set[int], set[int]]:
    """Take a text out; gives those it was alike to, and those that stand for a crowd in its place."""
    partners, promoted = {other for other, *_ in alike_to(connection, number)}, set()
    row = connection.execute("select keys from sketches where text = ?", (number,)).fetchone()
    for key in _keys(row[0]) if row else ():
        members = _first(connection, key, CROWD + 2)
        if len(members) > CROWD and number in members[:CROWD]:
            promoted.add(members[CROWD])
        if len(members) == CROWD + 1:
            connection.execute("delete from crowds where key = ?", (key,))
        connection.execute("delete from bands where key = ? and text = ?", (key, number))
    connection.execute("delete from sketches where text = ?", (number,))
    connection.execute("delete from likenesses where text = ?", (number,))
    connection.execute("delete from likenesses where other = ?", (number,))
    return partners, promoted


Met = dict[int, set[int]]
"""For each text those it is to be compared with."""


def _put_in(connection: sqlite3.Connection, texts: Texts, fresh: Mapping[int, Form]) -> tuple[Met, set[int]]:
    """Keep the sketches of texts; gives for each those that share a band with it, and those that stand for a crowd no longer."""
    if not fresh:
        return {}, set()
    bands, owners = _sketch(connection, texts, fresh)
    keys = json.dumps(np.unique(bands).tolist())
    crowded = {row[0] for row in connection.execute(_CROWDED, (keys,)).fetchall()}
    standing = connection.execute(_STANDING, (keys,)).fetchall()
    rows = zip(bands.tolist(), owners.tolist(), strict=True)
    connection.executemany("insert or ignore into bands values (?, ?)", rows)
    before: dict[int, list[int]] = defaultdict(list)
    for key, other in standing:
        before[key].append(other)
    met: Met = {number: set() for number in fresh}
    displaced: set[int] = set()
    for key, own in _shared(bands, owners, before.keys() | crowded).items():
        if key in crowded or len(before[key]) + len(own) > CROWD:
            displaced |= _meet_in_crowd(connection, key, own, met)
        else:
            for number in own:
                met[number].update(before[key], own)
    for number, others in met.items():
        others.discard(number)
    return met, displaced - met.keys()


_CROWDED = "select c.key from json_each(?) j join crowds c on c.key = j.value"
_STANDING = """
    select b.key, b.text from json_each(?) j join bands b on b.key = j.value where not exists (select 1 from crowds c where c.key = b.key)
"""


def _sketch(connection: sqlite3.Connection, texts: Texts, fresh: Mapping[int, Form]) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """Keep signatures and keys of texts; gives keys and whose they are in order, in which a table is written fastest."""
    numbers = np.array(list(fresh), dtype=np.int64)
    least = minima(texts.keep(fresh))
    keys = band_keys(least)
    rows = zip(fresh, signatures(least), keys, strict=True)
    connection.executemany("insert into sketches values (?, ?, ?)", [(number, sign.tobytes(), own.tobytes()) for number, sign, own in rows])
    owners = np.repeat(numbers, keys.shape[1])
    order = np.lexsort((owners, keys.ravel()))
    return keys.ravel()[order], owners[order]


def _shared(bands: NDArray[np.int32], owners: NDArray[np.int64], known: AbstractSet[int]) -> dict[int, list[int]]:
    """Give the new texts by key, for keys that several of them have or others had before."""
    twice = bands[1:][bands[1:] == bands[:-1]]
    wanted = np.isin(bands, np.concatenate((twice, np.array([*known], dtype=np.int32))))
    found: dict[int, list[int]] = defaultdict(list)
    for key, number in zip(bands[wanted].tolist(), owners[wanted].tolist(), strict=True):
        found[key].append(number)
    return {key: list(dict.fromkeys(numbers)) for key, numbers in found.items()}


def _meet_in_crowd(connection: sqlite3.Connection, key: int, own: list[int], met: Met) -> set[int]:
    """Let new members of a crowded band meet those that stand for it, and those who stand for it now meet all; gives who does no longer."""
    connection.execute("insert or ignore into crowds values (?)", (key,))
    first = _first(connection, key, CROWD + len(own))
    standing = first[:CROWD]
    newcomers = set(own) & set(standing)
    everyone = _first(connection, key, -1) if newcomers else []
    for number in own:
        met[number].update(everyone if number in newcomers else standing)
    return set(first[CROWD : CROWD + len(newcomers)])


def _candidates(connection: sqlite3.Connection, number: int) -> set[int]:
    """Give all texts one is to be compared with, from its bands as they are kept."""
    row = connection.execute("select keys from sketches where text = ?", (number,)).fetchone()
    found: set[int] = set()
    for key in _keys(row[0]) if row else ():
        first = _first(connection, key, CROWD + 1)
        everyone = len(first) > CROWD and number in first[:CROWD]
        found.update(_first(connection, key, -1) if everyone else first[:CROWD])
    return found - {number}


Likeness = tuple[float, float]
"""The Jaccard index of two texts' shingles, and the share of figures they have in common."""


def _compare(
    connection: sqlite3.Connection, texts: Texts, candidates: Mapping[int, set[int]], known: Mapping[int, dict[int, Likeness]]
) -> set[int]:
    """Bring the pairs of texts in line with whom they meet; `known` are the pairs of those that were there. Gives whose pairs changed."""
    changed: set[int] = set()
    candidates = {number: others for number, others in candidates.items() if others or number in known}
    signs = _signatures(connection, {*candidates, *(other for others in candidates.values() for other in others)})
    done: dict[tuple[int, int], tuple[float, float] | None] = {}
    for number, others in candidates.items():
        before = known.get(number, {})
        after = {}
        for other in _near(signs, number, sorted(others)):
            pair = (min(number, other), max(number, other))
            if other in before:
                done[pair] = before[other]
            elif pair not in done:
                done[pair] = texts.compare(number, other)
            if (shared := done[pair]) is not None and shared[0] >= ALIKE:
                after[other] = shared
        if before != after:
            changed |= {number, *(set(before) ^ set(after))}
            _write_pairs(connection, number, before, after)
    return changed


def _near(signs: Mapping[int, bytes], number: int, others: list[int]) -> Iterator[int]:
    """Give those of several texts whose signatures agree enough with one's."""
    others = [other for other in others if other in signs]
    if others and number in signs:
        own = np.frombuffer(signs[number], dtype=np.uint8)
        estimates = agreement(own, stack([signs[other] for other in others]))
        yield from (other for other, estimate in zip(others, estimates, strict=True) if estimate >= ALIKE - _MARGIN)


def _signatures(connection: sqlite3.Connection, numbers: set[int]) -> dict[int, bytes]:
    rows = connection.execute(
        "select s.text, s.signature from json_each(?) j join sketches s on s.text = j.value", (json.dumps([*numbers]),)
    )
    return dict(map(tuple, rows.fetchall()))


def _write_pairs(
    connection: sqlite3.Connection, number: int, before: Mapping[int, tuple[float, float]], after: Mapping[int, tuple[float, float]]
) -> None:
    gone = [(min(number, other), max(number, other)) for other in before.keys() - after.keys()]
    come = [(min(number, other), max(number, other), *after[other]) for other in after.keys() - before.keys()]
    if gone:
        connection.executemany("delete from likenesses where text = ? and other = ?", gone)
    if come:
        connection.executemany("insert or ignore into likenesses values (?, ?, ?, ?)", come)


def alike_to(connection: sqlite3.Connection, number: int) -> list[tuple[int, float, float]]:
    """Give the texts alike to one: number, Jaccard index, share of figures; in the order of numbers."""
    rows = connection.execute(_ALIKE_TO, (number, number))
    return [(int(other), float(shared), float(figures)) for other, shared, figures in rows.fetchall()]


_ALIKE_TO = """
    select other, jaccard, figures from likenesses where text = ?
    union all select text, jaccard, figures from likenesses where other = ? order by 1
"""


def _first(connection: sqlite3.Connection, key: int, most: int) -> list[int]:
    rows = connection.execute("select text from bands where key = ? order by text limit ?", (key, most))
    return [row[0] for row in rows.fetchall()]


def _keys(packed: bytes) -> list[int]:
    keys: NDArray[np.int32] = np.frombuffer(packed, dtype=np.int32)
    return [int(key) for key in keys]


_OPEN = """
    select coalesce(r.document, s.document) from profiles p join readings r on r.id = p.reading left join readings s on s.id = r.same_as
    where p.text = ? order by p.notice limit 1
"""


def open_text(connection: sqlite3.Connection, number: int) -> str | None:
    """Open a text by its number, from the first notice that has it."""
    row = connection.execute(_OPEN, (number,)).fetchone()
    return load_notice(row[0]).text if row and row[0] else None
