"""What a query asks for, as a tree; whether a notice answers it, by looking; and the same as an expression of FTS5.

`hits` is the definition of a hit; `expression` says the same to the index. Words of one character are the beginning of a pair there,
which FTS5 gathers whole before it gives the first row; `bound` leaves them out, for a search that looks at each row itself.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from archive.search.forms import searchable, tokens
from archive.search.terms import ALL, MARK, NOTHING, OLDER, Facts, cover, creator_pairs


@dataclass(frozen=True, slots=True)
class Word:
    """A word or a phrase in its searchable form; it hits a field that holds it."""

    form: str


@dataclass(frozen=True, slots=True)
class Stated:
    """What a notice has to state: `name` is site, type or creator, `value` in its searchable form.

    Site and type are what is asked for, the creator (发文机关) holds it.
    """

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Dated:
    """The days a notice has to stand under, first and last, as YYYYMMDD."""

    since: str = "00000101"
    until: str = "99991231"


@dataclass(frozen=True, slots=True)
class And:
    """All of these."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Any of these; none of them hits where there are none."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """All that this is not."""

    part: Node


Node = Word | Stated | Dated | And | Or | Not


def hits(node: Node, forms: Collection[str], facts: Facts) -> bool:
    """Say whether a notice whose fields have these searchable forms, and which states these facts, is a hit."""
    match node:
        case Word(form):
            return any(form in field for field in forms)
        case Stated(name, value):
            return value in facts.creator if name == "creator" else value == getattr(facts, name)
        case Dated(since, until):
            return since <= facts.day <= until
        case And(parts):
            return all(hits(part, forms, facts) for part in parts)
        case Or(parts):
            return any(hits(part, forms, facts) for part in parts)
    return not hits(node.part, forms, facts)


def expression(node: Node) -> str:
    """Give the FTS5 expression of a tree."""
    match node:
        case Word(form):
            return f'"{form}" *' if len(form) == 1 else f'"{tokens(form)}"'
        case Stated(name, value):
            return _stated(name, value)
        case Dated(since, until):
            return _joined([f'"{MARK}{prefix}"' for prefix in cover(since, until)], " OR ")
        case And(parts):
            return _and(parts)
        case Or(parts):
            return _joined([expression(part) for part in parts], " OR ")
    return f'("{ALL}" NOT {expression(node.part)})'


def bound(node: Node) -> Node | None:
    """Give a tree that hits whatever this one does, without words of one character; None where that is everything."""
    return _loosened(node, wider=True)


def single(node: Node) -> bool:
    """Say whether a word of one character stands in a tree."""
    return any(isinstance(leaf, Word) and len(leaf.form) == 1 for leaf in leaves(node))


def wanted(node: Node | None) -> tuple[str, ...]:
    """Give the words that are looked for, and not those that must not be there, each once, in order."""
    match node:
        case Word(form):
            return (form,)
        case And(parts) | Or(parts):
            return tuple(dict.fromkeys(word for part in parts for word in wanted(part)))
    return ()


def since_of(node: Node) -> str:
    """Give the first day any hit can stand under, as YYYYMMDD."""
    match node:
        case Dated(since, _):
            return since
        case And(parts):
            return max(map(since_of, parts), default="")
        case Or(parts):
            return min(map(since_of, parts), default="")
    return ""


def with_older(expressed: str, *, older: bool) -> str:
    """Let an expression find earlier versions too, or only what notices say now."""
    return expressed if older else f'({expressed}) NOT "{OLDER}"'


def stating(name: str, value: str) -> Stated:
    """Give what asks for a value as it is typed."""
    return Stated(name, searchable(value))


def leaves(node: Node) -> Iterator[Word | Stated | Dated]:
    """Give what a tree asks for, one by one, as it stands in it."""
    match node:
        case And(parts) | Or(parts):
            for part in parts:
                yield from leaves(part)
        case Not(part):
            yield from leaves(part)
        case _:
            yield node


def _stated(name: str, value: str) -> str:
    if name != "creator":
        return f'"{MARK}{name[0]}{value}"'
    if len(value) == 1:
        return f'"{MARK}c{value}" *'
    return f'"{creator_pairs(value)}"'


def _and(parts: tuple[Node, ...]) -> str:
    """Join what has to be there, and take away what must not be: FTS5's NOT needs something to take from."""
    kept = [expression(part) for part in parts if not isinstance(part, Not)] or [f'"{ALL}"']
    left_out = [expression(part.part) for part in parts if isinstance(part, Not)]
    joined = _joined(kept, " AND ")
    return f"({joined} NOT {_joined(left_out, ' OR ')})" if left_out else joined


def _joined(parts: list[str], operator: str) -> str:
    if not parts:
        return f'"{NOTHING}"'
    return parts[0] if len(parts) == 1 else f"({operator.join(parts)})"


def _loosened(node: Node, *, wider: bool) -> Node | None:
    """Take words of one character out, so that the rest hits at least what the tree does (`wider`), or at most.

    None stands for everything where it is wider, for nothing where it is not.
    """
    match node:
        case Word(form):
            return None if len(form) == 1 else node
        case Not(part):
            inner = _loosened(part, wider=not wider)
            return None if inner is None else Not(inner)
        case And(parts) | Or(parts):
            return _gathered(type(node), [_loosened(part, wider=wider) for part in parts], gone=isinstance(node, And) != wider)
    return node


def _gathered(kind: type[And | Or], parts: list[Node | None], *, gone: bool) -> Node | None:
    kept = tuple(part for part in parts if part is not None)
    if gone and len(kept) < len(parts):
        return None
    return kind(kept) if kept or not parts else None
