"""The labels of header tables and date lines (labels.toml): which field a label fills, and how lines split on labels."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from cleaners.fold import fold_aligned

EDGE = "\x1f"
"""Stands in a line where one inline element ends and another begins."""

_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"))
_OTHER_LABEL = re.compile(r"\s\S{2,6}[:：](?!\d|//)")
_THREE_LETTERS = re.compile(r"(?:[\W\d_年月日]*[^\W\d_年月日]){3}")
_LONGEST_LABEL = 100  # characters, blanks inside it included
_BEGINNING = 130
_BLANK = f"[\\s{EDGE}]"
_EMPTY = re.compile(rf"[\W_{EDGE}]*号?[\W_{EDGE}]*|无|暂无|暂缺|空|未知|不详|null|undefined|(?:19|20)?\d\d年?号")


@dataclass(frozen=True, slots=True)
class Label:
    """What a label says: the field it fills (empty where it only ends the value before), and how far it can be trusted."""

    field: str
    strong: bool
    ambiguous: bool


@dataclass(frozen=True, slots=True)
class Labelled:
    """A label in a line and what follows it up to the next label; `bare` where no colon stands between."""

    label: Label
    name: str
    value: str
    bare: bool


@lru_cache(maxsize=4096)  # what stands around a text is the same on page after page
def split_labels(line: str) -> tuple[Labelled, ...]:
    """Split a line on the labels it holds; empty where it does not begin with one, but for a date before the first.

    `line` may hold `EDGE` between inline elements. Splits on known labels only, never on spaces, since values have those.
    """
    if not _is_led(line):
        return ()
    folded = fold_aligned(line)
    cuts = list(_cuts(folded))
    if not cuts or not _may_lead(folded[: cuts[0].start()]):
        return ()
    ends = [*(match.start() for match in cuts[1:]), len(line)]
    return tuple(_labelled(match, line[match.end() : end]) for match, end in zip(cuts, ends, strict=True))


def _labelled(match: re.Match[str], value: str) -> Labelled:
    name = _compact(match["label"])
    return Labelled(_labels()[name], name, clean_value(value), not match["colon"])


def clean_value(value: str) -> str:
    """Give a value without what surrounds it: separators, half a bracket, a label not known; empty where it says there is none."""
    text = " ".join(value.replace(EDGE, " ").translate(_INVISIBLE).split())
    text = _OTHER_LABEL.split(text, maxsplit=1)[0].strip("|｜;；,，、 　:：>-—·")
    for opening, closing in ("[]", "【】", "()", "（）"):
        text = text.removesuffix(opening).rstrip()
        if text.endswith(closing) and opening not in text:
            text = text[:-1].rstrip()
        if text.startswith(opening) and closing not in text:
            text = text[1:].lstrip()
    return "" if _EMPTY.fullmatch(fold_aligned(text)) else text


@cache
def meta_fields() -> dict[str, str]:
    """Give the field each meta name fills, by the name in lower case, the names in the order of trust."""
    return {name: field for field, names in _tables()["meta"].items() for name in names}


def _cuts(folded: str) -> Iterator[re.Match[str]]:
    """Find the labels of a line: each after an edge, a space or a separator, or glued to the value of the label before it."""
    begun = False
    for match in _pattern().finditer(folded):
        before = folded[match.start() - 1 : match.start()]
        free = not before or not (before.isalpha() or before in "“\"'《〈")
        glued = begun and len(_compact(match["label"])) >= 2 and bool(match["colon"])
        alone = _bounded(folded, match)
        if (match["colon"] and (free or glued)) or alone:
            begun = True
            yield match


def _bounded(folded: str, match: re.Match[str]) -> bool:
    """Say whether a label without colon counts: a strong one that is an element of its own, any that is the whole line."""
    label = _labels()[_compact(match["label"])]
    before, after = folded[: match.start()].rstrip(" "), folded[match.end("label") :].lstrip(" ")
    whole = bool(label.field) and not _compact(before) and not _compact(after)
    return whole or (label.strong and (not before or before.endswith(EDGE)) and (not after or after.startswith(EDGE)))


def _is_led(line: str) -> bool:
    """Say whether a label stands where the first one of a line may: before the third letter (a look at the beginning only)."""
    beginning = fold_aligned(line)[:_BEGINNING]
    third = _THREE_LETTERS.match(beginning)
    last = third.end() if third else len(line)
    found = _pattern().search(beginning)
    return last >= _BEGINNING - _LONGEST_LABEL or (found is not None and found.start() < last)


def _may_lead(before: str) -> bool:
    """Before the first label of a line may stand a date, a counter or decoration, but no sentence."""
    return len(re.findall(r"[^\W\d_]", before.replace("年", "").replace("月", "").replace("日", ""))) <= 2


def _compact(text: str) -> str:
    return re.sub(_BLANK, "", text)


@cache
def _labels() -> dict[str, Label]:
    tables = _tables()
    ambiguous = set(tables["ambiguous"]["labels"])
    return {
        fold_aligned(name): Label(field, group == "strong", name in ambiguous)
        for group in ("strong", "weak", "stops")
        for field, names in tables[group].items()
        for name in names
    }


@cache
def _pattern() -> re.Pattern[str]:
    names = sorted(_labels(), key=len, reverse=True)
    alternatives = "|".join(f"{_BLANK}{{0,12}}".join(name) for name in names)
    return re.compile(rf"(?P<label>{alternatives}){_BLANK}{{0,6}}[\]】]?{_BLANK}{{0,6}}(?P<colon>[:：]?)")


@cache
def _tables() -> dict[str, dict[str, list[str]]]:
    tables: dict[str, dict[str, list[str]]] = tomllib.loads(files("cleaners").joinpath("labels.toml").read_text(encoding="utf-8"))
    return tables
