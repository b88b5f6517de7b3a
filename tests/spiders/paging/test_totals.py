"""What a list says of its own length."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from list_pages import page

from spiders.paging.totals import Stated, stated


@pytest.mark.parametrize(
    ("text", "total", "pages"),
    [
        ('{"data": {"total": 387, "results": []}}', 387, None),
        ('{"page": {"totalElements": "1630", "totalPages": 163, "content": [{"total": 3}]}}', 1630, 163),
        ('{"searchVO": {"totalCount": 224, "totalpage": 23}}', 224, 23),
        ('{"custom": {"total": true}}', None, None),
        ('{"rows": [{"count": 5}]}', None, None),
        ("<script>createPageHTML(4, 0, 'index', 'html')</script><p>", None, 4),
        ("<script>createPageHTML('page_div', 50, 1, 'list', 'shtml', 1000)</script><p>", 1000, 50),
        ("<p></p><datastore><totalrecord>45</totalrecord><totalpage>3</totalpage></datastore>", 45, 3),
        ("<div class='pagination' rows='15' count='387'></div>", 387, None),
        ("<div class='pager'>共530条 1/27 首页 下页</div>", 530, 27),
        ("<div class='pager'>共有 53 条记录 第1页/共4页</div>", 53, 4),
        ("<script>$('#p').pagination({pageSize: 15, total: 281})</script><p>", 281, None),
        ("<script>Ls.pagination('#p', {pageIndex: 1, pageCount: 9, total: 130})</script><p>", 130, 9),
        ("<input name='article_paging_list_hidden' moduleid='2189' totalpage='6'>", None, 6),
        ("<p>办法共12条，自2024年5月1日起施行，比例为 3/7。</p>", None, None),
        ("<p>无</p>", None, None),
    ],
)
def test_rows_and_pages_in_all_are_read_where_a_list_states_them(text: str, total: int | None, pages: int | None):
    assert stated(page(text)) == Stated(total, pages)


@given(st.text(max_size=300))
def test_no_text_is_too_odd(text: str):
    stated(page(f"<p>{text.replace(chr(0), '')}</p>x"))
