"""From a home page to its columns: by words, headings and addresses; never to a notice, a service or another domain."""

from hypothesis import given
from hypothesis import strategies as st

from spiders.discovery import columns, judge

HOME = "http://www.shuiqu.gov.example/"


def page(*anchors):
    return f"<html><head><title>水渠县人民政府</title></head><body>{''.join(anchors)}</body></html>".encode()


def names(*anchors):
    return [(candidate.name, candidate.url.removeprefix(HOME)) for candidate in columns(page(*anchors), HOME)]


def test_columns_are_ranked_by_what_they_are_called_and_where_they_are():
    found = names(
        '<a href="/zwgk/gzdt/">工作动态</a>',
        '<a href="/zwgk/tzgg/">通知公告</a>',
        '<a href="/a/b/c.html">公告公示</a>',
        '<a href="/yzdh/">一站导航</a>',
    )
    assert [name for name, _ in found] == ["通知公告", "公告公示", "工作动态"]


def test_a_more_link_is_called_by_its_heading():
    found = names(
        '<div><h3><span>政策文件</span></h3><a href="/zc/">更多&gt;&gt;</a></div>', '<h2>规范性文件 <a href="/gf/"><img>MORE</a></h2>'
    )
    assert dict(found) == {"政策文件": "zc/", "规范性文件": "gf/"}
    assert names('<a href="/tz/" title="通知公告">&gt;&gt;</a>') == [("通知公告", "tz/")]


def test_one_column_linked_twice_is_one_candidate():
    assert names('<a href="/tz/">公告</a>', '<a href="http://www.shuiqu.gov.example/tz/">通知公告</a>') == [("通知公告", "tz/")]


def test_traditional_words_count_as_their_simplified_ones():
    assert names('<a href="/n/">公示公告</a>', '<a href="/m/">規範性文件</a>') == [("公示公告", "n/"), ("規範性文件", "m/")]


def test_what_is_no_column_is_none():
    assert (
        names(
            '<a href="/zwgk/202611/t20261102_5501.html">关于召开座谈会的通知</a>',
            '<a href="/bs/">办事通知查询</a>',
            '<a href="http://www.tanhe.gov.example/tzgg/">通知公告</a>',
            '<a href="javascript:;">通知公告</a>',
            '<a href="/">通知公告</a>',
            '<a href="/x/">关于印发水渠县二〇二六年度防汛抗旱工作要点的通知</a>',
        )
        == []
    )


def test_sub_domains_are_near():
    assert names('<a href="http://jtj.shuiqu.gov.example/tzgg/">通知公告</a>') == [("通知公告", "http://jtj.shuiqu.gov.example/tzgg/")]


def test_what_a_column_says_of_itself_counts():
    news, rules = judge(HOME + "a/", "通知"), judge(HOME + "b/", "通知")
    told = rules.learn("规范性文件", "政策文件", 15)
    assert told.score > news.score
    assert told.name == "规范性文件"
    assert {("name", "规范性文件"), ("type", "政策文件"), ("list", "15")} <= set(told.evidence)
    assert news.learn("便民服务", "办事服务").score < news.score


@given(st.one_of(st.binary(max_size=400), st.text(alphabet='<a href="/tz通知公告>更多</a>&;', max_size=300).map(str.encode)))
def test_no_page_is_too_broken(body):
    for candidate in columns(body, HOME):
        assert candidate.url.startswith("http")
        assert candidate.score > 0
