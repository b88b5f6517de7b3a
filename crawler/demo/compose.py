"""Composes the text of one model notice from the stock, form by form; the same draws give the same text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from crawler.demo.records import Block
from crawler.demo.stock import Deck, cells, expand, general, person

NUMERALS = "一二三四五六七八九十"


@dataclass(frozen=True)
class Enclosed:
    """An attachment in the making: its title, paragraphs for a document and rows (cells divided by tabs) for a sheet."""

    title: str
    texts: tuple[str, ...]
    rows: tuple[str, ...]


@dataclass
class Draft:
    """A notice in the making: the text and parts a form gave it; `files` are the attachments it promises."""

    title: str
    blocks: list[Block] = field(default_factory=list)
    created: date | None = None
    number: bool = False
    addressee: str | None = None
    signatory: str | None = None
    author: str | None = None
    speaker: str | None = None
    files: list[Enclosed] = field(default_factory=list)
    image: bool = False

    def say(self, *texts: str) -> None:
        """Add plain paragraphs."""
        self.blocks.extend(Block(text) for text in texts)


@dataclass(frozen=True)
class Desk:
    """What a writer has at hand: the topic, the place, the day of writing, and the decks shared by one site."""

    topic: Mapping[str, Any]
    place: str
    issued: date
    deck: Deck
    rng: Random
    fixed: Mapping[str, str]

    @property
    def office(self) -> str:
        """The issuing office's full name."""
        return f"{self.place}{self.topic['office']}"

    def draw(self, key: str) -> str:
        """Deal and expand a sentence of the topic; leads and news tell of days that are past, the rest of days to come."""
        past = {"month": str(self.issued.month), "day": str(self.rng.randint(1, self.issued.day))} if key in {"leads", "news"} else {}
        return expand(self.deck.deal(f"{self.topic['name']}/{key}", self.topic[key]), self.rng, {**self.fixed, **past})

    def common(self, key: str, **more: str) -> str:
        """Deal and expand a sentence of the general stock; `more` are slots beside the desk's own."""
        return expand(self.deck.deal(key, general()[key]), self.rng, {**self.fixed, **more})

    def expand(self, template: str) -> str:
        """Expand a template with this notice's own place and time."""
        return expand(template, self.rng, self.fixed)

    def signing_day(self) -> date:
        """Draw the 成文日期: up to three days before publication."""
        return self.issued - timedelta(days=self.rng.randint(0, 3))


def desk_for(topic: Mapping[str, Any], place: str, issued: date, deck: Deck) -> Desk:
    """Lay out a desk; town and office stay the same within one notice."""
    fixed = {
        "town": deck.rng.choice(general()["towns"]),
        "year": str(issued.year),
        "year2": str(issued.year + 1),
        "month": str(issued.month % 12 + 1),
        "office": f"{place}{topic['office']}",
    }
    return Desk(topic, place, issued, deck, deck.rng, fixed)


def compose(form: str, desk: Desk, *, files: bool) -> Draft:
    """Write a notice of the form; `files` asks for attachments where the form can carry them."""
    draft = FORMS[form](desk)
    if files and form in {"directive", "bulletin", "roster"} and not draft.files:
        _announce_files(desk, draft)
    return draft


def chinese_day(day: date) -> str:
    """Give the day as a signature prints it."""
    return f"{day.year}年{day.month}月{day.day}日"


def directive(desk: Desk) -> Draft:
    """Write a 通知: addressee, lead, numbered sections, signature."""
    matter = desk.draw("matters")
    draft = Draft(f"{desk.office}关于{matter}的通知", number=True)
    towns = "各乡镇人民政府" if desk.place.endswith("县") else "各县（区）人民政府"
    level = desk.place[-1]
    draft.addressee = desk.rng.choice([f"{towns}，{level}直有关单位：", f"各镇（乡）、街道，{level}级各部门：", f"{towns}，局属各单位："])
    draft.say(draft.addressee, desk.draw("leads"))
    sections = desk.rng.randint(2, 3)
    for number in range(sections):
        draft.blocks.append(Block(f"{NUMERALS[number]}、{desk.draw('headings')}", "heading", 1))
        draft.blocks.extend(_section(desk, desk.rng.randint(2, 3)))
    draft.say(desk.common("closings"))
    if desk.rng.random() < 0.25:
        draft.say(desk.common("effective"))
    _sign(desk, draft)
    if desk.rng.random() < 0.4:
        draft.say("（此件公开发布）")
    return draft


def _section(desk: Desk, count: int) -> list[Block]:
    """Write a section in one of three manners: （一）（二）, 一是二是, or plain."""
    manner = desk.rng.randint(0, 2)
    texts = [desk.draw("measures") for _ in range(count)]
    if manner == 0:
        return [Block(f"（{NUMERALS[k]}）{text}") for k, text in enumerate(texts)]
    if manner == 1:
        return [Block(f"{NUMERALS[k]}是{text}", lead=f"{NUMERALS[k]}是") for k, text in enumerate(texts)]
    return [Block(text) for text in texts]


def bulletin(desk: Desk) -> Draft:
    """Write a 通告: lead, numbered items, contact, signature."""
    draft = Draft(f"关于{desk.draw('matters')}的{desk.rng.choice(['通告', '公告'])}")
    draft.say(desk.draw("leads"))
    draft.say(*(f"{k}.{desk.draw('measures')}" for k in range(1, desk.rng.randint(4, 6))))
    draft.say(desk.common("closings"), "特此通告。" if draft.title.endswith("通告") else "特此公告。")
    _contact(desk, draft)
    _sign(desk, draft)
    return draft


def roster(desk: Desk) -> Draft:
    """Write a 公示 with a table of invented names, places and figures."""
    matter = desk.draw("matters")
    draft = Draft(f"关于{matter}有关情况的公示")
    draft.say(desk.common("roster_leads", matter=matter), desk.draw("measures"))
    draft.blocks.extend(_table(desk, desk.rng.randint(4, 9)))
    draft.say(desk.draw("measures"), desk.common("roster_periods"))
    _contact(desk, draft)
    _sign(desk, draft)
    return draft


def _table(desk: Desk, rows: int) -> list[Block]:
    heads = ("序号", *desk.topic["rows"])
    table = [heads, *((str(k), *(_cell(desk, head) for head in heads[1:])) for k in range(1, rows + 1))]
    return [Block("\t".join(cells), "row", 0, cells) for cells in table]


def _cell(desk: Desk, head: str) -> str:
    """Draw what stands under a heading."""
    rng = desk.rng
    for mark, template in cells().items():
        if mark in head:
            return expand(template, rng, {})
    return f"{rng.randint(12, 980) / 10:.1f}"


def news(desk: Desk) -> Draft:
    """Write a news piece with a byline that cleaning takes away."""
    rubric = desk.rng.choice(["民生关注", "基层见闻", "一线走访", "记者调查"])
    draft = Draft(f"{rubric}丨{desk.fixed['town']}：{desk.draw('matters')}")
    draft.say(*(desk.draw("news") for _ in range(desk.rng.randint(3, 5))), f"此外，{desk.draw('measures')}")
    draft.author = person(desk.rng)
    if desk.rng.random() < 0.3:
        points = [desk.draw("measures") for _ in range(3)]
        draft.blocks.extend(Block(f"{NUMERALS[k]}是{text}", lead=f"{NUMERALS[k]}是") for k, text in enumerate(points))
    return draft


def brief(desk: Desk) -> Draft:
    """Write a notice of one sentence and a signature."""
    stock = general()
    kind = desk.deck.deal("brief", range(len(stock["briefs"])))
    village, road = desk.rng.choice(stock["villages"][:7]), desk.rng.choice(stock["roads"])
    place = {"village": village, "road": road, "day": str(desk.rng.randint(2, 27))}
    fixed = {**desk.fixed, **place, "village2": desk.rng.choice(stock["villages"][7:])}
    draft = Draft(f"关于{expand(stock['brief_matters'][kind], desk.rng, fixed)}的通知")
    draft.say(expand(stock["briefs"][kind], desk.rng, fixed))
    _sign(desk, draft)
    return draft


def speech(desk: Desk) -> Draft:
    """Write a speech as document-sharing sites hold it; some with their dates masked."""
    matter = desk.draw("matters")
    draft = Draft(f"在{matter}{desk.rng.choice(['推进会', '动员会', '座谈会', '现场会'])}上的讲话", speaker=person(desk.rng))
    draft.say("同志们：", desk.common("speech_leads", matter=matter))
    for number in range(desk.rng.randint(4, 5)):
        point = f"{NUMERALS[number]}{desk.common('speech_points')}{desk.draw('measures')}"
        draft.blocks.append(Block(point, lead=f"{NUMERALS[number]}要"))
    draft.say(desk.common("speech_ends"))
    return draft


def scan(desk: Desk) -> Draft:
    """Write a notice that is only the picture of a paper."""
    return Draft(f"关于{desk.draw('matters')}的批复", image=True)


def enclosure(desk: Desk) -> Draft:
    """Write a notice whose substance is its attachment."""
    matter = desk.draw("matters")
    draft = Draft(f"{desk.office}关于{matter}的公告")
    draft.say(desk.common("enclosures", heading=desk.draw("headings")))
    draft.files = [_enclosed(desk, f"{matter}实施方案")]
    return draft


def _contact(desk: Desk, draft: Draft) -> None:
    if desk.rng.random() < 0.7:
        draft.say(*(desk.expand(line) for line in general()["contacts"]))


def _sign(desk: Desk, draft: Draft) -> None:
    draft.created, draft.signatory = desk.signing_day(), desk.office
    draft.say(desk.office, chinese_day(draft.created))


def _enclosed(desk: Desk, title: str) -> Enclosed:
    """Fill an attachment with sentences and rows of its own."""
    texts = (f"{k}.{desk.expand(text)}" for k, text in enumerate(desk.rng.sample(desk.topic["measures"], 5), 1))
    return Enclosed(title, tuple(texts), tuple(block.text for block in _table(desk, desk.rng.randint(6, 14))))


def _announce_files(desk: Desk, draft: Draft) -> None:
    """Add the 附件说明 before the signature."""
    heads = [desk.draw("headings") for _ in range(desk.rng.randint(1, 2))]
    draft.files = [_enclosed(desk, f"{head}{desk.rng.choice(['明细表', '任务清单', '申报表'])}") for head in heads]
    lines = [f"{'附件：' if k == 1 else ''}{k}.{file.title}" for k, file in enumerate(draft.files, 1)]
    at = next((k for k, block in enumerate(draft.blocks) if block.text == draft.signatory), len(draft.blocks))
    draft.blocks[at:at] = [Block(line) for line in lines]


FORMS: Mapping[str, Callable[[Desk], Draft]] = {
    "directive": directive,
    "bulletin": bulletin,
    "roster": roster,
    "news": news,
    "brief": brief,
    "speech": speech,
    "scan": scan,
    "enclosure": enclosure,
}
