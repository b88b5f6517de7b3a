"""Pages that show nothing are read from what they carry, and pages that show a text never are."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest

from cleaners import Capture, clean

BODY = "<p>各科室：</p><p>请于3月12日前完成植树任务，逐项记录结果。</p><p>附件：<a href='/f/b.docx'>任务表</a></p><p>青禾市林业局</p><p>2031年3月4日</p>"
DETAIL = {
    "docTitle": "关于春季植树的通知",
    "docPubTime": "2031-03-05 10:20:00",
    "docSource": "青禾市林业局",
    "fileNo": "青林发〔2031〕7号",
    "docClob": BODY,
}


def read(page: str):
    return clean(Capture("", "http://www.qinghe.gov.example/api/detail?id=1", datetime(2031, 3, 6, tzinfo=UTC), 200, (), page.encode()))


@pytest.mark.parametrize(
    "page",
    [
        json.dumps({"code": 0, "data": DETAIL}),
        f"<html><head><title>青禾市林业局</title></head><body><div id='app'></div><script>window.__INITIAL_STATE__={json.dumps(DETAIL)}</script></body></html>",
    ],
)
def test_a_text_in_json_is_read_with_its_parts(page):
    notice = read(page)
    assert notice.text.startswith("各科室：\n请于3月12日前完成植树任务，逐项记录结果。")
    assert notice.title == "关于春季植树的通知"
    assert notice.issued.date() == date(2031, 3, 5)
    assert (notice.source, notice.document_number, notice.created) == ("青禾市林业局", "青林发〔2031〕7号", date(2031, 3, 4))
    assert [file.url for file in notice.attachments] == ["http://www.qinghe.gov.example/f/b.docx"]
    assert notice.reader in {"json", "script"}
    assert notice.evidence["issued"].place == "json"
    assert "docClob" in notice.evidence["text"].value
    assert not {"empty_body", "script_shell"} & set(notice.flags)


def test_a_viewer_gives_its_file():
    notice = read(
        "<html><head><title>关于植树的通知</title></head><body><iframe src='/pdfjs/web/viewer.html?file=/f/a.pdf'></iframe></body></html>"
    )
    assert [file.url for file in notice.attachments] == ["http://www.qinghe.gov.example/f/a.pdf"]


def test_a_page_that_shows_its_text_is_read_as_shown():
    text = "请于3月12日前完成植树任务，逐项记录结果，并将结果报送市林业局。" * 3
    other = f"<script>var a={json.dumps({'content': '<p>另一篇文章的正文，与本页无关，不应读入。</p>' * 9})}</script><iframe src='/f/a.pdf'></iframe>"
    notice = read(f"<html><body><div class='TRS_Editor'><p>{text}</p></div>{other}</body></html>")
    assert notice.text == text
    assert notice.attachments == ()


def test_markup_that_stalls_parsers_is_read_without_one():
    hostile = "<p " + " ".join(f"a{number}=1" for number in range(30_000)) + ">请于3月12日前完成植树任务，逐项记录结果。</p>"
    assert read(json.dumps({"content": hostile}).replace("<", "\\u003c")).text == "请于3月12日前完成植树任务，逐项记录结果。"


def test_json_that_says_nothing_is_no_notice():
    assert read('{"code": 0, "data": null}').title is None
