"""The form of a text in which words are looked for, and its tokens in the index: overlapping pairs of characters.

The searchable form (`searchable`) is the text folded by `cleaners.characters.fold.fold_search` (width, case, Traditional to
Simplified), without white space, every run of punctuation and every border between paragraphs one gap. A query's words are
brought to the same form; a word hits a field when it is a substring of it. FTS5's tokeniser `ascii` leaves pairs as they are: to it
every character beyond ASCII belongs to a token, and of ASCII a searchable form has letters in lower case and digits only.
"""

from __future__ import annotations

import re
import unicodedata

from cleaners.characters.fold import fold_search

GAP = "·"
"""What stands for punctuation and between paragraphs."""

_GAPS = re.compile(f"{GAP}{GAP}+")
_BORDERS = "\n\v\f\r\x1c\x1d\x1e\x85\u2028\u2029"
_BLANK = " \0\0\0"


def searchable(text: str) -> str:
    """Give the form of a text in which words are looked for; no `GAP` stands at its ends. Idempotent."""
    return _GAPS.sub(GAP, text.translate(_FORMS)).strip(GAP)


def bigrams(text: str) -> str:
    """Give the tokens of a text (in any form) for the index: its overlapping pairs of characters, the last one with a gap."""
    return tokens(searchable(text) + GAP)


def tokens(form: str) -> str:
    """Write the overlapping pairs of a searchable form, parted by spaces."""
    pairs = len(form) - 1
    if pairs < 1:
        return ""
    # characters are copied by the stride, four bytes each: six times faster than joining pairs
    characters = memoryview(form.encode("utf-32-le")).cast("I")
    written = bytearray(_BLANK.encode() * (3 * pairs))
    places = memoryview(written).cast("I")
    places[0::3], places[1::3] = characters[:-1], characters[1:]
    return written.decode("utf-32-le")[:-1]


def aligned(text: str) -> list[tuple[str, int]]:
    """Give the searchable characters of a text, each with its place in it."""
    formed = [(form, place) for place, original in enumerate(text) for form in _FORMS[ord(original)] or ""]
    return [pair for pair, before in zip(formed, [("", 0), *formed], strict=False) if pair[0] != GAP or before[0] != GAP]


class _Forms(dict[int, str | None]):
    """Characters as they are looked for: letters, marks and digits folded, white space nothing, the rest a gap."""

    def __missing__(self, code: int) -> str | None:
        # kept for each character met: a table with gaps costs an exception for each character of a text
        form = "".join(map(_form, fold_search(chr(code)))) or None
        self[code] = form
        return form


def _form(character: str) -> str:
    if character in _BORDERS:
        return GAP
    return "" if character.isspace() else character if character.isalnum() or unicodedata.category(character)[0] == "M" else GAP


_FORMS = _Forms()
