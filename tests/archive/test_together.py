"""All rooms against each other: whatever happens to an archive in whatever order, everything that has to hold holds (tests/together.py).

`DIBAO_TOGETHER=500 pytest tests/archive/test_together.py` plays so many histories; a failing one is named by its seed, and
`together.shortest(together.history(seed, 45))` finds the few steps it takes.
"""

import os

import pytest
from together import history, play

SEEDS = range(100, 100 + int(os.environ.get("DIBAO_TOGETHER", "4")))

FOUND = {
    "the policy is sealed as its columns give it back": [("policy", (4774, 371))],
    "a tombstone names no files": [
        ("page", (53676, 4658, 54167, 20446, 26158, 611, 62567, 56931, 29109)),
        ("takedown", (5908, 4606, 26013, 56346, 6469, 1722, 63051, 15835, 22520)),
    ],
    "an earlier version is found by the text of its file, read late": [
        ("page", (38469, 12152, 61741, 10131, 7708, 22100, 57401, 15736, 14709)),
        ("unread_file", (62971, 35409, 33182, 17927, 39197, 4307, 25235, 58775, 13726)),
        ("file", (41859, 17410, 37458, 48626, 47563, 29268, 702, 39966, 23153)),
        ("rebuild", (44348, 20742, 32011, 22955, 24121, 29566, 16449, 62793, 60000)),
    ],
    "a failure captured late moves the day a notice was first seen": [
        ("fail", (40281, 26111, 32293, 47246, 10665, 36803, 11719, 58707, 11860)),
        ("page", (29499, 54033, 44164, 36074, 28766, 6317, 9378, 48324, 20901)),
    ],
    "a notice of two addresses shows the one that has not moved": [
        ("redirect", (24745, 57787, 62804, 57603, 58599, 36229, 62577, 8345, 38241)),
        ("page", (3994, 24337, 19700, 24078, 36923, 19792, 50896, 29239, 29045)),
        ("merge", (28043, 36414, 1718, 33415, 43381, 12278, 4291, 47454, 48121)),
        ("redirect", (35908, 200, 8010, 3915, 62870, 59735, 41693, 8032, 1479)),
    ],
    "a file counts from its time on, whenever it comes": [
        ("page", (58549, 56383, 32796, 57592, 59416, 1424, 51866, 44390, 22481)),
        ("unread_file", (980, 23275, 41581, 57451, 29586, 31244, 41023, 64890, 62760)),
    ],
    "a page read after its file was captured": [
        ("page", (4415, 60969, 7634, 1735, 53977, 59254, 35931, 18802, 63883)),
        ("unread", (53474, 19815, 21527, 64946, 57544, 63821, 25390, 35881, 3565)),
        ("unread_file", (25016, 43150, 5043, 29362, 40856, 34607, 4388, 49169, 16839)),
        ("read_files", ()),
    ],
    "a file that comes after another one made a version of its page": [
        ("file", (11720, 11483, 58985, 39652, 55086, 18397, 21254, 37037, 4207)),
        ("unread_file", (38560, 51243, 11017, 23052, 15468, 7870, 9533, 15806, 15087)),
        ("page", (13672, 882, 36832, 46395, 58904, 1450, 2811, 50743, 2852)),
        ("file", (62117, 9828, 58835, 27376, 51994, 43109, 43629, 40225, 3717)),
    ],
    "a form that changed with the 文号 is no mere form": [
        ("page", (35771, 38599, 59598, 42205, 65076, 62098, 14967, 3097, 40895)),
        ("page", (27914, 35128, 43546, 33461, 48248, 44413, 44601, 14930, 38170)),
    ],
}


@pytest.mark.parametrize("steps", FOUND.values(), ids=FOUND)
def test_what_was_found_between_rooms_stays_mended(steps):
    play(steps, copies="file" in repr(steps))


@pytest.mark.parametrize("seed", SEEDS)
def test_whatever_happens_in_whatever_order(seed):
    play(history(seed, 45))
