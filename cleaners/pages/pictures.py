"""The pictures of a text: their addresses and captions; icons, spacers and pictures kept inside the page left out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urljoin

from cleaners.pages.page import Page
from cleaners.pages.tags import attributes
from cleaners.records import Picture
from cleaners.text import collapse

LAZY = ("src", "data-src", "data-original", "original-src", "oldsrc", "file")
"""Attributes that hold a picture's address, those of scripts that load pictures late behind the usual one."""
ICON = re.compile(
    r"/icons?[_/-]|icon_|file_?icon|filetype|blank\.gif|spacer|space\.gif|loading|/share|weixin|qrcode|ewm|print\.", re.IGNORECASE
)
SMALLEST = 30
"""Pixels: a picture narrower or lower by its attributes is an icon."""
NO_CAPTION = re.compile(
    r"[\w.-]*\.(?:jpe?g|png|gif|bmp|webp)|\W*|(?:点击)?(?:查看)?(?:大图|原图|图片)|\d+|image\S*|undefined|null", re.IGNORECASE
)


def find_images(page: Page, node: int, base: str) -> tuple[tuple[int, Picture], ...]:
    """Give the pictures inside an element, each with the line it stands before; `base` resolves their addresses.

    The caption is the line marked as one right below, or the alternative text or title where it says something.
    """
    within = page.tree.inside(node)
    inside = ((line, image) for line, image in page.images if image in within)
    found = ((line, _read(attributes(page.tree.tags[image]), base, _caption_below(page, line))) for line, image in inside)
    return tuple((line, picture) for line, picture in found if picture is not None)


def _read(found: Mapping[str, str], base: str, below: str) -> Picture | None:
    source = next((found[name].strip() for name in reversed(LAZY) if found.get(name, "").strip()), "")
    if not source or source.startswith("data:") or ICON.search(source) or _is_small(found):
        return None
    try:
        url = urljoin(base, source)
    except ValueError:  # an address no parser takes
        return None
    named = (collapse(found.get(name, "")) for name in ("alt", "title"))
    caption = below or next((name for name in named if name and not NO_CAPTION.fullmatch(name)), "")
    return Picture(url, caption)


def _caption_below(page: Page, line: int) -> str:
    return page.lines[line].text if line < len(page.lines) and page.lines[line].kind == "caption" else ""


def _is_small(found: Mapping[str, str]) -> bool:
    sizes = (found.get(name, "").strip().removesuffix("px") for name in ("width", "height"))
    return any(size.isdecimal() and len(size) < 6 and int(size) < SMALLEST for size in sizes)
