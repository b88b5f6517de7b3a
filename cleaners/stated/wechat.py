"""The account of a WeChat article (微信公众号): the source of pages that name no other."""

from __future__ import annotations

import re

from cleaners.pages.tree import Tree
from cleaners.stated.labels import clean_value
from cleaners.stated.metatags import FieldFound

_TEXT = "#js_content"
_NAME = "#js_name"
_NICKNAME = re.compile(r"\bnick_?name\s{0,4}[=:]\s{0,4}(?:htmlDecode\()?[\"'](?P<name>[^\"'<>\\]{1,60})[\"']", re.IGNORECASE)


def read_account(tree: Tree, text: str) -> FieldFound | None:
    """Give the account that published an article, from the line under its title or the script of the page (`text`); None elsewhere."""
    if _TEXT not in tree.named:
        return None
    shown = (clean_value(tree.text_of(node)) for node in tree.named.get(_NAME, ()))
    if name := next(filter(None, shown), ""):
        return FieldFound("source", name, "label", name)
    written = _NICKNAME.search(text)
    return FieldFound("source", written["name"].strip(), "script", written.group()) if written else None
