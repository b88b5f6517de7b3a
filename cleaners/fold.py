"""Text folded for comparison: what looks the same to a reader becomes the same characters.

Three strengths, all by `str.translate` with tables made once: `fold_aligned` keeps every offset, `fold` is for digests
and equality, `fold_search` is for both sides of a search. None of them is ever stored as the text.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

from cleaners.script import hans_table

_ZERO_WIDTH = "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad"
_SPACES = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_COMPATIBLE = ((0x2E80, 0x2FE0), (0xF900, 0xFB00), (0xFE10, 0xFE20), (0xFE30, 0xFE70), (0x2F800, 0x2FA20))
_LONGEST_KEPT = 500  # characters of a line whose folded form is kept for the next step
_PUNCTUATION = {
    '"': "“”„‟「」『』〝〞",
    "'": "‘’‚‛",
    "-": "‐‑‒–—―−─━",
    "·": "•・‧∙⋅･",
    "[": "〔﹝",
    "]": "〕﹞",
}
_SPACE_BETWEEN_WORDS = re.compile(r"(?<=[0-9A-Za-z])\s+(?=[0-9A-Za-z])")
_SPACE = re.compile(r"\s+")


def fold(text: str) -> str:
    """Fold a text for digests and equality; the length may change.

    On top of `fold_aligned`: quotes, dashes, middle dots and 〔〕 have one form each, zero-width characters are gone, and so
    is all white space (柏　岳 is 柏岳, however lines are broken) but for one space between two Latin letters or digits,
    where taking it away would join words or numbers. Idempotent; case is kept.
    """
    folded = text.translate(_fold_table())
    return _SPACE.sub("", _SPACE_BETWEEN_WORDS.sub("\x00", folded)).replace("\x00", " ")


def fold_aligned(text: str) -> str:
    """Fold width and script one character for one, so that offsets hold in both texts.

    Full-width ASCII becomes half-width, U+3000 and other spaces a space, Traditional characters Simplified ones
    (character by character), compatibility ideographs and radicals the plain character. Idempotent.
    """
    return _aligned(text) if len(text) <= _LONGEST_KEPT else text.translate(_aligned_table())


@lru_cache(maxsize=2048)  # a line is folded by every step that reads it
def _aligned(text: str) -> str:
    return text.translate(_aligned_table())


def fold_search(text: str) -> str:
    """Fold a text or a query for searching: `fold_aligned` in lower case without zero-width characters. Idempotent."""
    return text.translate(_search_table())


@cache
def _aligned_table() -> dict[int, str]:
    hans = hans_table()
    table = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    table |= {ord(space): " " for space in _SPACES}
    for start, stop in _COMPATIBLE:
        table |= {code: plain for code in range(start, stop) if (plain := _plain(code)) != chr(code)}
    return hans | {code: hans.get(ord(plain), plain) for code, plain in table.items()}


@cache
def _fold_table() -> dict[int, str]:
    table = _aligned_table() | dict.fromkeys(map(ord, _ZERO_WIDTH), "") | {0: "\ufffd"}
    return table | {ord(form): plain for plain, forms in _PUNCTUATION.items() for form in forms}


@cache
def _search_table() -> dict[int, str]:
    aligned = _aligned_table()
    lower = {code: low for code in range(0x10000) if len(low := chr(code).lower()) == 1 and low != chr(code)}
    return lower | {code: plain.lower() for code, plain in aligned.items()} | dict.fromkeys(map(ord, _ZERO_WIDTH), "")


def _plain(code: int) -> str:
    plain = unicodedata.normalize("NFKC", chr(code))
    return plain if len(plain) == 1 else chr(code)
