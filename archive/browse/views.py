"""From rows and a Notice to what the templates show: pure functions, no SQL and no HTML."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from archive.browse.filetexts import PREVIEW, shown_file
from archive.browse.queries import Row
from archive.differences.changes import ParagraphChange
from cleaners.records import Evidence, Notice

FIELDS = (
    "document_number", "identifier", "creator", "publisher", "source", "author", "reporter", "editor", "reviewer", "speaker",
    "addressee", "signatory", "copied_to", "attachment_notes", "issued", "created", "printed", "effective", "repealed",
    "type", "subject", "validity", "script",
)  # fmt: skip
"""The fields of a notice in the order a page shows them."""

CONTENT = frozenset({"ok", "unchanged", "redirected"})
"""The outcomes that are no cause for concern."""


@dataclass(frozen=True, slots=True)
class Part:
    """One field of a notice with its evidence, as a row of the table of parts."""

    name: str
    value: str
    evidence: Evidence | None


@dataclass(frozen=True, slots=True)
class Span:
    """Captures of one address in a row that ended alike: one line of the history."""

    first: Row
    last: Row
    count: int


@dataclass(frozen=True, slots=True)
class Stretch:
    """Paragraphs of a difference in a row that are alike changed or unchanged; unchanged ones are folded but for the edges."""

    kind: str
    head: Sequence[ParagraphChange]
    folded: Sequence[ParagraphChange] = ()
    tail: Sequence[ParagraphChange] = ()


MOST_PREVIEWS = 30
"""Attached files whose text a notice's page shows; of further ones it gives the link to their own page."""


def with_texts(files: Sequence[Row]) -> list[Row]:
    """Give attached files with what their text looks like on the notice's page, where they have been read."""
    out: list[Row] = []
    for number, file in enumerate(files):
        found = file.get("found")
        longest = PREVIEW if number < MOST_PREVIEWS else 0
        out.append({**file, "shown": shown_file(found, longest, whole=file["characters"]) if found else None})
    return out


def nowhere(notice: Notice) -> list[str]:
    """Give the names of the files a page mentions without an address for them."""
    return [attachment.title for attachment in notice.attachments if not attachment.url]


def reader(notice: Notice) -> tuple[str, str]:
    """Give which reader found the body, and how sure that is in percent; both empty where it is not known."""
    return notice.reader.partition(":")[0], f"{notice.confidence:.0%}" if notice.confidence else ""


_STORED = {"robots": "raw_robots", "listing": "raw_list", "notice": "raw_page", "attachment": "raw_file"}
_READABLE = {"text/html": "", "application/xhtml+xml": "", "text/plain": "raw_text", "": ""}


def stored_as(role: str, media_type: str) -> str:
    """Name the word for what is stored, from what it was asked for as and what type it says to be (empty: it does not say)."""
    if role in {"robots", "listing"}:
        return _STORED[role]
    if media_type not in _READABLE:
        return "raw_file"
    return _READABLE[media_type] or _STORED.get(role, "raw_answer")


def stretches(paragraphs: Sequence[ParagraphChange]) -> list[Stretch]:
    """Gather the paragraphs of a difference, with one unchanged paragraph kept in sight on either side of a change."""
    runs = [(kind, list(found)) for kind, found in groupby(paragraphs, lambda paragraph: "same" if paragraph.kind == "same" else "changed")]
    return [_stretch(kind, found, first=not number, last=number == len(runs) - 1) for number, (kind, found) in enumerate(runs)]


def _stretch(kind: str, found: list[ParagraphChange], *, first: bool, last: bool) -> Stretch:
    head, tail = int(not first), int(not last)
    if kind != "same" or len(found) <= head + tail + 1:
        return Stretch(kind, found)
    return Stretch(kind, found[:head], found[head : len(found) - tail], found[len(found) - tail :])


def stated(value: object) -> str:
    """Show a field's value: dates in ISO 8601 to the minute, several lines one below the other, nothing for None."""
    if value is None:
        return ""
    if isinstance(value, tuple):
        return "\n".join(value)
    return value.isoformat(" ", "minutes").removesuffix("+08:00") if hasattr(value, "hour") else str(value)  # type: ignore[attr-defined]


def parts(notice: Notice) -> list[Part]:
    """Give the fields that have a value or evidence, in order; the title only where its evidence says more."""
    found = [Part(name, stated(getattr(notice, name)), notice.evidence.get(name)) for name in ("title", *FIELDS)]
    return [part for part in found if (part.value or part.evidence) and (part.name != "title" or part.evidence)]


def mapping(text: object) -> dict[str, Any]:
    """Read a JSON column that holds an object; an empty one where it holds anything else."""
    try:
        found = json.loads(str(text or "{}"))
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def timeline(captures: Sequence[Row]) -> list[Span]:
    """Gather captures, newest first, into spans of one address and outcome; one that cut a version stands alone."""

    def key(capture: Row) -> tuple[object, ...]:
        return capture["address"], capture["outcome"], capture["status"], capture["reason"], capture["version"]

    return [Span(group[-1], group[0], len(group)) for _, found in groupby(captures, key) if (group := list(found))]


def page_of(found: list[Row], size: int) -> tuple[list[Row], int | None]:
    """Cut a list that was asked for one row more than a page; gives the page and where the next one goes on."""
    key = "search_row" if found and "search_row" in found[0] else "id"
    return found[:size], (int(found[size - 1][key]) if len(found) > size else None)


def badges(card: Row) -> Row:
    """Say of a notice in a list whether it is worth a mark: several versions, several addresses, gone from its source."""
    return {
        "versions": card["versions"] if card["versions"] > 1 else 0,
        "addresses": card["addresses"] if card["addresses"] > 1 else 0,
        "state": card["state"] if card["state"] in {"failing", "gone", "blocked", "moved"} else "",
    }


def days(cards: Iterable[Row]) -> list[tuple[str, list[Row]]]:
    """Group notices in a list by the day of issue, in the order given; without one, by the day first seen, marked so."""
    named = ({**card, "badges": badges(card), "day": str(card["issued"] or "")[:10]} for card in cards)
    return [(day, list(found)) for day, found in groupby(named, lambda card: str(card["day"]))]


def paired(versions: Sequence[Row]) -> list[Row]:
    """Say for each version (newest first, address by address) which one stood before it, for the link to the difference."""
    before = {(version["address"], version["number"]): version["id"] for version in versions}
    return [{**version, "before": before.get((version["address"], version["number"] - 1))} for version in versions]


def latest(versions: Sequence[Row]) -> dict[int, Row]:
    """Give the newest version of each address (versions come newest first)."""
    return {version["address"]: version for version in reversed(versions)}


def health(site: Row) -> str:
    """Say in one word how a site does: never, running, good or bad, from its last run."""
    if site["run"] is None:
        return "never"
    if site["outcome"] == "running":
        return "running"
    return "good" if site["outcome"] in {"complete", "completed", "ok", "finished", "success"} else "bad"
