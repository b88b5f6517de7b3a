"""The notices of the month as they are first published: drawn from the stock, written for the story, and copied from each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, time
from functools import cache

from crawler.demo.addresses import notice_path
from crawler.demo.compose import chinese_day
from crawler.demo.content import EDITS
from crawler.demo.model import today
from crawler.demo.month.story import Copy, Name, Written, copies, fresh_days, sites, written
from crawler.demo.publish import CHINA, DATED_ONLY, NUMBERED_IN_TEXT, TABLED, publish, traditional
from crawler.demo.records import Block, ModelColumn, ModelNotice, ModelSite


@cache
def published() -> Mapping[Name, ModelNotice]:
    """Give every notice of the month by name, as it is on the day it appears."""
    drawn = [notice for site in sites().values() for notice in publish(site, fresh_days(site.name))]
    known = {(notice.site, notice.key): notice for notice in (*drawn, *map(_written, written()))}
    return known | {(copy.site, copy.key): _copied(copy, known[copy.of]) for copy in copies()}


def column_of(site: ModelSite, key: int) -> ModelColumn:
    """Give the column a key belongs to."""
    return site.columns[key // 10000 - 1]


def _written(text: Written) -> ModelNotice:
    """Set a written notice as its site prints it: the addressee above, signature and day below."""
    site = sites()[text.site]
    column, listed = column_of(site, text.key), text.listed or today(text.day)
    url = f"http://{site.host}{notice_path(site, column, text.key, listed)}"
    office = f"{site.place}人民政府{'办公室' if '办' in text.number else ''}" if text.number else None
    signed = (office, chinese_day(text.created)) if office and text.created else ()
    blocks = (f"{text.addressee}：" if text.addressee else "", *text.paragraphs, *signed)
    return ModelNotice(
        site=site.name,
        column=column.id,
        key=text.key,
        url=url,
        title=text.title,
        form="directive",
        topic="综合政务",
        subject="综合政务",
        listed=listed,
        issued=datetime.combine(listed, time(9, 10), CHINA),
        paragraphs=tuple(Block(line) for line in blocks if line),
        creator=office or f"{site.place}人民政府办公室",
        created=text.created,
        document_number=text.number or None,
        identifier=f"{site.site_code}/2026-{text.key:06d}",
        addressee=text.addressee or None,
        signatory=office,
        first_day=text.day,
        work=url,
        twin=f"http://{site.mobile}{notice_path(site, column, text.key, listed)}" if site.mobile and column == site.columns[-1] else "",
    )


def _copied(copy: Copy, original: ModelNotice) -> ModelNotice:
    """Publish a notice again, in the manner of the site that does."""
    site, origin = sites()[copy.site], sites()[original.site]
    column, listed = column_of(site, copy.key), today(copy.day)
    url = f"http://{site.host}{notice_path(site, column, copy.key, listed)}"
    blocks = EDITS[copy.edit](original.paragraphs) if copy.edit else original.paragraphs
    if site.family in NUMBERED_IN_TEXT and original.document_number:
        blocks = (Block(original.document_number), *blocks)
    issued = listed if site.family in DATED_ONLY else datetime.combine(listed, time(10, 5), CHINA)
    identifier = f"{site.site_code}/2026-{copy.key:06d}" if site.family in TABLED else None
    moved = replace(original, site=site.name, column=column.id, key=copy.key, url=url, paragraphs=blocks, twin="", identifier=identifier)
    again = replace(moved, listed=listed, issued=issued, first_day=copy.day, source=None if site == origin else origin.title)
    return traditional(again) if site.hant else again
