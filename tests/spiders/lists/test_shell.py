"""Pages that scripts fill."""

from __future__ import annotations

import pytest

from spiders.listing import read_listing

SHELL = '<!DOCTYPE html><html><head><title>河湾县</title></head><body><div id="app"></div><script src="/js/app.0a1b2c3d.js"></script></body></html>'
ROUTED = "<html><body><div class=wrap></div><script>start()</script></body></html>"
TEXT = f'<html><body><div id="app"><p>{"县政府办公室负责机关日常运转，联系电话见首页。" * 6}</p></div><script>x()</script></body></html>'


@pytest.mark.parametrize(
    ("body", "url", "kind"),
    [
        (SHELL, "https://www.hewan.gov.example/zwgk/", "needs_js"),
        (ROUTED, "https://www.hewan.gov.example/zc/index.html#/FindPolicy", "needs_js"),
        (ROUTED, "https://www.hewan.gov.example/zc/index.html", "other"),
        (SHELL.replace("<script", "<b").replace("</script", "</b"), "https://www.hewan.gov.example/zwgk/", "other"),
        ('{"list": 0}', "https://www.hewan.gov.example/api#/x", "other"),
    ],
)
def test_a_page_that_scripts_fill_is_told_from_an_empty_one(body: str, url: str, kind: str):
    listing = read_listing(body.encode(), url)
    assert (listing.kind, listing.entries, listing.next) == (kind, (), None)


def test_a_page_with_text_is_no_shell():
    assert read_listing(TEXT.encode(), "https://www.hewan.gov.example/zwgk/").kind != "needs_js"
