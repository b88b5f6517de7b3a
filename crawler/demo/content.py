"""What the model web publishes on which day: the ground truth, drawn once from fixed seeds, so that every run sees the same."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta, timezone
from functools import cache
from importlib.resources import files
from random import Random
from typing import Any

from opencc import OpenCC

from crawler.demo.addresses import file_path, notice_path
from crawler.demo.compose import Draft, compose, desk_for
from crawler.demo.records import Block, ModelColumn, ModelFile, ModelNotice, ModelSite
from crawler.demo.stock import Deck, topics

CHINA = timezone(timedelta(hours=8))
SPAN = 280  # days from the oldest notice to day 1: all of them fall in 2026
DATED_ONLY = frozenset({"vsb"})  # families whose pages print no time of day
UNDATED = frozenset({"docshare"})
NUMBERED_IN_TEXT = frozenset({"vsb", "generic"})  # families without a header table: the 文号 stands above the text
OUTCOMES = ("missing", "soft_404", "challenge")


@cache
def model() -> Mapping[str, Any]:
    """Read model.toml."""
    table: Mapping[str, Any] = tomllib.loads(files("crawler.demo").joinpath("model.toml").read_text("utf-8"))
    return table


@cache
def sites() -> tuple[ModelSite, ...]:
    """Give the model sites in file order."""
    return tuple(_site(table) for table in model()["sites"])


def _site(table: Mapping[str, Any]) -> ModelSite:
    columns = tuple(ModelColumn(**{**column, "forms": tuple(column["forms"])}) for column in table["columns"])
    lists = {key: tuple(table[key]) for key in ("topics", "files") if key in table}
    return ModelSite(**{**table, **lists, "columns": columns})


def site_named(name: str) -> ModelSite:
    """Give the model site of that name; KeyError where there is none."""
    return {site.name: site for site in sites()}[name]


def today(day: int) -> date:
    """Give the date on which day 1, 2, ... of the model web falls; days after the last listed one follow it."""
    listed = model()["days"]
    return listed[day - 1] if day <= len(listed) else listed[-1] + timedelta(days=day - len(listed))


@cache
def notices(day: int) -> tuple[ModelNotice, ...]:
    """Give every notice listed on the day, column by column, newest first, in the state of that day."""
    base = _base()
    published = [notice for notice in base if notice.first_day <= day]
    changed = [_apply(notice, day) for notice in published]
    return tuple(sorted(changed, key=_list_order))


def column_notices(site: ModelSite, column: ModelColumn, day: int) -> tuple[ModelNotice, ...]:
    """Give the column's notices on the day, newest first."""
    return tuple(notice for notice in notices(day) if notice.site == site.name and notice.column == column.id)


def _list_order(notice: ModelNotice) -> tuple[int, int, int]:
    names = [site.name for site in sites()]
    return names.index(notice.site), notice.column, -notice.key


@cache
def _base() -> tuple[ModelNotice, ...]:
    originals = [notice for site in sites() for notice in _publish(site)]
    for event in model()["events"]:
        if event["kind"] == "forbidden":
            at = _index(originals, event)
            url = originals[at].url.replace("/zwgk/tzgg/", "/zwgk/nbzl/")
            originals[at] = replace(originals[at], url=url, work=url)
    return (*originals, *_reposts(originals))


def _publish(site: ModelSite) -> Iterator[ModelNotice]:
    """Write a site's notices, oldest first within each column."""
    deck = Deck(Random(f"dibao/{site.name}"))
    serials: Counter[str] = Counter()
    titles: set[str] = set()
    for order, column in enumerate(site.columns, 1):
        for index in range(column.count + column.fresh):
            yield _notice(site, column, order * 10000 + index + 1, index, _Shelf(deck, serials, titles))


class _Shelf:
    """What the notices of one site share while they are written: the decks, the running 文号 and the titles used."""

    def __init__(self, deck: Deck, serials: Counter[str], titles: set[str]) -> None:
        self.deck = deck
        self.serials = serials
        self.titles = titles


def _notice(site: ModelSite, column: ModelColumn, key: int, index: int, shelf: _Shelf) -> ModelNotice:
    rng = shelf.deck.rng
    first_day = 1 if index < column.count else 2
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
        creator=f"{site.place}{topic['office']}",
        paragraphs=_paragraphs(site, draft, number),
        created=draft.created,
        document_number=number,
        identifier=f"{site.site_code}/2026-{key:06d}" if site.family in {"trs", "ucap", "gkmlpt"} else None,
        addressee=draft.addressee,
        signatory=draft.signatory,
        author=draft.author,
        speaker=draft.speaker,
        hits=rng.randint(20, 3000),
        first_day=first_day,
    )
    notice = replace(notice, work=notice.url, twin=_twin(site, column, path), **_attached(site, column, notice, draft))
    return _traditional(notice) if site.hant else notice


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


def _attached(site: ModelSite, column: ModelColumn, notice: ModelNotice, draft: Draft) -> dict[str, tuple[ModelFile, ...]]:
    def file(number: int, kind: str, title: str) -> ModelFile:
        path = file_path(site, column, notice.key, notice.listed, number, kind)
        lines = (notice.title, title, *(block.text for block in notice.paragraphs[:6]))
        return ModelFile(f"{title}.{kind}", f"http://{site.host}{path}", kind, lines)

    kinds = [site.files[(notice.key + k) % len(site.files)] for k in range(len(draft.file_titles))]
    pictured = draft.image or (notice.form == "news" and site.family in {"hanweb", "vsb"} and notice.key % 4 == 0)
    return {
        "attachments": tuple(file(k, kind, title) for k, (kind, title) in enumerate(zip(kinds, draft.file_titles, strict=True), 1)),
        "images": (file(9, "png", notice.title),) if pictured else (),
    }


@cache
def _converter() -> Callable[[str], str]:
    convert: Callable[[str], str] = OpenCC("s2t").convert
    return convert


def _traditional(notice: ModelNotice) -> ModelNotice:
    """Give the notice in Traditional script, converted by phrase."""
    hant = _converter()
    words = {name: hant(value) for name in _WORDS if (value := getattr(notice, name))}
    blocks = tuple(replace(block, text=hant(block.text), lead=hant(block.lead), cells=tuple(map(hant, block.cells))) for block in notice.paragraphs)
    attached = tuple(replace(file, title=hant(file.title), lines=tuple(map(hant, file.lines))) for file in notice.attachments)
    return replace(notice, paragraphs=blocks, attachments=attached, **words)


_WORDS = ("title", "subject", "creator", "document_number", "addressee", "signatory", "source", "author", "speaker")


def _reposts(originals: list[ModelNotice]) -> Iterator[ModelNotice]:
    """Publish one document again on other sites on day 2, each with a small edit: a lead, a paragraph less, a closing line."""
    plan = model()["repost"]
    original = originals[_index(originals, plan)]
    for target in plan["on"]:
        site = site_named(target["site"])
        order, column = next((k, column) for k, column in enumerate(site.columns, 1) if column.id == target["column"])
        key, listed = order * 10000 + column.count + column.fresh + 1, today(2)
        moved = replace(original, site=site.name, column=column.id, key=key, listed=listed, first_day=2, twin="", source=site_named(original.site).title)
        url = f"http://{site.host}{notice_path(site, column, key, listed)}"
        issued = datetime.combine(listed, time(10, 5), CHINA)
        identifier = f"{site.site_code}/2026-{key:06d}" if site.family in {"ucap", "gkmlpt"} else None
        yield replace(moved, url=url, issued=issued, identifier=identifier, paragraphs=_EDITS[target["edit"]](original.paragraphs))


_EDITS: Mapping[str, Callable[[tuple[Block, ...]], tuple[Block, ...]]] = {
    "lead": lambda blocks: (blocks[0], Block(f"据市里最新安排，{blocks[1].text}"), *blocks[2:]),
    "drop": lambda blocks: (*blocks[:4], *blocks[5:]),
    "tail": lambda blocks: (*blocks[:-2], Block("请各单位一并遵照执行。"), *blocks[-2:]),
}


def _index(originals: list[ModelNotice], place: Mapping[str, Any]) -> int:
    """Find the notice at a place counted from the newest of day 1."""
    column = [k for k, notice in enumerate(originals) if (notice.site, notice.column, notice.first_day) == (place["site"], place["column"], 1)]
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


def _edit_sentence(notice: ModelNotice) -> ModelNotice:
    """Change the end of the first long paragraph."""
    blocks = list(notice.paragraphs)
    at = next(k for k, block in enumerate(blocks) if k and block.kind == "text" and len(block.text) > 30 and block.text.endswith("。"))
    blocks[at] = replace(blocks[at], text=f"{blocks[at].text[:-1]}，确有困难的可书面申请延期一次。")
    return replace(notice, paragraphs=tuple(blocks))


def _move_date(notice: ModelNotice) -> ModelNotice:
    """State a publication one day later, on the page and in the list."""
    assert notice.issued is not None
    return replace(notice, issued=notice.issued + timedelta(days=1), listed=notice.listed + timedelta(days=1))


_CHANGES: Mapping[str, Callable[[ModelNotice], ModelNotice]] = {
    "text": _edit_sentence,
    "date": _move_date,
    "counter": lambda notice: replace(notice, hits=notice.hits + 87),
}
