"""The parts of an official document (公文), read from its header table, its title and its text.

Sources: GB/T 9704-2012 《党政机关公文格式》 for the parts and their places, 《党政机关公文处理工作条例》 for the kinds. Nothing is
invented: a number a text cites is not its own, and a date with xx in it is none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from cleaners.dates import parse_date
from cleaners.docnumbers import Number, find_numbers, has_damaged_number, whole_number
from cleaners.fold import fold_aligned
from cleaners.pagetags import FieldFound, PageTags
from cleaners.records import Evidence, Moment, Paragraph
from cleaners.signature import Signature, find_signature, is_organ, is_person, words

__all__ = ["Number", "Official", "find_numbers", "has_damaged_number", "read_official", "title_type"]

_HEAD = 5  # lines in which a number alone on its line is the document's own
_ADDRESS_HEAD = 8
_LONGEST_TITLE = 400
_TAIL_BRACKETS = re.compile(r"\s*(?:[(（【\[][^()（）【】\[\]]{1,40}[)）】\]]|[(（]?第[一二三四五六七八九十百零〇\d]+号[)）]?)\s*$")
_TITLE_VALIDITY = re.compile(r"[(（【\[]((?:已|现已)?(?:废止|失效)|有效|(?:已修改|已修订))[)）】\]]")
_ADDRESSEES = re.compile(r"各|全|有关|[省市县区州盟旗镇乡厅局委部办院府会处司校站社所行]$|单位|部门|企业|机构|公司|学校|人民政府")
_NO_ADDRESSEE = re.compile(
    r"如下|下列|以下|事项|内容|通讯员|记者|同志|朋友|女士|先生|代表|编者|摘要|附件|日期|时间|地址|电话|联系|依据|要求|目标|[。；！？]|^[(（\d一二三四五六七八九十]+[、.．)）]"
)
_IN_FORCE = r"起\s?(?:正式)?(?:施行|实施|执行|生效|试行)"
_FROM_DAY = re.compile(rf"(?:^|[，,。；;]|本[^，。；：“”]{{1,30}}?)\s*(?:将)?自\s?(?P<day>[^，。；自]{{4,20}}?[日号])\s?{_IN_FORCE}")
_FROM_ISSUE = re.compile(rf"(?:^|[，,。；;]|本[^，。；：“”]{{1,30}}?)\s*自\s?(?:发布|公布|印发|下发|发文|颁布)之日\s?{_IN_FORCE}")
_TERM = re.compile(r"有效期(?:限)?(?:为|至|到|自)?[^，。；“”]{1,30}")
_NOTE = re.compile(r"附\s*件\s*(?P<number>[\d一二三四五六七八九十]*)\s*[:：]\s*(?:\S|$)")
_NEXT_NOTE = re.compile(r"\s*(?:\d{1,2}|[一二三四五六七八九十]{1,2})\s*[.．、]\s*\S")
_CC = re.compile(r"抄\s*送\s*[:：]\s*(.+)")


@dataclass(frozen=True)
class Official:
    """The parts of an official document that could be read; `evidence` is by field name of Notice.

    `attachment_notes` are the lines of the 附件说明 as they stand; `cc` is the 抄送 line's value.
    """

    document_number: str | None = None
    creator: str | None = None
    addressee: str | None = None
    signatory: str | None = None
    created: Moment | None = None
    type: str | None = None
    effective: Moment | None = None
    validity: str | None = None
    attachment_notes: tuple[str, ...] = ()
    cc: str | None = None
    evidence: Mapping[str, Evidence] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Read:
    """One reading of a part: its value as text, where it was found, and the moment it means where it is a date."""

    value: str
    place: str
    snippet: str
    moment: Moment | None = None


@dataclass(frozen=True, slots=True)
class _Document:
    title: str
    lines: tuple[str, ...]
    tags: PageTags
    signature: Signature | None


def read_official(title: str | None, paragraphs: Sequence[Paragraph], tags: PageTags) -> Official:
    """Read the parts of an official document; on a page that is none, most stay empty."""
    lines = tuple(paragraph.text for paragraph in paragraphs if paragraph.kind != "row")
    document = _Document(" ".join((title or "")[:_LONGEST_TITLE].split()), lines, tags, find_signature(lines))
    read = {name: tuple(reader(document)) for name, reader in _READERS.items()}
    value = {name: found[0].value for name, found in read.items() if found}
    moment = {name: found[0].moment for name, found in read.items() if found}
    return Official(
        document_number=value.get("document_number"),
        creator=value.get("creator"),
        addressee=value.get("addressee"),
        signatory=value.get("signatory"),
        created=moment.get("created"),
        type=value.get("type"),
        effective=moment.get("effective"),
        validity=value.get("validity"),
        attachment_notes=tuple(lines[index].strip() for index in note_lines(lines)),
        cc=next((match[1].strip() for line in lines if (match := _CC.match(line.strip()))), None),
        evidence={name: _evidence(found) for name, found in read.items() if found},
    )


def title_type(title: str) -> str | None:
    """Give the kind of document (文种) a title ends in, brackets and numbers behind it left aside; 复函 is a 函."""
    bare = _bare_title(title[:_LONGEST_TITLE])
    found = next((kind for kind in _types() if bare.endswith(kind)), None)
    if found is None and bare.startswith("中华人民共和国") and bare.endswith("法"):
        return "法"
    if found == "讲话" and not bare.endswith(("的讲话", "上讲话", "重要讲话")):
        return None  # 出席并讲话 is news of a speech
    return found if found and len(bare) > len(found) else None


def _evidence(found: Sequence[_Read]) -> Evidence:
    first = found[0]
    others = tuple(dict.fromkeys((each.value, each.place) for each in found[1:] if each.value != first.value))
    return Evidence(first.value, "day" if first.moment else "", first.snippet, first.place, others)


def _numbers(document: _Document) -> Iterator[_Read]:
    """Give the document's own numbers: header table, alone on a line at the head, in brackets behind the title."""
    for found in (*document.tags.all("document_number"), *document.tags.all("identifier")):
        number = whole_number(found.value)
        if number is not None:
            yield _Read(number.value, found.place, found.snippet)
        elif found.name == "document_number" and re.search(r"\d", found.value) and len(found.value) <= 40 and not find_numbers(found.value):
            yield _Read(found.value, found.place, found.snippet)
    for line in document.lines[:_HEAD]:
        bare = re.split(r"签发人|\s{4,}|　{2,}", line.strip())[0]
        if number := whole_number(bare):
            yield _Read(number.value, "text", line.strip())
    if number := _title_number(document.title):
        yield _Read(number.value, "title", document.title)


def _title_number(title: str) -> Number | None:
    """Give the number a title ends in; behind 》 or in an explanation it is cited and not its own."""
    numbers = find_numbers(title)
    if not numbers or title[numbers[-1].end :].strip("()（）[]【】〕 ") or re.search(r"解读|问答|图解|读懂", title):
        return None
    before = title[: numbers[-1].start].rstrip(" （([【")
    return None if before.endswith("》") and not before.startswith("《") else numbers[-1]


def _creators(document: _Document) -> Iterator[_Read]:
    for name in ("creator", "publisher"):
        yield from (_Read(found.value, found.place, found.snippet) for found in document.tags.all(name) if found.place == "table")
    if organ := _title_organ(document.title):
        yield _Read(organ, "title", document.title)
    if document.signature:
        organs = [name for name in document.signature.names if not is_person(name)]
        if organs:
            yield _Read(" ".join(organs), "signature", document.signature.snippet)


def _title_organ(title: str) -> str | None:
    """Give the organ a title begins with: what stands before the first 关于, or before the kind of document."""
    before, about, _ = _TITLE_MARK.sub("", title).partition("关于")
    if not about:
        before = _bare_title(title)
        kind = title_type(title)
        before = before[: -len(kind)] if kind in _OWN_TITLES else ""
    organ = before.strip()
    parts = [part for part in re.split(r"[\s、，,]+", organ) if part]
    return organ if parts and len(organ) >= 3 and all(map(is_organ, parts)) else None


_TITLE_MARK = re.compile(r"^\s*[【\[][^】\]]{1,10}[】\]]")
_OWN_TITLES = frozenset({"令", "命令", "公告", "通告", "公报", "通知", "决定"})


def _addressees(document: _Document) -> Iterator[_Read]:
    for line in document.lines[:_ADDRESS_HEAD]:
        text = line.strip()
        if not text.endswith(("：", ":")) or len(text) > 300:
            continue
        names = text[:-1].strip()
        folded = fold_aligned(names)
        if names and not _NO_ADDRESSEE.search(folded) and all(map(_is_unit, folded.split(","))):
            yield _Read(names, "text", text)
        return


def _is_unit(names: str) -> bool:
    return len(names) <= 120 and any(_ADDRESSEES.search(part) for part in names.split("、"))


def _signatories(document: _Document) -> Iterator[_Read]:
    if document.signature and document.signature.names:
        yield _Read(" ".join(document.signature.names), "signature", document.signature.snippet)


def _created(document: _Document) -> Iterator[_Read]:
    yield from _dated(document.tags.all("created"))
    if document.signature and document.signature.created:
        day = document.signature.created
        yield _Read(day.isoformat(), "signature", document.signature.snippet, day)


def _dated(fields: Sequence[FieldFound]) -> Iterator[_Read]:
    for found in fields:
        if (moment := parse_date(found.value)) is not None:
            yield _Read(moment.isoformat(), found.place, found.snippet, moment)


def _types_read(document: _Document) -> Iterator[_Read]:
    if kind := title_type(document.title):
        yield _Read(kind, "title", document.title)
    yield from (_Read(found.value, found.place, found.snippet) for found in document.tags.all("type") if found.value in _types())


def _effective(document: _Document) -> Iterator[_Read]:
    """Give the day the document comes into force: of the table, as written, or the day of issue where that is known."""
    yield from _dated([found for found in document.tags.all("effective") if found.place != "meta"])
    if not _in_force(document):
        return
    for line in document.lines:
        if "起" not in line:
            continue
        for match in _FROM_DAY.finditer(line):
            if (moment := parse_date(match["day"])) is not None:
                yield _Read(moment.isoformat(), "text", match[0], moment)
        if issued := _FROM_ISSUE.search(line):
            yield from (_Read(day.value, "text", issued[0], day.moment) for day in list(_created(document))[:1])


def _in_force(document: _Document) -> bool:
    """Say whether what the text says of coming into force can be about itself: not in news, nor in what explains another."""
    kind = title_type(document.title)
    signed = document.signature is not None and bool(document.signature.names)
    return kind not in _ABOUT_OTHERS and (kind is not None or signed)


_ABOUT_OTHERS = frozenset({"解读", "问答", "讲话", "简报", "答复"})


def _validity(document: _Document) -> Iterator[_Read]:
    yield from (_Read(found.value, found.place, found.snippet) for found in document.tags.all("validity"))
    if match := _TITLE_VALIDITY.search(document.title):
        yield _Read(match[1], "title", document.title)
    for line in document.lines if _in_force(document) else ():
        if "有效期" in line and re.search(_IN_FORCE, line) and (match := _TERM.search(line)):
            yield _Read(match[0].strip(), "text", line[:200])


def note_lines(lines: Sequence[str]) -> Iterator[int]:
    """Give the places of the lines of the 附件说明: those that begin with 附件：, and the numbered ones right below one without number.

    GB/T 9704-2012, 7.3.4.
    """
    listed = False
    for index, line in enumerate(lines):
        note = _NOTE.match(line.strip())
        listed = not note["number"] if note else listed and bool(_NEXT_NOTE.match(line))
        if note or listed:
            yield index


def _bare_title(title: str) -> str:
    bare, before = fold_aligned(title).strip(), ""
    while bare != before:
        before = bare
        bare = _TAIL_BRACKETS.sub("", bare).strip()
        for number in find_numbers(bare)[-1:]:
            bare = bare[: number.start].strip() if number.end == len(bare) and number.start else bare
    return bare.removesuffix("》") if bare.startswith("《") and bare.count("》") == 1 else bare


@cache
def _types() -> tuple[str, ...]:
    return tuple(sorted((*words()["types"], *words()["other_types"]), key=len, reverse=True))


_READERS: Mapping[str, Callable[[_Document], Iterator[_Read]]] = {
    "document_number": _numbers,
    "creator": _creators,
    "addressee": _addressees,
    "signatory": _signatories,
    "created": _created,
    "type": _types_read,
    "effective": _effective,
    "validity": _validity,
}
