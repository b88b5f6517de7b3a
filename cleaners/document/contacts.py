"""Who is to be asked: names behind 联系人, 经办人, 咨询人 (one or several), and the columns of a table that hold names and numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from cleaners.characters.fold import fold_aligned
from cleaners.document.signature import words
from cleaners.records import Paragraph, Span

_LABELS = "联系人|联络人|经办人|咨询人|经办|承办人|受理人|收件人|报名联系人|采购人联系人"

_HAN = "\u4e00-\u9fff"
_ONE = rf"(?:[{_HAN}]{{1,6}}·[{_HAN}]{{1,8}}|[{_HAN}][{_HAN}×*xX]{{1,3}}|[{_HAN}](?: {{1,3}}[{_HAN}×*xX]){{1,2}}(?![{_HAN}]))"
_SPACED = "|".join(" ?".join(label) for label in _LABELS.split("|"))
_AND_NUMBER = r"(?: ?(?:及|和|、|/|与)? ?(?:其)?(?:联系)?(?:电话|方式|手机))?"
_NEXT_LABEL = rf"(?![{_HAN}]{{2,6}} ?:)"
_NAMES = re.compile(
    rf"(?:{_SPACED}) ?员?{_AND_NUMBER}(?:\((?:电话|及电话|姓名)\))?(?P<colon> {{0,3}}[:\t]|为| ) {{0,3}}"
    rf"(?P<names>{_ONE}(?: {{0,2}}[、,/ ] {{0,2}}{_NEXT_LABEL}{_ONE}){{0,5}})(?![{_HAN}])"
)
_BEFORE_NUMBER = re.compile(
    rf"(?:^|(?<=[:,、;(\n ]))(?P<names>[{_HAN}]{{2,3}}(?:、[{_HAN}]{{2,3}}){{0,4}}) ?[,:( ] ?(?:(?:联系)?电话|手机)? ?:? ?"
    r"(?=\+?(?:86[- ])?(?:\(?0\d{2,3}[)-]|1[3-9]\d[\d*]{4}))"
)
_EACH = re.compile(_ONE)
_NO_NAME = re.compile(
    r"电 ?话|手 ?机|邮 ?[箱编]|地 ?址|传 ?真|单 ?位|姓 ?名|方 ?式|同上|如下|详见|附件|名单"
    r"|不详|网址|时间|日期|微信|咨询|联系|职务|群众|民政|大会|小组|中心|公司"
    r"|[科室处部局办站所组股厅院校会馆省市县区州镇乡村号码]$|^(?:江苏|江西|安徽|黄山|常州|温州|安康)$"
)
_TITLES = r"(?:先生|女士|小姐|同志|老师|主任|科长|处长|经理|工程师|工)"
_TITLED = re.compile(rf"[{_HAN}]{{1,3}}{_TITLES}")

_COLUMNS = {
    "contact_name": ("联系人", "经办人", "联络人", "咨询人", "联系人姓名", "联系人员", "经办人员", "承办人"),
    "phone": (
        "联系电话",
        "电话",
        "办公电话",
        "咨询电话",
        "手机",
        "手机号",
        "手机号码",
        "联系方式",
        "移动电话",
        "固定电话",
        "电话号码",
        "传真",
        "联系人电话",
        "联系手机",
    ),
    "id_card": ("身份证号", "身份证号码", "身份证", "公民身份号码", "证件号码", "身份证件号码"),
    "bank_card": ("银行卡号", "银行账号", "银行帐号", "卡号", "个人账号"),
}
_COLUMN_OF = {name: kind for kind, names in _COLUMNS.items() for name in names}
_WHOLE = {
    "contact_name": re.compile(rf"{_ONE}(?:[、,/ ]{{1,3}}{_ONE}){{0,5}}"),
    "phone": re.compile(r"\+?[\d()][\d()*xX -]{5,18}\d(?: ?[转-] ?\d{1,6})?"),
    "id_card": re.compile(r"[1-9][\d*xX]{13,16}[\dxX*]"),
    "bank_card": re.compile(r"\d[\d *]{13,24}\d"),
}
_MOBILE = re.compile(r"(?:\+?86[- ]?)?1[3-9]\d[\d* -]{8,12}")


def names_in(folded: str) -> Iterator[tuple[int, int]]:
    """Give the places of contacts' names in a folded text: those behind a label, and one right before a number."""
    for match in (*_NAMES.finditer(folded), *_BEFORE_NUMBER.finditer(folded)):
        sure = (match.groupdict().get("colon") or "").strip(" ") != ""
        for name in _EACH.finditer(match["names"]):
            if _NO_NAME.search(name[0]) or not (sure or name[0][0] in _surnames() or _TITLED.fullmatch(name[0])):
                break
            yield match.start("names") + name.start(), match.start("names") + name.end()


def column_spans(paragraphs: Sequence[Paragraph]) -> Iterator[Span]:
    """Give the names and numbers of tables whose heading row names a column 联系人, 联系电话, 身份证号 or the like."""
    columns: dict[int, str] = {}
    width, table = 0, -1
    for number, paragraph in enumerate(paragraphs):
        if paragraph.kind != "row":
            columns = {}
            continue
        cells = paragraph.cells or tuple(paragraph.text.split("\t"))
        heading = {index: kind for index, cell in enumerate(cells) if (kind := _COLUMN_OF.get("".join(fold_aligned(cell).split())))}
        if heading:
            columns, width, table = heading, len(cells), paragraph.table
        elif columns and len(cells) == width and paragraph.table == table:
            yield from _cells(number, paragraph.text, cells, columns)


def _cells(number: int, text: str, cells: Sequence[str], columns: dict[int, str]) -> Iterator[Span]:
    place = 0
    for index, cell in enumerate(cells):
        start = text.find(cell, place)
        if start < 0:
            return
        place = start + len(cell)
        kind = columns.get(index)
        folded = fold_aligned(cell)
        if not kind or not _WHOLE[kind].fullmatch(folded.strip()):
            continue
        offset = start + len(folded) - len(folded.lstrip())
        if kind == "contact_name":
            yield from (Span(kind, number, start + name.start(), start + name.end()) for name in _EACH.finditer(folded))
        else:
            kind = "mobile" if kind == "phone" and _MOBILE.fullmatch(folded.strip()) else kind
            yield Span(kind, number, offset, offset + len(folded.strip()))


@cache
def _surnames() -> frozenset[str]:
    return frozenset("".join(words()["surnames"]))
