"""What a rebuild has to do: sites, their addresses in order, and the captures of each that today's rules did not read."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

BATCH, BATCH_BYTES = 16, 4 << 20
"""Captures, and bytes of them, that a worker reads at a time."""

READABLE = (
    "c.role = 'notice' and c.payload is not null and (c.outcome = 'ok' or c.read = 1)"
    " and (select takedown from payloads where id = c.payload) is null"
)
"""Captures `c` that are read: notices that came as they are, nothing that was taken down."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The addresses of a site to be done, in the order they were first captured; how many captures of others are skipped."""

    addresses: Sequence[int]
    skipped: int


def sites(connection: sqlite3.Connection, site: str | None) -> list[str]:
    """Give the names of sites that have addresses, in order; the empty one among them for what belongs to no site."""
    names = [row[0] for row in connection.execute("select distinct site from addresses order by site")]
    return [name for name in names if site in {None, name}]


def count(connection: sqlite3.Connection, names: Sequence[str]) -> int:
    """Count the captures of sites that are read."""
    rows = (connection.execute(_COUNT, (name,)).fetchone()[0] for name in names)
    return sum(rows)


def plan(connection: sqlite3.Connection, site: str, todays: Mapping[str, str] | None, reached: int) -> Plan:
    """Choose the addresses of a site to be done.

    `todays` are the fingerprints by site: an address all of whose captures stand as they were read by them is skipped; None takes all.
    `reached` is the first capture of the last address that was done.
    """
    unsettled = set() if todays is None else {row[0] for row in connection.execute(_UNSETTLED, (site, site))}
    chosen: list[int] = []
    skipped = 0
    for row in connection.execute(_PLAN, {"site": site, "todays": _known(connection, todays or {})}):
        if row["first"] > reached and (todays is None or row["unread"] or row["address"] in unsettled):
            chosen.append(row["address"])
        else:
            skipped += row["captures"]
    return Plan(chosen, skipped)


def captures(connection: sqlite3.Connection, address: int, todays: Mapping[str, str] | None) -> list[tuple[int, int]]:
    """Give the captures of an address that are to be read, with the size of each."""
    found = connection.execute(_CAPTURES, {"address": address, "todays": _known(connection, todays or {})})
    return [(row["id"], row["size"]) for row in found if todays is None or row["unread"]]


def batches(addresses: Iterable[tuple[int, Sequence[tuple[int, int]]]]) -> Iterator[tuple[tuple[int, ...], tuple[int, ...]]]:
    """Put captures together into batches; each comes with the addresses of which all captures are read once it is."""
    batch: list[int] = []
    ended: list[int] = []
    held = 0
    for address, found in addresses:
        for capture, size in found:
            if len(batch) == BATCH or (batch and held + size > BATCH_BYTES):
                yield tuple(ended), tuple(batch)
                batch, ended, held = [], [], 0
            batch.append(capture)
            held += size
        ended.append(address)
    if ended:
        yield tuple(ended), tuple(batch)


def _known(connection: sqlite3.Connection, todays: Mapping[str, str]) -> str:
    """Give the numbers of rule sets by site, those any reading was made by."""
    numbers = {row["fingerprint"]: row["id"] for row in connection.execute("select id, fingerprint from rulesets")}
    return json.dumps({site: numbers[fingerprint] for site, fingerprint in todays.items() if fingerprint in numbers})


_COUNT = f"select count(*) from addresses a join captures c on c.address = a.id where a.site = ? and {READABLE}"  # noqa: S608 - ours

# a capture stands as it was read by today's rules where its newest reading is by them
_UNREAD = """
    (select r.rules from readings r where r.capture = c.id order by r.read_at desc, r.id desc limit 1)
    is not (select value from json_each(:todays) where key = c.site) or c.read = 0
"""

_PLAN = f"""
    select c.address, min(c.id) as first, count(*) as captures, max({_UNREAD}) as unread
    from addresses a join captures c on c.address = a.id where a.site = :site and {READABLE} group by c.address
    order by first
"""  # noqa: S608 - ours

_CAPTURES = f"""
    select c.id, p.size, {_UNREAD} as unread from captures c join payloads p on p.id = c.payload
    where c.address = :address and {READABLE} order by c.id
"""  # noqa: S608 - ours

# versions that say the same as the one before, or what no capture says any more: left by a crawl that met with changed rules
_UNSETTLED = """
    select v.address from addresses a join versions v on v.address = a.id join versions n on n.address = a.id and n.number = v.number + 1
    where a.site = ? and v.merged_into is null and n.merged_into is null
        and n.text_digest = v.text_digest and n.parts_digest = v.parts_digest
    union
    select v.address from addresses a join versions v on v.address = a.id join readings r on r.id = v.reading
    join readings n on n.capture = r.capture and n.id <> r.id
    where a.site = ? and v.merged_into is null and (n.read_at, n.id) > (r.read_at, r.id)
"""
