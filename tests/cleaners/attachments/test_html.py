"""HTML and MHTML files: their text, and a word where they are no document."""

from __future__ import annotations

from cleaners.attachments import read_here

PAGE = (
    "<html><head><title>关于做好防汛工作的通知</title></head><body><h1>关于做好防汛工作的通知</h1><p>各县（区）人民政府：</p>"
    "<p>为做好今年防汛工作，现将有关事项通知如下，请认真贯彻执行。</p></body></html>"
)
TEXT = "关于做好防汛工作的通知\n各县（区）人民政府：\n为做好今年防汛工作，现将有关事项通知如下，请认真贯彻执行。"


def test_a_page_that_parsers_stall_at_keeps_its_text():
    attributes = " ".join(f'a{number}="1"' for number in range(60_000))
    found = read_here(PAGE.replace("<p>", f"<p {attributes}>", 1).encode())
    assert TEXT.split("\n")[2] in found.text


def test_a_web_page_named_doc_is_read_as_a_page():
    found = read_here(PAGE.encode("gb18030"), "application/msword", "通知.doc")
    assert found.text == TEXT
    assert found.media_type == "text/html"
    assert found.flags == ("mislabelled",)


def test_a_page_in_the_place_of_a_file_is_no_document():
    gone = "<html><head><title>404</title></head><body><h1>404</h1><p>抱歉，您访问的页面不存在或已被删除。</p></body></html>"
    found = read_here(gone.encode(), "application/pdf", "附件.pdf")
    assert found.flags == ("mislabelled", "unsupported")
    assert "no such file" in found.reason
    assert read_here(b"<html><body></body></html>", None, "a.pdf").flags == ("empty", "mislabelled")
    assert "web page" in read_here(PAGE.encode(), None, "a.pdf").reason
