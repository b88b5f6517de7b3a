from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners.urls import canonical_url, join, url_rules


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("HTTP://WWW.Example.GOV.cn:80/a/./b/../c//d.html#top", "http://www.example.gov.cn/a/c/d.html"),
        ("https://www.example.gov.cn:443", "https://www.example.gov.cn/"),
        ("https://www.example.gov.cn:8443/x", "https://www.example.gov.cn:8443/x"),
        (" http://www.example.gov.cn/t20200115_1.html\n", "http://www.example.gov.cn/t20200115_1.html"),
        ("http://example.gov.cn/a?spm=1.2&id=3&_t=99&catId=&utm_source=x", "http://example.gov.cn/a?id=3&catId="),
        ("http://example.gov.cn/a?b=2&a=1", "http://example.gov.cn/a?b=2&a=1"),
        ("http://example.gov.cn/a?from=timeline&isappinstalled=0", "http://example.gov.cn/a"),
        ("http://example.gov.cn/a?from=20", "http://example.gov.cn/a?from=20"),
        ("http://example.gov.cn/a;jsessionid=AB12.node1?id=1", "http://example.gov.cn/a?id=1"),
        ("http://示例.cn/通知 一%7e%zz", "http://xn--fsq092h.cn/%E9%80%9A%E7%9F%A5%20%E4%B8%80~%25zz"),
        ("http://example.gov.cn/%e9%80%9a?x=%e9%80%9a", "http://example.gov.cn/%E9%80%9A?x=%E9%80%9A"),
        ("http://example.gov.cn/a\\b", "http://example.gov.cn/a/b"),
        ("http://example.gov.cn./../../x/", "http://example.gov.cn/x/"),
        ("http://example.gov.cn/a/%2e%2e/b", "http://example.gov.cn/b"),
        ("urn:sha256:00ff", "urn:sha256:00ff"),
        ("http://[broken", "http://[broken"),
        ("http://example.gov.cn:port/", "http://example.gov.cn:port/"),
        ("", ""),
    ],
)
def test_one_page_has_one_address(url, canonical):
    assert canonical_url(url) == canonical


@pytest.mark.parametrize(
    ("href", "address"),
    [
        ("./t20200115_1.html", "http://example.gov.cn/tzgg/t20200115_1.html"),
        ("../a.html#p2", "http://example.gov.cn/a.html"),
        ("//other.example.cn/x", "http://other.example.cn/x"),
        ("?page=2", "http://example.gov.cn/tzgg/index.html?page=2"),
        (" /a\n.pdf ", "http://example.gov.cn/a.pdf"),
        ("", None),
        ("#top", None),
        ("javascript:void(0)", None),
        ("JavaScript:;", None),
        ("java\nscript:alert(1)", None),
        ("mailto:a@example.cn", None),
        ("data:text/html,x", None),
        ("file:///etc/passwd", None),
        ("http://[broken", None),
    ],
)
def test_links_lead_to_pages_only(href, address):
    assert join("http://example.gov.cn/tzgg/index.html", href) == address


PIECES = st.lists(
    st.sampled_from(
        [
            "http://",
            "HTTPS://",
            "a.cn",
            ":80",
            "/",
            "..",
            ".",
            "%2e",
            "%",
            "?",
            "&",
            "=",
            ";jsessionid=1",
            "spm",
            "#",
            "通",
            "@",
            "[",
            "]",
            "\\",
            " ",
            "%c3",
            "\ud800",
            "ß",
            "big5.a.cn/gate/big5/",
            "/BIG5/n1/2024/0520/c1-2.html",
            "/t20240520_1_m.html?",
            "/content.jsp?urltype=news.NewsContentUrl&wbtreeid=1&wbnewsid=2",
            "/123456789012/",
        ]
    ),
    max_size=14,
)


@given(PIECES.map("".join) | st.text(max_size=60) | st.text(max_size=40).map("http://example.cn/".__add__))
def test_canonical_form_is_final_and_never_fails(url):
    once = canonical_url(url)
    assert canonical_url(once) == once
    join("http://example.gov.cn/a/", url)


@given(PIECES.map("".join))
def test_joined_links_are_absolute_web_addresses(href):
    address = join("http://example.gov.cn/a/", href)
    assert address is None or address.lower().startswith(("http://", "https://"))


def test_an_ideographic_full_stop_ends_a_host_as_a_full_stop_does():
    assert canonical_url("https://www.linshui.gov.example。/a") == "https://www.linshui.gov.example/a"


def test_a_joined_address_has_its_scheme_in_lower_case():
    assert join("https://www.linshui.gov.example/", "HTTP://beian.example/a") == "http://beian.example/a"


@pytest.mark.parametrize("rule", url_rules(), ids=lambda rule: rule.says)
def test_what_a_family_adds_to_the_canonical_form(rule):
    assert canonical_url(rule.example) == rule.gives
    assert canonical_url(rule.gives) == rule.gives


@pytest.mark.parametrize(
    "url",
    [
        "http://x.example/search.html?q=1",
        "http://x.example/tzgg/index.html?page=2",
        "http://x.example/art_m.html",
        "http://x.example/BIG5/index.html",
        "http://x.example/content.jsp?urltype=tree.TreeTempUrl&wbtreeid=3",
        "http://x.example/2024/",
    ],
)
def test_addresses_that_no_family_knows_stay_as_they_are(url):
    assert canonical_url(url) == url
