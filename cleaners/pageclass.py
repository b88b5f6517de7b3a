"""What kind of page a capture shows when it is not simply a notice: flags, each with the words it was read from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cleaners.matching import Matcher
from cleaners.records import Attachment
from cleaners.text import Line

LITTLE = 40
LONGEST_LOOK = 20_000
"""Characters of a text that are looked through."""
SHORT = 300
"""Characters of text under which a page may be no more than a message."""
MISSING = re.compile(
    r"(?:页面|网页|信息|文章|内容|文件|栏目|稿件|记录)[^。，,]{0,8}(?:不存在|已被?删除|已下线|已撤销|找不到|未找到|无法找到|没有找到)"
    r"|(?:找不到|未找到|无法找到|没有找到)[^。，,]{0,14}(?:页面|网页|文件|信息|文章|内容)"
    r"|(?<!\d)404(?!\d)[^。]{0,20}|链接已?失效|Not Found|该信息已?过期",
    re.IGNORECASE,
)
CHALLENGE = re.compile(
    r"\$_ts\s?=|__jsl_clearance|wzws_(?:cid|sessionid)|HOY_TR|C3VK=|请开启\s?JavaScript|访问被拦截|您的请求疑似攻击行为|安全验证|人机验证"
    r"|(?:Checking|checking) your browser|365cyd\.com|请求过于频繁|访问过于频繁",
)
ATTACHMENT_LABEL = re.compile(
    r"附 ?[件表录錄]? ?[\d一二三四五六七八九十]{0,3} ?[:：]|附[件表录錄] ?[\d一二三四五六七八九十]{0,3}(?=\s|$)|[(（]?点击下载[)）]?"
)
PLACEHOLDER = re.compile(r"[xX×Ｘ]{1,4}[年月日号个名户元万％%]|某某[\u4e00-\u9fff]|[\u4e00-\u9fff][×xX]{2,4}[\u4e00-\u9fff]")
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


def classify(seen: Seen) -> dict[str, str]:
    """Give the flags of a page and, for each, what it was read from."""
    return dict((*_by_length(seen), *_by_words(seen)))


def flags_of_page(lines: Sequence[Line], matcher: Matcher) -> dict[str, str]:
    """Give the flags that rules about pages find in all lines of one, furniture too, where they do three times."""
    text = "\n".join(line.text for line in lines)[:LONGEST_LOOK]
    hits = ((rule.flag, [found.group() for found in pattern.finditer(text)]) for rule, pattern in matcher.page)
    return {flag: " ".join(dict.fromkeys(found)) for flag, found in hits if flag and len(found) >= 3}


def _by_length(seen: Seen) -> Iterator[tuple[str, str]]:
    if not seen.text.strip():
        yield "empty_body", ""
    if seen.attachments and len(_beside_attachments(seen)) < LITTLE:
        yield "attachment_only", f"{len(seen.attachments)} attachments"
    if seen.images and len(seen.text) < 20:
        yield "image_only", f"{seen.images} images"
    if (seen.unsure or len(seen.text) < LITTLE) and is_listing(seen.lines):
        yield "listing", f"{sum(_is_link(line) for line in seen.lines)} links"


def _beside_attachments(seen: Seen) -> str:
    """Give the text without the names of the files attached and the labels before them."""
    text = seen.text
    for title in sorted((attachment.title for attachment in seen.attachments), key=len, reverse=True):
        text = text.replace(title, "")
    return "".join(ATTACHMENT_LABEL.sub("", text).split())


def _by_words(seen: Seen) -> Iterator[tuple[str, str]]:
    shown = sum(len(line.text) for line in seen.lines)
    message = f"{seen.title}\n{seen.text}"
    if len(message) < SHORT and (found := MISSING.search(message)):
        yield "soft_404", found.group()
    if shown < SHORT and (found := CHALLENGE.search(seen.source[:200_000])):
        yield "challenge", found.group()
    masked = [found.group() for found in PLACEHOLDER.finditer(seen.text[:LONGEST_LOOK])]
    if len(masked) >= 3:
        yield "template_document", " ".join(masked[:3])
    if found := SHARING_HOSTS.search(seen.url.partition("://")[2].partition("/")[0]):
        yield "doc_sharing_site", found.group()


def _is_link(line: Line) -> bool:
    return line.links * 2 > len(line.text)


def is_listing(lines: Sequence[Line]) -> bool:
    """Say whether a page is a list of links rather than a text: many lines that are links, and hardly a sentence."""
    links = sum(_is_link(line) for line in lines)
    return links >= 12 and links >= 0.6 * len(lines) and not any(line.text.endswith("。") and not _is_link(line) for line in lines)
