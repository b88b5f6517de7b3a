"""Writes the notices of a site, drawn from fixed seeds, so that every run publishes the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta, timezone
from functools import cache
from random import Random
from typing import Any

from opencc import OpenCC

from crawler.demo.addresses import file_path, notice_path
from crawler.demo.compose import Draft, compose, desk_for
from crawler.demo.model import model, today
from crawler.demo.records import Block, ModelColumn, ModelFile, ModelNotice, ModelSite
from crawler.demo.stock import Deck, topics

CHINA = timezone(timedelta(hours=8))
SPAN = 280  # days from the oldest notice to day 1: all of them fall in 2026
DATED_ONLY = frozenset({"vsb"})  # families whose pages print no time of day
UNDATED = frozenset({"docshare"})
TABLED = frozenset({"trs", "ucap", "gkmlpt"})  # families whose every page has a header table with 发文机关 and 索引号
NUMBERED_IN_TEXT = frozenset({"vsb", "generic"})  # families without a header table: the 文号 stands above the text


def publish(site: ModelSite, fresh_days: Sequence[int] = (2,)) -> Iterator[ModelNotice]:
    """Write a site's notices, oldest first within each column; those not there on day 1 appear on `fresh_days`, in turn."""
    shelf = _Shelf(Deck(Random(f"dibao/{site.name}")), fresh_days)  # noqa: S311 - sentences, not secrets
    for order, column in enumerate(site.columns, 1):
        for index in range(column.count + column.fresh):
            yield _notice(site, column, order * 10000 + index + 1, index, shelf)


@dataclass
class _Shelf:
    """What the notices of one site share while they are written: the decks, the running 文号 and the titles used."""

    deck: Deck
    fresh_days: Sequence[int]
    serials: Counter[str] = field(default_factory=Counter)
    titles: set[str] = field(default_factory=set)


def _notice(site: ModelSite, column: ModelColumn, key: int, index: int, shelf: _Shelf) -> ModelNotice:
    rng = shelf.deck.rng
    first_day = 1 if index < column.count else shelf.fresh_days[(index - column.count) % len(shelf.fresh_days)]
    listed = today(first_day) - timedelta(days=max(0, (column.count - 1 - index) * SPAN // column.count))
    form = _form(site, column, index)
    topic = _topic(site, shelf.deck)
    draft = _draft(site, form, topic, listed, shelf, files=bool(site.files) and index % 5 == 2)
    number = f"{site.short}{topic['code']}发〔2026〕{_serial(shelf, topic)}号" if draft.number else None
    path = notice_path(site, column, key, listed)
    notice = ModelNotice(
        site=site.name,
        column=column.id,
        key=key,
        url=f"http://{site.host}{path}",
        title=draft.title,
        form=form,
        topic=topic["name"],
        subject=topic["subject"],
        listed=listed,
        issued=_issued(site, listed, rng),
        creator=f"{site.place}{topic['office']}" if draft.signatory or site.family in TABLED else None,
        paragraphs=_paragraphs(site, draft, number),
        created=draft.created,
        document_number=number,
        identifier=f"{site.site_code}/2026-{key:06d}" if site.family in TABLED else None,
        addressee=draft.addressee.removesuffix("：") if draft.addressee else None,
        signatory=draft.signatory,
        author=draft.author,
        speaker=draft.speaker,
        hits=rng.randint(20, 3000),
        first_day=first_day,
    )
    notice = _attached(site, column, replace(notice, work=notice.url, twin=_twin(site, column, path)), draft)
    return traditional(notice) if site.hant else notice


def _form(site: ModelSite, column: ModelColumn, index: int) -> str:
    for special in model()["forms"]:
        if (special["site"], special["column"], column.count - special["place"]) == (site.name, column.id, index):
            return str(special["form"])
    return column.forms[index % len(column.forms)]


def _topic(site: ModelSite, deck: Deck) -> Mapping[str, Any]:
    wanted = [topic for topic in topics() if not site.topics or topic["name"] in site.topics]
    return deck.deal("topics", wanted)


def _draft(site: ModelSite, form: str, topic: Mapping[str, Any], listed: date, shelf: _Shelf, *, files: bool) -> Draft:
    """Write until the title is one the site has not used."""
    while True:
        draft = compose(form, desk_for(topic, site.place, listed, shelf.deck), files=files)
        if draft.title not in shelf.titles:
            shelf.titles.add(draft.title)
            return draft


def _serial(shelf: _Shelf, topic: Mapping[str, Any]) -> int:
    shelf.serials[topic["code"]] += shelf.deck.rng.randint(1, 6)
    return shelf.serials[topic["code"]]


def _issued(site: ModelSite, listed: date, rng: Random) -> date | datetime | None:
    moment = datetime.combine(listed, time(rng.randint(8, 17), rng.randint(1, 59)), CHINA)
    if site.family in UNDATED:
        return None
    return listed if site.family in DATED_ONLY else moment


def _paragraphs(site: ModelSite, draft: Draft, number: str | None) -> tuple[Block, ...]:
    above = [Block(number)] if number and site.family in NUMBERED_IN_TEXT else []
    return (*above, *draft.blocks)


def _twin(site: ModelSite, column: ModelColumn, path: str) -> str:
    """Give the mobile address: the last column of a site with a mobile host is served there too, under the same path."""
    return f"http://{site.mobile}{path}" if site.mobile and column == site.columns[-1] else ""


def _attached(site: ModelSite, column: ModelColumn, notice: ModelNotice, draft: Draft) -> ModelNotice:
    """Attach the files the draft promises, and a picture where the form or the site has one."""

    def file(number: int, kind: str, title: str, lines: tuple[str, ...]) -> ModelFile:
        path = file_path(site, column, notice.key, notice.listed, number=number, kind=kind)
        return ModelFile(f"{title}.{kind}", f"http://{site.host}{path}", kind, (title, *lines))

    kinds = [site.files[(notice.key + k) % len(site.files)] for k in range(len(draft.files))]
    pictured = draft.image or (notice.form == "news" and site.family in {"hanweb", "vsb"} and notice.key % 4 == 0)
    pairs = enumerate(zip(kinds, draft.files, strict=True), 1)
    attached = tuple(file(k, kind, made.title, made.rows if kind == "xlsx" else made.texts) for k, (kind, made) in pairs)
    return replace(notice, attachments=attached, images=(file(9, "png", notice.title, ()),) if pictured else ())


@cache
def _converter() -> Callable[[str], str]:
    convert: Callable[[str], str] = OpenCC("s2t").convert
    return convert


def traditional(notice: ModelNotice) -> ModelNotice:
    """Give the notice in Traditional script, converted by phrase."""
    hant = _converter()
    words: dict[str, Any] = {name: hant(value) for name in _WORDS if (value := getattr(notice, name))}
    blocks = tuple(_hant_block(block) for block in notice.paragraphs)
    attached = tuple(replace(file, title=hant(file.title), lines=tuple(map(hant, file.lines))) for file in notice.attachments)
    return replace(notice, paragraphs=blocks, attachments=attached, **words)


def _hant_block(block: Block) -> Block:
    hant = _converter()
    return replace(block, text=hant(block.text), lead=hant(block.lead), cells=tuple(map(hant, block.cells)))


_WORDS = ("title", "subject", "creator", "document_number", "addressee", "signatory", "source", "author", "speaker")
