"""Pages that only frame a file give the file; ordinary pages give nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners.pages.shells import shell_files

URL = "http://www.qinghe.gov.example/tz/202103/t1.html"
FILE = "http://www.qinghe.gov.example/tz/202103/P01.pdf"


@pytest.mark.parametrize(
    "page",
    [
        '<iframe src="./P01.pdf" width=800></iframe>',
        "<IFRAME SRC=P01.pdf#toolbar=0></IFRAME>",
        '<embed type="application/pdf" src="P01.pdf">',
        '<object data="P01.pdf" type="application/pdf"></object>',
        '<object><param name="src" value="P01.pdf"></object>',
        '<iframe src="/pdfjs/web/viewer.html?file=%2Ftz%2F202103%2FP01.pdf"></iframe>',
        '<iframe src="/pdfjs/web/viewer.html?file=/tz/202103/P01.pdf&amp;page=1"></iframe>',
        "<script>new Pdfh5('#pdf', {pdfurl: './P01.pdf'});</script>",
        '<script>PDFObject.embed("P01.pdf", "#box");</script>',
        "<script>location='/js/viewer.html?file=' + '';var f = '/tz/202103/P01.pdf';</script>",
        "<a href='javascript:;' onclick=\"window.open('P01.pdf')\">正文</a>",
        "<script>$('#v').FlexPaperViewer({config: {PDFFile: 'P01.pdf', SWFFile: 'P01.swf'}})</script>",
    ],
)
def test_the_file_a_page_shows_is_its_attachment(page):
    (file,) = shell_files(f"<html><body>{page}</body></html>", URL)
    assert file.url.partition("#")[0] == FILE
    assert file.media_type == "application/pdf"
    assert file.title.startswith("P01.pdf")


def test_a_paper_kept_as_flash_is_given_where_nothing_else_is():
    (file,) = shell_files("<script>FlexPaper({SwfFile: 'P01.swf'})</script>", URL)
    assert file.url.endswith("/P01.swf")


def test_an_address_is_given_once_and_titles_are_kept():
    page = '<iframe title="任务表" src="a.pdf"></iframe><embed src="a.pdf"><script>var u="b.docx"</script>'
    assert [(file.title, file.url.rpartition("/")[2]) for file in shell_files(page, URL)] == [("任务表", "a.pdf"), ("b.docx", "b.docx")]


@pytest.mark.parametrize(
    "page",
    [
        '<iframe src="//player.example/v.html"></iframe>',
        '<p><a href="a.pdf">附件</a></p>',
        "<!-- <iframe src=a.pdf></iframe> -->",
        "<script>if(/\\.pdf$/.test(u)){var t='.pdf'}</script>",
        '<iframe src="http://[bad/a.pdf"></iframe>',
        "",
    ],
)
def test_other_pages_give_none(page):
    assert shell_files(page, URL) == ()


@given(
    st.lists(
        st.sampled_from(["<iframe ", "src=", '"', "'", "a.pdf", ">", "<script>", "</script>", "<!--", "-->", "?file=", "%2", "//[", " "]),
        max_size=60,
    )
)
def test_any_markup_is_read_to_its_end(pieces):
    for file in shell_files("".join(pieces), URL):
        assert file.url.startswith("http")
