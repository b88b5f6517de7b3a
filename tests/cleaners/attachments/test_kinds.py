"""What a file is, by its bytes; what it is called is no proof."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners.attachments import read_here
from cleaners.attachments.kinds import KINDS, is_mislabelled, sniff, suffix_of


def packed(*names: str) -> bytes:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as archive:
        for name in names:
            archive.writestr(name, name)
    return body.getvalue()


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", "empty"),
        (b" \r\n\0", "empty"),
        (b"%PDF-1.7\n", "pdf"),
        (b"\r\n<!-- sent by the server -->\n%PDF-1.4\n", "pdf"),
        (packed("[Content_Types].xml", "word/document.xml"), "docx"),
        (packed("[Content_Types].xml", "xl/workbook.xml"), "xlsx"),
        (packed("[Content_Types].xml", "ppt/presentation.xml"), "pptx"),
        (packed("OFD.xml", "Doc_0/Document.xml"), "ofd"),
        (packed("附件1.docx", "附件2.xlsx"), "zip"),
        (packed("word.txt", "xl.txt"), "zip"),
        (packed(), "zip"),
        (packed("[Content_Types].xml", "word/document.xml")[:-30], "docx"),
        (b"Rar!\x1a\x07\x00", "rar"),
        (b"Rar!\x1a\x07\x01\x00", "rar"),
        (b"7z\xbc\xaf\x27\x1c\x00\x04", "7z"),
        (b"\x1f\x8b\x08\x00", "gzip"),
        (b"{\\rtf1\\ansi}", "rtf"),
        (b"\xff\xd8\xff\xe0", "jpeg"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\r", "png"),
        (b"BM\x46\0\0\0\0\0\0\0", "bmp"),
        ("<html><body>登录</body></html>".encode(), "html"),
        (b'<html xmlns:x="urn:schemas-microsoft-com:office:excel"><table><tr><td>1', "html_table"),
        (b'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="a"\r\n\r\n', "mhtml"),
        ("关于防汛工作的通知".encode("gb18030"), "txt"),
        ("关于防汛工作的通知".encode("utf-16"), "txt"),
        ("BM 是一种图片格式".encode(), "txt"),
        (bytes(range(256)), "unknown"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "ole2"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(60) + "WordDocument".encode("utf-16-le") + bytes(60), "doc"),
    ],
)
def test_bytes_say_what_a_file_is(body, kind):
    assert sniff(body, "application/pdf", "附件.pdf") == kind
    assert sniff(body) == kind


@pytest.mark.parametrize(
    ("body", "name", "kind"),
    [
        ("单位,人数\n水务局,3\n".encode(), "名单.csv", "csv"),
        ("单位\t人数\n水务局\t3\n".encode("gb18030"), "名单.xls", "csv"),
        ("单位,人数\n".encode(), "名单.txt", "txt"),
        (b"<table><tr><td>1</table>", "a.xls", "html_table"),
        (b"<table><tr><td>1</table>", "a.doc", "html"),
        (b"\x01\x02\x03\x04", "公报.ceb", "ceb"),
    ],
)
def test_a_name_tells_a_table_from_a_text(body, name, kind):
    assert sniff(body, None, name) == kind


def test_a_directory_too_large_to_be_a_documents_is_not_built():
    end = b"PK\x05\x06" + bytes(8) + (1 << 30).to_bytes(4, "little") + bytes(6)
    assert sniff(b"PK\x03\x04" + bytes(40) + end) == "zip"


@pytest.mark.parametrize(
    ("name", "suffix"),
    [("附件1.PDF", "pdf"), ("/files/a.docx?v=2", "docx"), ("说明", ""), ("第1.2条规定的通知", ""), (None, ""), ("a.tar.gz", "gz")],
)
def test_a_suffix_is_what_stands_behind_the_last_dot(name, suffix):
    assert suffix_of(name) == suffix


def test_a_wrong_name_is_flagged_and_a_usual_one_is_not():
    assert is_mislabelled(KINDS["html"], None, "公告.pdf")
    assert not is_mislabelled(KINDS["doc"], "text/plain", "公告.wps")
    assert is_mislabelled(KINDS["pdf"], "text/html; charset=utf-8", "公告")
    assert not is_mislabelled(KINDS["docx"], "application/msword", None)
    assert not is_mislabelled(KINDS["pdf"], "application/octet-stream", None)
    found = read_here("<html><body><p>请先登录后再下载附件，谢谢配合。</p></body></html>".encode(), "application/pdf", "附件.pdf")
    assert found.media_type == "text/html"
    assert "mislabelled" in found.flags


@given(st.binary(max_size=300), st.sampled_from([b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x05\x06", b"MIME-Version:"]))
def test_any_bytes_are_some_kind(body, start):
    assert sniff(start + body) in KINDS
