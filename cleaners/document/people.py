"""Who wrote, edited and checked a notice: bylines in brackets, label lines with and without separators (文/王某 图/李某).

A role with a colon or a bar is believed of anything that reads as names, a role without only before a common family name. An
editor is no author; a reporter is, where nobody else is named.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import NamedTuple

from cleaners.characters.fold import fold_aligned
from cleaners.document.signature import is_organ, words
from cleaners.stated.fields import Reading
from cleaners.stated.labels import roles

FIELDS = ("author", "reporter", "editor", "reviewer")
LONGEST_BYLINE = 120
"""Characters of a line that is read as one; of a longer one only brackets at its two ends are."""

_BRACKETS = re.compile(r"[(【\[]([^()【】\[\]]{2,80})[)】\]]")
_NAME = re.compile(r"[\u4e00-\u9fff]{2,4}|[\u4e00-\u9fff]{1,8}·[\u4e00-\u9fff]{1,8}")
_SEPARATORS = re.compile(r"[、,;/|丨\s]+|(?<=[\u4e00-\u9fff]{2})[和及与](?=[\u4e00-\u9fff]{2})")
_SPACED = re.compile(r"(?<![\u4e00-\u9fff])([\u4e00-\u9fff])\s{1,4}([\u4e00-\u9fff])(?![\u4e00-\u9fff])")
_EDGES = " ()（）[]【】:：|丨｜/／、,，;；.。-—"
_ACCOUNT = re.compile(r"管理员|发布员|录入员|信息员|admin|user|test|编辑\d", re.IGNORECASE)
_HEAD, _TAIL = 2, 4  # lines of a text in which a byline may stand


class Named(NamedTuple):
    """Names in one role, as they stand: `field` is author, reporter, editor or reviewer, empty for any other role; `snippet` the byline."""

    field: str
    role: str
    names: str
    snippet: str


def read_people(around: Iterable[str], text: Sequence[str]) -> Iterator[tuple[str, Reading]]:
    """Give who did what, a reading a field: from the lines around a text first, then from the first and last lines of the text itself.

    Names of several roles of one kind (初审, 终审) are joined with 、; of a role said twice, the first is taken.
    """
    edges = text if len(text) <= _HEAD + _TAIL else (*text[:_HEAD], *text[-_TAIL:])
    lines = dict.fromkeys((*(line.strip() for line in around), *(line.strip() for line in edges)))
    said: dict[str, dict[str, str]] = {}
    snippets: dict[str, list[str]] = {}
    for line in lines:
        for named in bylines(line):
            if named.field and named.role not in said.setdefault(named.field, {}):
                said[named.field][named.role] = named.names
                snippets.setdefault(named.field, []).append(named.snippet)
    for field, names in said.items():
        yield field, Reading("、".join(dict.fromkeys(names.values())), "byline", "\n".join(dict.fromkeys(snippets[field])))


def bylines(line: str) -> Iterator[Named]:
    """Give the names of a line that says who did what, or that has brackets at an end that say so; nothing of prose."""
    if not _may_name().search(line):
        return
    folded = fold_aligned(line)
    if len(folded) <= LONGEST_BYLINE and (found := tuple(_named(line, folded))):
        yield from found
        return
    half = LONGEST_BYLINE // 2
    ends = [0] if len(folded) <= LONGEST_BYLINE else [0, len(folded) - half]
    for start in ends:
        for bracket in _BRACKETS.finditer(folded, start, start + LONGEST_BYLINE if len(ends) == 1 else start + half):
            yield from _named(line[bracket.start(1) : bracket.end(1)], bracket[1])


def is_author(name: str) -> bool:
    """Say whether what a page gives as its author could be one: not the number or the name of an account (105464, admin, 信息发布员6)."""
    return bool(re.search(r"[\u4e00-\u9fff]|[A-Za-z] [A-Za-z]", name)) and not _ACCOUNT.search(name) and name not in words()["no_names"]


def read_names(text: str, *, sure: bool) -> str:
    """Give the names a text consists of, as they stand; empty where it says anything else. `sure` of a role with a colon before it."""
    plain = " ".join(text.split()).strip(_EDGES)
    parts = [part for part in _SEPARATORS.split(_SPACED.sub(r"\1\2", fold_aligned(plain))) if part]
    if not parts or len(plain) > LONGEST_BYLINE // 2 or any(part in words()["no_names"] for part in parts):
        return ""
    if all(map(_NAME.fullmatch, parts)) and (sure or all(part[0] in _surnames() for part in parts)):
        return plain
    return plain if sure and all(map(is_organ, parts)) else ""


def _named(text: str, folded: str) -> Iterator[Named]:
    """Read a text that is roles and names from its beginning on."""
    found = list(_role().finditer(folded))
    if not found or folded[: found[0].start()].strip(_EDGES):
        return
    for match, following in zip(found, [*found[1:], None], strict=True):
        role = "".join(match["role"].split())
        names = read_names(text[match.end() : following.start() if following else len(text)], sure=bool(match["colon"]))
        if names:
            yield Named(_fields().get(role, ""), role, names, text)


@cache
def _fields() -> dict[str, str]:
    """Give the field of Notice each role fills; those that fill none end the names before them."""
    return roles() | dict.fromkeys(("文", "文字", "撰文", "图文", "文图", "文、图", "文/图", "图/文"), "author")


_SILENT = (
    *(
        "图",
        "图片",
        "摄",
        "摄影",
        "摄影报道",
        "视频",
        "制图",
        "供图",
        "来源",
        "稿源",
        "文字来源",
        "制作",
        "排版",
        "美编",
        "翻译",
        "策划",
        "统筹",
    ),
    *("时间", "日期", "发布时间"),
)


@cache
def _role() -> re.Pattern[str]:
    names = sorted({*_fields(), *_SILENT}, key=len, reverse=True)
    spaced = "|".join(r"\s{0,4}".join(map(re.escape, name)) for name in names if len(name) > 1)
    return re.compile(
        rf"(?:^|(?<=[\s(（【\[、,;|丨/]))(?:本报|本刊|本网|见习|实习|特约)?(?P<role>{spaced}|[文图摄](?=\s?[/|丨:]))"
        rf"\s{{0,3}}(?P<colon>[:/|丨])?(?!\w*(?:部|室|组|站)(?:$|[\s,、)]))"
    )


@cache
def _may_name() -> re.Pattern[str]:
    """Give the words without one of which a line names nobody: the last characters of roles."""
    return re.compile(r"[者员員编編辑輯稿审審核校签簽定制监監导任文作][\s\u3000]{0,4}[:：/／|｜丨\s\u3000\u4e00-\u9fff]")


@cache
def _surnames() -> frozenset[str]:
    return frozenset("".join(words()["surnames"]))
