"""Titles: which of the names a page goes by is the notice's, and which lines of a text repeat it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from cleaners.characters.fold import squeeze
from cleaners.document.signature import is_organ
from cleaners.text import ORDINALS, Line, collapse

FRAGMENT = re.compile(r"[\u4e00-\u9fff]{2,4}")
CLOSING = tuple("。；：，、,;:.…")
SPEECH = re.compile(r"讲话|致辞|发言|讲稿|致词|演讲")
POST = (
    "书记|主席|主任|局长|市长|县长|省长|部长|厅长|区长|镇长|乡长|州长|盟长|旗长|校长|院长|处长|委员|代表|常委|总理|会长|理事长|司令员|政委"
)
SPEAKER = re.compile(rf"[^\s。；]{{0,40}}(?:{POST}) ?(?P<name>[\u4e00-\u9fff](?: ?[\u4e00-\u9fff·]){{1,4}})")
SEPARATOR = re.compile(r"\s?[_|丨｜]\s?|\s[-–]\s?|--+|－|-(?=[^-]{2,20}(?:-[^-]{2,20})?$)")
FILE_NAME = re.compile(r"(?:\(\d{1,2}\))?\.(?:pdf|docx?|xlsx?|wps|ofd|zip|rar)$")
DATED = re.compile(r"\W{0,4}(?:19|20)\d{2} ?[-/.年] ?\d{1,2} ?[-/.月] ?\d{1,2}")
BRACKETED_DATE = re.compile(r"\s?[(（\[【]\s?(?:19|20)\d{2} ?[-/.年] ?\d{1,2} ?[-/.月] ?\d{1,2} ?日?\s?[)）\]】]$")
MARKUP = re.compile(r"</?[a-zA-Z][^<>]{0,300}>")
CUT_OFF = re.compile(r"(?:\.{2,6}|…{1,2}|。{2,3})$")
BEHIND = re.compile(r"\s?[_|丨｜\-–—－]+\s?(?P<site>.{2,30})$")
DOCUMENT = re.compile(r".{0,30}关于.{2,60}的(?:通知|通告|公告|公示|通报|意见|决定|批复|函|报告|方案|办法|规定)")
TEMPLATE = re.compile(r"[\u4e00-\u9fff]{0,6}(?:详情|详情页|详细页|详细信息|内容页|文章页|正文页|正文|查看|预览)")
LONGEST_OFFICE = 20
SHORTEST_CUT = 6
"""Letters of a title that is cut off (关于做好夏季防汛...), from which the page's own wording is looked for."""
SITE = re.compile(r"网|政府|门户|委员会|信息公开|厅|局|部|首页|中心|办公室|平台")


def is_fragment(text: str) -> bool:
    """Say whether a line is one short Chinese word."""
    return FRAGMENT.fullmatch(text.replace(" ", "")) is not None


def is_title_like(text: str) -> bool:
    """Say whether a line could be a title: of a title's length, no ordinal before it, no sentence's end behind it."""
    if not 4 <= len(text) <= 80 or text.endswith(CLOSING) or "。" in text or "\t" in text:
        return False
    return not DATED.match(text) and not any(ordinal.match(text) for _, ordinal in ORDINALS)


def same_title(text: str, title: str) -> bool:
    """Say whether a line says the title, be it with a few words more or less."""
    if len(text) > 3 * len(title) + 10:
        return False
    line, wanted = FILE_NAME.sub("", squeeze(text)), squeeze(title)
    if line == wanted or (len(wanted) >= 8 and line.startswith((f"{wanted}-", f"{wanted}_", f"{wanted}|"))):
        return True
    short, long = sorted((line, wanted), key=len)
    return len(short) >= 8 and short in long and len(short) >= 0.8 * len(long)


def read_speaker(title: str, text: str) -> str | None:
    """Give the name in a line like 县委书记 王 琎 under the title of a speech, the blanks inside it gone."""
    if SPEECH.search(title) is None or len(text) > 60:
        return None
    found = SPEAKER.fullmatch(text.strip("()（） "))
    return found["name"].replace(" ", "") if found else None


def without_site(text: str) -> str:
    """Give the `<title>` of a page without the names of the site and column around it."""
    text = collapse(text)
    pieces = [piece.strip() for piece in SEPARATOR.split(text) if piece and piece.strip()]
    if len(pieces) < 2:
        return text
    named = [piece for piece in pieces if not (SITE.search(piece[-6:]) and len(piece) <= 20)] or pieces[:1]
    return max(named, key=len) if len(named[0]) < 6 else named[0]


def is_site_name(text: str) -> bool:
    """Say whether a text reads like the name of a site and not of a notice."""
    return len(text) <= 30 and text.endswith(("网", "网站", "门户", "平台", "首页", "人民政府")) and "关于" not in text


def wording_of(claimed: str, lines: Sequence[str]) -> str:
    """Give the title that a tag claims as the page shows it: without markup, not cut off, without the name of the site behind it."""
    claimed = collapse(MARKUP.sub("", claimed)) if "<" in claimed else claimed
    if cut := CUT_OFF.search(claimed):
        stem = squeeze(claimed[: cut.start()])
        whole = (text for text in lines if text[:1] == claimed[:1] and len(text) <= 120 and squeeze(text).startswith(stem))
        return next((text for text in whole if not CUT_OFF.search(text)), claimed) if len(stem) >= SHORTEST_CUT else claimed
    if (behind := BEHIND.search(claimed)) and SITE.search(behind["site"][-6:]):
        own = squeeze(claimed[: behind.start()])
        return next((text for text in lines if text[:1] == claimed[:1] and squeeze(text) == own), claimed)
    return claimed


def joined_headings(lines: Sequence[Line], own: str) -> Iterator[str]:
    """Give the headings broken in two for their looks: those that say `own` together, and a document's kind only together."""
    wanted = squeeze(own)
    for above, below in pairwise(lines):
        if not (above.kind == below.kind == "heading" and 0 < above.level == below.level):
            continue
        both = above.text + below.text
        if squeeze(both) == wanted:
            yield own
        elif DOCUMENT.fullmatch(both) and not DOCUMENT.fullmatch(below.text):
            yield both


def is_frame(text: str) -> bool:
    """Say whether the `<title>` of a page names the office or what its template shows (信件详情), as a frame around every notice does."""
    return TEMPLATE.fullmatch(text) is not None or (len(text) <= LONGEST_OFFICE and is_organ(text))


def heading_of(document_title: str, lines: Iterable[str]) -> str | None:
    """Give the line that the `<title>` repeats or begins, the longest such; None when none does or it only names the site."""
    wanted, own = squeeze(document_title), squeeze(without_site(document_title))
    likely = (text for text in lines if text[:1] in document_title)
    fits = [text for text in likely if 4 <= len(text) <= 120 and not is_site_name(text) and _fits(squeeze(text), wanted, own)]
    return max(fits, key=len, default=None)


def _fits(line: str, wanted: str, own: str) -> bool:
    if len(line) < 8:
        return wanted.startswith(line)
    return line in wanted or (len(own) >= 8 and line.startswith(own) and len(line) <= 1.5 * len(own))
