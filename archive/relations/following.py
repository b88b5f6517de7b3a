"""One step of a pass: from notices that say something new to all relations that follow from it."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from functools import partial

from archive.relations import citing, copies
from archive.relations.likeness import Texts, change, open_text
from archive.relations.profiles import Portrait, known_profile, names_of, portrait, put_in, shown, take_out

Fresh = dict[str, Portrait | None]
"""Notices that say something else than when they were last looked at; None for one that shows nothing any more."""


def look(connection: sqlite3.Connection, works: Sequence[str]) -> Fresh:
    """Read those of several notices that changed since they were last looked at."""
    fresh: Fresh = {}
    for work in dict.fromkeys(works):
        row, known = shown(connection, work), known_profile(connection, work)
        if row is None:
            if known is not None:
                fresh[work] = None
        elif known is None or not known.fits(row):
            drawn = portrait(connection, row)
            if drawn is not None or known is not None:
                fresh[work] = drawn
    return fresh


def follow(connection: sqlite3.Connection, fresh: Mapping[str, Portrait | None]) -> int:
    """Put notices in and derive everything that depends on them anew; gives how many of them changed."""
    known = {work: known_profile(connection, work) for work in fresh}
    names = {name for work in fresh for name in names_of(connection, work)}
    for work, drawn in fresh.items():
        take_out(connection, work)
        if drawn is not None:
            put_in(connection, drawn)
            names |= {name for name, _ in drawn.names}
    profiles = [*known.values(), *(drawn.profile for drawn in fresh.values() if drawn)]
    keys = {profile.key for profile in profiles if profile}
    texts = {profile.text for profile in profiles if profile and profile.text}
    texts |= _alike(connection, fresh, texts)
    touched = copies.bring_in_line(connection, texts, set(fresh))
    for work in touched - fresh.keys():  # copies of what is cited: which of them is meant may be another one now
        names |= names_of(connection, work)
        profile = known_profile(connection, work)
        keys |= {profile.key} if profile else set()
    citing.leave(connection, set(fresh))
    citing.conflicts(connection, keys)
    citing.bring_in_line(connection, citing.resolve(connection, names, keys, set(fresh)))
    return len(fresh)


def _alike(connection: sqlite3.Connection, fresh: Mapping[str, Portrait | None], texts: set[int]) -> set[int]:
    """Bring the pairs of texts that are alike in line with the texts there are; gives those that have others now."""
    forms = {drawn.profile.text: drawn.form for drawn in fresh.values() if drawn and drawn.profile.text}
    kept = {number for number in texts if _is_sketched(connection, number)}
    borne = {number for number in texts if connection.execute("select 1 from profiles where text = ? limit 1", (number,)).fetchone()}
    come = {number: form for number, form in forms.items() if number not in kept}
    return change(connection, Texts(partial(open_text, connection)), come, sorted(kept - borne))


def _is_sketched(connection: sqlite3.Connection, number: int) -> bool:
    return connection.execute("select 1 from sketches where text = ?", (number,)).fetchone() is not None


def renew(connection: sqlite3.Connection, work: str) -> None:
    """Derive everything anew that has to do with one notice: for one that is withheld, or shown again after a pass went by."""
    row = shown(connection, work)
    seen = connection.execute("select number from related_until where record = 'readings'").fetchone()
    passed = row is not None and seen is not None and row["reading"] <= seen["number"]
    fresh = {work: portrait(connection, row) if row is not None and passed else None}
    if fresh[work] is not None or known_profile(connection, work) is not None:
        follow(connection, fresh)
