"""Pages that only frame a list."""

from __future__ import annotations

import pytest
from list_pages import following, page

from spiders.families.frames import config_index, datasource, doc_info, feed, json_list

FIRST, SECOND = "0" * 32, "1" * 32


def test_of_several_lists_of_xinhuas_system_the_pages_own_is_taken():
    top = f'<ul class="lunbo" data="datasource:{FIRST}" preview="ds_"></ul>'
    assert following(datasource(page(top, "/xwfb/index.htm"))) == f"/xwfb/ds_{FIRST}.json"
    own = f'<div id="content-list" data="datasource:{SECOND}" datatype="ds" preview="ds_"></div>'
    assert following(datasource(page(top + own, "/xwfb/index.htm"))) == f"/xwfb/ds_{SECOND}.json"


def test_a_feed_is_followed_only_from_a_page_without_rows():
    text = "<p></p><script>ajax({url: './ZUIXINZHENGCE.json'})</script>"
    assert following(feed(page(text, "/zhengce/zuixin/", rows=0))) == "/zhengce/zuixin/ZUIXINZHENGCE.json"
    assert feed(page(text, "/zhengce/zuixin/", rows=9)) is None
    assert feed(page("<p></p><script src='./manifest.json'></script>", rows=0)) is None


def test_a_city_portal_may_hold_the_index_of_an_office_in_a_folder():
    text = "<p></p><script>window._CONFIG = {SID: '755325'}</script>"
    assert following(config_index(page(text, "/gmkjcxj/gkmlpt/index#12"))) == "/gmkjcxj/gkmlpt/api/all/12?page=1&sid=755325"


def test_a_column_of_cac_is_asked_for_by_post():
    found = json_list(page("<p></p><script>var channelCode='A0905'; post('/cms/JsonList', {perPage:'40'})</script>"))
    assert found is not None
    assert found.frame
    assert found.next is not None
    assert (found.next.method, found.next.body) == ("POST", b"channelCode=A0905&perPage=40&pageno=1")


@pytest.mark.parametrize(
    "path", ["/cn/view/pages/ItemList.html?itemId=x", "/cn/view/pages/ItemDetail.html?itemId=1", "/list.html?itemId=1"]
)
def test_other_pages_are_no_frames(path: str):
    here = page("<p>无</p>", path, rows=0)
    assert [found for pager in (config_index, datasource, feed, json_list, doc_info) if (found := pager(here))] == []
