"""The model sites' pages: a plain walker of each family reaches every notice; pages stay the same bytes from day to day."""

import re
from urllib.parse import parse_qsl, urljoin, urlsplit

import pytest
from lxml import html

from crawler.demo.content import column_notices, notices
from crawler.demo.model import site_named, sites
from crawler.demo.pages import Request, answer

BY_FAMILY = {site.family: site for site in sites()}


def fetch(url, day, method="GET", form=None):
    split = urlsplit(url)
    target = split.path + (f"?{split.query}" if split.query else "")
    query = dict(parse_qsl(split.query, keep_blank_values=True)) | (form or {})
    return answer(Request(split.hostname, split.path, target, method, query), day)


def text_of(url, day):
    reply = fetch(url, day)
    assert reply.status == 200, url
    return reply.body.decode(site_of(url).encoding)


def site_of(url):
    return next(site for site in sites() if urlsplit(url).hostname in {site.host, site.mobile})


def links(text, url, pattern):
    hrefs = html.fromstring(text).xpath("//a/@href")
    return [urljoin(url, href) for href in hrefs if re.search(pattern, href)]


def walk_trs(start, day):
    text = text_of(start, day)
    total = int(re.search(r"createPageHTML\((\d+), 0,", text).group(1))
    for k in range(total):
        url = start if k == 0 else urljoin(start, f"index_{k}.html")
        yield from links(text_of(url, day), url, r"/t\d{8}_\d+\.html$")
    assert fetch(urljoin(start, f"index_{total}.html"), day).status == 404


def walk_ucap(start, day):
    total = int(re.search(r"createPageHTML\('page_div', (\d+), 1,", text_of(start, day)).group(1))
    for k in range(1, total + 1):
        url = start if k == 1 else start.replace(".shtml", f"_{k}.shtml")
        yield from links(text_of(url, day), url, r"/[0-9a-f]{32}\.shtml$")


def walk_vsb(start, day):
    total = int(re.search(r'class="p_t">1/(\d+)<', text_of(start, day)).group(1))
    for url in [start, *(start.replace(".htm", f"/{k}.htm") for k in range(total - 1, 0, -1))]:
        yield from links(text_of(url, day), url, r"info/\d+/\d+\.htm$")


def walk_hanweb(start, day):
    text, seen = text_of(start, day), 0
    total = int(re.search(r"<totalrecord>(\d+)<", text).group(1))
    column = re.search(r"col(\d+)", start).group(1)
    while seen < total:
        urls = [urljoin(start, href) for href in re.findall(r'href="(/art/[^"]+)"', text)]
        yield from urls
        seen += len(urls)
        form = {"columnid": column, "startrecord": str(seen + 1), "endrecord": str(seen + 14), "perpage": "14"}
        text = fetch(urljoin(start, "/module/web/jpage/dataproxy.jsp"), day, "POST", form).body.decode()


def walk_gkmlpt(start, day):
    import json

    sid = re.search(r"SID: '(\d+)'", text_of(start, day)).group(1)
    page, articles = 1, True
    while articles:
        articles = json.loads(fetch(urljoin(start, f"/gkmlpt/api/all/0?page={page}&sid={sid}"), day).body)["articles"]
        yield from (article["url"] for article in articles)
        page += 1


def walk_links(pattern, word):
    def walk(url, day):
        while url:
            text = text_of(url, day)
            yield from links(text, url, pattern)
            following = html.fromstring(text).xpath(f"//a[text()='{word}']/@href")
            url = urljoin(url, following[0]) if following else None

    return walk


WALKERS = {
    "trs": walk_trs,
    "ucap": walk_ucap,
    "vsb": walk_vsb,
    "hanweb": walk_hanweb,
    "gkmlpt": walk_gkmlpt,
    "docshare": walk_links(r"/doc/\d+\.html$", "下一页"),
    "generic": walk_links(r"/news/\d{4}/\d+\.html$", "下一頁"),
}


@pytest.mark.parametrize("day", [1, 2])
@pytest.mark.parametrize("site", sites(), ids=lambda site: site.family)
def test_a_plain_walker_reaches_every_notice(site, day):
    reached = [url for path in {column.path for column in site.columns} for url in WALKERS[site.family](urljoin(site.root, path), day)]
    assert sorted(reached) == sorted(notice.url for notice in notices(day) if notice.site == site.name)


def test_the_mobile_twin_lists_its_own_addresses():
    site = BY_FAMILY["trs"]
    reached = list(walk_trs(f"http://{site.mobile}{site.columns[-1].path}", 1))
    assert sorted(reached) == sorted(notice.twin for notice in notices(1) if notice.twin)
    assert len(reached) == 30


def test_dataproxy_also_pages_by_number_and_caps_what_it_gives():
    base = "http://www.yunbei.gov.example/module/web/jpage/dataproxy.jsp?columnid=1201"
    assert fetch(f"{base}&page=2&perpage=14", 1).body.count(b"<record>") == 14
    assert fetch(f"{base}&startrecord=1&endrecord=5000&perpage=5000", 1).body.count(b"<record>") == 36
    assert b"<nextgroup><![CDATA[]]>" in fetch(f"{base}&page=3", 1).body


def test_statuses_are_the_promised_ones():
    expected = {"ok": 200, "refused": 200, "missing": 404, "soft_404": 200, "challenge": 412}
    for notice in notices(2):
        assert fetch(notice.url, 2).status == expected[notice.outcome], notice.url


def test_only_the_promised_pages_differ_between_the_days():
    differing = {notice.url for notice in notices(1) if fetch(notice.url, 1).body != fetch(notice.url, 2).body}
    touched = {notice.url for notice in notices(2) if notice.change or notice.outcome not in {"ok", "refused"}}
    assert differing == touched
    for notice in notices(1):
        for url in (notice.twin, *(file.url for file in (*notice.attachments, *notice.images))):
            assert not url or fetch(url, 1).body == fetch(url, 2).body


def test_the_counter_page_differs_by_its_counter_only():
    url = next(notice.url for notice in notices(2) if notice.change == "counter")
    before, after = (re.sub(rb"\d+\xe6\xac\xa1", b"", fetch(url, day).body) for day in (1, 2))
    assert before == after


def test_every_text_stands_on_its_page():
    for notice in notices(2):
        if notice.outcome == "ok":
            words = re.sub(r"\s|\xa0", "", html.fromstring(text_of(notice.url, 2)).text_content())
            for block in notice.paragraphs:
                assert all(re.sub(r"\s", "", cell) in words for cell in block.cells or (block.text,)), (notice.url, block)


def test_attachments_are_linked_and_served():
    for notice in notices(2):
        if notice.outcome == "ok":
            linked = links(text_of(notice.url, 2), notice.url, ".")
            for file in notice.attachments:
                assert file.url in linked
                assert fetch(file.url, 2).status == 200


def test_one_site_sends_gbk_and_says_gb2312():
    site = BY_FAMILY["vsb"]
    for column in site.columns:
        for notice in column_notices(site, column, 1):
            body = fetch(notice.url, 1).body
            assert b"charset=gb2312" in body
            assert notice.title in body.decode("gbk")
            with pytest.raises(UnicodeDecodeError):
                body.decode("utf-8")


def test_robots_forbid_a_listed_notice_and_one_site_has_none():
    forbidden = next(notice for notice in notices(1) if notice.outcome == "refused")
    site = site_named(forbidden.site)
    rule = re.search(r"Disallow: (\S+)", fetch(f"{site.root}robots.txt", 1).body.decode()).group(1)
    assert urlsplit(forbidden.url).path.startswith(rule)
    statuses = {site.name: fetch(f"{site.root}robots.txt", 1).status for site in sites()}
    assert [name for name, status in statuses.items() if status == 404] == ["yunbeijt"]
    assert b"Crawl-delay: 0.1" in fetch("http://www.yunbei.gov.example/robots.txt", 1).body


@pytest.mark.parametrize(
    ("family", "noise"),
    [
        ("trs", "扫一扫在手机打开当前页"),
        ("trs", "当前位置"),
        ("hanweb", "大汉版通"),
        ("ucap", "浏览量"),
        ("vsb", "Announced by Visual SiteBuilder"),
        ("gkmlpt", "window._CONFIG"),
        ("docshare", "温馨提示"),
        ("docshare", "未读，继续免费阅读"),
        ("generic", "發給好友"),
    ],
)
def test_pages_carry_the_noise_of_their_family(family, noise):
    site = BY_FAMILY[family]
    assert noise in text_of(column_notices(site, site.columns[0], 1)[0].url, 1)


def test_a_hidden_copy_repeats_the_text_without_paragraphs():
    notice = column_notices(BY_FAMILY["gkmlpt"], BY_FAMILY["gkmlpt"].columns[0], 1)[0]
    hidden = html.fromstring(text_of(notice.url, 1)).xpath("string(//div[@class='share-copy'])")
    assert notice.text.replace("\n", "") in hidden


def test_unknown_hosts_and_paths_are_not_found():
    assert fetch("http://elsewhere.example/", 1).status == 404
    for site in sites():
        assert fetch(f"{site.root}no/such/page.html", 1).status == 404
        assert fetch(site.root, 1).status == 200
