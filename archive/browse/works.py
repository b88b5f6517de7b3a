"""What the pages say of a notice as a work: its addresses and why each is one, other copies of its document, and stable paragraph ids."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from archive.browse.queries import Row
from archive.differences.paragraphs import history as readings_of
from archive.differences.paragraphs import numbered
from archive.works.copies import Relatives, relatives

UNDONE = "undo of move "


def works_of(conn: sqlite3.Connection, found: Row, listed: frozenset[str] = frozenset()) -> dict[str, Any]:
    """Give the addresses of a notice with what each says now against what the notice shows, and what else bears its number.

    `listed` are notices that the page names as copies anyway: nothing is shown twice.
    """
    shown = next((row for row in found["version_rows"] if row["id"] == found["version"]), None)
    newest = {row["address"]: row for row in reversed(found["version_rows"]) if row["merged_into"] is None}
    addresses = [
        {**address, "evidence": json.loads(address["pointer_evidence"] or "{}"), "text": _text(newest.get(address["id"]), shown)}
        for address in found["address_rows"]
    ]
    return {"addresses": addresses, "relatives": _unlisted(_relatives(conn, found["id"]), listed)}


def anchors(conn: sqlite3.Connection, version: Row | None) -> Callable[[int], int]:
    """Give how to get from a paragraph's place (from 1) in a version to the id that stays with it through all versions."""
    ids = numbered(readings_of(conn, version["address"])).get(version["reading"], ()) if version else ()
    return lambda place: ids[place - 1] if 0 < place <= len(ids) else place


def undone(reason: str) -> str:
    """Give the number of the move that a move took back, by its reason; empty for any other."""
    return reason.removeprefix(UNDONE) if reason.startswith(UNDONE) else ""


def _text(version: Row | None, shown: Row | None) -> str:
    """Say what an address says against what the notice shows: same, differs, or nothing to compare."""
    if version is None or shown is None or version["address"] == shown["address"]:
        return ""
    return "same" if version["text_digest"] == shown["text_digest"] else "differs"


def _unlisted(others: Relatives, listed: frozenset[str]) -> Relatives:
    return replace(others, copies=tuple(copy for copy in others.copies if copy.notice not in listed))


def _relatives(conn: sqlite3.Connection, work: str) -> Relatives:
    known = conn.execute("select 1 from sqlite_master where name = 'document_keys'").fetchone()  # an older archive has none
    return relatives(conn, work) if known else Relatives()
