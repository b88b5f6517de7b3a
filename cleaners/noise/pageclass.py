"""What kind of page a capture shows when it is not simply a notice: flags, each with the words it was read from, and one class."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from cleaners.characters.script import wrong_words
from cleaners.noise.matching import Matcher
from cleaners.records import Attachment, Evidence
from cleaners.text import Line

LITTLE = 40
LONGEST_LOOK = 20_000
"""Characters of a text that are looked through."""
SHORT = 300
"""Characters of text under which a page may be no more than a message."""
HEAD = 1_500
"""Characters of a document in which a template shows its gaps: forms annexed to a notice have theirs further down."""
LEAST_GAPS = 3
LEAST_WRONG_WORDS = 3
"""Different words that show a conversion character by character: a converter by phrases makes one or two mistakes of the kind."""
CLASSES = (
    ("challenge", "challenge"),
    ("soft_404", "soft_404"),
    ("script_shell", "script_shell"),
    ("listing", "listing"),
    ("doc_sharing_site", "doc_sharing"),
    ("parasite_clone", "clone"),
    ("template_document", "template"),
)
"""Flags that tell the class of a page, the more telling first, and the classes."""
BY_RIGHT = frozenset({"image_only", "attachment_only"})
"""Flags of notices that have no text of their own."""
OTHERWISE = BY_RIGHT | {"soft_404", "challenge"}
"""Flags of pages that say what they are themselves: the links around that are their menus, and make no listing of them."""
MISSING = re.compile(
    r"(?:页面|网页|信息|文章|内容|文件|栏目|稿件|记录)[^。，,]{0,8}(?:不存在|已被?删除|已下线|已撤销|找不到|未找到|无法找到|没有找到)"
    r"|(?:找不到|未找到|无法找到|没有找到)[^。，,]{0,14}(?:页面|网页|文件|信息|文章|内容)"
    r"|404[^。\d]{0,12}(?:Not Found|页面|网页|错误|出错|error)|(?:错误|出错|error|HTTP)[^。\d]{0,6}404(?:\D|$)"
    r"|链接已?失效|Not Found|该信息已?过期",
    re.IGNORECASE,
)
NOTICE_TITLE = re.compile(r"关于.{2,60}|.{2,40}(?:通知|公告|公示|通告|通报|意见|决定|办法|规定|函|批复|名单)$")
CHALLENGE = re.compile(r"\$_ts\s?=|__jsl_clearance|wzws_(?:cid|sessionid)|HOY_TR|C3VK=|365cyd\.com|(?:Checking|checking) your browser")
CHALLENGE_WORDS = re.compile(
    r"请开启\s?JavaScript|访问被拦截|疑似攻击行为|(?:请|正在)[^。，]{0,6}(?:安全|人机)验证|请求过于频繁|访问过于频繁|拖动滑块|您的访问[^。，]{0,6}被(?:拦截|阻断|拒绝)"
)
SHELL = re.compile(
    r"<div id=[\"']?(?:app|root|__next|__nuxt)[\"']?[^<>]{0,80}>\s{0,40}</div>|<app-root|ng-app="
    r"|__NEXT_DATA__|__NUXT__|window\.__INITIAL_STATE__|(?:need to enable|without|启用|开启)\s?JavaScript",
    re.IGNORECASE,
)
ATTACHMENT_LABEL = re.compile(
    r"附 ?[件表录錄]? ?[\d一二三四五六七八九十]{0,3} ?[:：]|附[件表录錄] ?[\d一二三四五六七八九十]{0,3}(?=\s|$)|[(（]?点击下载[)）]?"
)
GAP = re.compile(
    r"[xX×Ｘ]{1,4}(?:[年月日号个名户元万％%市县区镇乡局]|公司|同志|单位)|某某(?:[省市县区镇乡村局厅]|公司|同志|单位|学校)|某年某?月"
)
"""A gap in a sample: xxxx年, ××市, 某某同志. Not 李某某 and 张××, which hide a person's name."""
ANNEX = re.compile(r"^附 ?[件表录錄] ?[\d一二三四五六七八九十]{0,3} ?[:：]?$", re.MULTILINE)
OFFICIAL_HOSTS = re.compile(r"(?:.*\.)?(?:gov\.(?:cn|hk|mo|tw)|people\.com\.cn|news\.cn|xinhuanet\.com|12371\.cn)", re.IGNORECASE)
"""Hosts that others copy: what looks like a copy's marks stands there in its own right."""
SHARING_HOSTS = re.compile(r"wenku|doc88|docin|renrendoc|book118|360doc|taodocs|bdocx|zixin|fanwen", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Seen:
    """What the classes are read from: the source, the page's lines, the notice's text and what it links to.

    `unsure`: nothing on the page looked like a text, or most of what did are links.
    """

    source: str
    lines: Sequence[Line]
    text: str
    title: str
    url: str
    attachments: Sequence[Attachment] = ()
    images: int = 0
    unsure: bool = False
    script: str = ""

    @property
    def host(self) -> str:
        """The host of the page's address."""
        return _host(self.url)


def classify(seen: Seen) -> dict[str, str]:
    """Give the flags of a page and, for each, what it was read from."""
    flags = dict((*_by_length(seen), *_by_message(seen), *_by_text(seen)))
    if OTHERWISE.isdisjoint(flags) and (links := _listed(seen)):
        flags["listing"] = f"{links} links"
    return flags


def class_of(flags: Mapping[str, str]) -> Evidence:
    """Give the one class of a page (`value`) by its flags: notice where none says otherwise, empty where nothing is left of it.

    `snippet` is what the class was read from, `candidates` are the other classes the page shows signs of.
    """
    found = [(name, flag) for flag, name in CLASSES if flag in flags]
    if "empty_body" in flags and BY_RIGHT.isdisjoint(flags):
        found.append(("empty", "empty_body"))
    if not found:
        return Evidence("notice", place="page")
    (name, flag), *others = found
    return Evidence(name, "", flags[flag][:200], "page", tuple((other, proof) for other, proof in others))


def flags_of_page(lines: Sequence[Line], matcher: Matcher, url: str = "") -> dict[str, str]:
    """Give the flags that rules about pages find in all lines of one, furniture too, as often as each rule asks for.

    An address of the government's own, or of the press that speaks for it, is evidence against a copy by others.
    """
    text = "\n".join([line.text for line in lines])[:LONGEST_LOOK]
    hits = ((rule, [found.group() for found in pattern.finditer(text)]) for rule, pattern in matcher.page)
    flags = {rule.flag: " ".join(dict.fromkeys(found)) for rule, found in hits if rule.flag and len(found) >= rule.least}
    if OFFICIAL_HOSTS.fullmatch(_host(url)):
        flags.pop("parasite_clone", None)
    return flags


def _host(url: str) -> str:
    return url.partition("://")[2].partition("/")[0].rpartition("@")[2].partition(":")[0]


def _by_length(seen: Seen) -> Iterator[tuple[str, str]]:
    if not seen.text.strip():
        yield "empty_body", f"{len(seen.lines)} lines on the page, none of them the notice's"
    if seen.attachments and len(_beside_attachments(seen)) < LITTLE:
        yield "attachment_only", f"{len(seen.attachments)} attachments"
    if seen.images and len(seen.text) < 20:
        yield "image_only", f"{seen.images} images"


def _beside_attachments(seen: Seen) -> str:
    """Give the text without the names of the files attached and the labels before them."""
    text = seen.text
    for title in sorted((attachment.title for attachment in seen.attachments), key=len, reverse=True):
        text = text.replace(title, "")
    return "".join(ATTACHMENT_LABEL.sub("", text).split())


def _by_message(seen: Seen) -> Iterator[tuple[str, str]]:
    """Read what a page says that shows little: it is not there, it wants to know who asks, its scripts have not run."""
    if len(seen.text) >= SHORT:
        return
    plain = [line.text for line in seen.lines if not _is_link(line) and not line.seldom]
    message = "\n".join((seen.title, *plain))
    if len(message) >= SHORT:
        return
    if not NOTICE_TITLE.match(seen.title) and (found := MISSING.search(message)):
        yield "soft_404", found.group()
    shown = sum(len(line.text) for line in seen.lines)
    if shown < SHORT and (found := CHALLENGE_WORDS.search(message) or CHALLENGE.search(seen.source[:200_000])):
        yield "challenge", found.group()
    elif shown < SHORT and len(seen.text) < LITTLE and (found := SHELL.search(seen.source[:200_000])):
        yield "script_shell", found.group()


def _by_text(seen: Seen) -> Iterator[tuple[str, str]]:
    gaps = _gaps(seen.text)
    if len(gaps) >= LEAST_GAPS:
        yield "template_document", " ".join(gaps[:LEAST_GAPS])
    if (found := SHARING_HOSTS.search(seen.host)) and not seen.host.endswith(".gov.cn"):
        yield "doc_sharing_site", found.group()
    wrong = wrong_words(seen.text) if seen.script == "Hant" else {}
    if len(wrong) >= LEAST_WRONG_WORDS:
        yield "converted_by_char", " ".join(f"{word}×{count}" for word, count in wrong.items())


def _gaps(text: str) -> list[str]:
    """Give the gaps at the head of a text, what is annexed to it left out."""
    if not any(mark in text for mark in "xX×Ｘ某"):
        return []
    annex = ANNEX.search(text)
    return [found.group() for found in GAP.finditer(text[: min(HEAD, annex.start() if annex else HEAD)])]


def _is_link(line: Line) -> bool:
    return line.links * 2 > len(line.text)


def _listed(seen: Seen) -> int:
    """Count the links of a page that shows little else, menus and footers left out; 0 for any other page."""
    if not seen.unsure and len(seen.text) >= LITTLE:
        return 0
    lines = [line for line in seen.lines if not line.seldom]
    return sum(map(_is_link, lines)) if is_listing(lines) else 0


def is_listing(lines: Sequence[Line]) -> bool:
    """Say whether a page is a list of links rather than a text: many lines that are links, and hardly a sentence."""
    links = sum(_is_link(line) for line in lines)
    return links >= 12 and links >= 0.6 * len(lines) and not any(line.text.endswith("。") and not _is_link(line) for line in lines)
