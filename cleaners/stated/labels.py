"""Labelled values (来源：…, 发文字号：…): which field a label fills (labels.toml), and how lines split on labels.

One pattern of all labels, two readers of it: `split_labels` for the strips of a page, where a label has to lead its line,
and `labels_of` for the few lines around a text, where it may stand anywhere.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import groupby

from cleaners.characters.fold import fold_aligned

EDGE = "\x1f"
"""Stands in a line where one inline element ends and another begins."""
LONGEST_LINE = 200
"""Characters of a line around a text; a longer one is text."""
LONGEST_VALUE = 60
"""Characters of a value around a text."""

_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"))
_OTHER_LABEL = re.compile(r"\s\S{2,6}[:：](?!\d|//)")
_THREE_LETTERS = re.compile(r"(?:[\W\d_年月日]*[^\W\d_年月日]){3}")
_LETTER = re.compile(r"[^\W\d_年月日]")
_LONGEST_LABEL = 100  # characters, blanks inside it included
_LETTERS_OF_LABEL = 30  # characters, blanks inside it included, that are enough to know one by
_BEGINNING = 130
_WIDEST_BLANK = 30  # characters between an element's edge and the label in it
_BLANK = f"[\\s{EDGE}]"
_BLANKS = f" \t\r\n\u3000\xa0{EDGE}"
_SPACE = re.compile(f"{_BLANK}+")
_EMPTY = re.compile(rf"[\W_{EDGE}]*号?[\W_{EDGE}]*|无|暂无|暂缺|空|未知|不详|null|undefined|(?:19|20)?\d\d年?号")
_MARKED = re.compile(r"[:：\]】]")
_MARKED_AROUND = re.compile(r"[:：丨|｜\]】]")
_BRACKETS = (("[", "]"), ("【", "】"), ("(", ")"), ("（", "）"))


@dataclass(frozen=True, slots=True)
class Label:
    """What a label says: the field it fills and how far it can be trusted.

    `field` is empty where it only ends the value before; `person` is the field it fills around a text (reporter, editor, reviewer),
    where a header table means nothing by it; `ends` where it needs no colon to end a value (打印, 分享).
    """

    field: str
    strong: bool
    ambiguous: bool
    person: str = ""
    ends: bool = False


@dataclass(frozen=True, slots=True)
class Labelled:
    """A label in a line and what follows it up to the next label; `bare` where no colon stands between, `snippet` the line's beginning."""

    label: Label
    name: str
    value: str
    bare: bool
    snippet: str = ""

    @property
    def field(self) -> str:
        """The field of Notice (or modified, keywords, ...) that is filled, empty where none is."""
        return self.label.field or self.label.person


def split_labels(line: str) -> tuple[Labelled, ...]:
    """Split a line on the labels it holds; empty where it does not begin with one, but for a date before the first.

    `line` may hold `EDGE` between inline elements. Splits on known labels only, never on spaces, since values have those.
    """
    if not (_MARKED.search(line) or (EDGE in line and _labelled_element().search(line)) or is_label(line)):
        return ()
    folded = fold_aligned(line)
    if not _is_led(folded):
        return ()
    cuts = list(_cuts(folded))
    if not cuts or len(_LETTER.findall(folded[: cuts[0].start()])) > 2:  # a date may stand before it, a counter, no sentence
        return ()
    return tuple(_labelled(cuts, line))


def labels_of(lines: Iterable[str]) -> tuple[Labelled, ...]:
    """Give the labelled values of several lines that fill a field; long lines and long values are text."""
    likely = (line for line in lines if len(line) <= LONGEST_LINE and _MARKED_AROUND.search(line))
    found = (labelled for line in likely for labelled in _labelled(list(_cuts(fold_aligned(line), around=True)), line))
    return tuple(labelled for labelled in found if labelled.field and not labelled.bare and 0 < len(labelled.value) <= LONGEST_VALUE)


def is_label(text: str) -> bool:
    """Say whether a text is nothing but a label: the cell before its value."""
    if len(text) > _LONGEST_LABEL or text.strip(_BLANKS)[-1:] not in _last_letters():
        return False
    return _compact(fold_aligned(text)) in _labels()


def clean_value(value: str) -> str:
    """Give a value without what surrounds it: separators, half a bracket, a label not known; empty where it says there is none."""
    text = " ".join(value.replace(EDGE, " ").translate(_INVISIBLE).split())
    text = _OTHER_LABEL.split(text, maxsplit=1)[0].strip("|｜丨;；,，、 　:：>-—·")
    for opening, closing in _BRACKETS:
        text = text.removesuffix(opening).rstrip()
        if text.endswith(closing) and opening not in text:
            text = text[:-1].rstrip()
        if text.startswith(opening) and closing not in text:
            text = text[1:].lstrip()
        if opening in "[【" and text.startswith(opening) and text.find(closing) == len(text) - 1:
            text = text[1:-1].strip()
    return "" if _EMPTY.fullmatch(fold_aligned(text)) else text


@cache
def meta_fields() -> dict[str, str]:
    """Give the field each meta name fills, by the name in lower case, the names in the order of trust."""
    return {name: field for field, names in _tables()["meta"].items() for name in names}


@cache
def roles() -> dict[str, str]:
    """Give the field of Notice each role of a person fills: 作者, 记者, 责任编辑, 审核, ..."""
    return {name: field for name, label in _labels().items() if (field := label.person or ("author" if label.field == "author" else ""))}


def _labelled(cuts: list[re.Match[str]], line: str) -> Iterator[Labelled]:
    ends = [*(match.start() for match in cuts[1:]), len(line)]
    for match, end in zip(cuts, ends, strict=False):
        name = _compact(match["label"])
        bare = not match["colon"] and not _is_bracketed(fold_aligned(line), match)
        yield Labelled(_labels()[name], name, clean_value(line[match.end() : end]), bare, line[:120])


def _cuts(folded: str, *, around: bool = False) -> Iterator[re.Match[str]]:
    """Find the labels of a line: each after an edge, a space or a separator, or glued to the value of the label before it.

    `around` a text a long label may stand anywhere, and a bar may stand for the colon.
    """
    begun, colons = False, ":丨|" if around else ":"
    first, last = len(folded) - len(folded.lstrip(_BLANKS)), len(folded.rstrip(_BLANKS))
    for match in _pattern().finditer(folded):
        before = folded[match.start() - 1 : match.start()]
        free = not before or not (before.isalpha() or before in "“\"'《〈")
        name = _compact(match["label"])
        colon = (bool(match["colon"]) and match["colon"] in colons) or _is_bracketed(folded, match)
        glued = len(name) >= 2 if begun else around and len(name) >= 4
        if (
            (colon and (free or glued))
            or _bounded(folded, match, whole=match.start() <= first and match.end("label") >= last)
            or (begun and free and _labels()[name].ends)
        ):
            begun = True
            yield match


def _is_bracketed(folded: str, match: re.Match[str]) -> bool:
    """Say whether a label stands in brackets of its own, which then do what a colon does: [ 索引号 ] 1150, 【发文字号】."""
    return bool(match["close"]) and folded[: match.start()].rstrip(_BLANKS)[-1:] in {"[", "【"}


def _bounded(folded: str, match: re.Match[str], *, whole: bool) -> bool:
    """Say whether a label without colon counts: a strong one that is an element of its own, any that is the whole line."""
    label = _labels()[_compact(match["label"])]
    start, end = match.span("label")
    before, after = folded[max(0, start - _WIDEST_BLANK) : start].rstrip(" "), folded[end : end + _WIDEST_BLANK].lstrip(" ")
    return bool(label.field and whole) or (label.strong and (not before or before.endswith(EDGE)) and (not after or after.startswith(EDGE)))


def _is_led(folded: str) -> bool:
    """Say whether a label stands where the first one of a line may: before the third letter (a look at the beginning only)."""
    third = _THREE_LETTERS.match(folded[:_BEGINNING])
    last = third.end() if third else len(folded)
    found = _pattern().search(folded, 0, last + _LETTERS_OF_LABEL)
    return last >= _BEGINNING - _LONGEST_LABEL or (found is not None and found.start() < last)


def _compact(text: str) -> str:
    return _SPACE.sub("", text)


@cache
def _labels() -> dict[str, Label]:
    tables = _tables()
    ambiguous, ending = set(tables["ambiguous"]["labels"]), set(tables["ends"]["labels"])
    known = {
        fold_aligned(name): Label("", strong=False, ambiguous=False, ends=name in ending) for name in (*tables["stops"]["labels"], *ending)
    }
    known |= {
        fold_aligned(name): Label("", strong=False, ambiguous=False, person=field)
        for field, names in tables["people"].items()
        for name in names
    }
    for group in ("weak", "strong"):
        known |= {
            fold_aligned(name): Label(field, group == "strong", name in ambiguous)
            for field, names in tables[group].items()
            for name in names
        }
    return known


@cache
def _labelled_element() -> re.Pattern[str]:
    """Give the end of an element that ends as a label does."""
    return re.compile(f"[{''.join(sorted(_last_letters()))}]\\s{{0,9}}{EDGE}")


@cache
def _last_letters() -> frozenset[str]:
    """Give the characters a label ends in, as they stand in either script."""
    ends = {name[-1] for name in _labels()}
    every = "".join(map(chr, range(0x4E00, 0xA000)))
    return frozenset(character for character, folded in zip(every, fold_aligned(every), strict=True) if folded in ends)


@cache
def _pattern() -> re.Pattern[str]:
    """Give one pattern of all labels, grouped by their first character, in each group the longest first."""
    names = sorted(_labels(), key=lambda name: (name[0], -len(name)))
    blank = f"{_BLANK}{{0,12}}"
    groups = [
        f"{first}(?:{'|'.join(''.join(blank + glyph for glyph in name[1:]) for name in same)})"
        for first, same in groupby(names, key=lambda name: name[0])
    ]
    return re.compile(rf"(?P<label>{'|'.join(groups)}){_BLANK}{{0,6}}(?P<close>[\]】]?){_BLANK}{{0,6}}(?P<colon>[:：丨|]?)")


@cache
def _tables() -> dict[str, dict[str, list[str]]]:
    tables: dict[str, dict[str, list[str]]] = tomllib.loads(files("cleaners.stated").joinpath("labels.toml").read_text(encoding="utf-8"))
    return tables
