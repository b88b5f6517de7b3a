"""A list that goes on only by a click is not complete; one whose button is switched off is at its end."""

import pytest

from spiders.listing import read_listing
from spiders.paging.widgets import waits_for_click

ROWS = "".join(f"<li><a href='/n/{n}.html'>岚屿市数据局关于第{n}号事项的通知</a><span>2026-09-{n:02}</span></li>" for n in range(1, 9))


@pytest.mark.parametrize(
    ("pager", "goes_on"),
    [
        ('<button type="button" class="btn-next"><i class="el-icon"></i></button>', True),
        ('<button type="button" class="btn-next" aria-disabled="false"><i></i></button>', True),
        ('<button type="button" disabled="disabled" class="btn-next"><i></i></button>', False),
        ('<button type="button" class="btn-next is-disabled" aria-disabled="true"><i></i></button>', False),
        ('<li title="下一页" class="ant-pagination-next" aria-disabled="false"><button class="link"></button></li>', True),
        (
            '<li title="下一页" class="ant-pagination-disabled ant-pagination-next" aria-disabled="true"><button disabled></button></li>',
            False,
        ),
        ("<button>下一页</button>", True),
        ("<button class='more'> 加载更多 </button>", True),
        ("<button>上一页</button><button>搜索</button>", False),
        ("", False),
    ],
)
def test_an_enabled_button_for_the_next_page_is_a_promise_without_a_way_on(pager, goes_on):
    page = f"<html><body><ul class='list'>{ROWS}</ul><div class='pager'>{pager}</div></body></html>"
    assert waits_for_click(page) is goes_on
    listing = read_listing(page.encode(), "http://www.lanyu.gov.example/tzgg/")
    assert len(listing.entries) == 8
    assert (listing.next, listing.promised) == (None, goes_on)
