"""Which notices are meant by what others cite: by the key of the 文号, else by the title; what the archive does not have stays wanted."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from archive.documents import dump
from archive.relations.copies import SAME_NUMBER, Side, alike, are_copies, same_document, sides
from archive.times import now
from cleaners.document.references import RELATIONS

_KINDS_OF_NAMES = ("whole", "about", "issued")


def find(connection: sqlite3.Connection, citing: Side | None, row: sqlite3.Row) -> tuple[str | None, str]:
    """Give the notice meant by a citation's key and folded title, and how it was found: number, title; or why not."""
    work, key, core = row["notice"], row["key"], row["core"]
    found = [side for side in sides(connection, "p.key = ?", key) if side.notice != work] if key else []
    if found:
        return _by_number(citing, found, core)
    for kind in _KINDS_OF_NAMES if core else ():
        if (kind, row["relation"]) == ("issued", "issues"):
            continue  # others that issue the same are copies of the one that says so here
        named = sides(connection, "p.notice in (select notice from title_names where name = ? and kind = ?)", core, kind)
        # one that bears another number is another document
        fitting = [side for side in named if side.notice != work and not (key and side.key and side.key != key)]
        if fitting:
            return _only(connection, fitting, "title" if kind != "issued" else "issued by it")
    return None, ""


def _by_number(citing: Side | None, found: list[Side], core: str) -> tuple[str | None, str]:
    """Choose among those that bear the number: of the same authority as who cites, or of the title, where several write under one code."""
    if not all(same_document(found[0], side) for side in found[1:]):
        near = [side for side in found if citing and side.authority and side.authority == citing.authority]
        named = [side for side in found if core and side.core == core]
        found = named or near or found
        if not all(same_document(found[0], side) for side in found[1:]):
            return None, f"ambiguous: {len(found)}"
    return found[0].notice, "number"


def _only(connection: sqlite3.Connection, found: list[Side], how: str) -> tuple[str | None, str]:
    """Give the first published where the others are copies of it; where several documents have the title, nothing tells which is meant."""
    if all(are_copies(connection, found[0], side) for side in found[1:]):
        return found[0].notice, how
    return None, f"ambiguous: {len(found)}"


def resolve(connection: sqlite3.Connection, names: set[str], keys: set[str], works: set[str]) -> set[str]:
    """Find again what is meant by these names and keys, and by all citations of these notices; gives the notices that mean others now."""
    numbers: set[int] = set()
    for column, values in (("core", names), ("key", keys), ("notice", works)):
        for value in filter(None, values):
            rows = connection.execute(f"select id from citations where {column} = ?", (value,))  # noqa: S608 - the names are ours
            numbers.update(row[0] for row in rows.fetchall())
    changed = set(works)
    citing: dict[str, Side | None] = {}
    for number in sorted(numbers):
        row = connection.execute("select * from citations where id = ?", (number,)).fetchone()
        work = row["notice"]
        if work not in citing:
            citing[work] = next(iter(sides(connection, "p.notice = ?", work)), None)
        target, how = find(connection, citing[work], row)
        if (target, how) != (row["target"], row["how"]):
            connection.execute("update citations set target = ?, how = ? where id = ?", (target, how, number))
            changed.add(work)
    return changed


def bring_in_line(connection: sqlite3.Connection, works: set[str]) -> None:
    """Derive the relations from these notices to those they cite anew."""
    marks = ", ".join("?" * len(RELATIONS))
    for work in works:
        kept = connection.execute(f'select * from relations where "from" = ? and kind in ({marks})', (work, *RELATIONS)).fetchall()  # noqa: S608
        before = {(row["to"], row["kind"]): row for row in kept}
        after = dict(_meant(connection, work))
        for to, kind in before.keys() - after.keys():
            connection.execute('delete from relations where "from" = ? and "to" = ? and kind = ?', (work, to, kind))
        for (to, kind), evidence in after.items():
            known = before.get((to, kind))
            if known is None or known["evidence"] != evidence:
                found_at = known["found_at"] if known else now()
                connection.execute("insert or replace into relations values (?, ?, ?, ?, ?)", (work, to, kind, evidence, found_at))


def _meant(connection: sqlite3.Connection, work: str) -> Iterator[tuple[tuple[str, str], str]]:
    """Give the notices cited, each by its strongest relation, with the first sentence that says so."""
    rows = connection.execute(
        'select * from citations where notice = ? and target is not null and target <> notice order by paragraph, "start"', (work,)
    ).fetchall()
    strongest: dict[str, sqlite3.Row] = {}
    for row in rows:
        known = strongest.get(row["target"])
        if known is None or RELATIONS.index(row["relation"]) < RELATIONS.index(known["relation"]):
            strongest[row["target"]] = row
    for target, row in strongest.items():
        named = {name: row[name] for name in ("how", "paragraph", "start", "end", "sentence", "title", "number") if row[name] != ""}
        yield (target, row["relation"]), dump(named)


def conflicts(connection: sqlite3.Connection, keys: set[str]) -> None:
    """Relate notices that bear one 文号 of one authority and texts that are not alike: conflicting copies, each kept as it is."""
    for key in keys - {""}:
        bearing = sides(connection, "p.key = ?", key)
        wanted = dict(_conflicting(connection, bearing))
        ends = dump([side.notice for side in bearing])
        kept = connection.execute(
            'select * from relations where kind = ?1 and "from" in (select value from json_each(?2))'
            ' union select * from relations where kind = ?1 and "to" in (select value from json_each(?2))',
            (SAME_NUMBER, ends),
        ).fetchall()
        known = {(row["from"], row["to"]): row["evidence"] for row in kept}
        for pair in known.keys() - wanted.keys():
            connection.execute('delete from relations where "from" = ? and "to" = ? and kind = ?', (*pair, SAME_NUMBER))
        for pair, evidence in wanted.items():
            if known.get(pair) != evidence:
                connection.execute("insert or replace into relations values (?, ?, ?, ?, ?)", (*pair, SAME_NUMBER, evidence, now()))


def leave(connection: sqlite3.Connection, works: set[str]) -> None:
    """Take out the conflicts of notices that say something else now; those there still are, are found by their number."""
    for work in works:
        for end in ('"from"', '"to"'):
            connection.execute(f"delete from relations where {end} = ? and kind = ?", (work, SAME_NUMBER))  # noqa: S608 - the names are ours


def _conflicting(connection: sqlite3.Connection, bearing: list[Side]) -> Iterator[tuple[tuple[str, str], str]]:
    """Give pairs (later, first of the number) whose texts are not alike."""
    firsts: list[Side] = []
    for side in bearing:
        first = next((leader for leader in firsts if same_document(leader, side)), None)
        if first is None:
            firsts.append(side)
        elif first.text and side.text and alike(connection, first, side) is None:
            yield (side.notice, first.notice), dump({"number": side.key, "authority": side.authority or first.authority})
