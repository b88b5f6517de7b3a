"""Columns of a terminal."""

from rich.cells import cell_len

from crawler.tables import aligned


def test_columns_stand_below_each_other_whatever_the_script():
    lines = aligned([("名称", "status", "题"), ("a", "活动", "b"), ("长长的名称", "x", "")])
    assert lines == ["名称        status  题", "a           活动    b", "长长的名称  x"]
    assert {cell_len(line[: line.index(mark)]) for line, mark in zip(lines, ("status", "活动", "x"), strict=True)} == {12}
