"""Bytes to text: once, from the stored bytes, the same in a crawl and in a rebuild.

A page's own label is a hint, not the truth: UTF-8 pages say gb2312, GBK pages say utf-8, and strict GB18030 decodes most
Big5. So what decodes is weighed by how ordinary its Chinese is (`cleaners.decoding.plausible`).
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from charset_normalizer import from_bytes

from cleaners.decoding.plausible import plausibility, weight
from cleaners.decoding.resync import decode_damaged
from cleaners.records import Evidence

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
_META = re.compile(
    rb"""<(?:meta|\?xml)\b[^<>]{0,400}?(?:charset|encoding)\s{0,9}=\s{0,9}["']?\s{0,9}([A-Za-z0-9_:.-]{1,40})""", re.IGNORECASE
)
_HEADER = re.compile(r"""charset\s{0,9}=\s{0,9}["']?\s{0,9}([A-Za-z0-9_:.-]{1,40})""", re.IGNORECASE)
_META_BYTES = 4096
_SURROGATE = re.compile("[\ud800-\udfff]")
_CHINESE = ("gb18030", "big5hkscs")
_WIDE = ("utf-16-le", "utf-16-be")
_ELSEWHERE = ["gb18030", "big5", "euc_jp", "shift_jis", "euc_kr", "cp1251", "cp1252"]
_ASCII = dict.fromkeys(range(128))
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
    none; `replacements` counts U+FFFD in the text, whether the bytes were broken or the source already had it; `labels` are what
    header and page say, as they stand, each with its place (header, meta).
    """

    text: str
    encoding: str
    method: str
    declared: str
    detected: str
    replacements: int
    labels: tuple[tuple[str, str], ...] = ()


def decode(body: bytes, headers: Headers = ()) -> Decoded:
    """Decode a payload by its byte order mark, else as UTF-8, else by the label or by how ordinary the text reads.

    Never raises: bytes no encoding reads are decoded with replacements by the encoding that loses least. NUL and lone
    surrogates become U+FFFD. Labels: HTML Living Standard, "determining the character encoding", with gb2312 and gbk
    read as GB18030.
    """
    labels = tuple(_labels(body, headers))
    encoding, method, text, detected = _read(body, _usable(labels))
    if "\x00" in text:
        text = text.replace("\x00", "\ufffd")
    try:
        text.encode()
    except UnicodeEncodeError:
        text = _SURROGATE.sub("\ufffd", text)
    return Decoded(text, encoding, method, _usable(labels), detected, text.count("\ufffd"), labels)


def encoding_evidence(decoded: Decoded) -> Evidence:
    """Tell how a text was decoded: the encoding, the method as its place, what was lost, and every label with where it stands."""
    lost = f"{decoded.replacements} U+FFFD" if decoded.replacements else ""
    return Evidence(decoded.encoding, "", lost, decoded.method, decoded.labels)


def _labels(body: bytes, headers: Headers) -> Iterator[tuple[str, str]]:
    """Give the encodings the headers and the first 4 KB of the page declare, as they stand, with their places."""
    for name, value in headers:
        if name.lower() == "content-type":
            yield from ((match[1], "header") for match in _HEADER.finditer(value))
    yield from ((match[1].decode("ascii"), "meta") for match in _META.finditer(body[:_META_BYTES]))


def _usable(labels: Iterable[tuple[str, str]]) -> str:
    return next((name for label, _ in labels if (name := _codec(label.lower())) and name not in _NO_LABEL), "")


@lru_cache(256)
def _codec(label: str) -> str:
    try:
        name = codecs.lookup(_WIDER.get(label, label)).name
    except (LookupError, ValueError):  # ValueError: a NUL in the name
        return ""
    if name.startswith(("utf-16", "utf-32")):
        return "utf-8"  # a label that could be read as ASCII stands in no such page (HTML Living Standard, 13.2.3.2)
    name = _WIDER.get(name, name)
    return name if _WEB.fullmatch(name) else ""


def _read(body: bytes, declared: str) -> tuple[str, str, str, str]:
    """Give encoding, method, text and what was detected."""
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return encoding, "bom", decode_damaged(body[len(mark) :], encoding), ""
    if wide := _utf16_without_mark(body):
        return wide, "detected", decode_damaged(body, wide), wide
    if (text := _utf8(body)) is not None:
        return "utf-8", "utf-8", text, ""
    encoding, text = _weighed(body, declared)
    method = "lossy" if "\ufffd" in text else "declared" if encoding == declared else "detected"
    return encoding, method, text, encoding


def _utf16_without_mark(body: bytes) -> str:
    """UTF-16 markup is half zero bytes, never two together; they are all at one side of the pairs, up to a byte that is lost."""
    sample = body[:_META_BYTES]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if even + odd <= len(sample) / 8 or (min(even, odd) > max(even, odd) / 16 and sample.count(b"\0\0") > 1):
        return ""
    start = sample[:40] if 0 in sample[:40] else sample  # a lost byte changes the sides of what is behind it
    wide = _WIDE[start[::2].count(0) > start[1::2].count(0)]
    return wide if any(_is_legible(sample[lost:400], wide) for lost in (0, 1)) else ""


def _is_legible(sample: bytes, encoding: str) -> bool:
    """Say whether most characters are ASCII ones or common: UTF-8 with zero bytes between its characters is no UTF-16."""
    text = sample.decode(encoding, "replace")
    return 2 * sum(0 < ord(character) < 0x80 or weight(character) > 0 for character in text) >= len(text)


def _utf8(body: bytes) -> str | None:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.reason == "unexpected end of data" and len(body) - error.start <= 3 and error.start:
            return body[: error.start].decode("utf-8") + "\ufffd"  # cut in the middle of the last character
        return None


def _score(text: str) -> float:
    """Judge a reading by what could be read, and a little by how much could not: in a short text one broken byte is a large share."""
    whole = text.replace("\ufffd", "")
    beyond_ascii = len(text.translate(_ASCII))
    return plausibility(whole) - 0.3 * (len(text) - len(whole)) / beyond_ascii if beyond_ascii else 0.0


def _weighed(body: bytes, declared: str) -> tuple[str, str]:
    """Take the reading that is the most ordinary Chinese; where none is, the label or the statistics of charset-normalizer."""
    readings: dict[str, str] = {}
    for encoding in dict.fromkeys(filter(None, (declared, *_CHINESE, "utf-8", *_WIDE))):
        readings[encoding] = decode_damaged(body, encoding)
        if plausibility(readings[encoding]) >= _PLAIN and "\ufffd" not in readings[encoding]:
            return encoding, readings[encoding]
    scores = {encoding: _score(text) + (0.05 if encoding == declared else 0) for encoding, text in readings.items()}
    best = max(scores, key=lambda encoding: scores[encoding])
    if scores[best] >= _ORDINARY:
        return best, readings[best]
    if declared and "\ufffd" not in readings[declared]:
        return declared, readings[declared]
    guess = from_bytes(body, cp_isolation=_ELSEWHERE).best()
    return (guess.encoding, str(guess)) if guess is not None else (best, readings[best])
