"""The text of a site file: valid, honest about what was not told, and extended without losing a comment."""

import tomllib
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners.errors import SiteError
from cleaners.records import Capture, Entry
from crawler.probe.finding import Finding, Second
from crawler.probe.marks import Marks
from crawler.probe.sitefile import Wishes, column_slug, draft, name_of, quoted, with_channel
from crawler.visit import stranger
from spiders.listing import Listing
from spiders.paging import Next
from spiders.site import parse_site

URL = "http://www.shuiqu.gov.example/zwgk/tzgg/"
PAGE = Capture("", URL, datetime(2026, 11, 22, tzinfo=UTC), 200, (), b"<html></html>")
LISTING = Listing(
    tuple(Entry(f"{URL}{n}.html", f"第{n}号通知") for n in range(12)), Next(URL + "index_1.html"), "trs", "listing", promised=True
)
MARKS = Marks("水渠县人民政府", "9902310001", "通知公告", "政策文件")
FOUND = Finding(URL, "listing", PAGE, marks=MARKS, listing=LISTING, rows=PAGE, second=Second(LISTING.next, "ok", 12, 12), notice=object())
PLAIN = replace(FOUND, marks=Marks(title="通知"), second=None, notice=None)
FILE = """# kept above
title = "水渠县人民政府"
homepage = "http://www.shuiqu.gov.example/"
level = "county"
division_code = "990231"

[[channels]]
name = "通知公告"  # kept beside
url = "http://www.shuiqu.gov.example/tzgg/"
  [channels.paging]
  template = ""

# about what is expected
[expect]
min_entries = 3
"""


def site(text):
    return parse_site(tomllib.loads(text), "shuiqu")


def test_what_a_page_says_becomes_a_valid_candidate():
    made = draft(FOUND, "shuiqu", Wishes(), "2026-11-22")
    known = site(made.text)
    assert (known.title, known.level, known.division_code, known.family, known.status) == (
        "水渠县人民政府",
        "county",
        "990231",
        "trs",
        "candidate",
    )
    assert [(channel.name, channel.url) for channel in known.channels] == [("通知公告", URL)]
    assert (known.expect.min_entries, known.expect.site_id_code) == (6, "9902310001")
    assert any("12 entries" in line for line in known.evidence)
    assert made.unknown == ()


def test_what_it_does_not_say_is_named_with_its_key():
    made = draft(PLAIN, "shuiqu", Wishes(level="county"), "2026-11-22")
    assert {"title", "division_code", "expect.min_entries", "channels.url"} <= {key for key, _ in made.unknown}
    assert '# division_code = "......"' in made.text
    assert site(made.text).expect.min_entries == 0


def test_a_level_nothing_speaks_for_is_asked_for_and_not_made_up():
    with pytest.raises(SiteError, match="--level"):
        draft(PLAIN, "shuiqu", Wishes(), "2026-11-22")
    guessed = draft(replace(PLAIN, marks=Marks("水渠县教育局")), "shuiqu", Wishes(), "2026-11-22")
    assert ("level", "level") in guessed.unknown


def test_a_document_sharing_site_is_no_official_source():
    made = draft(replace(PLAIN, listing=replace(LISTING, family="docshare")), "wenku", Wishes(level="city"), "2026-11-22")
    assert site(made.text).provenance == "third_party"
    assert ("provenance", "provenance") in made.unknown


def test_paging_that_is_not_understood_is_said():
    made = draft(replace(FOUND, listing=replace(LISTING, next=None), second=None), "shuiqu", Wishes(), "2026-11-22")
    assert ("channels.paging", "paging") in made.unknown


def test_a_real_host_is_never_asked_faster_than_the_default():
    url = "http://www.shuiqu.gov.cn/tzgg/"
    with pytest.raises(SiteError, match="delay"):
        draft(replace(FOUND, url=url), "shuiqu", Wishes(delay=0.1), "2026-11-22")
    assert site(draft(FOUND, "shuiqu", Wishes(delay=0.1), "2026-11-22").text).delay == 0.1


def test_how_a_hosts_tls_was_taken_stands_in_its_file():
    assert site(draft(FOUND, "shuiqu", Wishes(tls="legacy"), "2026-11-22").text).tls == "legacy"
    assert "tls" not in draft(FOUND, "shuiqu", Wishes(), "2026-11-22").text
    assert stranger("https://www.shuiqu.gov.example/tzgg/", tls="unverified").tls == "unverified"


def test_a_column_is_added_below_the_last_one_and_comments_stay():
    text = with_channel(FILE, replace(FOUND, marks=replace(MARKS, column_name="政策文件")))
    assert [channel.name for channel in site(text).channels] == ["通知公告", "政策文件"]
    assert [line for line in FILE.splitlines() if line and line not in text.splitlines()] == []
    assert text.index('"政策文件"') < text.index("# about what is expected") < text.index("[expect]")
    again = with_channel(text, replace(FOUND, url=URL + "x/", marks=replace(MARKS, column_name="公示")))
    assert len(site(again).channels) == 3


@pytest.mark.parametrize("end", ["", "\n", "\n\n# the end"])
def test_a_column_is_added_at_the_end_of_a_file(end):
    text = FILE[: FILE.index("\n# about")].rstrip() + end
    assert len(site(with_channel(text, replace(FOUND, marks=Marks(column_name="公示")))).channels) == 2


def test_a_column_that_is_there_is_not_added_twice():
    with pytest.raises(SiteError, match="already"):
        with_channel(FILE, FOUND)
    with pytest.raises(SiteError, match="already"):
        with_channel(FILE.replace("/tzgg/", "/zwgk/tzgg/"), replace(FOUND, marks=Marks(column_name="公示")))


def test_a_header_inside_a_string_spoils_nothing():
    file = 'title = """水渠\n[[channels]]\nname = 1\n"""\n' + FILE.split("\n", 2)[2]
    assert len(tomllib.loads(with_channel(file, replace(FOUND, marks=Marks(column_name="公示"))))["channels"]) == 2


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("http://www.linshui.gov.cn/tzgg/", "linshui"),
        ("https://jtj.yunbei.gov.cn/", "jtj-yunbei"),
        ("http://www.gov.cn/", "gov"),
        ("http://wenhai-doc.example/", "wenhai-doc"),
        ("http://xn--fiqs8s.cn/", "xn-fiqs8s"),
    ],
)
def test_a_host_names_its_site(url, name):
    assert name_of(url) == name


@pytest.mark.parametrize(
    ("path", "slug"),
    [
        ("/zwgk/tzgg/", "zwgk-tzgg"),
        ("/tzgg.htm", "tzgg-htm"),
        ("/gkmlpt/index#508", "gkmlpt-508"),
        ("/", "list"),
        ("/c/list.shtml?id=3", "c-id-3"),
    ],
)
def test_a_columns_address_names_its_fixture(path, slug):
    assert column_slug("http://a.example" + path) == slug


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_any_words_are_quoted(text):
    assert tomllib.loads(f"a = {quoted(text)}")["a"] == text
