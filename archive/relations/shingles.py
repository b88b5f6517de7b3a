"""Texts as sets of shingles, and signatures by which those that share most of them are found: pure, over numpy.

A text is compared by its letters and digits in Simplified script and one width, white space and punctuation aside (`bare`), so that a
Traditional copy, or one with other line breaks, is the same. Its shingles are all runs of five of them, each as a 64-bit hash. The
signature is one-permutation MinHash (Li, Owen, Zhang 2012) with optimal densification (Shrivastava 2017): one hash of each shingle
instead of one for each place of the signature, which is what makes it fast.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Sequence
from functools import cache
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from cleaners.characters.fold import fold_search

SHINGLE = 5
"""Characters of a shingle."""
PLACES = 128
"""Places of a signature; a power of two."""
BANDS, ROWS = 10, 5
FINE_BANDS, FINE_ROWS = 3, 12
"""Bands of a signature. Two texts meet in one of 10 of 5 places with a probability of 0.98 at Jaccard 0.8 (0.27 at 0.5). The 3 of 12
tell near copies apart from filled-in forms, of which thousands share a coarse band: 0.97 at 0.97, and 0.04 at 0.7."""
SHORTEST = 100
"""Characters, bare, from which a text has a signature: in shorter ones, one other name changes too much. Equal ones are found anyway."""
LONGEST = 400_000
"""Characters of a text that are looked at: of longer ones (tables of prices) the beginning tells enough."""

Form = NDArray[np.uint16]
"""A bare text, in units of UTF-16."""
Hashes = NDArray[np.uint64]
"""The hashes of a text's shingles: each once, in ascending order."""
Signature = NDArray[np.uint8]
"""`PLACES` numbers; two texts agree in about as many of them as the share of shingles they have in common."""

_BITS = PLACES.bit_length() - 1
_EMPTY = np.uint64(0xFFFF_FFFF_FFFF_FFFF)
_FACTORS = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F))
_MIX = np.uint64(0xBF58476D1CE4E5B9)
_MIX_AGAIN = np.uint64(0x94D049BB133111EB)
_TRIES = 64


def bare(text: str) -> Form:
    """Give the letters and digits of a text in the form it is compared in."""
    cut = text[: 2 * LONGEST]
    written = cut.encode("utf-16-le", "surrogatepass")
    if len(written) != 2 * len(cut):  # characters beyond the first plane, which the table does not know
        written = fold_search(cut).encode("utf-16-le", "surrogatepass")
    units: Form = _table()[np.frombuffer(written, dtype=np.uint16)]
    kept: Form = units[units != 0][:LONGEST]
    return kept


def text_number(form: Form) -> int:
    """Name a bare text by 63 bits of its SHA-256: the same in every archive."""
    return int.from_bytes(hashlib.sha256(form.tobytes()).digest()[:8]) >> 1


def shingles(forms: Sequence[Form]) -> list[Hashes]:
    """Hash the shingles of bare texts; all in one go, as the calls cost more than the work where they are short."""
    if not any(map(len, forms)):
        return [np.empty(0, np.uint64) for _ in forms]
    lengths = [len(form) for form in forms]
    flat = np.concatenate([*forms, np.zeros(SHINGLE - 1, np.uint16)])  # room for the last windows
    # four units of 16 bits are one of 64: the window is read as it lies, from every second byte on
    hashes = np.ndarray((len(flat) - SHINGLE + 1,), np.uint64, flat.tobytes(), 0, (2,)) * _FACTORS[0]
    hashes ^= hashes >> np.uint64(32)
    hashes += flat[SHINGLE - 1 :] * _FACTORS[1]
    hashes *= _MIX
    hashes ^= hashes >> np.uint64(29)
    hashes *= _MIX_AGAIN
    ends = list(accumulate(lengths))
    parts = [hashes[end - length : max(end - length, end - SHINGLE + 1)] for end, length in zip(ends, lengths, strict=True)]
    for part in parts:  # views, in place; windows across the border of two texts are in none
        part.sort()
    fresh = np.empty(len(hashes), dtype=bool)
    fresh[:1] = True
    np.not_equal(hashes[1:], hashes[:-1], out=fresh[1:])
    fresh[[0, *(end for end in ends[:-1] if end < len(fresh))]] = True
    return [part[fresh[end - length :][: len(part)]] for part, end, length in zip(parts, ends, lengths, strict=True)]


def minima(texts: Sequence[Hashes]) -> NDArray[np.uint64]:
    """Give the least hash in each of `PLACES` ranges of equal width, a row a text; each text has a shingle at least.

    An empty range borrows that of another, chosen by chance.
    """
    flat = np.concatenate(texts)
    owners = np.repeat(np.arange(len(texts), dtype=np.uint64) << np.uint64(_BITS), [len(hashes) for hashes in texts])
    places = (flat >> np.uint64(64 - _BITS)) + owners  # in order: each text's hashes are
    first = np.flatnonzero(np.concatenate(([True], places[1:] != places[:-1])))
    found = np.full((len(texts), PLACES), _EMPTY)
    found.reshape(-1)[places[first].astype(np.intp)] = flat[first]
    least = found.copy()
    for others in _loans():
        rows, missing = np.nonzero(least == _EMPTY)
        if not len(rows):
            break
        least[rows, missing] = found[rows, others[missing]]
    return least


def signatures(least: Hashes) -> NDArray[np.uint8]:
    """Give the signatures of texts, a row each: eight bits of each minimum are enough to tell how many agree."""
    return (least & np.uint64(0xFF)).astype(np.uint8)


def band_keys(least: Hashes) -> NDArray[np.int32]:
    """Give the keys of the bands of texts, a row each: two that share one may be alike. 32 bits with a sign, to be small in the archive."""
    spread = (least * _MIX) ^ (least >> np.uint64(29))
    return np.concatenate((_combined(spread, BANDS, ROWS, 0), _combined(spread, FINE_BANDS, FINE_ROWS, BANDS)), axis=1)


def agreement(one: Signature, others: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Estimate the Jaccard index of a text with others (a row each) from their signatures, short of the agreements of chance."""
    share = (others == one).mean(axis=1)
    return (share - 1 / 256) / (1 - 1 / 256)  # type: ignore[no-any-return]


def jaccard(one: Hashes, other: Hashes) -> float:
    """Give the Jaccard index of two sets of shingles: shared ones by all of them; 0 where both are empty."""
    both = np.concatenate((one, other))
    if not len(both):
        return 0.0
    both.sort()
    shared = int(np.count_nonzero(both[1:] == both[:-1]))
    return shared / (len(both) - shared)


def _combined(spread: Hashes, bands: int, rows: int, first: int) -> NDArray[np.int32]:
    cut = spread[:, : bands * rows].reshape(len(spread), bands, rows)
    keys = (cut * _row_factors()[:rows]).sum(axis=2, dtype=np.uint64)
    keys += np.arange(first + 1, first + 1 + bands, dtype=np.uint64) * _MIX_AGAIN
    keys ^= keys >> np.uint64(32)
    small: NDArray[np.int32] = (keys & np.uint64(0xFFFF_FFFF)).astype(np.uint32).view(np.int32)
    return small


@cache
def _loans() -> tuple[NDArray[np.intp], ...]:
    """Give for each try the place each empty place borrows from: fixed for ever, as signatures are kept."""
    drawn = hashlib.shake_256(b"dibao densification").digest(_TRIES * PLACES)
    table = np.frombuffer(drawn, dtype=np.uint8).reshape(_TRIES, PLACES).astype(np.intp) % PLACES
    last = tuple((np.arange(PLACES) + step) % PLACES for step in range(1, PLACES))  # and at last whatever is next
    return (*table, *last)


@cache
def _row_factors() -> Hashes:
    drawn = hashlib.shake_256(b"dibao bands").digest(8 * max(ROWS, FINE_ROWS))
    return np.frombuffer(drawn, dtype=np.uint64) | np.uint64(1)


@cache
def _table() -> Form:
    """Give what each unit of UTF-16 becomes: folded, and 0 for white space, punctuation and symbols."""
    every = [chr(code) for code in range(1 << 16)]
    folded = fold_search("\n".join("" if character == "\n" else character for character in every)).split("\n")
    return np.array([_unit(character, form) for character, form in zip(every, folded, strict=True)], dtype=np.uint16)


def _unit(character: str, form: str) -> int:
    if 0xD800 <= ord(character) < 0xE000:
        return ord(character)
    if len(form) != 1 or unicodedata.category(form)[0] not in "LNM":
        return 0
    return ord(form) if ord(form) < 1 << 16 else ord(character)


def stack(signatures: Sequence[bytes]) -> NDArray[np.uint8]:
    """Give signatures as they are kept as rows of one array."""
    return np.frombuffer(b"".join(signatures), dtype=np.uint8).reshape(len(signatures), PLACES)
