"""What a document says of others: cites, repeals, amends, forwards, issues, explains, corrects or confirms them, with the words.

A reference is a title in 《》, a 发文字号, or both together. Which relation it is follows from the verb beside it in its sentence, from
the document's own title, or from the list it stands in (一、废止的文件). Documents that tell of others (解读, 问答, news) only cite.
Every pattern is linear in the length of the text: gaps are bounded, and references are single characters (◆) where verbs are looked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from cleaners.document.docnumbers import Number, find_numbers, parse_key
from cleaners.document.kinds import ABOUT_OTHERS, title_type
from cleaners.document.titles import SHORTEST, can_be_cited, is_law, names, title_core
from cleaners.records import Notice, Paragraph

TITLE = -1
"""The paragraph of a reference in the document's own title."""
MOST = 500
"""References of one document that are kept; lists of repealed files have hundreds."""
RELATIONS = ("repeals", "amends", "corrects", "forwards", "issues", "explains", "confirms", "cites")
"""The strongest first: of one document, the strongest relation to another is kept."""

_LONGEST_TITLE = 150
_LONGEST_SENTENCE = 400
_MARK = "◆"
_SENTENCE_END = re.compile(r"[。；;！!\n]")
_NUMBER_BEHIND = re.compile(r"[\s(（\[【，,]{0,3}")
_CLOSING = re.compile(r"[^()（）\[\]【】《》。；◆]{0,20}[)）\]】]")
_BETWEEN_NUMBER_AND_TITLE = re.compile(r"[\s)）]{0,3}(?:文件?|印发的?|发布的?|公布的?|号文)?[\s)）]{0,2}")
_CHAIN = rf"{_MARK}(?:\s{{0,2}}(?:(?:[、和及与]|以及)\s?)?{_MARK}){{0,60}}"
_ENDED = r"(?:废止|停止执行|停止施行|停止使用|不再执行|不再适用|自行失效|同时失效|即行失效|自动失效|宣布失效|予以失效)"
_REPEALED = re.compile(rf"(?P<chain>{_CHAIN})(?P<between>[^{_MARK}。；]{{0,60}}?){_ENDED}(?![前后的]|或)")
_REPEALING = re.compile(rf"(?P<before>.{{0,6}})(?:废止|宣布失效|停止执行)(?P<between>[^{_MARK}。；，,]{{0,16}})(?P<chain>{_CHAIN})")
_AMENDED = re.compile(
    rf"(?P<chain>{_CHAIN})(?P<between>[^{_MARK}。；]{{0,60}}?)(?:修改为|(?:作出?|做出?|进行|予以)(?:如下|相应|部分|以下|适当){{0,2}}(?:修改|修订|修正|调整))"
)
_AMENDING = re.compile(
    rf"(?P<before>.{{0,6}})(?:决定|现|拟)(?:对|将)(?P<between>[^{_MARK}。；，]{{0,16}})(?P<chain>{_CHAIN})"
    r"[^。；◆]{0,30}?(?:修改|修订|修正|调整)"
)
_FORWARDING = re.compile(rf"(?:现|兹)(?:将|把)(?P<between>[^{_MARK}。；]{{0,30}})(?P<chain>{_CHAIN})[^。；{_MARK}]{{0,10}}?(?:转发|批转)")
_CONFIRMED = re.compile(rf"(?P<chain>{_CHAIN})(?P<between>[^{_MARK}。；]{{0,30}}?)(?:继续有效|继续执行|继续施行)")
_NOT_DONE = re.compile(r"不得|不予|未|尚未|拟|建议|申请|请求|是否|如果|应当在|不(?=废|宣)|何时|没有")
_IN_PART = re.compile(r"第[一二三四五六七八九十百零〇\d]{1,6}[条款项章]|中的?(?:部分|有关|相关)|部分(?:条款|内容)|有关(?:条款|内容)")
_ABOUT_OTHERS = re.compile(r"解读|图解|一图(?:读|看)懂|图说|读懂|答记者问|问答|新闻发布|发布会|综述|动态")
_ORDINAL = re.compile(r"\s{0,9}[(（]?(?:[一二三四五六七八九十百]{1,4}|\d{1,4})[)）.．、\s]{1,3}")
_LIST_LINE = 60
_ENDS_LIST = re.compile(r"(?:废止|失效|停止执行)")
_KEEPS_LIST = re.compile(r"(?:继续有效|予以保留|现行有效|保留的)")
_AMENDS_LIST = re.compile(r"(?:修改|修订)")
_LISTS = re.compile(r"目录|清单|如下|下列|以下|文件|规章|名单|决定|事项|[:：]$")
_CHAPTER = re.compile(r"\s{0,9}(?:[一二三四五六七八九十]{1,3}、|附件|附：|附表)")
_TITLE_VERBS = (
    ("repeals", re.compile(rf"(?:废止|宣布失效|停止执行)[^{_MARK}]{{0,12}}(?P<chain>{_CHAIN})")),
    ("amends", re.compile(rf"(?:修改|修订|修正|调整)[^{_MARK}]{{0,6}}(?P<chain>{_CHAIN})")),
    ("corrects", re.compile(rf"(?:更正|勘误)[^{_MARK}]{{0,6}}(?P<chain>{_CHAIN})")),
    ("corrects", re.compile(rf"(?P<chain>{_CHAIN})[^{_MARK}]{{0,6}}(?:更正|勘误)")),
    ("forwards", re.compile(rf"(?:转发|批转)[^{_MARK}]{{0,40}}(?P<chain>{_CHAIN})")),
    ("issues", re.compile(rf"(?:印发|发布|公布|颁布)[^{_MARK}]{{0,12}}(?P<chain>{_CHAIN})")),
)
_FORWARDED = re.compile(r"(?:转发|批转)(?P<title>[^《》]{6,150}?)(?:的通知)?$")
_FORWARDED_WHOLE = re.compile(r"(?:转发|批转)(?P<title>[^《》]{6,150})$")
_EXPLAINED = re.compile(
    r"^(?:(?P<first>【[^】]{1,12}】|\[[^\]]{1,12}\]|政策解读|文字解读|图文解读|一图读懂|一图看懂|图解|图说|解读)[|｜:：丨—\s-]{0,4})?"
    r"(?P<title>[^《》]{6,150}?)"
    r"(?:(?:的)?(?:政策|文字|图文|专家|图片|视频)?(?:解读|图解|起草说明|政策问答|一图读懂)(?:材料|之[一二三四五六]|[一二三四五六])?)?$"
)
_EXPLAINS = re.compile(r"解读|图解|一图(?:读|看)懂|读懂|图说|起草说明|政策问答|答记者问|问答")


@dataclass(frozen=True, slots=True)
class Reference:
    """What a document says of another: the relation, its title and 发文字号 as written, the place, and the sentence.

    `start` and `end` are characters of `paragraph` (`TITLE`: of the document's title); `title` or `number` may be empty. `key` is the
    number in the form that is equal however it is written, `core` the title in that form.
    """

    relation: str
    title: str
    number: str
    paragraph: int
    start: int
    end: int
    sentence: str

    @property
    def core(self) -> str:
        """The title folded for comparison."""
        return title_core(self.title)

    @property
    def key(self) -> str:
        """The 发文字号 in canonical form; empty where there is none."""
        found = parse_key(self.number) if self.number else None
        return found.canonical if found else ""


def references(notice: Notice) -> tuple[Reference, ...]:
    """Give what a notice says of other documents, in order of place, each other document once; its own title and number are none."""
    title = notice.title or ""
    found = [*_of_title(title), *_of_text(notice.paragraphs, title)]
    own = _own(notice)
    kept: dict[tuple[str, str], Reference] = {}
    for reference in found:
        if _says_something(reference) and not _is_own(reference, own):
            name = (reference.key, "" if reference.key else reference.core)
            if name not in kept or _rank(reference) < _rank(kept[name]):
                kept[name] = reference
    return tuple(sorted(_with_titles(kept).values(), key=lambda reference: (reference.paragraph, reference.start)))[:MOST]


def _with_titles(kept: dict[tuple[str, str], Reference]) -> dict[tuple[str, str], Reference]:
    """Drop a title that stands elsewhere with its number, where nothing stronger is said of it."""
    numbered = {reference.core: name for name, reference in kept.items() if reference.key and reference.core}
    out = dict(kept)
    for name, reference in kept.items():
        if not reference.key and reference.core in numbered:
            other = out[numbered[reference.core]]
            del out[name]
            if _rank(reference) < _rank(other):
                out[numbered[reference.core]] = replace(reference, number=other.number)
    return out


def _rank(reference: Reference) -> int:
    return RELATIONS.index(reference.relation)


def _own(notice: Notice) -> tuple[set[str], set[str]]:
    called = names(notice.title or "")
    annexes = {title_core(attachment.title) for attachment in notice.attachments}
    number = parse_key(notice.document_number) if notice.document_number else None
    return ({called.whole, called.about, called.issued, *annexes} - {""}, {number.canonical} if number else set())


def _is_own(reference: Reference, own: tuple[set[str], set[str]]) -> bool:
    if reference.key and reference.key in own[1]:
        return True
    return reference.relation == "cites" and not reference.key and reference.core in own[0]


def _says_something(reference: Reference) -> bool:
    """Say whether this can be another official document: it has a number, or a title that is long enough and of a known kind."""
    if reference.key:
        return True
    if not can_be_cited(reference.title):
        return False
    return reference.relation != "cites" or is_law(reference.title) or title_type(reference.title) is not None


# -- titles


def _of_title(title: str) -> Iterator[Reference]:
    found = list(_mentions(title, TITLE))
    masked = _masked(title, found)
    explains = _EXPLAINS.search(title) is not None
    verbs = [] if explains else [(relation, match["chain"]) for relation, verb in _TITLE_VERBS for match in verb.finditer(masked.text)]
    if found:
        said = {place: relation for relation, verb in reversed(_TITLE_VERBS) for place in masked.places(verb)} if verbs else {}
        for place, reference in enumerate(found):
            yield replace(reference, relation="explains" if explains else said.get(place, "cites"), sentence=title)
        return
    for relation, pattern in (("explains", _EXPLAINED), ("forwards", _FORWARDED), ("forwards", _FORWARDED_WHOLE)):
        match = pattern.search(title)
        if match and (relation == "explains") == explains and title_type(match["title"]) is not None:
            yield Reference(relation, match["title"], "", TITLE, match.start("title"), match.end("title"), title)
            return


# -- text


def _of_text(paragraphs: Sequence[Paragraph], title: str) -> Iterator[Reference]:
    tells = _tells_of_others(title)
    listing = "" if tells else _list_of_title(title)
    for number, paragraph in enumerate(paragraphs):
        text = paragraph.text
        if "《" not in text and "号" not in text and "號" not in text and not (listing and paragraph.cells):
            listing = listing if tells else _list_after(text, listing)
            continue
        found = list(_mentions(text, number)) or (list(_row(paragraph, number)) if listing else [])
        if not found:
            listing = listing if tells else _list_after(text, listing)
            continue
        if listing and _is_list_line(paragraph, found[0]):
            yield replace(_titled(text, found[0]), relation=listing, sentence=text[:_LONGEST_SENTENCE])
            yield from (_in_sentence(text, reference) for reference in found[1:])
            continue
        yield from (_in_sentence(text, reference) for reference in found) if tells else _related(text, found)
        if not tells:
            listing = _list_after(text, listing) if text.rstrip().endswith((":", "：")) or "如下" in text or "下列" in text else listing


def _tells_of_others(title: str) -> bool:
    return title_type(title) in ABOUT_OTHERS or _ABOUT_OTHERS.search(title) is not None


def _list_of_title(title: str) -> str:
    """Give the relation that lines of a list stand in where the title leaves only one: 关于废止部分规范性文件的决定."""
    ends, keeps, amends = _ENDS_LIST.search(title), _KEEPS_LIST.search(title), _AMENDS_LIST.search(title)
    if ends and not (keeps or amends) and not _NOT_DONE.search(title):
        return "repeals"
    return ""


def _list_after(text: str, listing: str) -> str:
    """Give the relation of the lines that follow a paragraph: a heading of a list sets it, one of another chapter ends it."""
    if len(text) > 3 * _LIST_LINE:
        return listing
    if len(text) <= _LIST_LINE or text.rstrip().endswith((":", "：", "如下")):
        ends, keeps, amends = _ENDS_LIST.search(text), _KEEPS_LIST.search(text), _AMENDS_LIST.search(text)
        if (ends or keeps or amends) and _LISTS.search(text) and not _NOT_DONE.search(text):
            if keeps:
                return "confirms"
            if ends and not amends:
                return "repeals"
            return "amends" if amends and not ends else ""
    return "" if _CHAPTER.match(text) and not text.lstrip().startswith(("附件", "附：")) else listing


def _is_list_line(paragraph: Paragraph, first: Reference) -> bool:
    """Say whether a paragraph is one line of a list: a row, or a document's name right at its beginning, behind an ordinal at most."""
    if paragraph.cells:
        return True
    ordinal = _ORDINAL.match(paragraph.text)
    start = ordinal.end() if ordinal else 0
    titled = not first.title and title_type(paragraph.text[start : first.start].rstrip("(（[【 ，,")) is not None
    return (titled or first.start <= start + 20) and len(paragraph.text) - first.end <= _LIST_LINE


def _titled(text: str, reference: Reference) -> Reference:
    """Give a number at the end of a line with the title before it, which needs no marks in a list."""
    ordinal = _ORDINAL.match(text)
    start = ordinal.end() if ordinal else 0
    before = text[start : reference.start].rstrip("(（[【 ，,")
    return reference if reference.title or title_type(before) is None else replace(reference, title=before, start=start)


def _row(paragraph: Paragraph, number: int) -> Iterator[Reference]:
    """Give the document in a row of a table, whose title needs no marks there."""
    if not paragraph.cells:
        return
    titled = max((cell for cell in paragraph.cells if len(cell) >= SHORTEST and title_type(cell)), key=len, default="")
    start = paragraph.text.find(titled)
    if titled and start >= 0:
        yield Reference("cites", titled, "", number, start, start + len(titled), paragraph.text[:_LONGEST_SENTENCE])


def _related(text: str, found: Sequence[Reference]) -> Iterator[Reference]:
    """Give the references of a paragraph with the relation the verbs beside them say."""
    masked = _masked(text, found)
    said: dict[int, str] = {}
    for relation, pattern in (
        ("forwards", _FORWARDING),
        ("confirms", _CONFIRMED),
        ("amends", _AMENDED),
        ("amends", _AMENDING),
        ("repeals", _REPEALED),
        ("repeals", _REPEALING),
    ):
        for match in pattern.finditer(masked.text):
            words = match["between"] + (match.groupdict().get("before") or "")
            if _NOT_DONE.search(words):
                continue
            kind = "amends" if relation == "repeals" and _IN_PART.search(match["between"]) else relation
            said |= dict.fromkeys(masked.between(match.start("chain"), match.end("chain")), kind)
    for place, reference in enumerate(found):
        yield replace(_in_sentence(text, reference), relation=said.get(place, "cites"))


def _in_sentence(text: str, reference: Reference) -> Reference:
    """Give a reference with the sentence it stands in."""
    start = max(
        (match.end() for match in _SENTENCE_END.finditer(text, max(0, reference.start - _LONGEST_SENTENCE), reference.start)), default=None
    )
    end = _SENTENCE_END.search(text, reference.end, reference.end + _LONGEST_SENTENCE)
    first = start if start is not None else max(0, reference.start - _LONGEST_SENTENCE)
    last = end.end() if end else min(len(text), reference.end + _LONGEST_SENTENCE)
    return replace(reference, sentence=text[first:last].strip())


# -- where documents are named


@dataclass(frozen=True, slots=True)
class _Masked:
    """A text in which each reference is one character, and where each of these stands in it."""

    text: str
    marks: tuple[int, ...]

    def between(self, start: int, end: int) -> list[int]:
        return [place for place, mark in enumerate(self.marks) if start <= mark < end]

    def places(self, pattern: re.Pattern[str]) -> list[int]:
        return [place for match in pattern.finditer(self.text) for place in self.between(match.start("chain"), match.end("chain"))]


def _masked(text: str, found: Sequence[Reference]) -> _Masked:
    pieces, marks, last, length = [], [], 0, 0
    for reference in found:
        end = reference.end
        if closing := _CLOSING.match(text, end):  # （国发〔2020〕5号，2020年5月1日印发）
            end = closing.end()
        before = text[last : reference.start].replace(_MARK, " ")
        pieces += [before, _MARK]
        marks.append(length + len(before))
        length += len(before) + 1
        last = max(end, last)
    pieces.append(text[last:].replace(_MARK, " "))
    return _Masked("".join(pieces), tuple(marks))


def _mentions(text: str, paragraph: int) -> Iterator[Reference]:
    """Give titles in 《》 and numbers, those that stand together as one."""
    numbers = [_without_and(text, number) for number in find_numbers(text)]
    for start, end in _titles(text):
        inside = [number for number in numbers if start <= number.start < end]
        before, behind = _number_before(text, start, numbers), _number_behind(text, end, numbers)
        own = behind or before
        numbers = [number for number in numbers if number not in {*inside, behind, before}]
        earlier = [number for number in numbers if number.end <= start]
        numbers = numbers[len(earlier) :]
        yield from (_numbered(number, paragraph) for number in earlier)
        first, last = min(start, before.start if before and not behind else start), max(end, behind.end if behind else end)
        yield Reference("cites", text[start + 1 : end - 1], own.value if own else "", paragraph, first, last, text[start:end])
        if before and behind:
            yield _numbered(before, paragraph)
    yield from (_numbered(number, paragraph) for number in numbers)


def _without_and(text: str, number: Number) -> Number:
    """Cut the 和 that joins a number to what is named before it: 《甲》和临政发〔2026〕1号."""
    if number.start and text[number.start - 1] in "》号）)" and number.text[0] in "和与及或":
        return Number(number.value[1:], number.start + 1, number.end, number.text[1:])
    return number


def _numbered(number: Number, paragraph: int) -> Reference:
    return Reference("cites", "", number.value, paragraph, number.start, number.end, number.text)


def _number_behind(text: str, end: int, numbers: Sequence[Number]) -> Number | None:
    gap = _NUMBER_BEHIND.match(text, end)
    return next((number for number in numbers if gap and end <= number.start <= gap.end()), None)


def _number_before(text: str, start: int, numbers: Sequence[Number]) -> Number | None:
    near = (number for number in numbers if 0 <= start - number.end <= 8)
    return next((number for number in near if _BETWEEN_NUMBER_AND_TITLE.fullmatch(text[number.end : start])), None)


def _titles(text: str) -> Iterator[tuple[int, int]]:
    """Give the places of the outermost 《…》."""
    opened: list[int] = []
    for place, character in enumerate(text):
        if character == "《":
            opened.append(place)
        elif character == "》" and opened:
            start = opened.pop()
            if not opened and 2 < place - start <= _LONGEST_TITLE:
                yield start, place + 1
        elif character in "。\n" and opened:  # a mark that was never closed
            opened.clear()
