import pytest

from archive.relations.series import Member, estimate, examine, missing


def member(serial, issued="2026-01-01", seen="2026-01-02", name=""):
    return Member(name or f"n{serial}", serial, f"第{serial}件", "linshui", issued, f"{seen}T00:00:00.000000Z")


def look(*members, **how):
    return examine("临水县", "临政发", 2026, "bracketed", members, **how)


def test_gaps_stand_between_the_notices_on_both_sides():
    found = look(member(2), member(3), member(7))
    assert [(gap.first, gap.last, gap.before and gap.before.serial, gap.after.serial) for gap in found.gaps] == [
        (1, 1, None, 2),
        (4, 6, 3, 7),
    ]
    assert (found.held, found.lowest, found.highest, found.missing, found.name) == (3, 2, 7, 4, "临政发〔2026〕")
    assert missing(found) == [1, 4, 5, 6]
    assert missing(found, 2) == [1, 4]


@pytest.mark.parametrize(("highest", "held", "all_"), [(60, 4, 74), (1, 1, 1), (10, 10, 10)])
def test_the_estimate_is_that_of_the_german_tanks(highest, held, all_):
    assert estimate(highest, held) == all_


def test_what_came_long_after_its_neighbours_came_late():
    found = look(member(1), member(2, seen="2026-03-05"), member(3, seen="2026-01-20"))
    assert [(pair.one.serial, pair.other.serial, pair.days) for pair in found.late] == [(2, 3, 44)]


def test_a_higher_number_issued_earlier_is_out_of_turn():
    found = look(member(1, "2026-01-05"), member(2, "2026-01-03"), member(3, None), member(4, "2026-01-09"))
    assert [(pair.one.serial, pair.other.serial, pair.days) for pair in found.out_of_turn] == [(1, 2, 2)]


def test_copies_count_once_and_conflicts_are_told():
    found = look(member(1, name="a"), member(1, "2026-02-01", name="b"), member(2), in_conflict=frozenset({("b", "a")}))
    assert found.held == 2
    assert not found.out_of_turn
    assert [(pair.one.notice, pair.other.notice) for pair in found.conflicts] == [("a", "b")]
