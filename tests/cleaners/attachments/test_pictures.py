"""Pictures of text: named as such, and read only when that is asked for."""

from __future__ import annotations

from cleaners.attachments import ocr, read_here

PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)


def test_a_picture_says_what_to_do(monkeypatch):
    monkeypatch.setattr(ocr, "is_installed", lambda: False)
    found = read_here(PNG, name="公告.png", ocr_pages=1)
    assert (found.text, found.pages, found.media_type, found.flags) == ("", 1, "image/png", ("scanned",))
    assert "dibao[ocr]" in found.reason
    monkeypatch.setattr(ocr, "is_installed", lambda: True)
    assert "pip" not in read_here(PNG).reason


def test_a_picture_is_read_when_asked_for(monkeypatch):
    monkeypatch.setattr(ocr, "is_installed", lambda: True)
    monkeypatch.setattr(ocr, "read_image", lambda _: "读出的文字")
    assert read_here(PNG).flags == ("scanned",)
    found = read_here(PNG, ocr_pages=1)
    assert (found.text, found.flags) == ("读出的文字", ("ocr",))
