"""Whole lists of every family, read from their start through `read_listing`; and what holds of every pager."""

from __future__ import annotations

import json
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from list_pages import HOST, anchors, follow, following, page

from spiders.families import families
from spiders.listing import read_listing
from spiders.paging import Next, Page
from spiders.paging.pagers import PAGERS, turn

N = range(1, 7)
HEX = "0123456789abcdef0123456789abcdef"


def ul(paths, name="list"):
    return f"<html><body><div class='{name}'><ul class='{name}'>{anchors(paths)}</ul></div>"


def slices(paths, *more):
    """Pages of three rows, each with what stands below the rows."""
    return [ul(paths[begin : begin + 3]) + below for begin, below in zip((0, 3), more, strict=True)]


def store(paths, total, following_group=""):
    rows = "".join(f"<record><![CDATA[{anchors([path])}]]></record>" for path in paths)
    group = f'<nextgroup><![CDATA[<a href="{following_group}"></a>]]></nextgroup>' if following_group else "<nextgroup></nextgroup>"
    return f"<datastore>{group}<totalrecord>{total}</totalrecord><recordset>{rows}</recordset></datastore>"


def rows(paths, url="url", title="title", date="date"):
    return [{url: path, title: f"关于做好第{n}号工作的通知", date: "2024-05-20 08:00:00"} for n, path in enumerate(paths)]


def unit(paths):
    return json.dumps({"success": True, "data": {"html": f"<ul>{anchors(paths)}</ul><div class='pagination' rows='3' count='6'></div>"}})


ART = [f"/art/2024/5/20/art_12_{n}.html" for n in N]
TDATE = [f"/tzgg/202405/t20240520_10{n}.html" for n in N]
INFO = [f"/info/1003/10{n}.htm" for n in N]
UUID = [f"/art/2024/art_{HEX[:-1]}{n}.html" for n in N]
POST_ = [f"/gkmlpt/content/0/50{n}/post_50{n}.html" for n in N]
SHTML = [f"/c1/202405/{HEX[:-1]}{n}.shtml" for n in N]
CONTENT = [f"/n25/n26/c10{n}/content.html" for n in N]
PUBLIC = [f"/public/1681/10{n}.html" for n in N]
STAMP = [f"/113456/113469/202405201030{n}/index.html" for n in N]
RENMIN = [f"/n1/2024/0520/c1-10{n}.html" for n in N]
GOVCN = [f"/zhengce/content/202405/content_10{n}.htm" for n in N]
SNOW = [f"/h/c1/pc/content/content_18457473785211699{n:02}.html" for n in N]
EWB = [f"/003/003001/20240520/0a1b2c3d-0000-4000-8000-00000000000{n}.html" for n in N]
UNIT = "/api-gateway/jpaas-publish-server/front/page/build/unit"
SCRIPT = (
    f'<html><body><ul><li><a href="/x">首页</a></li></ul><script src="/AuthorizedRead/unitbuild.js" parseType="bulidstatic" url="{UNIT}" '
    "queryData=\"{'webId':'3','tplSetId':'4','pageType':'column','tagId':'栏目导航','pageId':'5'}\"></script>"
    f'<script parseType="bulidstatic" url="{UNIT}" '
    "queryData=\"{'webId':'3','tplSetId':'4','pageType':'column','tagId':'当前栏目list','pageId':'5'}\"></script>"
)
PROXY = "/module/web/jpage/dataproxy.jsp"
CONFIG = f"<script>$('#77').jpage({{totalRecord:6, proxyUrl:'{PROXY}', perPage:3, ajaxParam:{{columnid:'77', unitid:'9', webid:'3', appid:1}}}})</script>"
LIST = "/EWB-FRONT/rest/lightfrontaction/getgovinfolist"
GUID = "7eb5f7f1-9041-43ad-8e13-8fcb82ea831a"
LABEL = "/site/label/8888?labelName=publicInfoList"
MODULE = "<input name='article_paging_list_hidden' moduleid='3b3662a6' totalpage='2'><input id='eprotalCurrentPageId' value='44'>"
DOC = "/cn/static/data/DocInfo/SelectDocByItemIdAndChild/data_itemId=931,pageIndex={},pageSize=18.json"

CASES = {  # the start, what is asked for (a part of it is enough) with its answer, in order, and the entries
    "trs": ("/tzgg/", dict(zip(("/tzgg/", "/tzgg/index_1.html"), slices(TDATE, *["<script>createPageHTML(2, 0, 'index', 'html')</script>"] * 2), strict=True)), TDATE),
    "ucap": ("/c1/list.shtml", dict(zip(("/c1/list.shtml", "/c1/list_2.shtml"), slices(SHTML, *["<script>createPageHTML('p', 2, 1, 'list', 'shtml', 6)</script>"] * 2), strict=True)), SHTML),
    "ucap, JSON": (
        f"/searchList/{HEX}?_isAgg=true&_isJson=true&_pageSize=3&page=1",
        {f"page={n}": json.dumps({"data": {"total": 6, "results": rows(SHTML[3 * n - 3 : 3 * n], date="publishedTimeStr")}}) for n in (1, 2)},
        SHTML,
    ),
    "ucap, getInfoCommon": (
        "/szinf/info/getInfoCommon/?pagesize=3&currpage=1&channelid=5",
        {f"currpage={n}": json.dumps({"infolist": rows(SHTML[3 * n - 3 : 3 * n], url="link", date="pubDate")}) for n in (1, 2)},
        SHTML,
    ),
    "vsb": ("/tzgg.htm", dict(zip(("/tzgg.htm", "/tzgg/1.htm"), slices(INFO, "<!--Announced by Visual SiteBuilder 9--><p>共6条 1/2 首页 下页</p>", "<p>共6条 2/2 首页</p><i>_sitegray</i>"), strict=True)), INFO),
    "hanweb, next group": ("/col/col77/index.html", {"/col/col77/": store(ART[:3], 6, f"{PROXY}?page=1&columnid=77"), "startrecord=4&endrecord=6": store(ART[3:], 6)}, ART),
    "hanweb, POST": ("/col/col77/index.html", {"/col/col77/": store(ART[:3], 6) + CONFIG, "startrecord=4&endrecord=6&perpage=3 col=1&appid=1&webid=3&columnid=77&unitid=9": store(ART[3:], 6)}, ART),
    "hanweb, old array": (
        "/module/jslib/jquery/jpage/dataproxy.jsp?startrecord=1&endrecord=3&perpage=3&columnid=7",
        {
            "startrecord=1&": f"totalRecord=6;dataStore = {json.dumps([anchors([path]) for path in ART[:3]])};",
            "startrecord=4&": f"totalRecord=6;dataStore = {[anchors([path]) for path in ART[3:]]!r};",
        },
        ART,
    ),
    "hanweb, 信息公开": (
        "/col/col8/index.html",
        {
            "/col/col8/": "<p>信息公开</p><script>$.post('/module/xxgk/search.jsp', {infotypeId:'A0212', jdid:'3', area:'', divid:'div8'})</script>",
            "/module/xxgk/search.jsp infotypeId=A0212&jdid=3&divid=div8&currpage=1": "<table>" + "".join(f"<tr class='tr_main_value_odd'><td><a href='{path}' mc='关于第{path[-6]}号工作的意见' rq='2024-05-20'>关于…</a></td></tr>" for path in ART[:3]) + "</table><p>共2页 第1页 下一页</p>",
            "currpage=2": "<table>" + "".join(f"<tr class='tr_main_value_odd'><td><a href='{path}' mc='关于第{path[-6]}号工作的意见' rq='2024-05-20'>关于…</a></td></tr>" for path in ART[3:]) + "</table><p>共2页 第2页</p>",
        },
        ART,
    ),
    "hanweb_jpaas": ("/tzgg/index.html", {"/tzgg/index.html": SCRIPT, "pageNo%22%3A1": unit(UUID[:3]), "pageNo%22%3A2": unit(UUID[3:])}, UUID),
    "gkmlpt": (
        "/gkmlpt/index#5",
        {
            "/gkmlpt/index": "<p>目录</p><script>window._CONFIG = {SID: '2001', TREE: []}</script>",
            "/api/all/5?page=1&sid=2001": json.dumps({"total": 6, "articles": rows(POST_[:3], date="display_publish_time")}),
            "page=2": json.dumps({"total": 6, "articles": rows(POST_[3:], date="display_publish_time")}),
        },
        POST_,
    ),
    "epoint, POST": (
        "/dynamic/zwgk/govInfoPub.html?categorynum=003001",
        {
            "/dynamic/": "<p>列表</p><script src='/js/webBuilderCommon.js'></script>",
            "/js/webBuilderCommon.js#": f'var siteInfo = {{"siteGuid": "{GUID}", "projectName": "/EWB-FRONT"}};',
            f'{LIST} {{"deptcode":"","categorynum":"003001","pageIndex":0,': json.dumps({"custom": {"total": 6, "data": rows(EWB[:3], "infourl", date="infodate")}}),
            '"pageIndex":1,': json.dumps({"custom": {"total": 6, "data": rows(EWB[3:], "infourl", date="infodate")}}),
        },
        EWB,
    ),
    "epoint, static": ("/x/moreinfo.html", dict(zip(("/x/moreinfo.html", "/x/2.html"), slices(EWB, *["<i>EWB-FRONT</i><script>$('#p').pagination({pageSize: 3, total: 6})</script>"] * 2), strict=True)), EWB),
    "lonsun": (
        "/public/column/1681?type=4&catId=670&action=list",
        {
            "/public/column/": ul(PUBLIC[:3]) + f"<meta name='SiteId' content='678'><script>load('{LABEL}&catId=670&pageIndex=' + k); var pageCount = 2</script>",
            "&pageIndex=1": ul(PUBLIC[:3], "xxgk") + "<script>Ls.pagination('#p', {pageIndex: 1, pageCount: 2})</script>",
            "&pageIndex=2": ul(PUBLIC[3:], "xxgk") + "<script>Ls.pagination('#p', {pageIndex: 2, pageCount: 2})</script>",
        },
        PUBLIC,
    ),
    "eportal": ("/113456/113469/index.html", {"/113456/": ul(STAMP[:3]) + MODULE, "/eportal/ui?pageId=44&currentPage=2&moduleId=3b3662a6&staticRequest=yes": ul(STAMP[3:]) + MODULE}, STAMP),
    "eportal, by its link": (
        "/113456/113469/index.html",
        {"/113456/113469/index": ul(STAMP[:3]) + MODULE + "<a title='下一页' onclick=\"queryArticleByCondition(this,'/113456/113469/21892-2.html')\">下一页</a>", "21892-2": ul(STAMP[3:]) + MODULE},
        STAMP,
    ),
    "npath": ("/n25/n26/index.html", dict(zip(("/n25/n26/index.html", "/n25/n26/index_77_1.html"), slices(CONTENT, *["<script>maxPageNum77=2</script>"] * 2), strict=True)), CONTENT),
    "empire": ("/a/tzgg/", dict(zip(("/a/tzgg/", "/a/tzgg/index_2.html"), slices([f"/a/2024-05-20/10{n}.html" for n in N], "<a href='index_2.html'>下一页</a>", "<b>2</b>"), strict=True)), [f"/a/2024-05-20/10{n}.html" for n in N]),
    "channels": ("/channels/31.html", dict(zip(("/channels/31.html", "/channels/31_2.html"), slices([f"/contents/31/10{n}.html" for n in N], *["<p>共2页 第1页/共2页 下一页</p>"] * 2), strict=True)), [f"/contents/31/10{n}.html" for n in N]),
    "pc_list": ("/h/c1/pc/list.html", dict(zip(("/h/c1/pc/list.html", "/h/c1/pc/list_2.html"), slices(SNOW, "<a href='list_2.html'>下一页</a>", ""), strict=True)), SNOW),
    "people": ("/GB/64093/index.html", dict(zip(("/GB/64093/index.html", "/GB/64093/index2.html"), slices(RENMIN, "<a href='index2.html'>下一页</a>", ""), strict=True)), RENMIN),
    "govcn": ("/zhengce/zuixin/", {"/zhengce/zuixin/ZUI": json.dumps(rows(GOVCN, "URL", "TITLE", "DOCRELPUBTIME")), "/zhengce/zuixin/": '<div id=list></div><script>ajax({url: "./ZUIXINZHENGCE.json"})</script>'}, GOVCN),
    "govcn, library": ("/search-gov/data?t=zhengcelibrary_gw&p=0&n=3", {f"p={n}": json.dumps({"searchVO": {"totalCount": 6, "totalpage": 2, "listVO": rows(GOVCN[3 * n : 3 * n + 3], date="pubtimeStr")}}) for n in (0, 1)}, GOVCN),
    "xinhua": (
        "/xwfb/index.htm",
        {"/xwfb/index.htm": f'<ul id="list" data="datasource:{HEX}" preview="ds_"></ul>', f"/xwfb/ds_{HEX}.json": json.dumps({"datasource": rows([f"/20240520/{HEX[:-1]}{n}/c.html" for n in N], "publishUrl", "showTitle", "publishTime")})},
        [f"/20240520/{HEX[:-1]}{n}/c.html" for n in N],
    ),
    "cac": (
        "/wxzw/A0937.htm",
        {
            "/wxzw/": "<div id=loading></div><script>var channelCode = 'A0937'; $.ajax({url: '/cms/JsonList', data: {perPage:'3'}})</script>",
            "/cms/JsonList channelCode=A0937&perPage=3&pageno=1": json.dumps({"totalRec": 6, "list": rows([f"/2024-05/20/c_10{n}.htm" for n in N[:3]], "infourl", "topic", "pubtime")}),
            "pageno=2": json.dumps({"totalRec": 6, "list": rows([f"/2024-05/20/c_10{n}.htm" for n in N[3:]], "infourl", "topic", "pubtime")}),
        },
        [f"/2024-05/20/c_10{n}.htm" for n in N],
    ),
    "nfra": (
        "/cn/view/pages/ItemList.html?itemPId=923&itemId=931",
        {
            "ItemList.html": '<html ng-app="app"><body><div ng-view></div><script src="/x.js"></script>',
            **{DOC.format(n): json.dumps({"data": {"total": 24, "rows": [{"docId": 100 * n + k, "docTitle": f"关于第{k}号工作的通知", "publishDate": "2024-05-20 10:00:00"} for k in range(18 if n == 1 else 6)]}}) for n in (1, 2)},
        },
        [f"/cn/static/data/DocInfo/SelectByDocId/data_docId={100 * n + k}.json" for n in (1, 2) for k in range(18 if n == 1 else 6)],
    ),
    "trs_igs": (
        "/igs/front/search/list.html?index=f&type=g&pageNumber=1&pageSize=3",
        {f"pageNumber={n}": json.dumps({"page": {"totalPages": 2, "content": rows(TDATE[3 * n - 3 : 3 * n], "DOCPUBURL", "DOCTITLE", "PUBDATE")}}) for n in (1, 2)},
        TDATE,
    ),
    "trs_igs, govsearch": (
        "/govsearch/jsonp/zf_jd_list.jsp?page=1&lb=13&callback=result",
        {f"page={n}": f"\n result({json.dumps({'data': [{'title': '', 'puburl': path, 'tip': {'title': '关于工作的通知', 'dates': '2024-05-20'}} for path in TDATE[3 * n - 3 : 3 * n]]})});" for n in (1, 2)},
        TDATE,
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_a_list_is_read_from_its_start_to_its_end(case: str):
    start, answers, expected = CASES[case]
    asked, entries, listings = follow(Next(HOST + start), answers)
    assert entries == expected
    assert all(listing.kind == "listing" for listing in listings[:2])
    dated = [entry for listing in listings for entry in listing.entries if entry.issued]
    assert len(dated) == len(expected)
    assert all("工作的" in entry.title for entry in dated)
    wanted = len(answers) + (listings[-1].entries == ())  # a list that does not say its length is asked once more
    assert len(asked) == wanted, asked


def test_every_family_has_a_list_here():
    covered = {case.partition(",")[0] for case in CASES}
    alike = {"shanghai", "ilist_jsp", "docshare", "generic"}  # nothing but links and what other families do
    assert covered | alike == {family.id for family in families()}


def test_a_familys_pagers_come_before_the_plain_links():
    both = page('<div><a href="x.html">下一页</a></div><script>createPageHTML(4, 0, "index", "html")</script>')
    assert following(turn(both, ("create_page_html",))) == "/tzgg/index_1.html"
    assert following(turn(both, ())) == "/tzgg/x.html"
    assert turn(page("<p>nothing</p>"), ()).next is None


MARKS = st.sampled_from(
    [mark for family in families() for mark in family.html]
    + ["createPageHTML(", "9, 0, 'index', 'html')", "1/27", "共530条", "href='", "dataproxy.jsp?", "<record>", "<nextgroup>", "siteGuid:'", GUID]
    + ["maxPageNum7=9", "channelCode='A1'", "pageCount: 4", "totalpage='7'", "article_paging_list_hidden", "dataStore = [", "\\", "'", '"', "{", "}", "]"]
)  # fmt: skip
PLACES = st.sampled_from(
    ["/x.htm", "/x/3.htm", "/col/col7/index.html", "/public/column/1?catId=2", "/gkmlpt/index#x", "/a?page=1", "/build/unit?paramJson=%7B", "/js/webBuilderCommon.js#categorynum=1"]
)  # fmt: skip


@settings(max_examples=60)
@given(
    st.lists(MARKS | st.text(max_size=8), max_size=20).map("".join),
    PLACES,
    st.sampled_from(["", "page=1", '{"pageIndex":0}', '{"a":', "\ud800"]),
)
def test_no_pager_fails_or_turns_to_its_own_page(text: str, path: str, body: str):
    asked = Next(HOST + path, "POST", body.encode("utf-8", "replace")) if body else Next(HOST + path)
    for value in (None, {}, {"total": 9}):
        here = Page(text, HOST + path, value=value, asked=asked, rows=3)
        for name, pager in PAGERS.items():
            found = pager(here) if name != "links" else None
            if found is not None and found.next is not None:
                assert found.next != asked
                assert urlsplit(found.next.url).scheme in {"http", "https"}
    read_listing(text.encode("utf-8", "replace"), HOST + path, None, asked)


@pytest.mark.parametrize(
    ("stated", "promised"),
    [({"totalPages": 2}, True), ({"total": 6}, True), ({"totalPages": 1}, False), ({"total": 3}, False), ({}, False)],
)
def test_a_json_list_that_states_more_than_it_holds_is_not_taken_for_complete(stated, promised):
    body = json.dumps({"page": {"content": rows(TDATE[:3], "DOCPUBURL", "DOCTITLE", "PUBDATE"), **stated}})
    listing = read_listing(body.encode(), f"{HOST}/igs/front/search/list.html")
    assert (len(listing.entries), listing.next, listing.promised) == (3, None, promised)
