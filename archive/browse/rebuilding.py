"""What the pages say of rebuilds: which version another one was merged into, and the lines learned of sites' templates."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from archive.rebuilding import learned


def merged(versions: Sequence[Mapping[str, Any]], shown: Mapping[str, Any] | None, named: str) -> dict[str, Any] | None:
    """Give the version asked for where it was merged into another one, with that one; `named` is the time it was asked for by, if any.

    `into` is None where that one belongs to another notice by now.
    """
    asked = next((version for version in versions if version["captured_at"] == named), shown)
    if asked is None or asked["merged_into"] is None:
        return None
    by_id = {version["id"]: version for version in versions}
    into, seen = by_id.get(asked["merged_into"]), {asked["id"]}
    while into and into["merged_into"] is not None and into["id"] not in seen:
        seen.add(into["id"])
        into = by_id.get(into["merged_into"])
    return {"asked": asked, "into": into}


def learned_lines(conn: sqlite3.Connection, site: str) -> list[tuple[str, list[learned.Line]]]:
    """Give the lines learned, of one site where it is named, by site."""
    lines = learned.lines(conn, site or None)
    return [(name, list(of_one)) for name, of_one in groupby(lines, key=lambda line: line.site)]
