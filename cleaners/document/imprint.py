"""版记 and what stands around it: 抄送, 印发机关 and 印发日期, 附件说明, 主送机关 (GB/T 9704-2012, 7.3.1, 7.3.4, 7.4)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from cleaners.characters.fold import fold_aligned
from cleaners.document.dates import find_dates
from cleaners.document.signature import is_organ
from cleaners.records import Moment

_HEAD = 8  # lines in which an addressee stands
_LONGEST_ADDRESSEE = 300
_LONGEST_IMPRINT = 120
_ADDRESSEES = re.compile(r"各|全|有关|[省市县区州盟旗镇乡厅局委部办院府会处司校站社所行]$|单位|部门|企业|机构|公司|学校|人民政府")
_NO_ADDRESSEE = re.compile(
    r"如下|下列|以下|事项|内容|通讯员|记者|同志|朋友|女士|先生|代表|编者|摘要|附件|日期|时间|地址|电话|联系|依据|要求|目标|[。；！？]|^[(（\d一二三四五六七八九十]+[、.．)）]"
)
_SENT_TO = re.compile(r"主\s{0,9}送\s{0,9}(?:机\s{0,9}关|单\s{0,9}位)?\s{0,9}[:：]\s{0,9}(?P<names>.+)")
_NOTE = re.compile(r"附\s{0,9}件\s{0,9}(?P<number>[\d一二三四五六七八九十]{0,4})\s{0,9}[:：]\s{0,9}(?:\S|$)")
_NEXT_NOTE = re.compile(r"\s{0,9}(?:\d{1,2}|[一二三四五六七八九十]{1,2})\s{0,9}[.．、]\s{0,9}\S")
_COPIED = re.compile(
    r"(?:主题词\S{0,60}\s{1,9})?(?:抄\s{0,9}送|抄\s{0,9}报|抄\s{0,9}发|分\s{0,9}送)\s{0,9}(?:机\s{0,9}关|单\s{0,9}位)?\s{0,9}[:：]\s{0,9}(?P<names>.+)"
)
_PRINTED = re.compile(r"\s{0,9}印\s{0,9}发?\s{0,9}[。.]?\s{0,9}(?:[(（]?\s{0,9}共\s{0,9}印.{0,12})?")
_COPIES = re.compile(r"\s{0,4}[(（]?\s{0,4}共\s{0,4}印.{0,12}$")


class Stated(NamedTuple):
    """What a line states: its value and the line it stands in."""

    value: str
    snippet: str


class Printed(NamedTuple):
    """The line of the 印发机关: when and by whom a document was printed and sent out; the organ empty where none is named."""

    day: Moment
    organ: str
    snippet: str


def addressee(lines: Sequence[str]) -> Stated | None:
    """Give the 主送机关: the units a line at the head ends in with a colon, two lines where they are that long, or a line 主送：…."""
    for index, line in enumerate(lines[:_HEAD]):
        text = line.strip()
        if sent := _SENT_TO.fullmatch(text):
            return Stated(sent["names"].strip(" 。."), text)
        if not text.endswith(("：", ":")) or len(text) > _LONGEST_ADDRESSEE:
            continue
        above = lines[index - 1].strip() if index and lines[index - 1].strip().endswith(("，", "、", ",")) else ""
        names = next((names for names in (above + text[:-1].strip(), text[:-1].strip()) if _are_units(names)), "")
        return Stated(names, text) if names else None
    return None


def copied_to(lines: Sequence[str]) -> Stated | None:
    """Give the 抄送机关, as they stand, over as many lines as they take."""
    for index, line in enumerate(lines):
        if ("抄" in line or "分" in line) and (match := _COPIED.fullmatch(line.strip())):
            names = [match["names"].strip()]
            for more in lines[index + 1 : index + 4]:
                if (
                    names[-1].endswith(("。", "."))
                    or find_dates(more)
                    or not all(map(is_organ, re.split("[，、,]", more.strip().rstrip("。.，,、"))))
                ):
                    break
                names.append(more.strip())
            return Stated("".join(names), "\n".join(line.strip() for line in lines[index : index + len(names)]))
    return None


def printed(lines: Sequence[str]) -> Printed | None:
    """Give the last line of the kind 示例县人民政府办公室　2031年5月8日印发."""
    for line in reversed(lines):
        if "印" not in line or len(line) > _LONGEST_IMPRINT:
            continue
        text = _COPIES.sub("", line.strip())
        found = find_dates(text)
        if len(found) == 1 and found[0].value is not None and _PRINTED.fullmatch(text, found[0].end):
            organ = text[: found[0].start].strip().removeprefix("印发机关：").strip()
            if not re.search(r"[，。；：:]", organ):
                return Printed(found[0].value, organ, line.strip())
    return None


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


def _are_units(names: str) -> bool:
    folded = fold_aligned(names)
    return bool(names) and not _NO_ADDRESSEE.search(folded) and all(map(_is_unit, folded.split(",")))


def _is_unit(names: str) -> bool:
    return len(names) <= 120 and any(_ADDRESSEES.search(part) for part in names.split("、"))
