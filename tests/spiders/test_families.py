"""The families: their data, and the pagers that need code of their own."""

from __future__ import annotations

import pytest

from spiders.families import detect, families, family_of
from spiders.families.frames import config_index
from spiders.families.hanweb import dataproxy, records
from spiders.families.jpaas import build_unit
from spiders.paging import Page
from spiders.paging.pagers import PAGERS

HOST = "https://www.hewan.gov.example"


def page(text: str, path: str = "/tzgg/") -> Page:
    return Page(text, HOST + path)


def following(found: object) -> str | None:
    assert found is not None
    return found.next.url.removeprefix(HOST) if found.next else None


def test_families_are_named_once_and_generic_is_the_last():
    names = [family.id for family in families()]
    assert len(names) == len(set(names))
    assert names[-1] == "generic"
    assert {"trs", "hanweb", "vsb", "ucap", "gkmlpt", "docshare", "generic"} <= {family.id for family in families() if family.verified}


def test_every_pager_a_family_names_exists():
    assert not {name for family in families() for name in family.pagers} - set(PAGERS)


@pytest.mark.parametrize(
    ("family", "url"),
    [
        ("trs", "https://x.example/zwgk/202405/t20240520_123.html"),
        ("hanweb", "https://x.example/art/2024/5/20/art_1201_9.html"),
        ("hanweb", "https://x.example/art/2024/art_0123456789abcdef0123456789abcdef.html"),
        ("ucap", "https://x.example/c1/202405/0123456789abcdef0123456789abcdef.shtml"),
        ("ucap", "https://x.example/c1/2024/5/20/0123456789abcdef0123456789abcdef.shtml"),
        ("vsb", "https://x.example/info/1003/9.htm"),
        ("vsb", "https://x.example/content.jsp?urltype=news.NewsContentUrl&wbtreeid=1&wbnewsid=2"),
        ("gkmlpt", "https://x.example/gkmlpt/content/0/508/post_1.html"),
        ("gkmlpt", "https://x.example/zwgk/content/post_1.html"),
        ("docshare", "https://x.example/doc/10022.html"),
    ],
)
def test_notice_addresses_have_their_familys_shape(family: str, url: str):
    assert family_of(family).is_article(url)
    assert not family_of(family).is_article("https://x.example/zwgk/index.html")


@pytest.mark.parametrize(
    ("text", "url", "family"),
    [
        ("<div class=TRS_Editor>", "https://x.example/", "trs"),
        ("<recordset>", "https://x.example/col/col12/index.html", "hanweb"),
        ("", "https://x.example/qyq/c100301/list.shtml", "ucap"),
        ("<!--Announced by Visual SiteBuilder 9-->", "https://x.example/tzgg.htm", "vsb"),
        ("", "https://x.example/gkmlpt/api/all/0?page=1", "gkmlpt"),
        ("<p>", "https://x.example/list.html", "generic"),
    ],
)
def test_families_are_recognised(text: str, url: str, family: str):
    assert detect(text, url).id == family


def test_hanweb_records_are_taken_out_of_their_wrapping():
    assert records("<record><![CDATA[<li>a</li>]]></record> <record>\n<li>b</li>\n</record><record>cut off") == ["<li>a</li>", "<li>b</li>"]


def test_hanweb_follows_the_next_group_and_ends_with_an_empty_one():
    group = '<datastore><nextgroup><![CDATA[<a href="/module/web/jpage/dataproxy.jsp?page=2&amp;columnid=7"></a>]]></nextgroup></datastore>'
    assert following(dataproxy(page(group, "/col/col7/index.html"))) == "/module/web/jpage/dataproxy.jsp?page=2&columnid=7"
    assert following(dataproxy(page("<datastore><nextgroup></nextgroup></datastore>"))) is None
    assert dataproxy(page("<p>no store</p>")) is None


def test_hanweb_counts_records_where_the_group_has_no_page():
    text = (
        "<datastore><totalrecord>7</totalrecord><perpage>3</perpage><nextgroup><![CDATA["
        '<a href="/module/web/jpage/dataproxy.jsp?columnid=7&unitid=9"></a>]]></nextgroup>'
        "<recordset><record>a</record><record>b</record><record>c</record></recordset></datastore>"
    )
    proxy = "/module/web/jpage/dataproxy.jsp?columnid=7&unitid=9"
    assert following(dataproxy(page(text, "/col/col7/index.html"))) == f"{proxy}&startrecord=4&endrecord=6&perpage=3&page=2"
    assert (
        following(dataproxy(page(text, f"{proxy}&startrecord=4&endrecord=6&perpage=3")))
        == f"{proxy}&startrecord=7&endrecord=7&perpage=3&page=3"
    )
    assert following(dataproxy(page(text, f"{proxy}&startrecord=7&endrecord=7&perpage=3"))) is None


def test_gkmlpt_begins_at_its_api():
    found = config_index(page("<p></p><script>window._CONFIG = {SID: '2001', TREE: []}</script>", "/gkmlpt/index"))
    assert following(found) == "/gkmlpt/api/all/0?page=1&sid=2001"


def test_jpaas_puts_the_page_into_param_json():
    source = (
        '<script parseType="bulidstatic" url="/api-gateway/jpaas-publish-server/front/page/build/unit"'
        " queryData=\"{'webId':'1','tplSetId':'2','pageType':'column','tagId':'x','pageId':'5'}\"></script><p></p>"
    )
    first = build_unit(page(source))
    assert first is not None
    assert first.next is not None
    assert "webId=1&tplSetId=2" in first.next.url
    second = build_unit(Page('{"data": {}}', first.next.url, value={}, rows=15))
    assert second is not None
    assert second.next is not None
    assert "%22pageNo%22%3A2" in second.next.url
    assert "pageSize" in second.next.url
