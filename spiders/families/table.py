"""The families as a table for people: docs/families.md is made of it, so that it cannot say anything else than families.toml."""

from __future__ import annotations

from collections.abc import Iterable

from cleaners.urls import url_rules
from spiders.families import Family, families

HEAD = ("family", "known by", "lists", "goes on", "notices", "in the address", "canonical form", "verified", "evidence")


def markdown(listed: Iterable[Family] | None = None) -> str:
    """Give the table in Markdown, a row a family, in the order in which they are tried."""
    rows = [_row(family) for family in (families() if listed is None else listed)]
    return "\n".join(_line(row) for row in (HEAD, ("---",) * len(HEAD), *rows)) + "\n"


def _row(family: Family) -> tuple[str, ...]:
    marks = [*(_code(text) for text in family.html), *(_code(pattern.pattern) for pattern in family.url)]
    return (
        f"{_code(family.id)}<br>{family.name}",
        "<br>".join(marks) or ("the addresses of its notices" if family.article else "nothing else"),
        family.listing,
        f"{family.paging}<br>({', '.join(_code(name) for name in family.pagers) or 'links'})",
        "<br>".join(_code(pattern.pattern) for pattern in family.article) or "any",
        f"date: {family.dates}<br>identity: {family.identity}",
        "<br>".join(rule.says for rule in url_rules() if rule.family == family.id) or "as any address",
        "yes" if family.verified else "**no**",
        family.evidence,
    )


def _code(text: str) -> str:
    return f"`{text}`"


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
