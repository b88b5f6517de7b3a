"""The month's web changes by what happens and by nothing else, and all that happens is to be told."""

from urllib.parse import urlsplit

import pytest

from crawler.demo.month.publishing import published
from crawler.demo.month.state import web_on
from crawler.demo.month.story import DAYS, happenings, sites
from crawler.demo.month.truth import expected, related
from crawler.demo.month.web import answer, write_site_files
from crawler.demo.pages import Request
from spiders.site import load_sites

EVERY_DAY = {"counter"}


def ask(url, day):
    split = urlsplit(url)
    return answer(Request(split.hostname, split.path, split.path), day)


def test_what_happens_happens_to_notices_that_are_there():
    for happening in happenings():
        assert happening.site in sites()
        if happening.key:
            assert published()[happening.site, happening.key].first_day < happening.day, happening


def test_a_page_changes_only_on_a_day_on_which_something_happens_to_it():
    for day in range(2, DAYS + 1):
        for url, page in web_on(day - 1).pages.items():
            before, after = ask(url, day - 1), ask(url, day)
            if (before.status, before.body) == (after.status, after.body):
                continue
            own = [each for each in happenings() if each.site == page.notice.site and each.key in {0, page.notice.key}]
            assert any(day in {each.day, each.until} or (each.what in EVERY_DAY and each.lasts(day)) for each in own), (day, url)


def test_all_that_happens_is_to_be_told_or_said_to_be_nothing():
    told = {(event.name, event.row) for event in expected()}
    for happening in happenings():
        if happening.key:
            assert any(name == (happening.site, happening.key) and row != "notice published" for name, row in told), happening
        elif happening.what != "challenge":
            assert any(name[0] == happening.site and row.startswith(("site ", "share", "hit")) for name, row in told), happening
    assert len([event for event in (*expected(), *related()) if event.due]) > 150


@pytest.mark.parametrize(
    ("day", "key", "status"),
    [(6, 10005, 200), (7, 10005, 404), (8, 10006, 410), (9, 10007, 200), (10, 10009, 302), (16, 10012, 200), (14, 20006, 403)],
)
def test_a_page_taken_away_answers_as_its_server_does(day, key, status):
    url = published()["qingmu", key].url
    assert ask(url, day).status == status
    assert ("您访问的页面不存在" in ask(url, day).body.decode()) == (key in {10005, 10006, 10007} and day > 6)


def test_a_list_shows_what_is_published_and_leaves_out_what_is_not_to_be_found():
    url = "http://www.qingmu.gov.example/zwgk/tzgg/"
    assert "t20260825_10011.html" in ask(url, 11).body.decode()
    assert "t20260825_10011.html" not in ask(url, 12).body.decode()


def test_a_site_that_moved_is_led_to_and_its_site_file_follows(tmp_path):
    write_site_files(tmp_path, 15)
    assert load_sites(tmp_path)["heting"].homepage == "http://www.heting.gov.example/"
    write_site_files(tmp_path, 16)
    site = load_sites(tmp_path)["heting"]
    assert site.homepage == "http://www.hetingqu.gov.example/"
    assert site.hosts == {"www.hetingqu.gov.example", "www.heting.gov.example"}
    moved = ask(published()["heting", 10001].url, 16)
    assert moved.status == 301
    assert ask(dict(moved.headers)["Location"], 16).status == 200
