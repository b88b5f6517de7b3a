"""Rows whose family is known: by selector, or by the names of its JSON."""

from __future__ import annotations

from datetime import date

from list_pages import HOST, anchors
from lxml import html

from spiders.families import family_of
from spiders.families.known import html_rows, json_rows, sure

VSB = [f"/info/1003/{n}.htm" for n in range(10, 16)]


def lines(paths: list[str], component: str) -> str:
    return "<ul>" + "".join(f"<li id='line_{component}_{n}'>{anchors([path], 'p')}</li>" for n, path in enumerate(paths)) + "</ul>"


def test_of_two_lists_of_a_familys_rows_the_longer_is_the_pages():
    tree = html.document_fromstring(f"<div>{lines(VSB[:2], 'u3')}</div><div>{lines(VSB, 'u9')}</div>")
    found = html_rows(tree, HOST + "/tzgg.htm", family_of("vsb"))
    assert [entry.url for entry in found] == [HOST + path for path in VSB]
    assert sure(found)
    assert not sure(found[:4])


def test_titles_and_dates_may_stand_in_attributes():
    row = "<table><tr class='tr_main_value_even'><td><a href='/art/2024/5/20/art_1_2.html' mc='关于印发办法的通知' rq='2024-05-20'>关于印发…</a>"
    (entry,) = html_rows(html.document_fromstring(row), HOST + "/module/xxgk/search.jsp", family_of("hanweb"))
    assert (entry.title, entry.issued) == ("关于印发办法的通知", date(2024, 5, 20))


def test_a_page_without_such_rows_is_left_to_the_generic_reader():
    tree = html.document_fromstring(f"<ul>{anchors(VSB)}</ul>")
    assert html_rows(tree, HOST, family_of("vsb")) == ()
    assert html_rows(tree, HOST, family_of("generic")) == ()


def test_names_may_stand_inside_each_other():
    value = {
        "data": [{"puburl": "/t20240520_1.html", "tip": {"title": "关于<b>工作</b>的通知", "dates": "2024-05-20"}}, {"puburl": "/x"}, 7]
    }
    (entry,) = json_rows(value, HOST, family_of("trs_igs"))
    assert (entry.url, entry.title, entry.issued) == (HOST + "/t20240520_1.html", "关于工作的通知", date(2024, 5, 20))


def test_a_number_becomes_an_address_and_nothing_else_does():
    value = {"data": {"rows": [{"docId": 118, "docTitle": "通知"}, {"docId": "../x", "docTitle": "通知"}, {"docTitle": "通知"}]}}
    (entry,) = json_rows(value, HOST + "/cn/x.json", family_of("nfra"))
    assert entry.url == HOST + "/cn/static/data/DocInfo/SelectByDocId/data_docId=118.json"
    assert json_rows(value, HOST, family_of("generic")) == ()
