"""Damaged double-byte text: one broken or lost byte costs the character it stood in, not the rest of the line.

In GB18030 and Big5 a character is two bytes (or four), so behind a lost byte every pair is read across two characters until a byte
comes that can only stand alone. Often all those pairs exist, and nothing says that they are wrong but how rare they are. So a stretch
that does not decode, or reads oddly, is read again the way that makes it likeliest: every character costs the more the rarer it is,
a byte left out costs most, and the cheapest way through is taken (Viterbi, IEEE Trans. Information Theory 13, 1967).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import accumulate
from operator import itemgetter
from typing import Any

from cleaners.decoding.plausible import common_characters, is_pair, weight

DOUBLE_BYTE = frozenset({"gb18030", "big5hkscs"})
_RUN = re.compile(rb"(?<![0-9@-\x7f])[0-9@-\x7f]*[\x80-\xff][0-9@-\xff]*")  # no other byte is ever the second one of a character
_MOST_BYTES = 40_000  # read again in one page; where more is broken it is not damaged Chinese but something else
_DAMAGE = (22.0, 25.0, 42.0)  # cost of one, two, three bytes left out; a common character costs 5, a rare one 16, an impossible one 24
_ASCII = 7.0
_LETTER = 12.0  # what an ASCII character right behind a Chinese one costs more: half of a character often looks like one
_PAIR = 5.0  # what two characters that often stand side by side cost less
_GONE = "\ufffd"
_Way = tuple[Any, str] | None  # what was read before, and what was read last


def decode_damaged(body: bytes, encoding: str) -> str:
    """Decode with U+FFFD for what cannot be read, resynchronising damaged runs of double-byte encodings; never raises."""
    if encoding.startswith("utf-16"):
        return _decode_wide(body, encoding)
    if encoding not in DOUBLE_BYTE:
        return body.decode(encoding, "replace")
    try:
        text = body.decode(encoding)
    except UnicodeDecodeError:
        return _mended(body, encoding)
    return _mended(body, encoding) if _odd(encoding).search(text) else text


def _mended(body: bytes, encoding: str) -> str:
    """Decode run by run, and read those again that do not decode or read oddly."""
    pieces: list[str] = []
    position = read_again = 0
    for run in _RUN.finditer(body):
        pieces += [body[position : run.start()].decode("ascii", "replace"), text := run[0].decode(encoding, "replace")]
        position = run.end()
        if (_GONE in text or _odd(encoding).search(text)) and (read_again := read_again + len(run[0])) <= _MOST_BYTES:
            pieces[-1] = _likeliest(run[0], encoding)
    return "".join(pieces) + body[position:].decode("ascii", "replace")


@cache
def _odd(encoding: str) -> re.Pattern[str]:
    """Match what names seldom hold and misread text is full of: two rare characters, or one and a letter alone.

    In Big5 the second half of a common character is a letter by itself as often as not, and what stands before it may be common too.
    """
    rare = f"[^\\x00-\\x7f{re.escape(common_characters())}]"
    before = "[^\\x00-\\x7f]" if encoding == "big5hkscs" else rare
    return re.compile(f"{rare}{{2}}|{before}[@-~](?![@-~])")


def _likeliest(run: bytes, encoding: str) -> str:
    """Read a run in the cheapest way: ways[i] holds, by the character read last, the cost of the first i bytes and what was read."""
    ways: list[dict[str, tuple[float, _Way]]] = [{} for _ in range(len(run) + 1)]
    ways[0] = {"": (0.0, None)}
    for start in range(len(run)):
        for length, character, price in _readings(run[start : start + 4], encoding):
            steps = ((cost + price + _step(last, character), way) for last, (cost, way) in ways[start].items())
            cost, way = min(steps, key=itemgetter(0))
            known = ways[start + length].get(character)
            if known is None or cost < known[0]:
                ways[start + length][character] = (cost, (way, character))
    return "".join(_traced(min(ways[-1].values(), key=itemgetter(0))[1]))[::-1]


@lru_cache(1 << 14)
def _step(last: str, character: str) -> float:
    """Give what a character costs more or less behind another."""
    return _LETTER if "@" <= character <= "~" and last > "~" else -_PAIR if is_pair(last, character) else 0.0


def _traced(way: _Way) -> Iterator[str]:
    while way:
        way, character = way
        yield character


@lru_cache(1 << 14)
def _readings(window: bytes, encoding: str) -> tuple[tuple[int, str, float], ...]:
    """Give what the first bytes of a window can be: a character of one, two or four bytes, or one to three broken bytes."""
    broken = [(length, _GONE, price) for length, price in enumerate(_DAMAGE[: len(window)], 1) if window[0] > 0x7F]
    texts = ((length, _decoded(window[:length], encoding)) for length in (1, 2, 4) if length <= len(window))
    return *((length, text, _cost(text)) for length, text in texts if len(text) == 1), *broken


def _decoded(part: bytes, encoding: str) -> str:
    try:
        return part.decode(encoding)
    except UnicodeDecodeError:
        return ""


def _cost(character: str) -> float:
    if character < "\x80":
        return _ASCII
    common = weight(character)
    return 16 - (11 if common > 0 else 8) * common


def _decode_wide(body: bytes, encoding: str) -> str:
    """Read UTF-16 in pairs, and from where a byte is lost or too many (the length is odd then) in pairs one byte later."""
    if len(body) % 2 == 0:
        return body.decode(encoding, "replace")
    pairs = len(body) // 2
    before = list(accumulate(_wide_costs([body[at : at + 2] for at in range(0, len(body) - 1, 2)], encoding), initial=0.0))
    after = list(accumulate(_wide_costs([body[at : at + 2] for at in range(1, len(body), 2)], encoding), initial=0.0))
    cut = 2 * min(range(pairs, -1, -1), key=lambda count: before[count] + after[-1] - after[count])  # the last one: cut off at the end
    return body[:cut].decode(encoding, "replace") + _GONE + body[cut + 1 :].decode(encoding, "replace")


def _wide_costs(pairs: list[bytes], encoding: str) -> Iterator[float]:
    last = ""
    for pair in pairs:
        text = _decoded(pair, encoding)
        yield _wide_cost(text) + _step(last, text)
        last = text


@lru_cache(1 << 14)
def _wide_cost(text: str) -> float:
    return _cost(text) if text else 12.0  # half of a pair of surrogates: of a rare character
