"""The plain way on."""

from __future__ import annotations

import pytest
from list_pages import following, page

from spiders.paging.links import links


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('<a href="list_3.html">下一页</a>', "/tzgg/list_3.html"),
        ('<a href="list_3.html">下页&gt;</a>', "/tzgg/list_3.html"),
        ('<a href="/list?p=3"><span> 下一頁 </span></a>', "/list?p=3"),
        ('<a rel="next" href="list_3.html"><img></a>', "/tzgg/list_3.html"),
        ('<a href="list_3.html" title="下一页">&gt;</a>', "/tzgg/list_3.html"),
        ('<a href="list_9.html">下一篇</a>', None),
        ('<a href="javascript:go(3)">下一页</a>', None),
        ("<a href=\"javascript:toPage('list_3.html')\">下一页</a>", "/tzgg/list_3.html"),
        ('<a href="#" onclick="location.href=\'?page=3\'">下一页</a>', "/tzgg/?page=3"),
        ('<ul><li class="active"><a href="?p=1">1</a></li><li><a href="?p=2">2</a></li></ul>', "/tzgg/?p=2"),
        ('<ul><li><a href="./">1</a></li><li><a href="?p=2">2</a></li></ul>', "/tzgg/?p=2"),
        ('<a href="">下一页</a>', None),
        ('<a href="#">下一页</a><b>1</b><a href="list_2.html">2</a>', None),
        ('<b>1</b> <a href="list_2.html">2</a> <a href="list_3.html">3</a>', "/tzgg/list_2.html"),
        ('<a href="list_1.html">1</a> <a class="current" href="list_2.html">2</a> <a href="list_3.html">3</a>', "/tzgg/list_3.html"),
        ('<a href="list_1.html">1</a> <a href="list_2.html">2</a> <b>3</b>', None),
    ],
)
def test_plain_links(text: str, expected: str | None):
    found = links(page(f"<div>{text}</div>"))
    assert (following(found) if found else None) == expected
