"""A home page -> the columns that are likely to publish notices, ranked, each with what speaks for it. Pure.

The evidence: the words of the link, the shape of its address, what CMS families call their lists, feeds the page offers, and,
once a column's own page was seen, its ColumnName and ColumnType tags (国办发〔2017〕47号, annex) and its list.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from lxml import etree

from cleaners.characters.script import to_hans
from cleaners.decoding.decode import decode
from cleaners.pages.markup import parse
from cleaners.urls import canonical_url, join
from spiders.families import families

MORE = re.compile(r"^[\s\[（(+»>·]{0,9}(更\s?多|查看更多|more|详细|全部)?[\s\]）)+»>·….]{0,9}$", re.IGNORECASE)
LONGEST_NAME = 14  # characters of a column's name; longer words of a link are a title
MOST_LINKS = 5000
NEAR = 30  # pieces of text among which a heading is looked for
_BLANK = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Candidate:
    """One column a page links to: its address, what it is called, how likely it holds notices, and why.

    `evidence` are (kind, what was seen) with the kinds word, address, family, type, name, list, feed.
    """

    url: str
    name: str
    score: float
    evidence: tuple[tuple[str, str], ...] = ()

    def learn(self, column_name: str = "", column_type: str = "", entries: int = 0) -> Candidate:
        """Give the candidate with what its own page says: its ColumnName, its ColumnType, how many entries it lists."""
        told = [("name", column_name), ("type", column_type), ("list", str(entries) if entries else "")]
        worth = tables()["types"].get(column_type, 0) + (5 if entries else 0)
        evidence = (*self.evidence, *((kind, seen) for kind, seen in told if seen))
        return replace(self, name=column_name or self.name, score=self.score + worth, evidence=evidence)


@cache
def tables() -> Mapping[str, Mapping[str, Any]]:
    """Read the words, address parts and column types, with their weights."""
    return tomllib.loads((files("spiders") / "discovery.toml").read_text("utf-8"))


def columns(body: bytes, url: str) -> tuple[Candidate, ...]:
    """Rank the columns a page links to, the likeliest first; links off its domain, to notices and to itself are none."""
    root = parse(decode(body).text)
    if root is None:
        return ()
    found: dict[str, Candidate] = {}
    for candidate in _candidates(root, url):
        key = canonical_url(candidate.url)
        if key not in found or (candidate.score, -len(candidate.name)) > (found[key].score, -len(found[key].name)):
            found[key] = candidate
    return tuple(sorted(found.values(), key=lambda candidate: -candidate.score))


def _candidates(root: etree._Element, url: str) -> Iterator[Candidate]:
    for count, anchor in enumerate(root.iter("a")):
        if count >= MOST_LINKS:
            return
        address = join(url, anchor.get("href") or "")
        name = _name(anchor) if address else ""
        if address and 2 <= len(name) <= LONGEST_NAME and _is_near(address, url) and not _is_notice(address):
            candidate = judge(address, name)
            if candidate.score > 0:
                yield candidate


def judge(url: str, name: str) -> Candidate:
    """Say how likely an address holds notices by its name and shape alone."""
    plain = to_hans(name)
    known = ((word, weight) for word, weight in tables()["words"].items() if word in plain)
    word, weight = max(known, key=lambda pair: pair[1], default=("", 0))
    if any(stranger in plain for stranger in tables()["strangers"]["words"]):
        return Candidate(url, name, 0)
    evidence, score = ([("word", word)], float(weight)) if word else ([], 0.0)
    part, worth = _address_part(url)
    if part:
        evidence.append(("address", part))
        score += worth
    family = next((family.id for family in families() if any(pattern.search(url) for pattern in family.url)), "")
    if family:
        evidence.append(("family", family))
        score += 2
    return Candidate(url, name, score, tuple(evidence))


def _address_part(url: str) -> tuple[str, float]:
    """Find the weightiest known part of an address's path."""
    parts = [part.partition(".")[0].lower() for part in urlsplit(url).path.split("/") if part]
    weights = tables()["addresses"]
    known = [(name, weight) for name, weight in weights.items() if any(re.fullmatch(rf"{name}[\d_]{{0,12}}", part) for part in parts)]
    return max(known, key=lambda pair: pair[1], default=("", 0))


def _name(anchor: etree._Element) -> str:
    """Give what a link is called: its words, its title, or for a mere "more" the heading it stands in."""
    own = _plain("".join(map(str, anchor.itertext())))
    if own and not MORE.match(own):
        return own
    title = _plain(anchor.get("title") or "")
    return title if title and not MORE.match(title) else _heading(anchor)


def _heading(anchor: etree._Element) -> str:
    """Give the short words that stand before a "more" link, in the elements around it."""
    around = anchor.getparent()
    for _ in range(3):
        if around is None:
            return ""
        words = (_plain(str(piece)) for piece in islice(around.itertext(), NEAR))
        first = next((word for word in words if word and not MORE.match(word)), "")
        if first:
            return first if len(first) <= LONGEST_NAME else ""
        around = around.getparent()
    return ""


def _plain(text: str) -> str:
    return _BLANK.sub(" ", text).strip(" \u3000»>·|[]【】:：")


def _is_near(address: str, url: str) -> bool:
    """Say whether an address is on the page's host or on another of its domain, and not the page itself."""
    here, there = (urlsplit(one) for one in (url, address))
    domain = (here.hostname or "").removeprefix("www.")
    near = there.hostname == here.hostname or (there.hostname or "").endswith("." + domain) or there.hostname == domain
    return near and canonical_url(address) != canonical_url(url) and (there.path not in {"", "/"} or bool(there.query))


def _is_notice(address: str) -> bool:
    return any(family.is_article(address) for family in families() if family.id != "docshare")
