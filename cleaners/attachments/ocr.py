"""Text of pictures by OCR: RapidOCR, whose models come inside its package (extra `ocr`), so nothing is fetched."""

from __future__ import annotations

import importlib.util
from functools import cache
from itertools import pairwise
from typing import Any

SURE = 0.5
"""Confidence below which a line is left out: it would be guessed."""


@cache
def is_installed() -> bool:
    """Say whether the extra is there."""
    return all(importlib.util.find_spec(name) is not None for name in ("rapidocr", "onnxruntime"))


def next_step() -> str:
    """Say what to do about a picture of text."""
    if is_installed():
        return "ask for OCR of so many pages (ocr_pages)"
    return "pip install 'dibao[ocr]' and ask for OCR of so many pages (ocr_pages)"


def read_image(image: Any) -> str:
    """Read a picture, an array of pixels (height, width, 3) or the bytes of an image file, line by line from the top."""
    found = _engine()(image)
    if found.boxes is None:
        return ""
    lines = [(box.tolist(), text) for box, text, score in zip(found.boxes, found.txts, found.scores, strict=True) if score >= SURE]
    return "\n".join("\t".join(row) for row in _rows(lines))


@cache
def _engine() -> Any:
    from rapidocr import RapidOCR  # noqa: PLC0415 - takes a second, and an extra

    return RapidOCR(params={"Global.log_level": "critical"})


def _rows(lines: list[tuple[list[list[float]], str]]) -> list[list[str]]:
    """Put lines that stand beside each other, as in tables, into one row, from left to right."""
    places = sorted((min(y for _, y in box), max(y for _, y in box), min(x for x, _ in box), text) for box, text in lines)
    rows: list[list[tuple[float, str]]] = [[(left, text)] for _, _, left, text in places[:1]]
    for (top, bottom, *_), (lower, _, left, text) in pairwise(places):
        if lower < top + 0.5 * (bottom - top):
            rows[-1].append((left, text))
        else:
            rows.append([(left, text)])
    return [[text for _, text in sorted(row)] for row in rows]
