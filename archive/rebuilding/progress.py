"""What is remembered of a rebuild while it runs, so that one that was stopped goes on where it stood.

It does so only where it was asked the same and the rules are the same; a rebuild by other rules begins anew.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass

from archive.documents import dump
from archive.rebuilding.derive import Tally
from archive.rebuilding.todo import READABLE
from archive.record.payloads import digest_of
from archive.times import now
from cleaners.attachments.fingerprint import fingerprint as files_fingerprint


@dataclass(frozen=True, slots=True)
class Kept:
    """A rebuild's row: its number, what it did so far, and whether it goes on where a stopped one stood."""

    number: int
    tally: Tally
    resumed: bool

    def reached(self, connection: sqlite3.Connection, site: str) -> int:
        """Give the first capture of the last address of a site that was done, 0 before any; beyond all where the site was."""
        connection.execute("insert into rebuilt_sites (rebuild, site) values (?, ?) on conflict do nothing", (self.number, site))
        row = connection.execute("select reached, ended from rebuilt_sites where rebuild = ? and site = ?", (self.number, site)).fetchone()
        return 1 << 62 if row["ended"] else int(row["reached"])

    def note(self, connection: sqlite3.Connection, site: str, address: int, tally: Tally) -> None:
        """Note that a site is done up to an address; in the transaction that does it."""
        first = f"(select min(id) from captures c where c.address = ? and {READABLE})"  # noqa: S608 - ours
        connection.execute(
            f"update rebuilt_sites set reached = max(reached, {first}) where rebuild = ? and site = ?",  # noqa: S608 - ours
            (address, self.number, site),
        )
        connection.execute("update rebuilds set tally = ? where id = ?", (dump(tally.dump()), self.number))

    def end_site(self, connection: sqlite3.Connection, site: str) -> None:
        """Note that a site is done."""
        connection.execute("update rebuilt_sites set ended = 1 where rebuild = ? and site = ?", (self.number, site))

    def end(self, connection: sqlite3.Connection, tally: Tally, *, complete: bool) -> None:
        """Close the rebuild; where it left a site out, the next one goes on there."""
        connection.execute("update rebuilds set tally = ? where id = ?", (dump(tally.dump()), self.number))
        if complete:
            _close(connection, self.number, "complete")


def begin(connection: sqlite3.Connection, site: str | None, todays: Mapping[str, str], *, everything: bool) -> Kept:
    """Open a rebuild, or go on with one that was stopped; `todays` are the fingerprints by site, none where they are not known."""
    rules = digest_of(dump([sorted(todays.items()), files_fingerprint()]).encode()) if todays else ""
    asked = (site, int(everything), rules)
    for row in connection.execute("select * from rebuilds where ended_at is null order by id").fetchall():
        if rules and (row["site"], row["everything"], row["rules"]) == asked:
            return Kept(row["id"], Tally.load(json.loads(row["tally"])), resumed=True)
        _close(connection, row["id"], "stopped")
    cursor = connection.execute(
        "insert into rebuilds (started_at, site, everything, rules, tally) values (?, ?, ?, ?, ?)", (now(), *asked, dump(Tally().dump()))
    )
    return Kept(int(cursor.lastrowid or 0), Tally(), resumed=False)


def _close(connection: sqlite3.Connection, number: int, outcome: str) -> None:
    connection.execute("update rebuilds set ended_at = ?, outcome = ? where id = ?", (now(), outcome, number))
    connection.execute("delete from rebuilt_sites where rebuild = ?", (number,))
