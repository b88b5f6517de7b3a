"""Attachments: files linked in and below a text, and those whose links lead nowhere."""

from datetime import UTC, datetime

from cleaners import Attachment, Capture, clean

TEXT = "<p>现将名单予以公布，公示期为五天，有异议的请书面反映。</p>"


def attachments(body: str, around: str = "") -> list[tuple[str, str]]:
    page = f"<html><head><title>名单公示</title></head><body><div class='TRS_Editor'>{TEXT}{body}</div>{around}</body></html>"
    url = "https://www.linshui.gov.example/gs/t1.html"
    notice = clean(Capture(site="", url=url, captured_at=datetime(2031, 6, 1, tzinfo=UTC), status=200, headers=(), body=page.encode()))
    assert all(isinstance(attachment, Attachment) for attachment in notice.attachments)
    return [(attachment.url.removeprefix("https://www.linshui.gov.example"), attachment.title) for attachment in notice.attachments]


def test_a_file_is_known_by_its_address_or_by_its_name() -> None:
    links = "<p>附件：<a href='P1.docx'>1.名单</a> <a href='/module/download/downfile.jsp?f=3'>2.表</a> <a href='/x?id=3'>说明.pdf</a></p>"
    assert attachments(links) == [("/gs/P1.docx", "1.名单"), ("/module/download/downfile.jsp?f=3", "2.表"), ("/x?id=3", "说明.pdf")]


def test_a_dead_link_in_the_list_of_attachments_is_a_file_without_address() -> None:
    links = "<p>附件：</p><p><a href='javascript:;'>1.名单</a></p><p><a href='#'>2.申报表.doc</a></p>"
    assert attachments(links) == [("", "1.名单"), ("", "2.申报表.doc")]


def test_a_dead_link_is_a_file_where_its_editor_says_so() -> None:
    assert attachments("<p><a class='cms-attachment' href='javascript:;'>名单</a></p>") == [("", "名单")]


def test_other_dead_links_are_none() -> None:
    assert attachments("<p>详见<a href='javascript:;'>本局网站</a>。</p>", "<div><a href='javascript:;'>附件下载.doc</a></div>") == []


def test_a_file_below_the_text_counts_and_one_in_navigation_does_not() -> None:
    around = "<div><a href='/f/a.pdf'>名单.pdf</a></div><div class='footer'><a href='/help.pdf'>帮助</a></div>"
    assert attachments("", around) == [("/f/a.pdf", "名单.pdf")]
