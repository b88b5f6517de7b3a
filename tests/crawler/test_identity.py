"""Pages of another site are told from what their national tags say."""

import pytest

from crawler.identity import contradictions, strangers
from spiders.site import parse_site

HOME = "http://www.hewan.gov.example/"


def site(**changes):
    table = {
        "title": "河湾市人民政府",
        "homepage": HOME,
        "level": "city",
        "division_code": "990500",
        "twins": ["m.hewan.gov.example"],
        "allow_offsite": ["www.sheng.gov.example"],
        "channels": [{"name": "通知", "url": f"{HOME}tz/"}],
    }
    return parse_site({**table, **changes}, "hewan")


@pytest.mark.parametrize("code", ["9905000001", "", "  ", "待补充", "990500000", "99050000011"])
def test_the_right_code_and_what_is_no_code_contradict_nothing(code):
    assert contradictions(site(), "任何名称", code) == []


@pytest.mark.parametrize("code", ["9906000001", "bm28000001", "BM28000001"])
def test_the_code_of_another_division_is_told(code):
    (told,) = contradictions(site(), "", code)
    assert code.lower() in told
    assert "990500" in told


def test_what_the_file_expects_must_be_met():
    strict = site(expect={"site_name": "河湾市人民政府", "site_id_code": "9905000001"})
    assert contradictions(strict, "河湾市人民政府 ", "9905000001") == []
    assert contradictions(strict, "", "") == []
    name, code = contradictions(strict, "临水市人民政府", "9905000002")
    assert "'临水市人民政府', the site file expects '河湾市人民政府'" in name
    assert "'9905000002', the site file expects '9905000001'" in code


def test_central_sites_are_held_against_what_they_expect_alone():
    ministry = site(level="central", division_code="110000", expect={"site_id_code": "bm99000001"})
    assert contradictions(ministry, "", "bm99000001") == []
    assert contradictions(ministry, "", "1100000001") != []


def test_only_pages_of_the_sites_own_hosts_speak_for_it():
    meta = {"SITEIDCODE": "9906000001", "sitename": "别的网站"}
    assert len(strangers(site(), f"{HOME}tz/1.html", meta)) == 1
    assert len(strangers(site(), "http://m.hewan.gov.example/tz/1.html", meta)) == 1
    assert strangers(site(), "http://www.sheng.gov.example/1.html", meta) == []
    assert strangers(site(), f"{HOME}tz/1.html", {}) == []


def test_a_crawl_of_the_wrong_site_says_so(crawl, server, http):
    tags = '<meta name="SiteName" content="别的市人民政府"><meta name="SiteIDCode" content="9906000001">'
    server.answers |= {
        "/tzgg/": http.listing("/tzgg/t1.html", "/tzgg/t2.html"),
        **{f"/tzgg/t{n}.html": http.reply(http.page(n).replace("<head>", f"<head>{tags}")) for n in (1, 2)},
    }
    done = crawl()
    assert done.outcome == "incomplete"
    assert "2 of 2 notices are not of this site: SiteIDCode is '9906000001', which is not of division_code '990300'" in done.reason
