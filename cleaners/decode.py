"""Bytes to text: once, from the stored bytes, the same in a crawl and in a rebuild.

A page's own label is a hint, not the truth: UTF-8 pages say gb2312, GBK pages say utf-8, and strict GB18030 decodes most
Big5. So what decodes is weighed by how ordinary its Chinese is (`cleaners.plausible`).
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from charset_normalizer import from_bytes

from cleaners.plausible import plausibility
from cleaners.resync import decode_damaged

Headers = tuple[tuple[str, str], ...]
"""Response headers as pairs in the order received."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
_META = re.compile(rb"""<(?:meta|\?xml)\b[^>]*?(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_:.-]+)""", re.IGNORECASE)
_HEADER = re.compile(r"""charset\s*=\s*["']?\s*([A-Za-z0-9_:.-]+)""", re.IGNORECASE)
_META_BYTES = 4096
_UNREADABLE = re.compile("[\x00\ud800-\udfff]")
_CHINESE = ("gb18030", "big5hkscs")
_ELSEWHERE = ["gb18030", "big5", "euc_jp", "shift_jis", "euc_kr", "cp1251", "cp1252"]
_ORDINARY = 0.45  # Chinese prose scores 0.7 and more, the same bytes misread about 0.2
_PLAIN = 0.6  # nothing misread comes near: no need to try the others
_WIDER = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb_2312-80": "gb18030",
    "x-gbk": "gb18030",
    "big5": "big5hkscs",
    "big5-hkscs": "big5hkscs",
}
_WEB = re.compile(r"utf-8|gb18030|big5hkscs|cp(?:8|9|12)\d\d|euc_\w+|shift_jis\w*|iso2022_\w+|iso8859-\d+|koi8-\w|hz")
_NO_LABEL = frozenset({"iso8859-1", "ascii", "cp1252"})  # servers send these without looking


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a payload and how it was found.

    `method` is bom, utf-8, declared, detected or lossy; `declared` and `detected` are encoding names, empty where there is
    none; `replacements` counts U+FFFD in the text, whether the bytes were broken or the source already had it.
    """

    text: str
    encoding: str
    method: str
    declared: str
    detected: str
    replacements: int


def decode(body: bytes, headers: Headers = ()) -> Decoded:
    """Decode a payload by its byte order mark, else as UTF-8, else by the label or by how ordinary the text reads.

    Never raises: bytes no encoding reads are decoded with replacements by the encoding that loses least. NUL and lone
    surrogates become U+FFFD. Labels: HTML Living Standard, "determining the character encoding", with gb2312 and gbk
    read as GB18030.
    """
    declared = declared_encoding(body, headers)
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return _decoded(body[len(mark) :].decode(encoding, "replace"), encoding, "bom", declared)
    if wide := _utf16_without_mark(body):
        return _decoded(body.decode(wide, "replace"), wide, "detected", declared, wide)
    if (text := _utf8(body)) is not None:
        return _decoded(text, "utf-8", "utf-8", declared)
    return _weighed(body, declared)


def declared_encoding(body: bytes, headers: Headers = ()) -> str:
    """Name the encoding the header or the first 4 KB of the page declare, as Python names it; empty where none is usable."""
    labels = [match[1] for name, value in headers if name.lower() == "content-type" for match in _HEADER.finditer(value)]
    labels += [match[1].decode("ascii") for match in _META.finditer(body[:_META_BYTES])]
    return next((name for label in labels if (name := _codec(label)) and name not in _NO_LABEL), "")


def _codec(label: str) -> str:
    label = label.lower()
    try:
        name = codecs.lookup(_WIDER.get(label, label)).name
    except LookupError:
        return ""
    if name.startswith(("utf-16", "utf-32")):
        return "utf-8"  # a label that could be read as ASCII stands in no such page (HTML Living Standard, 13.2.3.2)
    name = _WIDER.get(name, name)
    return name if _WEB.fullmatch(name) else ""


def _utf16_without_mark(body: bytes) -> str:
    """UTF-16 markup is half zero bytes, all at the same side of each pair."""
    sample = body[:_META_BYTES]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if even + odd <= len(sample) / 8 or min(even, odd) > max(even, odd) / 16:
        return ""
    return "utf-16-le" if odd > even else "utf-16-be"


def _utf8(body: bytes) -> str | None:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.reason == "unexpected end of data" and len(body) - error.start <= 3 and error.start:
            return body[: error.start].decode("utf-8") + "\ufffd"  # cut in the middle of the last character
        return None


def _weighed(body: bytes, declared: str) -> Decoded:
    """Take the reading that is the most ordinary Chinese; where none is, the label or the statistics of charset-normalizer."""
    readings: dict[str, str] = {}
    for encoding in dict.fromkeys(filter(None, (declared, *_CHINESE, "utf-8"))):
        readings[encoding] = decode_damaged(body, encoding)
        if plausibility(readings[encoding]) >= _PLAIN and "\ufffd" not in readings[encoding]:
            return _read(readings[encoding], encoding, declared)
    scores = {encoding: plausibility(text) + (0.05 if encoding == declared else 0) for encoding, text in readings.items()}
    best = max(scores, key=lambda encoding: scores[encoding])
    if scores[best] >= _ORDINARY:
        return _read(readings[best], best, declared)
    if declared and "\ufffd" not in readings[declared]:
        return _read(readings[declared], declared, declared)
    guess = from_bytes(body, cp_isolation=_ELSEWHERE).best()
    if guess is not None:
        return _read(str(guess), guess.encoding, declared)
    return _read(readings[best], best, declared)


def _read(text: str, encoding: str, declared: str) -> Decoded:
    method = "lossy" if "\ufffd" in text else "declared" if encoding == declared else "detected"
    return _decoded(text, encoding, method, declared, encoding)


def _decoded(text: str, encoding: str, method: str, declared: str, detected: str = "") -> Decoded:
    text = _UNREADABLE.sub("\ufffd", text)
    return Decoded(text, encoding, method, declared, detected, text.count("\ufffd"))
