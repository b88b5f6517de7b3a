"""A mistake in a cleaner costs the one page it was made on, and the page is kept."""

from datetime import UTC, datetime

import pytest

from cleaners import Capture
from cleaners.errors import LayoutError
from cleaners.rules import default_rules
from crawler import reading


def test_a_mistake_names_the_page_and_not_its_bytes(monkeypatch):
    def broken(capture, rules):
        raise IndexError("no such line")

    monkeypatch.setattr(reading, "read_safely", broken)
    capture = Capture("ceshi", "http://www.ceshi.gov.example/a.html", datetime(2026, 3, 1, tzinfo=UTC), 200, (), b"<p>secret bytes</p>")
    with pytest.raises(LayoutError, match=r"a\.html: the cleaner failed"):
        reading.read(capture, default_rules())
    assert "secret bytes" not in repr(capture)


@pytest.mark.parametrize(
    ("url", "said", "name"),
    [
        ("http://a.example/f/%E5%90%8D%E5%8D%95.xlsx?v=1", "", "名单.xlsx"),
        ("http://a.example/download.jsp?id=7", 'attachment; filename="a b.doc"', "a b.doc"),
        ("http://a.example/download.jsp?id=7", "attachment; filename=x.doc; filename*=UTF-8''%E5%90%8D.docx", "名.docx"),
        ("http://a.example/download.jsp?id=7", "attachment; filename=%E5%90%8D.xls", "名.xls"),
        ("http://a.example/downfile.jsp?classid=0&filename=c9.xls", "", "c9.xls"),
        ("http://a.example/f/", "inline", ""),
    ],
)
def test_a_file_is_called_what_its_server_calls_it(url, said, name):
    headers = (("Content-Disposition", said),) if said else ()
    assert reading.file_name(Capture("", url, datetime(2026, 3, 1, tzinfo=UTC), 200, headers, b"")) == name


def test_a_table_named_xls_is_read_as_the_table_it_is():
    capture = Capture(
        "",
        "http://a.example/downfile.jsp?filename=c9.xls",
        datetime(2026, 3, 1, tzinfo=UTC),
        200,
        (("Content-Type", "application/vnd.ms-excel"),),
        "<html><body><table><tr><td>姓名</td><td>金额</td></tr><tr><td>张三</td><td>12</td></tr></table></body></html>".encode(),
        role="attachment",
    )
    found = reading.read_file(capture)
    assert found.tables == ((("姓名", "金额"), ("张三", "12")),)
