"""Whether the same bytes and rules read the same: what today's rules read is read again and compared, and nothing is written.

A rebuild skips what today's rules read, which is right only where this finds nothing. Where it does, the cleaner depends on something
else than the capture and the rules (a clock, an order, a limit of time on a busy machine), and that is a mistake to be mended.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from archive.connection import Store
from archive.rebuilding import todo
from archive.rebuilding.derive import standing
from archive.rebuilding.rebuild import Progress, SiteReader, Watch
from archive.rebuilding.workers import Outcome, workers
from archive.record.captures import ROWS


@dataclass(frozen=True, slots=True)
class Repeat:
    """How many captures were read again; the fields that read differently, and what could not be read, by address."""

    captures: int
    differing: Mapping[str, tuple[str, ...]]
    failures: Mapping[str, str]


def repeat(store: Store, read: SiteReader, *, site: str | None = None, processes: int = 0, watch: Watch = lambda _: None) -> Repeat:
    """Read captures (of one site) again that stand as today's rules read them, and compare to the letter."""
    with store.reading() as connection:
        names = todo.sites(connection, site)
        total = todo.count(connection, names)
    todays = {name: read.fingerprint(name) for name in names}
    differing: dict[str, tuple[str, ...]] = {}
    failures: dict[str, str] = {}
    number = 0
    with workers(store, read, processes) as team:
        for name, outcomes in team.outcomes(_batches(store, names, todays)):
            for outcome in outcomes:
                _compare(store, outcome, differing, failures)
            number += len(outcomes)
            watch(Progress(name, number, total))
    return Repeat(number, differing, failures)


def _batches(store: Store, names: list[str], todays: Mapping[str, str]) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Give the captures that today's rules read, by site."""
    for name in names:
        with store.reading() as connection:
            addresses = todo.plan(connection, name, None, 0).addresses
        for _, batch in todo.batches(_captures(store, addresses, todays)):
            yield name, batch


def _captures(store: Store, addresses: Sequence[int], todays: Mapping[str, str]) -> Iterator[tuple[int, list[tuple[int, int]]]]:
    for address in addresses:
        with store.reading() as connection:
            unread = {capture for capture, _ in todo.captures(connection, address, todays)}
            yield address, [row for row in todo.captures(connection, address, None) if row[0] not in unread]


def _compare(store: Store, outcome: Outcome, differing: dict[str, tuple[str, ...]], failures: dict[str, str]) -> None:
    with store.reading() as connection:
        row = connection.execute(f"{ROWS} where c.id = ?", (outcome.capture,)).fetchone()
        stood = standing(connection, row)
    if outcome.failure:
        failures[row["url"]] = outcome.failure
    elif stood.document != outcome.document and stood.fingerprint == outcome.fingerprint:
        before, after = json.loads(stood.document), json.loads(outcome.document)
        differing[row["url"]] = tuple(sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name)))
