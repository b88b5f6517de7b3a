"""Texts kept in JSON, scripts and form fields are found with what stands beside them; nothing a script says to its visitor is one."""

from __future__ import annotations

import json
from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners.pages.embedded import embedded, is_json, prose

BODY = "<p>各科室：</p><p>请于3月12日前完成植树任务，逐项记录结果。</p>"
BESIDE = {"docTitle": "关于春季植树的通知", "DOC_PUB_TIME": "2031-03-05 10:20:00", "docSource": "青禾市林业局", "hits": 12}


def said(found) -> dict[str, str]:
    return {one.name: one.value for one in found.fields}


@pytest.mark.parametrize(
    ("page", "key"),
    [
        (json.dumps({"data": {**BESIDE, "docClob": BODY}}), "data.docClob"),
        ("\ufeff" + json.dumps({"rows": [{**BESIDE, "content": BODY}]}, ensure_ascii=False), "rows[0].content"),
        ("callback(" + json.dumps({**BESIDE, "content": BODY}) + ");", "content"),
        (json.dumps({"data": json.dumps({**BESIDE, "content": BODY})}), "data.content"),
        (json.dumps({**BESIDE, "content": escape(BODY)}), "content"),
        (f"<script>window.__INITIAL_STATE__ = {json.dumps({'detail': {**BESIDE, 'html': BODY}})};(function(){{}})()</script>",
         "window.__INITIAL_STATE__.detail.html"),
        (f"<script id='__NEXT_DATA__' type='application/json'>{json.dumps({'props': {**BESIDE, 'body': BODY}})}</script>", "props.body"),
        (f"<script>var a = JSON.parse({json.dumps(json.dumps({**BESIDE, 'content': BODY}))});</script>", "JSON.parse.content"),
    ],
)  # fmt: skip
def test_json_gives_the_text_and_what_its_keys_say(page, key):
    found = embedded(page)
    assert found.html == BODY
    assert found.key == key
    assert said(found) == {"title": "关于春季植树的通知", "issued": "2031-03-05 10:20:00", "source": "青禾市林业局"}
    assert any("docTitle = 关于春季植树的通知" in one.snippet for one in found.fields)
    assert found.reader == ("json" if is_json(page) else "script")


@pytest.mark.parametrize(
    "page",
    [
        "<script>document.write('<p>各科室：</p><p>请于3月12日前完成');\n document.write('植树任务，逐项记录结果。</p>');</script>",
        "<script>var content = '<p>各科室：</p>' +\n '<p>请于3月12日前完成植树任务，逐项记录结果。</p>';</script>",
        r'<script>var content = "\u003cp>各科室：<\/p>\x3cp>请于3月12日前完成植树任务，逐项记录结果。<\/p>";</script>'.replace(
            r"<\/", r"<\/"
        ),
        "<script>var c = unescape('" + "".join(f"%u{ord(character):04x}" for character in BODY) + "')</script>",
        f'<textarea id="content" style="display:none">{escape(BODY)}</textarea>',
        f"<template>{BODY}</template>",
        f"<noscript>{BODY}</noscript>",
        f"<XMP>{BODY}</XMP>",
        f"<!--<datastore><recordset><record><![CDATA[{BODY}]]></record></recordset></datastore>-->",
        f"<script>window.__NUXT__=(function(a,b){{return {{data:[{{title:a,html:`{BODY}`}}]}}}}('x','y'))</script>",
    ],
)
def test_markup_in_scripts_and_fields_is_found(page):
    found = embedded(f"<html><body>{page}</body></html>")
    assert found is not None
    assert found.reader == "script"
    assert found.html == BODY


def test_the_longest_prose_is_the_text():
    page = json.dumps({"lead": "请按时完成植树任务，逐项记录结果，按期上报。", "content": BODY * 2, "title": "长" * 300})
    assert embedded(page).key == "content"


def test_paragraphs_in_a_list_are_one_text():
    assert embedded(json.dumps({"content": ["各科室：", "请于3月12日前完成植树任务，逐项记录结果。"]})).html.count("\n") == 1
    blocks = [{"type": "text", "text": "请于3月12日前完成植树任务，逐项记录结果。"}] * 4
    assert embedded(json.dumps({"blocks": blocks})).html.count("\n") == 3


def test_a_listing_is_no_text():
    rows = [{"title": f"关于植树的通知{number}", "content": BODY} for number in range(5)]
    assert embedded(json.dumps({"data": {"rows": rows}})) is None


@pytest.mark.parametrize(
    "page",
    [
        "",
        "<html><body><p>请于3月12日前完成植树任务，逐项记录结果。</p></body></html>",
        '{"code": 500, "message": "系统繁忙，请稍后再试，给您带来不便，敬请谅解，多谢支持。"}',
        "<noscript>您的浏览器不支持JavaScript，请启用脚本后，再重新访问本网站，谢谢您的支持。</noscript>",
        "<script>if(!ok){alert('请输入正确的验证码，再次点击查询按钮，谢谢您的配合。')}</script>",
        '{"title": "只有标题", "description": "这是一段摘要，说明了文件的主要内容，不是正文。"}',
    ],
)
def test_what_is_said_to_visitors_is_no_text(page):
    assert embedded(page) is None


def test_files_a_document_names_come_with_their_titles():
    page = json.dumps(
        {"content": BODY, "appendix": [{"fileName": "任务表.pdf", "filePath": "/f/a.pdf"}, {"url": "/f/b.html", "name": "页"}]}
    )
    assert [(file.url, file.title) for file in embedded(page).files] == [("/f/a.pdf", "任务表.pdf")]


def test_prose_counts_han_characters_in_sentences_only():
    assert prose("<p>首页</p><p>请按时完成，a b。</p>") == 5
    assert prose("plain English, no more.") == 0


@given(st.text(alphabet="{}[]\"'`\\:,<>/=()+;&%u0a各。！- \n", max_size=300))
def test_broken_scripts_are_no_trouble(text):
    for page in (text, f"<script>{text}</script>", f"<script>var a = {text}", f"<textarea>{text}"):
        found = embedded(page)
        assert found is None or found.prose >= 15


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
)  # fmt: skip


@given(json_values)
def test_a_text_is_found_wherever_it_stands_in_a_document(other):
    page = json.dumps({"other": other, "info": {"title": "关于春季植树的通知", "zw": BODY * 20}})
    found = embedded(page)
    assert found.html == BODY * 20
    assert said(found)["title"] == "关于春季植树的通知"
