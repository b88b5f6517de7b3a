"""Counters, likes, suggestions, print and share views are never asked for, and nothing that was published is taken for one."""

import json
from pathlib import Path
from urllib.parse import urljoin

import pytest
from scrapy import Request
from scrapy.exceptions import IgnoreRequest

from cleaners.noise.linear import why_not_linear
from crawler.manners.never import Never, rules, why_never

SHARED = Path(__file__).parents[3].parent / "shared"
HOST = "http://www.ceshi.gov.example"


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/module/visitcount/articlehits.jsp?colid=1&artid=2", "visit counter"),
        ("/module/visitcount/visit.jsp?type=3", "visit counter"),
        ("/system/resource/code/news/click/dynclicks.jsp?clickid=1&owner=2&clicktype=wbnews", "visit counter"),
        ("/plus/count.php?view=yes&aid=7", "visit counter"),
        ("/e/public/ViewClick/?classid=5&id=6&addclick=1", "visit counter"),
        ("/api/content/hits", "visit counter"),
        ("/dianzan.do?id=3", "like or vote"),
        ("/plus/digg.php", "like or vote"),
        ("/article?action=addLike&id=3", "like or vote"),
        ("/search/suggest?q=tz", "search suggestion"),
        ("/so/searchSuggest.do", "search suggestion"),
        ("/e/DoPrint/?classid=1&id=2", "print view"),
        ("/art/print.jsp?id=2", "print view"),
        ("/show?id=2&print=1", "print view"),
        ("/plus/recommend.php?aid=7", "share or recommend"),
    ],
)
def test_each_kind_is_refused_before_anything_is_sent(path, reason):
    assert why_never(HOST + path) == f"never asked for: {reason}"
    with pytest.raises(IgnoreRequest, match=reason):
        Never().process_request(Request(HOST + path))


@pytest.mark.parametrize(
    "path",
    [
        "/art/2026/3/1/art_12_345.html",
        "/suggest/",
        "/hits/2026/",
        "/zwgk/vote/index.html",
        "/share/2026/t20260301_1.html",
        "/print/",
        "/col?id=7&action=list",
    ],
)
def test_columns_and_notices_are_not_taken_for_one(path):
    assert not why_never(HOST + path)


def test_share_buttons_of_others_are_known_by_their_host():
    assert why_never("http://service.weibo.com/share/share.php?url=http://www.ceshi.gov.example/1.html")


@pytest.mark.parametrize("pattern", [pattern for rule in rules() for pattern in (rule.host, rule.path, rule.query) if pattern])
def test_every_pattern_takes_linear_time(pattern):
    assert not why_not_linear(pattern)


@pytest.mark.skipif(not (SHARED / "listings").is_dir(), reason="no shared pages here")
def test_no_entry_of_a_real_list_is_taken_for_one():
    lists = [json.loads(path.read_text("utf-8")) for path in (SHARED / "listings").glob("*.json")]
    addresses = {urljoin(one["url"], entry["href"]) for one in lists for entry in one.get("entries", ())}
    assert len(addresses) > 400
    assert [url for url in addresses if why_never(url)] == []
