"""Whether two readings of one site are one document, two, or conflicting copies of one number. Pure; the rule: docs/works.md."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from archive.works.likeness import Likeness, likeness
from archive.works.titles import core, explains, forwards
from cleaners.characters.fold import fold
from cleaners.document.authority import Identity
from cleaners.records import Moment, Notice
from cleaners.urls import canonical_url

ENOUGH_TEXT = 100
"""Characters of text, punctuation apart, from which equal texts say that two pages are one document."""

SAYS_WHAT = 6
"""Characters of a title's core from which it tells a document from others."""

NEAR, WITHIN, RELATED = 0.8, 0.95, 0.3
"""Likeness from which texts of one number are one text; from which one is a part of the other; and, the title being the same, related."""

_YEARS = re.compile(r"(?:19|20)\d{2}(?:年|[-./])|二[〇○零Oo0][〇○零Oo0一二三四五六七八九]{2}年")


@dataclass(frozen=True, slots=True)
class Copy:
    """One page's reading: its address and what that is now, what it says, and the identity its own number gives it (None without one)."""

    url: str
    notice: Notice
    identity: Identity | None = None
    state: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What two readings are to each other: `kind` is same, different or conflict, `reason` the word of the pointer or why not."""

    kind: str
    reason: str
    evidence: Mapping[str, str] = field(default_factory=dict)

    @property
    def same(self) -> bool:
        """Whether both are one document."""
        return self.kind == "same"


def judge(one: Copy, other: Copy) -> Verdict:
    """Say whether two readings of one site are one document."""
    if reason := _apart(one.notice, other.notice):
        return Verdict("different", reason)
    if one.identity and other.identity:
        return _by_number(one, other, one.identity, other.identity)
    if one.notice.text_digest != other.notice.text_digest:
        return Verdict("different", "texts differ")
    if reason := _recurs(one.notice, other.notice):
        return Verdict("different", reason)
    alike = Likeness(1.0, 1.0, len("".join(one.notice.text.split())))
    if alike.shorter < ENOUGH_TEXT and not _declared(one, other):
        return Verdict("different", "too little text")
    return Verdict("same", _how(one, other), {"text_digest": one.notice.text_digest})


def judge_redirect(one: Copy, other: Copy) -> Verdict:
    """Say whether a page is the document of the one that led to it; a redirect alone does not tell, for some lead to the home page."""
    numbered = one.identity and other.identity and one.identity.key != other.identity.key
    if reason := _apart(one.notice, other.notice) or ("numbers differ" if numbered else ""):
        return Verdict("different", reason)
    alike = likeness(one.notice.text, other.notice.text)
    titled = _titled(one.notice, other.notice)
    if _same_text(alike) or alike.jaccard == 1.0 or (titled and (alike.shorter < ENOUGH_TEXT or alike.jaccard >= RELATED)):
        return Verdict("same", "redirect", {"likeness": f"{alike.jaccard:.2f}", "title": "same" if titled else "differs"})
    return Verdict("different", "texts differ")


def _apart(one: Notice, other: Notice) -> str:
    """Say why two notices are two whatever else they share; empty where nothing speaks against one document."""
    titles = one.title or "", other.title or ""
    if explains(titles[0]) != explains(titles[1]):
        return "one explains the other"
    return "one forwards the other" if forwards(titles[0]) != forwards(titles[1]) else ""


def _by_number(one: Copy, other: Copy, a: Identity, b: Identity) -> Verdict:
    if a.key != b.key:
        return Verdict("different", "numbers differ")
    if "site" not in {a.basis, b.basis} and a.authority and b.authority and a.authority != b.authority:
        return Verdict("different", "authorities differ")
    alike = likeness(one.notice.text, other.notice.text)
    titled = _titled(one.notice, other.notice)
    evidence = {"document_number": a.key.canonical, "likeness": f"{alike.jaccard:.2f}", "title": "same" if titled else "differs"}
    if a.key.year is None and (_days_differ(one.notice.created, other.notice.created) or not (titled or alike.jaccard >= NEAR)):
        # 令 and 公告 without a year begin again: with every government, every congress
        return Verdict("different", "the number has no year, and titles or dates differ")
    if _same_text(alike) or (titled and (alike.shorter < ENOUGH_TEXT or alike.jaccard >= RELATED)):
        return Verdict("same", "same document number", evidence)
    if alike.shorter < ENOUGH_TEXT:
        return Verdict("different", "too little text, and the titles differ")
    return Verdict("conflict", "one number, different texts", evidence)


def _titled(one: Notice, other: Notice) -> bool:
    """Say whether two titles have one core, and it says what the document is about: 通知 and 公告 name anything."""
    cores = core(one.title or ""), core(other.title or "")
    return cores[0] == cores[1] and len(cores[0]) >= SAYS_WHAT


def _same_text(alike: Likeness) -> bool:
    return alike.shorter >= ENOUGH_TEXT and (alike.jaccard >= NEAR or alike.within >= WITHIN)


def _recurs(one: Notice, other: Notice) -> str:
    """Say why equal texts may be two documents: forms and calls that come again every year or every week."""
    if _days_differ(one.created, other.created):
        return "dates differ"
    numbers = fold(one.document_number or ""), fold(other.document_number or "")
    if all(numbers) and numbers[0] != numbers[1]:
        return "numbers differ"
    if _YEARS.search(fold(f"{one.title or ''}\n{one.text}")) or (one.created and other.created):
        return ""
    return "dates of issue differ, and the text has none" if _days_differ(one.issued, other.issued) else ""


def _days_differ(one: Moment | None, other: Moment | None) -> bool:
    return one is not None and other is not None and _day(one) != _day(other)


def _day(moment: Moment) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _declared(one: Copy, other: Copy) -> bool:
    return bool(one.notice.canonical) and canonical_url(one.notice.canonical) == other.url


def _how(one: Copy, other: Copy) -> str:
    """Name a redesign where the other address has gone and is of another shape; two columns of one site have the same text, too."""
    return "redesign" if other.state in _LEFT and shape(one.url) != shape(other.url) else "same document"


_LEFT = {"gone", "moved", "failing"}


def shape(url: str) -> str:
    """Give the shape of an address: its last part with figures and hexadecimal names as signs, as a content system makes them."""
    last = url.partition("://")[2].partition("?")[0].rpartition("/")[2]
    return re.sub(r"\d+", "#", re.sub(r"[0-9a-f]{16,}", "%", last))
