import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.relations.shingles import (
    BANDS,
    PLACES,
    SHINGLE,
    agreement,
    band_keys,
    bare,
    jaccard,
    minima,
    shingles,
    signatures,
    text_number,
)

HAN = [chr(code) for code in range(0x4E00, 0x4E00 + 3000)]


def by_sets(one, other):
    """The definition: runs of five letters or digits, shared ones by all of them."""
    sets = [{form[place : place + SHINGLE].tobytes() for place in range(len(form) - SHINGLE + 1)} for form in (bare(one), bare(other))]
    return len(sets[0] & sets[1]) / len(sets[0] | sets[1]) if sets[0] | sets[1] else 0.0


def altered(random_, text, number):
    letters = list(text)
    for place in random_.sample(range(len(letters)), number):
        letters[place] = random_.choice(HAN)
    return "".join(letters)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("縣環境保護局關於綠化的通知", "县环境保护局关于绿化的通知"),
        ("第１２号　（试行）", "第12号(试行)"),
        ("第一条\n本办法、即日起施行。", "第一条 本办法即日起施行"),
        ("ＡＢＣ标准", "abc标准"),
        ("甲\u200b乙", "甲乙"),
    ],
)
def test_texts_that_look_the_same_are_one(one, other):
    assert text_number(bare(one)) == text_number(bare(other))


def test_characters_beyond_the_first_plane_count():
    assert text_number(bare("甲𠮷乙")) != text_number(bare("甲乙"))


@given(st.text(alphabet="甲乙丙丁，。 12\n", max_size=60), st.text(alphabet="甲乙丙丁，。 12\n", max_size=60))
def test_the_jaccard_index_is_that_of_the_sets(one, other):
    assert jaccard(*shingles([bare(one), bare(other)])) == pytest.approx(by_sets(one, other))


@given(st.text(max_size=200))
def test_any_text_has_a_signature(text):
    (hashes,) = shingles([bare(text)])
    if len(hashes):
        least = minima([hashes])
        assert least.shape == (1, PLACES)
        assert set(least[0].tolist()) <= set(hashes.tolist())


def test_signatures_tell_how_much_is_shared():
    random_ = random.Random(3)
    errors = []
    for number in (5, 10, 20, 40, 80):
        text = "".join(random_.choices(HAN, k=600))
        forms = [bare(text), bare(altered(random_, text, number))]
        hashes = shingles(forms)
        signs = signatures(minima(hashes))
        errors.append(abs(agreement(signs[0], signs[1:])[0] - jaccard(*hashes)))
    assert max(errors) < 0.16


def test_near_copies_meet_in_a_band_and_strangers_do_not():
    random_ = random.Random(4)
    met = strange = 0
    for _ in range(200):
        text = "".join(random_.choices(HAN, k=500))
        others = [text, altered(random_, text, 10), "".join(random_.choices(HAN, k=500))]
        keys = band_keys(minima(shingles([bare(other) for other in others])))[:, :BANDS]
        met += bool(np.any(keys[0] == keys[1]))
        strange += bool(np.any(keys[0] == keys[2]))
    assert met >= 195
    assert strange == 0


def test_signatures_are_the_same_for_ever():
    """They are kept: whoever changes how they are made must derive them anew, by `dibao relate --all`."""
    least = minima(shingles([bare("临水县人民政府关于加强城市绿化管理工作的通知，现将有关事项通知如下。")]))
    assert band_keys(least)[0][:3].tolist() == [-1781684912, 1796475641, 404191242]
    assert signatures(least)[0][:4].tolist() == [39, 196, 159, 152]


def test_texts_hashed_together_are_those_hashed_alone():
    forms = [bare(text) for text in ("甲乙丙丁戊己", "", "甲", "甲乙丙丁戊" * 3, "甲乙丙丁", "己庚辛壬癸子丑")]
    together = shingles(forms)
    assert [hashes.tolist() for hashes in together] == [shingles([form])[0].tolist() for form in forms]
    assert [len(hashes) for hashes in together] == [2, 0, 0, 5, 0, 3]
