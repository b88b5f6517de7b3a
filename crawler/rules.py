"""The rules a site's pages are read with: the same frozen value in a crawl, an import and a rebuild."""

from __future__ import annotations

from functools import lru_cache

from cleaners.pages.layout import Layout
from cleaners.rules import Rules, default_rules
from spiders.site import Site


@lru_cache(maxsize=512)
def rules_for(site: Site | None) -> Rules:
    """Put a site's own layouts, if it has any, before those of the families; named by no family, they are believed as they stand."""
    if site is None or not site.layouts:
        return default_rules()
    own = (Layout(valid_until=one.valid_until, body=one.body, title=one.title, drop=one.drop) for one in site.layouts)
    return default_rules().with_layouts(own)
