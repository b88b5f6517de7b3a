"""The rules a site's pages are read with: the same frozen value in a crawl, an import and a rebuild."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from cleaners.pages.layout import Layout
from cleaners.rules import Rules, default_rules
from spiders.site import Site


@lru_cache(maxsize=512)
def rules_for(site: Site | None, learned: tuple[str, ...] = ()) -> Rules:
    """Put a site's own layouts, if it has any, before those of the families; named by no family, they are believed as they stand.

    `learned` are the lines of its template that are in force (`archive.rebuilding.learned`).
    """
    rules = default_rules()
    if site is not None and site.layouts:
        own = (Layout(valid_until=one.valid_until, body=one.body, title=one.title, drop=one.drop) for one in site.layouts)
        rules = rules.with_layouts(own)
    return replace(rules, learned=learned) if learned else rules
