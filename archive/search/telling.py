"""A query as it was read, in words: for whoever wants to know why something was found."""

from __future__ import annotations

from collections.abc import Callable

from archive.search.forms import GAP
from archive.search.trees import And, Dated, Node, Not, Or, Stated, Word

FIRST, LAST = "00000101", "99991231"

Names = Callable[[str], str]
"""Gives the word for and, or, not, site, type, creator, day."""


def told(node: Node, name: Names) -> str:
    """Write a tree: words in 「」, what is joined in brackets where it stands within something else."""
    return _told(node, name, within=False)


def _told(node: Node, name: Names, *, within: bool) -> str:
    match node:
        case Word(form):
            return f"「{form.replace(GAP, ' ')}」"
        case Stated(field, value):
            return f"{name(field)}：{value}"
        case Dated(since, until):
            return f"{name('day')}：{_days(since, until)}"
        case Not(part):
            return f"{name('not')} {_told(part, name, within=True)}"
        case And(parts) | Or(parts):
            joined = f" {name('and' if isinstance(node, And) else 'or')} ".join(_told(part, name, within=True) for part in parts)
            return f"（{joined}）" if within and len(parts) > 1 else joined
    return ""


def _days(since: str, until: str) -> str:
    first, last = ("" if day in {FIRST, LAST} else f"{day[:4]}-{day[4:6]}-{day[6:]}" for day in (since, until))
    return first if first == last else f"{first}..{last}"
