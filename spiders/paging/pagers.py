"""The pagers by the names families.toml calls them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from spiders.families import epoint, frames, hanweb, jpaas, portals
from spiders.paging import LAST, Page, Turn, counted, links, numbered, pagerforms, says_more
from spiders.paging.widgets import waits_for_click

PAGERS: Mapping[str, Callable[[Page], Turn | None]] = {
    pager.__name__: pager
    for pager in (
        counted.json_page,
        counted.post_page,
        counted.query_page,
        links.links,
        numbered.component,
        numbered.create_page_html,
        numbered.descending,
        numbered.numbered,
        numbered.static_json,
        numbered.suffixed,
        numbered.unspaced,
        epoint.getgovinfolist,
        frames.config_index,
        frames.datasource,
        frames.feed,
        frames.doc_info,
        frames.json_list,
        hanweb.dataproxy,
        hanweb.xxgk_search,
        jpaas.build_unit,
        portals.eportal_ui,
        portals.label,
        pagerforms.forms,
    )
}


def turn(page: Page, pagers: tuple[str, ...]) -> Turn:
    """Ask the pagers in order, then the plain links; a page that says nothing is the last one.

    One that says there are more rows than it holds, and not where, is promised to go on: its list is not taken for complete.
    """
    for name in dict.fromkeys((*pagers, "links", "forms")):
        found = PAGERS[name](page)
        if found is not None:
            return found
    promised = counted.falls_short(page) or says_more(page.text) or waits_for_click(page.text)
    return Turn(None, promised=True) if promised else LAST
