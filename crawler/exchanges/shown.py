"""What a page shows before any script runs: its text, its title, what it holds besides text. Linear, no tree. Pure.

It runs on the event loop over bodies nobody has judged yet, so it must take time in proportion to the body whatever that holds:
what is hidden is skipped by one search forward, and no repeat runs past the next angle bracket.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_HIDING = re.compile(r"<!--|<(script|style|noscript|template|title)(?=[\s/>])", re.IGNORECASE)
_ENDS = {name: re.compile(f"</{name}[^<>]*>?", re.IGNORECASE) for name in ("script", "style", "noscript", "template", "title")}
_COMMENT_END = re.compile("-->")
_TAG = re.compile(r"<[a-zA-Z!?/][^<>]*>")
_BLANKS = ("&nbsp;", "&#160;", "&ensp;", "&emsp;", "\u200b", "\ufeff")
_TITLE = re.compile(r"<title[^<>]{0,200}>([^<]{0,200})", re.IGNORECASE)
_LINK = re.compile(r"<a[\s>]", re.IGNORECASE)
_EMBED = re.compile(r"<(?:img|iframe|frame|embed|object|video|audio|canvas|svg|picture)[\s/>]", re.IGNORECASE)
_SCRIPT = re.compile(r"<script[\s/>]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page shows: `text` without any white space, `title`; whether it holds links, pictures or documents, and scripts."""

    text: str = ""
    title: str = ""
    links: bool = False
    embeds: bool = False
    scripts: bool = False


def read_shown(source: str) -> Shown:
    """Read what a page's source shows; a hidden element that is never closed hides the rest, as in a browser."""
    open_part = "".join(_unhidden(source))
    title = _TITLE.search(source)
    return Shown(
        text=_unspaced(_TAG.sub("", open_part)),
        title=title.group(1).strip() if title else "",
        links=bool(_LINK.search(open_part)),
        embeds=bool(_EMBED.search(open_part)),
        scripts=bool(_SCRIPT.search(source)),
    )


def _unspaced(text: str) -> str:
    for blank in _BLANKS:
        text = text.replace(blank, "")
    return "".join(text.split())


def _unhidden(source: str) -> Iterator[str]:
    at = 0
    while found := _HIDING.search(source, at):
        yield source[at : found.start()]
        name = (found.group(1) or "").lower()
        end = (_ENDS[name] if name else _COMMENT_END).search(source, found.end())
        if end is None:
            return
        at = end.end()
    yield source[at:]
