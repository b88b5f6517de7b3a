"""The pagers by the names families.toml calls them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from spiders import paging
from spiders.families.gkmlpt import config_index
from spiders.families.hanweb import dataproxy
from spiders.families.jpaas import build_unit
from spiders.paging import LAST, Page, Turn, says_more

PAGERS: Mapping[str, Callable[[Page], Turn | None]] = {
    pager.__name__: pager
    for pager in (
        paging.create_page_html,
        paging.descending,
        paging.json_page,
        paging.links,
        paging.numbered,
        paging.static_json,
        build_unit,
        config_index,
        dataproxy,
    )
}


def turn(page: Page, pagers: tuple[str, ...]) -> Turn:
    """Ask the pagers in order, then the plain links; a page that says nothing is the last one."""
    for name in dict.fromkeys((*pagers, "links")):
        found = PAGERS[name](page)
        if found is not None:
            return found
    return Turn(None, promised=True) if says_more(page.text) else LAST
