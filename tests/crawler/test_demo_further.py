"""The further families' servers do what is published of their CMS, and their notices clean to what they say."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

import pytest

from cleaners import Capture, clean
from crawler.demo.content import column_notices
from crawler.demo.model import families, site_named, sites
from crawler.demo.pages import Request, answer, form, hosts
from crawler.demo.web import ModelWeb


def fetch(url, body=b"", day=1):
    split = urlsplit(url)
    target = split.path + (f"?{split.query}" if split.query else "")
    query = dict(parse_qsl(split.query)) | form(body)
    return answer(Request(split.hostname, split.path, target, "POST" if body else "GET", query), day)


def value(url, body=b""):
    return json.loads(fetch(url, body).body)


def root(name):
    return site_named(name).root


def keys(name, start=0, end=None):
    site = site_named(name)
    return [notice.url for notice in column_notices(site, site.columns[0], 1)[start:end]]


def found(name, text, at=""):
    """The notices that a page at a path links, in its order."""
    links = (urljoin(root(name) + at, href) for href in re.findall(r'href="([^"]+)"', text))
    return [link for link in links if link in keys(name)]


@pytest.mark.parametrize("site", families(), ids=lambda site: site.name)
def test_their_notices_clean_to_what_they_say(site):
    for notice in column_notices(site, site.columns[0], 1)[:3]:
        reply = fetch(notice.url)
        headers = (("Content-Type", reply.media_type),)
        cleaned = clean(Capture(site.name, notice.url, datetime.now(UTC), 200, headers, reply.body))
        assert (cleaned.title, cleaned.text) == (notice.title, notice.text)
        assert cleaned.issued.date() == notice.listed


def test_the_demo_never_meets_them():
    assert {site.host for site in families()}.isdisjoint(hosts(further=False))
    assert {site.name for site in families()}.isdisjoint(site.name for site in sites())
    with ModelWeb() as web:
        assert set(web.hosts) == set(hosts(further=False))


def test_each_has_an_address_and_a_family_of_its_own():
    both = (*sites(), *families())
    for of in (lambda site: site.host, lambda site: site.name):
        assert len({of(site) for site in both}) == len(both)
    assert len({site.family for site in families()}) == len(families())


def test_jpaas_heeds_the_number_in_param_json_and_no_other():
    page = fetch(root("model-jpaas") + "zwgk/tzgg/").body.decode()
    query = dict(re.findall(r"'(\w+)':'([^']*)'", re.search(r'queryData="(\{.*?\})"', page).group(1)))
    unit = root("model-jpaas") + re.search(r' url="/([^"]+)"', page).group(1)

    def asked(**more):
        return found("model-jpaas", value(f"{unit}?{urlencode(query | more)}")["data"]["html"])

    assert found("model-jpaas", page) == []
    assert asked(paramJson='{"pageNo":2,"pageSize":15}') == keys("model-jpaas", 15, 30)
    assert asked(pageNo="2") == asked(pageNo="3") == keys("model-jpaas", 0, 12)
    assert asked(paramJson='{"pageNo":99,"pageSize":15}') == []
    assert value(f"{unit}?{urlencode(query | {'pageId': 'x'})}")["success"] is False


def test_one_dataproxy_ignores_startrecord():
    proxy = root("model-jpage") + "module/web/jpage/dataproxy.jsp?columnid=2104&perpage=12"
    first, second = keys("model-jpage", 0, 12), keys("model-jpage", 12, 24)
    assert found("model-jpage", fetch(f"{proxy}&startrecord=13&endrecord=24").body.decode()) == first
    assert found("model-jpage", fetch(f"{proxy}&page=2").body.decode()) == second


def test_igs_and_ucap_and_the_library_say_how_much_there_is():
    igs = value(root("model-igs") + "igs/front/search/list.html?pageNumber=4&pageSize=10")["page"]
    assert (igs["totalPages"], igs["totalElements"], [row["DOCPUBURL"] for row in igs["content"]]) == (4, 34, keys("model-igs", 30))
    assert value(root("model-igs") + "igs/front/search/list.html?pageNumber=5&pageSize=10")["page"]["content"] == []
    ucap = value(root("model-ucapjson") + "searchList/a1a078ee0bc54721ab6b148884c784a2?_pageSize=20&page=2")["data"]
    assert (ucap["total"], [row["url"] for row in ucap["results"]]) == (34, keys("model-ucapjson", 20))
    library = value(root("model-govcnlibrary") + "search-gov/data?t=zhengcelibrary_gw&p=1&n=50")["searchVO"]
    assert (library["totalpage"], [row["url"] for row in library["listVO"]]) == (1, keys("model-govcnlibrary"))


def test_was_gives_json_as_text_with_a_count():
    reply = fetch(root("model-was") + "was5/web/search?channelid=229105&prepage=10&page=2")
    table = json.loads(reply.body)
    assert (reply.media_type, table["count"], [row["url"] for row in table["docs"]]) == ("text/html", "34", keys("model-was", 10, 20))


def test_epoint_counts_its_posted_pages_from_0_and_asks_for_the_sites_key():
    script = fetch(root("model-epointrest") + "js/webBuilderCommon.js").body.decode()
    site = json.loads(re.search(r"siteInfo = (\{.*\});", script).group(1))
    at = f"{root('model-epointrest')}{site['projectName']}/rest/lightfrontaction/getgovinfolist"
    body = {"siteGuid": site["siteGuid"], "categorynum": "003001002", "deptcode": "", "pageIndex": 1, "pageSize": 10}
    rows = value(at, urlencode(body).encode())["custom"]["infodata"]
    assert [urljoin(at, row["infourl"]) for row in rows] == keys("model-epointrest", 10, 20)
    assert value(at, urlencode(body | {"siteGuid": "x"}).encode())["custom"]["infodata"] == []


def test_forms_come_as_forms_or_as_json():
    assert form(b"a=1&b=", "application/x-www-form-urlencoded") == {"a": "1", "b": ""}
    assert form(b'{"a": 1}', "application/json;charset=utf-8") == {"a": "1"}
    assert form(b"[1", "application/json") == form(b"[1]", "application/json") == {}


@pytest.mark.parametrize(
    ("name", "second", "last"),
    [
        ("model-epoint", "zwgk/003001/2.html", "zwgk/003001/4.html"),
        ("model-npath", "n2101/n2110/index_2110_2.html", "n2101/n2110/index_2110_1.html"),
        ("model-empire", "a/tzgg/index_2.html", "a/tzgg/index_4.html"),
        ("model-channels", "channels/3125_2.html", "channels/3125_3.html"),
        ("model-pclist", "lcx/c01011/pc/list_2.html", "lcx/c01011/pc/list_3.html"),
        ("model-renmin", "GB/87228/index2.html", "GB/87228/index3.html"),
        ("model-eportal", "eportal/ui?pageId=6817552&currentPage=2", "eportal/ui?pageId=6817552&currentPage=4"),
        ("model-lonsuncontent", "content/column/6794001?pageIndex=2", "content/column/6794001?pageIndex=3"),
        ("model-lonsun", "site/label/8888?labelName=publicInfoList&catId=6708451&pageIndex=2", "site/label/8888?labelName=publicInfoList&catId=6708451&pageIndex=3"),
    ],
)  # fmt: skip
def test_pages_have_the_addresses_their_cms_gives_them(name, second, last):
    site = site_named(name)
    size = site.page_size
    for path, rows in ((second, keys(name, size, 2 * size)), (last, keys(name, (len(keys(name)) - 1) // size * size))):
        assert found(name, fetch(root(name) + path).body.decode(site.encoding), path) == rows


def test_the_peoples_pages_are_gbk_and_say_gb2312():
    body = fetch(root("model-renmin") + "GB/87228/").body
    assert b'charset="gb2312"' in body
    assert "通知公告" in body.decode("gbk")
    assert fetch(root("model-renmin") + "GB/87228/index1.html").body == body


def test_a_data_source_is_one_file_beside_the_page_that_names_it():
    page = root("model-xinhua") + "policy/tzgg/index.html"
    text = fetch(page).body.decode()
    source = urljoin(page, f"ds_{re.search(r'datasource:([0-9a-f]{32})', text).group(1)}.json")
    assert found("model-xinhua", text) == []
    assert [urljoin(page, row["publishUrl"]) for row in value(source)["datasource"]] == keys("model-xinhua")


def test_the_newest_policies_are_one_list():
    rows = value(root("model-govcn") + "zhengce/zuixin/ZUIXINZHENGCE.json")
    assert [row["URL"] for row in rows] == keys("model-govcn")
