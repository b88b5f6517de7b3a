"""The cleaner against the gold: page by page, over all of them, and floors that nobody lowers without saying so."""

import hashlib
import tomllib
from functools import cache
from pathlib import Path

import pytest
from gold_scores import gold_in, read_by_us, score, summary

GOLD = Path(__file__).parents[1] / "gold"
SHARED = Path(__file__).parents[2].parent / "shared" / "gold"
FLOORS = tomllib.loads((GOLD / "floors.toml").read_text("utf-8"))
PAGES = {gold.id: gold for gold in gold_in(GOLD)}

BARS = {
    "body_f1": 0.985, "share_95": 0.95, "worst_body": 0.5, "title": 0.97, "date": 0.98, "source": 0.95, "doc_number": 0.97,
    "attachments_p": 0.95, "attachments_r": 0.95,
}  # fmt: skip
"""What dibao promises on any government page. A floor may stand above its bar and never below it."""
NEWS = {"body_f1": 0.955}
"""What it promises on other Chinese pages."""
NEVER = {"invented", "number_extra"}
"""What has to be 0 on every page: a date where there is none, a number that is only cited."""
SLACK = 0.01
"""How far a floor may stand below what is measured before it has to be raised."""


@cache
def read(page):
    return read_by_us(PAGES[page])


@cache
def scores(page):
    return score(PAGES[page], read(page))


@cache
def measured():
    return summary([scores(page) for page in PAGES])


@cache
def wrong():
    """Why a measure of a page is known to be wrong, by (page, measure); the page "*" stands for all of them."""
    return {(entry["page"], measure): entry["why"] for entry in FLOORS.get("wrong", ()) for measure in entry["measures"]}


def marked(page, measure):
    why = wrong().get((page, measure))
    return pytest.param(page, measure, id=f"{page}-{measure}", marks=[pytest.mark.xfail(reason=why, strict=True)] if why else [])


@pytest.mark.parametrize(("page", "measure"), [marked(page, measure) for page, gold in PAGES.items() for measure in score(gold, {})])
def test_every_page_is_read_as_a_careful_reader_would(page, measure):
    found, floor = scores(page)[measure], FLOORS["pages"].get(page, 0.999) if measure == "body" else 1.0
    if measure in NEVER:
        assert found == 0, f"{measure}: {read(page)['date']} {read(page)['doc_number']}"
    else:
        assert found >= floor, f"{page}: {measure} is {found:.4f}, its floor {floor}; read: {str(read(page).get(measure))[:300]!r}"


@pytest.mark.parametrize(("page", "measure"), [marked(page, "whole") for page in PAGES if PAGES[page].parts])
def test_the_parts_of_a_split_notice_are_read_together(page, measure):
    gold = PAGES[page]
    assert read_by_us(gold, parts=gold.parts)["body"].split("\n") == gold.facts[measure].split("\n")


@pytest.mark.parametrize(("page", "measure"), [marked("*", measure) for measure in BARS])
def test_all_pages_together_reach_the_floors(page, measure):
    assert measured()[measure] >= FLOORS["floors"][measure]


def test_floors_stand_at_the_bars_or_above():
    assert set(FLOORS["floors"]) == set(BARS)
    assert {measure: floor for measure, floor in FLOORS["floors"].items() if floor < BARS[measure]} == {}
    assert {page: floor for page, floor in FLOORS["pages"].items() if floor < 0.95} == {}


def test_floors_rise_with_what_is_measured():
    known = {measure for page, measure in wrong() if page == "*"}
    low = {name: measured()[name] for name in BARS.keys() - known if measured()[name] > FLOORS["floors"][name] + SLACK}
    low |= {page: scores(page)["body"] for page, floor in FLOORS["pages"].items() if scores(page)["body"] > floor + SLACK / 2}
    assert low == {}, "raise these floors in tests/gold/floors.toml and add a [[changes]] line"


def test_every_change_of_a_floor_is_on_record():
    before, seal, now = None, "", {}
    for change in FLOORS["changes"]:
        assert before is None or change["on"] >= before, "changes are added at the end"
        lowered = [name for name, floor in change["floors"].items() if floor < now.get(name, 0)]
        assert not lowered or len(change["why"]) >= 40, f"{lowered} lowered without saying why"
        before, now = change["on"], now | change["floors"]
        said = f"{seal} {change['on']} {sorted(change['floors'].items())} {change['why']}"
        seal = hashlib.sha256(said.encode()).hexdigest()[:12]
        assert change["seal"] == seal, f'the change of {change["on"]} was edited, or is new: its seal is seal = "{seal}"'
    held = FLOORS["floors"] | FLOORS["pages"]
    assert {name: floor for name, floor in now.items() if floor != held.get(name, 1.0)} == {}
    assert held.keys() <= now.keys()


def test_what_is_known_to_be_wrong_says_why():
    assert {page for page, _ in wrong()} <= PAGES.keys() | {"*"}
    assert [key for key, why in wrong().items() if len(why) < 20] == []


def test_the_gold_holds_every_family_and_every_kind_of_page():
    families = {gold.facts["family"] for gold in PAGES.values()}
    layouts = tomllib.loads((Path(__file__).parents[2] / "cleaners" / "pages" / "layouts.toml").read_text("utf-8"))["layouts"]
    other_names = {"trs": "trs_wcm", "hanweb": "hanweb_jcms", "ilist": "ilist_jsp"}
    assert {other_names.get(layout["family"], layout["family"]) for layout in layouts} - families == set()
    assert len(PAGES) >= 48


@pytest.mark.parametrize("gold", PAGES.values(), ids=PAGES)
def test_gold_is_invented(gold):
    assert gold.url.split("/")[2].endswith(".example")
    assert b".gov.cn" not in gold.page
    assert b".com.cn" not in gold.page


@pytest.mark.parametrize(("folder", "bars"), [("gov", BARS), ("zh", NEWS)])
def test_pages_of_real_sites_are_read_as_promised(folder, bars):
    rows = [score(gold, read_by_us(gold)) for gold in gold_in(SHARED / folder)]
    if not rows:
        pytest.skip("the pages of real sites are not here")
    found = summary(rows)
    assert {measure: found[measure] for measure, bar in bars.items() if found[measure] < bar} == {}
    assert found["invented_dates"] == 0
