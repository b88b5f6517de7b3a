"""Fixtures: a column's list page and a sample notice as they came, and a golden file of how they read, to be reviewed and replayed.

A folder `fixtures/SITE/COLUMN` beside the site file holds `list.*` and `notice.*`, the original bytes, each with a side file
`*.capture.json` (address, status, headers, time), and `golden.json`.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from cleaners.errors import FileError
from cleaners.records import Capture
from crawler.probe.finding import Finding, read_notice
from crawler.probe.report import listing_row, next_row, notice_row
from spiders.listing import read_safely
from spiders.paging import Next

GOLDEN = "golden.json"
SIDE = ".capture.json"
Golden = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Replayed:
    """One fixture read again: its folder and the lines in which today's reading differs from its golden file."""

    folder: Path
    difference: tuple[str, ...]


def save(found: Finding, folder: Path) -> tuple[Path, ...]:
    """Write the fixture of a column and its golden file; what is there already is never overwritten (FileError)."""
    assert found.rows is not None
    assert found.listing is not None
    if folder.exists():
        raise FileError(f"{folder} is there already; remove it to take a new fixture, or see how it reads today with dibao replay")
    folder.mkdir(parents=True)
    asked = found.rows_asked or Next(found.url)
    told = {"family": found.listing.family, "request": next_row(asked) | {"headers": [list(pair) for pair in asked.headers]}}
    written: tuple[Path, ...] = _save_page(folder, "list", found.rows, {"url": found.rows_url or found.url, **told})
    if found.sample is not None:
        written += _save_page(folder, "notice", found.sample, {"url": found.sample.url})
    (folder / GOLDEN).write_text(as_text(read(folder)), "utf-8")
    return (*written, folder / GOLDEN)


def _save_page(folder: Path, name: str, capture: Capture, told: Mapping[str, Any]) -> tuple[Path, Path]:
    """Write the bytes of a page and its side file."""
    ending = "json" if capture.body.lstrip()[:1] in {b"{", b"["} else "html"
    body, side = folder / f"{name}.{ending}", folder / f"{name}{SIDE}"
    body.write_bytes(capture.body)
    headers = [list(pair) for pair in capture.headers if pair[0].lower() != "set-cookie"]
    row = {**told, "status": capture.status, "captured_at": capture.captured_at.isoformat(), "file": body.name, "headers": headers}
    side.write_text(json.dumps(row, ensure_ascii=False, indent=2) + "\n", "utf-8")
    return body, side


def read(folder: Path) -> Golden:
    """Read a fixture with today's code. FileError where a file of it is missing or is no side file."""
    side = folder / f"list{SIDE}"
    listed, told = _page(side, "listing")
    try:
        request = told["request"]
        asked = Next(
            request["url"], request["method"], request["body"].encode(), tuple((name, value) for name, value in request["headers"])
        )
        golden: Golden = {"listing": listing_row(read_safely(listed.body, listed.url, told["family"], asked))}
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _no_side_file(side, error) from error
    side = folder / f"notice{SIDE}"
    return golden | ({"notice": notice_row(read_notice(_page(side, "notice")[0]))} if side.exists() else {})


def _page(side: Path, role: str) -> tuple[Capture, Mapping[str, Any]]:
    """Make the capture a saved page stands for, and give what its side file tells."""
    try:
        told: Mapping[str, Any] = json.loads(side.read_text("utf-8"))
        body = (side.parent / Path(told["file"]).name).read_bytes()
        headers = tuple((str(name), str(value)) for name, value in told["headers"])
        captured_at = datetime.fromisoformat(told["captured_at"])
        return Capture("", told["url"], captured_at, told["status"], headers, body, role=role), told
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _no_side_file(side, error) from error


def _no_side_file(side: Path, error: Exception) -> FileError:
    return FileError(f"{side}: not the side file of a fixture ({type(error).__name__}: {error}); take the fixture again with dibao add")


def as_text(golden: Golden) -> str:
    """Write a golden file: JSON that differs line by line."""
    return json.dumps(golden, ensure_ascii=False, indent=1) + "\n"


def folders(place: Path) -> list[Path]:
    """List the fixtures in a folder of site files, or in any folder of fixtures."""
    return sorted(side.parent for side in place.rglob(f"list{SIDE}"))


def replay(folder: Path, *, accept: bool = False) -> Replayed:
    """Read a fixture again and compare with its golden file; `accept` writes today's reading into it."""
    golden, today = folder / GOLDEN, as_text(read(folder))
    before = golden.read_text("utf-8") if golden.exists() else ""
    lines = difflib.unified_diff(before.splitlines(), today.splitlines(), str(golden), "today", lineterm="", n=2)
    if accept and before != today:
        golden.write_text(today, "utf-8")
    return Replayed(folder, tuple(lines))
