"""Pages that scripts fill: an empty root element, nothing but scripts, or a route behind `#/`."""

from __future__ import annotations

import re

from spiders.paging import Page

ROOT = re.compile(
    r"<(?:div|main|section|app-root)\b[^<>]{0,200}\bid\s{0,9}=\s{0,9}['\"]?(?:app|root|main-app|__next|__nuxt)['\"]?[^<>]{0,200}>"
)
FRAMEWORK = re.compile(
    r"\bng-app\b|<app-root|/chunk-vendors|/umi\.|webpackJsonp|__NUXT__|__NEXT_DATA__|/app\.[0-9a-f]{6,20}\.js", re.IGNORECASE
)
NOT_TEXT = re.compile(r"<(script|style|title|noscript)\b[^<>]*>|<[^<>]*>", re.IGNORECASE)
MOST_TEXT = 60  # characters a shell shows: "loading", the site's name


def is_shell(page: Page) -> bool:
    """Say whether a page without a list is one only because its scripts did not run."""
    if page.value is not None or "<script" not in page.text.lower():
        return False
    routed = "#/" in page.url
    made_by_scripts = routed or bool(ROOT.search(page.text)) or bool(FRAMEWORK.search(page.text))
    return made_by_scripts and len(_shown(page.text)) <= MOST_TEXT


def _shown(text: str) -> str:
    """Give the text a page shows before its scripts run, without white space."""
    kept: list[str] = []
    at, lower = 0, text.lower()
    for tag in NOT_TEXT.finditer(text):
        if tag.start() < at:
            continue
        kept.append(text[at : tag.start()])
        at = tag.end()
        if tag[1]:
            end = lower.find(f"</{tag[1].lower()}", at)
            at = end if end >= 0 else len(text)
    return re.sub(r"\s+", "", "".join([*kept, text[at:]]))
