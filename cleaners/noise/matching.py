"""Boilerplate rules made ready to meet lines: exact lines in a table, the patterns of a place in one expression.

Only short lines are ever boilerplate, so the time for a line is bounded whatever a page holds.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from cleaners.characters.fold import fold_aligned, squeeze
from cleaners.noise.needs import key_of, needs_of

LONGEST = 200
"""Characters; a longer line is text."""
WRAPPING = "【】[]():|<>·•*＊\"'"
LEARNED = "learned"
SENTENCE = 15
"""Characters of the shortest line that counts as a sentence."""
FULL_STOPS = ("。", "；", ";", "！", "？", "。”", '。"', "。)", "。）")
LONGEST_LEARNED = 40
SHORTEST_LEARNED = 2
_KINDS = "通知|公告|通告|公示|公报|决定|决议|意见|办法|规定|细则|条例|方案|批复|函|报告|纪要|通报|命令|令|名单|目录|附件"
NEVER_LEARNED = re.compile(
    r"[\[〔]\d{4}[\]〕]|(?:19|20)\d{2}(?:年|[-./])\d|[〇一二三四五六七八九○]{4}年|第[\d一二三四五六七八九十百〇零]{1,9}[号期]"
    r"|(?:政府|委员会|厅|局|办|办公室|部|院|会|中心|公司|大队|支队|[:。;!?])$"
    r"|^[(\[【]?此[件文]|^特此|^此致|^附[件表图录]|^(?:主送|抄送|抄报|印发|联系|咨询|监督|举报|电话|传真|地址|邮编|邮箱)"
    r"|^[(]?(?:[一二三四五六七八九十]{1,3}|\d{1,2})[、.)]|^第[一二三四五六七八九十百]{1,5}[章节条]"
    r"|^(?:[省市县区州旗镇乡]长|主任|局长|厅长|部长|主席|院长|检察长|书记|秘书长|行长|会长|代[省市县区州]长)"
    rf"|^(?:{_KINDS})$|关于|^[\u3400-\u9fff·]{{2,3}}$"
)
"""Folded lines that are never template although many pages share them.

Document numbers, dates and organs' names sign notices, and so do offices before a name; a colon ends 主送 or a label; 此件公开发布,
特此通知, 附件 and the numbers of paragraphs are the document's own, as are contacts and lines that end as sentences do. Two or three
characters may be who signs.
"""


def is_sentence_like(text: str) -> bool:
    """Say whether a line is long enough for a sentence and ends as one does."""
    return len(text) >= SENTENCE and text.endswith(FULL_STOPS)


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of boilerplate line.

    `where`: head (from the first line on), tail (from the last line up), any (wherever the line stands) or page (evidence about
    the page). `action`: drop the line; rest: drop it and everything below; keep: content that a run of noise stops at; cut: only
    the end of the line that matches; flag: note `flag`, drop nothing. `lines` are whole lines, `patterns` regular expressions
    for a whole line; both meet the folded copy: half width, Simplified, lower case, no white space. Patterns to cut meet the end
    of the line as it stands, half width and Simplified. Groups named author, source, ... carry the line's fields to the notice.

    A rule that `needs` a flag works only on pages carrying it; one that stands `after` a category only right below (head) or above
    (tail) a line of that category just dropped; one about the page counts where it is met `least` times. A line that is a sentence
    is text, unless the rule says that its lines are `sentences`.
    """

    name: str
    category: str
    where: tuple[str, ...]
    action: str = "drop"
    lines: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    flag: str = ""
    needs: str = ""
    sentences: bool = False
    after: str = ""
    least: int = 3


@dataclass(frozen=True, slots=True)
class Match:
    """A line that a rule knows, with the fields the line carries."""

    rule: Rule
    fields: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Cut:
    """The end of a line that a rule knows: from `start` on."""

    rule: Rule
    start: int
    fields: tuple[tuple[str, str], ...] = ()


class Matcher:
    """Tells which rule, if any, knows a line in its place."""

    def __init__(self, rules: Sequence[Rule], learned: Iterable[str] = ()) -> None:
        self._learned = frozenset(squeeze(line) for line in learned if may_be_learned(line))
        self._places = {place: _Place([rule for rule in rules if place in rule.where]) for place in ("head", "tail", "any")}
        needed = {rule.needs for rule in rules if rule.needs}
        self._flagged = _Place([rule for rule in rules if rule.flag in needed and not {"head", "tail"}.isdisjoint(rule.where)])
        self._cuts = [(rule, re.compile(f"(?:{pattern})\\Z")) for rule in rules if rule.action == "cut" for pattern in rule.patterns]
        self.page = [(rule, re.compile(pattern)) for rule in rules if "page" in rule.where for pattern in rule.patterns]

    def match(self, text: str, place: str, flags: Collection[str] = ()) -> Match | None:
        """Give the first rule of a place (head, tail, any) that knows the line."""
        return self.match_folded(squeeze(text), place, flags) if len(text) <= LONGEST else None

    def match_folded(self, folded: str, place: str, flags: Collection[str] = ()) -> Match | None:
        """Give the first rule of a place that knows the line, which is folded already; empty for one that is too long."""
        found = self._places[place].match(folded) if folded else None
        return found if found is None or not found.rule.needs or found.rule.needs in flags else None

    @property
    def has_learned(self) -> bool:
        """Whether any lines were learned at all."""
        return bool(self._learned)

    def is_learned(self, folded: str) -> bool:
        """Say whether a folded line is one of the site's template, learned from its pages."""
        return folded in self._learned or folded.strip(WRAPPING) in self._learned

    def flag(self, folded: str) -> str:
        """Give the flag, of those some rule needs, that a folded line at the edge of a text says of its page; empty where it says none."""
        found = self._flagged.match(folded) if folded else None
        return found.rule.flag if found else ""

    def cut(self, text: str) -> Cut | None:
        """Give the rule that knows the end of a line, and where that end begins."""
        tail = max(0, len(text) - LONGEST)
        end = fold_aligned(text[tail:])
        if not end.endswith((")", "】", "]")):
            return None
        for rule, pattern in self._cuts:
            if found := pattern.search(end):
                fields = ((name, _piece(text[tail:], found, name)) for name in found.groupdict() if found.group(name))
                return Cut(rule, tail + found.start(), tuple(fields))
        return None


def _piece(text: str, found: re.Match[str], name: str) -> str:
    start, end = found.span(name)
    return text[start:end]


def may_be_learned(line: str) -> bool:
    """Say whether a line may be a site's template: short, and nothing a document says of itself."""
    folded = squeeze(line)
    return SHORTEST_LEARNED <= len(folded) <= LONGEST_LEARNED and not NEVER_LEARNED.search(folded)


class _Place:
    """The rules of one place."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        usable = [rule for rule in rules if rule.action != "cut"]
        self.lines = {squeeze(line): rule for rule in reversed(usable) for line in rule.lines}
        self.any_line = _Alternatives(usable)
        self.sentence = _Alternatives([rule for rule in usable if rule.sentences])
        self.match = lru_cache(maxsize=4096)(self._match)

    def _match(self, folded: str) -> Match | None:
        bare = folded.strip(WRAPPING)
        if rule := self.lines.get(folded) or self.lines.get(bare):
            return Match(rule)
        alternatives = self.sentence if is_sentence_like(folded) else self.any_line
        return alternatives.match(folded) or (alternatives.match(bare) if bare != folded else None)


class _Alternatives:
    """The patterns of some rules in order; a line meets only those that it begins like, or of which it holds a word."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.patterns = [(rule, re.compile(pattern)) for rule in rules for pattern in rule.patterns]
        needs = [needs_of(pattern.pattern) for _, pattern in self.patterns]
        self.longest = max((need.longest for need in needs), default=0)
        self.begun: dict[str, list[int]] = {}
        for index, need in enumerate(needs):
            for key in need.begins or ():
                self.begun.setdefault(key, []).append(index)
        self.holding = [(index, need.holds or frozenset({""})) for index, need in enumerate(needs) if need.begins is None]
        words = sorted({word for _, words in self.holding for word in words})
        self.word = re.compile("|".join(map(re.escape, words)) if words else "(?!)")

    def match(self, folded: str) -> Match | None:
        """Give the first rule one of whose patterns is the whole line."""
        if len(folded) > self.longest:
            return None
        for index in self._likely(folded):
            rule, pattern = self.patterns[index]
            if found := pattern.fullmatch(folded):
                return Match(rule, tuple((name, value) for name, value in found.groupdict().items() if value))
        return None

    def _likely(self, folded: str) -> Sequence[int]:
        """Give the places of the patterns that could match a line, in order."""
        begun = self.begun.get(key_of(folded), ())
        if not self.word.search(folded):
            return begun
        return sorted((*begun, *(index for index, words in self.holding if any(word in folded for word in words))))
