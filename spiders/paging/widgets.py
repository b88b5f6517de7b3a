"""Pagers that are only there in a browser: an enabled button for the next page, with no address behind it."""

from __future__ import annotations

import re

BUTTON = re.compile(r"<button\b([^<>]{0,1000})>([^<>]{0,40})", re.IGNORECASE)
ROW = re.compile(r"<li\b([^<>]{0,1000})>", re.IGNORECASE)
NEXT_WORDS = re.compile("下一?页|加载更多")
OFF = re.compile(r"\bdisabled\b(?!\s?=\s?[\"']?false)", re.IGNORECASE)


def waits_for_click(text: str) -> bool:
    """Say whether a page holds a button for the next page that is not switched off.

    Element's `btn-next` and Ant Design's `ant-pagination-next` are drawn as icons; others are known by their words (下一页, 加载更多).
    """
    buttons = (found[1] for found in BUTTON.finditer(text) if "btn-next" in found[1] or NEXT_WORDS.search(found[2]))
    rows = (found[1] for found in ROW.finditer(text) if "ant-pagination-next" in found[1])
    return any(not OFF.search(attributes) for attributes in (*buttons, *rows))
