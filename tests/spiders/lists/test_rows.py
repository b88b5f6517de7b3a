"""Rows whatever leads on from them: links, scripts, data attributes; which title is theirs, and which of them are pinned."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spiders.listing import read_listing

URL = "https://www.hewan.gov.example/zwgk/tzgg/"
TITLES = [f"河湾市民政局关于第{n}批临时救助对象名单的公示" for n in range(1, 8)]


def read(row: str, around: str = "<ul class='list'>{}</ul>", first: str = ""):
    rows = "".join(row.format(n=n, title=title, short=title[:9] + "…", day=f"2024-05-{n:02}") for n, title in enumerate(TITLES, 1))
    body = f"<html><head><title>公示</title></head><body><div class='main'>{around.format(first + rows)}</div></body></html>"
    return read_listing(body.encode(), URL)


@pytest.mark.parametrize(
    "row",
    [
        "<li><a href='javascript:void(0)' onclick=\"show('{n}.html','x')\">{title}</a><span>{day}</span></li>",
        "<li><a href='#' onclick=\"window.open('{n}.html')\">{title}</a><span>{day}</span></li>",
        "<li><a href=\"javascript:open('./{n}.html')\">{title}</a><span>{day}</span></li>",
        "<li onclick=\"location.href='{n}.html'\"><p>{title}</p><span>{day}</span></li>",
        "<li><a data-href='{n}.html'>{title}</a><span>{day}</span></li>",
        "<li><a href='{n}.html' title='点击查看详细内容'>{title}</a><span>{day}</span></li>",
        "<li><a href='{n}.html' title='{title}'>{short}</a><span>{day}</span></li>",
        "<li><a href='{n}.html'><h3>{title}({day})</h3><p>公示摘要</p></a></li>",
        "<li><a href='{n}.html'>{title}（{day}）</a></li>",
    ],
)
def test_a_row_is_read_whatever_leads_on_from_it(row: str):
    listing = read(row)
    assert [entry.url for entry in listing.entries] == [f"{URL}{n}.html" for n in range(1, 8)]
    assert [entry.title for entry in listing.entries] == TITLES
    assert [entry.issued for entry in listing.entries] == [date(2024, 5, n) for n in range(1, 8)]


def test_a_date_that_belongs_to_a_stated_title_stays_in_it():
    listing = read("<li><a href='{n}.html' title='{title}（2023.11.20）'>{title}（2023.11.20）</a><span>{day}</span></li>")
    assert listing.entries[0].title == TITLES[0] + "（2023.11.20）"
    assert listing.entries[0].issued == date(2024, 5, 1)


def test_rows_that_only_a_script_can_follow_do_not_make_the_menu_a_list():
    row = "<a href='javascript:;'><h3>{title}({day})</h3><p>摘要</p></a>"
    menu = "".join(f"<a href='{n}.html'>第{n % 100}科室</a>" for n in range(18100, 18121))
    listing = read(row, around=f"<div class='pl'><ul>{menu}</ul></div><div class='pr'><ul>{{}}</ul></div>")
    assert (listing.kind, listing.entries) == ("listing", ())


def test_a_short_dated_list_is_read_before_a_long_side_list_without_dates():
    side = "".join(f"<li><a href='/news/{n}0001.html'>网络热点：某地发生的一件新鲜事之{n}</a></li>" for n in range(24))
    listing = read(
        "<li><a href='{n}0001.html'>{title}</a><i>{day}</i></li>", around=f"<ul>{{}}</ul><div class='news'><ul>{side}</ul></div>"
    )
    assert [entry.title for entry in listing.entries] == TITLES


def test_dated_paths_are_notices_though_they_end_like_columns():
    rows = "".join(f"<div><a href='/2024/05/0{n}/gongshi-{n}/'>{title}</a></div>" for n, title in enumerate(TITLES, 1))
    assert len(read_listing(f"<div id=content>{rows}</div>".encode(), URL).entries) == 7


def test_the_words_of_a_pager_are_no_rows():
    listing = read(
        "<li><a href='{n}.html'>{title}</a></li>", first="<li><a href='index_6.html'>下5页</a></li><li><a href='1.html'>转到</a></li>"
    )
    assert [entry.title for entry in listing.entries] == TITLES


def test_one_list_in_badly_nested_tables_is_read_whole():
    cells = [f"<tr><td><a class='x' href='{n}000.html'>{title}</a></td></tr>" for n, title in enumerate(TITLES, 1)]
    body = "<table class='m'><tr><td>" + "".join(f"<table><tr><td>{cell}</td></tr></table>" for cell in cells[:2]) + "".join(cells[2:])
    assert {entry.title for entry in read_listing(f"{body}</table>".encode(), URL).entries} == set(TITLES)


PINNED = [
    "<li><a href='9.html'>[置顶]关于低保标准的公告及说明</a><span>2023-01-01</span></li>",
    "<li><em>置顶</em><a href='9.html'>关于低保标准的公告及说明</a><span>2023-01-01</span></li>",
    "<li><i>[顶]</i><a href='9.html'>关于低保标准的公告及说明</a><span>2023-01-01</span></li>",
    "<li><img src='/images/top.gif'><a href='9.html'>关于低保标准的公告及说明</a><span>2023-01-01</span></li>",
    "<li class='is-top'><a href='9.html'>关于低保标准的公告及说明</a><span>2023-01-01</span></li>",
]


@pytest.mark.parametrize("first", PINNED)
def test_pinned_rows_are_marked_and_keep_a_bare_title(first: str):
    pinned, *others = read("<li><a href='{n}.html'>{title}</a><span>{day}</span></li>", first=first).entries
    assert (pinned.pinned, pinned.title, pinned.issued) == (True, "关于低保标准的公告及说明", date(2023, 1, 1))
    assert len(others) == 7
    assert not any(entry.pinned for entry in others)


@pytest.mark.parametrize(
    "row", ["<li class='list top'><a href='{n}.html'>{title}</a></li>", "<li><a href='{n}.html'>{title}</a><b>顶层设计</b></li>"]
)
def test_what_every_row_has_pins_none(row: str):
    assert not any(entry.pinned for entry in read(row).entries)


MAKES = st.sampled_from(
    ["<li><a href='{n}0001.html'>{title}</a><i>{day}</i></li>", "<li class=top><p><a href='{n}0001.html'>{title}</a></p>{day}</li>"]
)


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.integers(1, 60), MAKES), min_size=4, max_size=20, unique_by=lambda row: row[0]))
def test_rows_keep_the_order_of_the_page_and_reading_again_gives_the_same(rows: list[tuple[int, str]]):
    lines = "".join(make.format(n=n, title=f"河湾市关于第{n}号工作安排的通知", day="2024-05-06") for n, make in rows)
    body = f"<div class='main'><ul class='list'>{lines}</ul></div>".encode()
    listing = read_listing(body, URL)
    numbers = [int(entry.url.removeprefix(URL).removesuffix("0001.html")) for entry in listing.entries]
    assert numbers == [n for n, _ in rows if n in numbers]
    assert len(numbers) == len(rows)
    assert read_listing(body, URL) == listing


def listed(body: str) -> list[tuple[str, str]]:
    html = f"<html><head><title>通知公告</title></head><body><div class='main'>{body}</div></body></html>"
    listing = read_listing(html.encode(), "https://www.hewan.gov.example/tzgg/index.html")
    return [(entry.title, str(entry.issued or "")) for entry in listing.entries]


NAMES = [f"关于第{n}批老旧小区改造名单的公示" for n in range(1, 6)]


@pytest.mark.parametrize(
    ("row", "issued"),
    [
        ("<li><a href='/lm/'>[工作动态]</a> <a href='{n}.html'>{name}</a></li>", ""),
        ("<li><a href='{n}.html'>{name}</a> <a href='/u/{n}.html'>张河</a></li>", ""),
        ("<li><a href='{n}.html'>{name}</a> <a href='{n}.html#talk'>点评</a><a href='{n}.html'>浏览全文</a></li>", ""),
        ("<li><a href='{n}.html'><img src='a.gif' title='有新回复'></a><a href='{n}.html'>{name}</a></li>", ""),
        ("<li><a href='{n}.html' title='有新回复 - 新窗口打开'></a></li><li><a href='{n}.html'>{name}</a></li>", ""),
        ("<li><h3><a href='{n}.html'>{name}</a></h3><p><a href='{n}.html'>本次改造涉及面广，现予公示。意见请于五日内反馈。</a></p></li>", ""),
        ("<div id='k{n}z'><p><a href='{n}.html'>{name}</a></p><i>2024-05-06</i></div>", "2024-05-06"),
        ("<div class='c{letter}'><div><a href='{n}.html'>{name}</a></div><i>2024-05-06</i></div>", "2024-05-06"),
        ("<li><a href='{n}.html'><h3>{name}<span>2024-05-06</span></h3><p>改造工作有序推进，现予公示。</p></a></li>", "2024-05-06"),
        ("<li><a href='{n}.html'><p class='date'><b>2024-</b><b>05-06</b></p><p class='title'>{name}</p><p>现予公示。</p></a></li>", "2024-05-06"),
        ("<li><a href='{n}.html'>{name}</a><p>为了更有效地普及消防安全知识，提升消防安全素养，本月对驾驶员进行了消防知识培训，有效地预防和减少火灾危害，参加人数逾百人。<br>2019年12月30日</p><span>2024-05-06</span></li>", "2024-05-06"),
        ("<li><a href='{n}.html'>{name}</a><i>113.05.06</i></li>", "2024-05-06"),
    ],
    ids=[
        "its column", "its author", "details", "a picture's title", "an icon in a row of its own", "a summary", "an id each", "a class each",
        "a date in the heading", "a title by its class", "a date in the summary", "民國",
    ],
)  # fmt: skip
def test_every_row_gives_one_entry_with_its_own_title(row: str, issued: str):
    body = "".join(row.format(n=1000 + n, name=name, letter="abcde"[n]) for n, name in enumerate(NAMES))
    assert listed(f"<ul>{body}</ul>" if row.startswith("<li") else body) == [(name, issued) for name in NAMES]


def test_a_date_in_the_running_text_of_a_summary_is_not_the_row_s():
    summary = "集团于2008年8月18日增资，注册资本由五亿元增至二十亿元，此后业务迅速发展，与各市县均签订有合作协议，并在多地设有办事机构和分公司，服务范围广。"
    body = "".join(f"<li><a href='{1000 + n}.html'>{name}</a><div>{summary}</div></li>" for n, name in enumerate(NAMES))
    assert listed(f"<ul>{body}</ul>") == [(name, "") for name in NAMES]


def test_a_list_written_twice_for_large_and_small_screens_is_read_once():
    large = "".join(f"<li><a href='{1000 + n}.html'>{name}</a><i>2024-05-06</i></li>" for n, name in enumerate(NAMES))
    small = large.replace("<li>", "<li class='m'><b>").replace("</li>", "</b></li>")
    assert listed(f"<ul class='large'>{large}</ul><ul class='small'>{small}</ul>") == [(name, "2024-05-06") for name in NAMES]
