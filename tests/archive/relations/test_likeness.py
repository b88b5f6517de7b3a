import random
import sqlite3
from itertools import combinations

import pytest
from sqlite_utils import Database

from archive.relations import likeness
from archive.relations.likeness import ALIKE, Texts, change
from archive.relations.shingles import bare, jaccard, shingles, text_number
from archive.schema import migrations

HAN = [chr(code) for code in range(0x4E00, 0x4E00 + 2000)]


class Shelf:
    """Texts that come and go, and what is kept of them."""

    def __init__(self):
        self.connection = sqlite3.connect(":memory:", isolation_level=None)
        migrations.apply(Database(self.connection))
        self.texts = {}

    def change(self, come=(), gone=()):
        forms = {text_number(bare(text)): bare(text) for text in come}
        self.texts |= {text_number(bare(text)): text for text in come}
        return change(self.connection, Texts(self.texts.get), forms, [text_number(bare(text)) for text in gone])

    def state(self):
        tables = ("sketches", "bands", "crowds", "likenesses")
        return {
            table: self.connection.execute(
                f"select * from {table} order by 1, 2" if table != "crowds" else "select * from crowds order by 1"
            ).fetchall()
            for table in tables
        }

    def pairs(self):
        return {(one, other) for one, other in self.connection.execute("select text, other from likenesses")}


def prose(random_, length=300):
    return "".join(random_.choices(HAN, k=length))


def altered(random_, text, number):
    letters = list(text)
    for place in random_.sample(range(len(letters)), number):
        letters[place] = random_.choice(HAN)
    return "".join(letters)


def test_near_copies_are_found_and_nothing_else():
    random_ = random.Random(1)
    texts = [prose(random_) for _ in range(30)]
    copies = [altered(random_, text, 4) for text in texts[:20]]
    shelf = Shelf()
    shelf.change([*texts, *copies[:10]])
    shelf.change(copies[10:])
    numbers = [text_number(bare(text)) for text in (*texts, *copies)]
    wanted = {(min(numbers[at], numbers[30 + at]), max(numbers[at], numbers[30 + at])) for at in range(20)}
    assert shelf.pairs() == wanted


def test_short_texts_and_texts_that_left_are_compared_with_nothing():
    shelf = Shelf()
    text = prose(random.Random(2), 99)
    shelf.change([text, text[:-1] + "甲"])
    assert shelf.state()["sketches"] == []
    long, copy = prose(random.Random(3)), ""
    copy = altered(random.Random(3), long, 3)
    shelf.change([long, copy])
    assert len(shelf.pairs()) == 1
    assert shelf.change(gone=[copy]) == {text_number(bare(long))}
    assert shelf.state()["likenesses"] == []
    shelf.change(gone=[long])
    assert not any(shelf.state().values())


@pytest.mark.parametrize("seed", range(6))
def test_what_is_found_does_not_depend_on_the_order_even_in_crowds(seed, monkeypatch):
    """Forms by the dozen share their bands: few of them stand for all, and which, must not depend on who came first."""
    monkeypatch.setattr(likeness, "CROWD", 3)
    random_ = random.Random(seed)
    template = prose(random_, 400)
    texts = [altered(random_, template, random_.randint(2, 25)) for _ in range(25)] + [prose(random_) for _ in range(5)]
    leaving = [altered(random_, template, 10) for _ in range(8)]
    one, other = Shelf(), Shelf()
    one.change(texts)
    steps = [("come", text) for text in (*texts, *leaving)]
    random_.shuffle(steps)
    for _, text in steps:
        other.change([text])
        if text not in leaving and random_.random() < 0.2:  # out and in again, as a notice that is corrected and put back
            other.change(gone=[text])
            other.change([text])
    random_.shuffle(leaving)
    other.change(gone=leaving[:4])
    for text in leaving[4:]:
        other.change(gone=[text])
    assert one.state() == other.state()
    assert one.state()["crowds"]


def test_every_pair_of_a_small_archive_is_the_one_the_sets_give():
    random_ = random.Random(7)
    base = prose(random_)
    texts = [base, *(altered(random_, base, number) for number in (1, 3, 6, 12, 30, 60))]
    shelf = Shelf()
    shelf.change(texts)
    forms = {text_number(bare(text)): bare(text) for text in texts}
    exact = {(min(one, other), max(one, other)): jaccard(*shingles([forms[one], forms[other]])) for one, other in combinations(forms, 2)}
    sure = {pair for pair, shared in exact.items() if shared >= 0.85}
    assert sure <= shelf.pairs() <= {pair for pair, shared in exact.items() if shared >= ALIKE}
