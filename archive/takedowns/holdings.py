"""What an archive holds of a notice: the rows whose content a takedown withholds, and what it shares with other notices."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Holdings:
    """Numbers of rows: the notice's addresses, their captures with those of its own files, and what these hold.

    `shared` are payloads that captures of something else hold too; they are not the notice's alone and stay.
    """

    addresses: tuple[int, ...]
    captures: tuple[int, ...]
    payloads: tuple[int, ...]
    shared: tuple[int, ...]
    readings: tuple[int, ...]
    removals: tuple[int, ...]
    links: tuple[int, ...]
    urls: tuple[str, ...]


def holdings(connection: sqlite3.Connection, work: str) -> Holdings:
    """Gather what is held of a notice: its pages, and the files that no other notice links to."""
    addresses = _numbers(connection, "select id from addresses where notice = ?", [work])
    files = _numbers(connection, _OWN_FILES, [work])
    captures = _numbers(connection, "select id from captures where address = ?", [*addresses, *files])
    held = {payload for capture in captures for payload in _payloads(connection, capture)}
    mine = set(captures)
    parts = set(_numbers(connection, _PARTS, captures))
    shared = {payload for payload in held if set(_numbers(connection, _HOLDERS, [payload])) - mine}
    shared |= {payload for payload in parts if set(_numbers(connection, _HOLDERS_OF_PART, [payload])) - mine}
    readings = _numbers(connection, "select id from readings where capture = ?", captures)
    removals = _numbers(connection, "select id from removals where reading = ?", readings)
    links = _numbers(connection, "select id from attachments where address = ?", addresses)
    urls = tuple(row[0] for number in addresses for row in connection.execute("select url from addresses where id = ?", (number,)))
    return Holdings(addresses, captures, tuple(sorted(held - shared)), tuple(sorted(shared)), readings, removals, links, urls)


# files of this notice that nothing else links to, by the number of their address
_OWN_FILES = """
    select distinct t.id from addresses a join attachments f on f.address = a.id join addresses t on t.url = f.url
    where a.notice = ?1 and t.notice is null and not exists (
        select 1 from attachments o join addresses b on b.id = o.address where o.url = f.url and b.notice is not ?1)
"""

_HOLDERS = "select id from captures where payload = ?"
_PARTS = "select p.id from captures c join json_each(c.parts) j join payloads p on p.digest = j.value where c.id = ?"
# no index knows what is a part of what: looked through only where a notice has parts
_HOLDERS_OF_PART = "select c.id from captures c where c.parts is not null and instr(c.parts, (select digest from payloads where id = ?))"


def _numbers(connection: sqlite3.Connection, statement: str, values: Iterable[object]) -> tuple[int, ...]:
    """Give the numbers a statement finds for any of some values, each once."""
    found = (row[0] for value in values for row in connection.execute(statement, (value,)))
    return tuple(sorted(set(found)))


def _payloads(connection: sqlite3.Connection, capture: int) -> list[int]:
    """Give the numbers of the payloads of a capture, among them its further parts and its bytes as another crawler's WARC had them."""
    payload, parts = connection.execute("select payload, parts from captures where id = ?", (capture,)).fetchone()
    of_parts = _numbers(connection, "select id from payloads where digest = ?", json.loads(parts or "[]"))
    sent = _numbers(connection, "select payload from imported_records where capture = ? and payload is not null", [capture])
    return [number for number in (payload, *of_parts, *sent) if number is not None]
