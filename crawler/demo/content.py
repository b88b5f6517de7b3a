"""What the model web publishes on which day: the ground truth that tests compare archives with; pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, time, timedelta
from functools import cache
from typing import Any

from crawler.demo.addresses import notice_path
from crawler.demo.model import model, site_named, sites, today
from crawler.demo.publish import CHINA, publish
from crawler.demo.records import Block, ModelColumn, ModelNotice, ModelSite

OUTCOMES = ("missing", "soft_404", "challenge")


@cache
def notices(day: int) -> tuple[ModelNotice, ...]:
    """Give every notice listed on the day, column by column, newest first, in the state of that day."""
    base = _base()
    published = [notice for notice in base if notice.first_day <= day]
    changed = [_apply(notice, day) for notice in published]
    return tuple(sorted(changed, key=_list_order))


@cache
def column_notices(site: ModelSite, column: ModelColumn, day: int) -> tuple[ModelNotice, ...]:
    """Give the column's notices on the day, newest first."""
    published = notices(day) if site in sites() else family_notices(site.name, day)
    return tuple(notice for notice in published if notice.site == site.name and notice.column == column.id)


@cache
def family_notices(name: str, day: int) -> tuple[ModelNotice, ...]:
    """Give every notice that a site of families.toml lists on the day, newest first; nothing happens to them between the days."""
    published = [notice for notice in publish(site_named(name)) if notice.first_day <= day]
    return tuple(sorted(published, key=lambda notice: (notice.column, -notice.key)))


def _list_order(notice: ModelNotice) -> tuple[int, int, int]:
    names = [site.name for site in sites()]
    return names.index(notice.site), notice.column, -notice.key


@cache
def _base() -> tuple[ModelNotice, ...]:
    originals = [notice for site in sites() for notice in publish(site)]
    for event in model()["events"]:
        if event["kind"] == "forbidden":
            at = _index(originals, event)
            url = originals[at].url.replace("/zwgk/tzgg/", "/zwgk/nbzl/")
            originals[at] = replace(originals[at], url=url, work=url)
    return (*originals, *_reposts(originals))


def _reposts(originals: list[ModelNotice]) -> Iterator[ModelNotice]:
    """Publish one document again on other sites on day 2, each with a small edit: a lead, a paragraph less, a closing line."""
    plan = model()["repost"]
    original = originals[_index(originals, plan)]
    for target in plan["on"]:
        site = site_named(target["site"])
        order, column = next((k, column) for k, column in enumerate(site.columns, 1) if column.id == target["column"])
        key, listed = order * 10000 + column.count + column.fresh + 1, today(2)
        origin = site_named(original.site).title
        moved = replace(original, site=site.name, column=column.id, key=key, listed=listed, first_day=2, twin="", source=origin)
        url = f"http://{site.host}{notice_path(site, column, key, listed)}"
        issued = datetime.combine(listed, time(10, 5), CHINA)
        identifier = f"{site.site_code}/2026-{key:06d}" if site.family in {"ucap", "gkmlpt"} else None
        yield replace(moved, url=url, issued=issued, identifier=identifier, paragraphs=EDITS[target["edit"]](original.paragraphs))


EDITS: Mapping[str, Callable[[tuple[Block, ...]], tuple[Block, ...]]] = {
    "lead": lambda blocks: (blocks[0], Block(f"据市里最新安排，{blocks[1].text}"), *blocks[2:]),
    "drop": lambda blocks: (*blocks[:4], *blocks[5:]),
    "tail": lambda blocks: (*blocks[:-2], Block("请各单位一并遵照执行。"), *blocks[-2:]),
}


def _index(originals: list[ModelNotice], place: Mapping[str, Any]) -> int:
    """Find the notice at a place counted from the newest of day 1."""
    wanted = (place["site"], place["column"], 1)
    column = [k for k, notice in enumerate(originals) if (notice.site, notice.column, notice.first_day) == wanted]
    return column[-int(place["place"])]


@cache
def _events() -> Mapping[str, str]:
    """Map the URL of each notice with an event to the event's kind."""
    base = [notice for notice in _base() if notice.first_day == 1]
    return {base[_index(base, event)].url: str(event["kind"]) for event in model()["events"]}


def _apply(notice: ModelNotice, day: int) -> ModelNotice:
    """Give the notice in its state of the day."""
    kind = _events().get(notice.url, "")
    if kind == "forbidden":
        return replace(notice, outcome="refused")
    if day < 2 or not kind:
        return notice
    if kind in OUTCOMES:
        return replace(notice, outcome=kind)
    return replace(_CHANGES[kind](notice), change=kind)


def edit_sentence(notice: ModelNotice) -> ModelNotice:
    """Change the end of the first long paragraph."""
    blocks = list(notice.paragraphs)
    at = next(k for k, block in enumerate(blocks) if k and block.kind == "text" and len(block.text) > 30 and block.text.endswith("。"))
    blocks[at] = replace(blocks[at], text=f"{blocks[at].text[:-1]}，确有困难的可书面申请延期一次。")
    return replace(notice, paragraphs=tuple(blocks))


def move_date(notice: ModelNotice) -> ModelNotice:
    """State a publication one day later, on the page and in the list."""
    assert notice.issued is not None
    return replace(notice, issued=notice.issued + timedelta(days=1), listed=notice.listed + timedelta(days=1))


_CHANGES: Mapping[str, Callable[[ModelNotice], ModelNotice]] = {
    "text": edit_sentence,
    "date": move_date,
    "counter": lambda notice: replace(notice, hits=notice.hits + 87),
}
