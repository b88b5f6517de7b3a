"""OCR: what stands beside each other is a row, what is unsure is left out."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from cleaners.attachments import ocr


class Box(list):
    def tolist(self):
        return list(self)


def box(left: float, top: float, width: float = 100, height: float = 20) -> Box:
    return Box([[left, top], [left + width, top], [left + width, top + height], [left, top + height]])


def seen(*lines: tuple[Box, str, float]):
    return SimpleNamespace(boxes=[line[0] for line in lines], txts=[line[1] for line in lines], scores=[line[2] for line in lines])


def test_lines_are_put_in_order_and_rows_together(monkeypatch):
    found = seen(
        (box(300, 102), "金额", 0.9),
        (box(10, 10), "关于防汛的通知", 0.9),
        (box(10, 100), "单位", 0.9),
        (box(10, 140), "X#@", 0.3),
        (box(10, 180), "水务局", 0.8),
    )
    monkeypatch.setattr(ocr, "_engine", lambda: lambda _: found)
    assert ocr.read_image(b"") == "关于防汛的通知\n单位\t金额\n水务局"


def test_a_picture_without_text_gives_none(monkeypatch):
    monkeypatch.setattr(ocr, "_engine", lambda: lambda _: SimpleNamespace(boxes=None, txts=None, scores=None))
    assert ocr.read_image(b"") == ""


@pytest.mark.skipif(not ocr.is_installed(), reason="the extra ocr is not installed")
def test_a_drawn_page_is_read():
    import numpy as np

    assert ocr.read_image(np.full((200, 400, 3), 255, "uint8")) == ""
