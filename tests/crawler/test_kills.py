"""Killed at seeded pages and between any two statements, a crawl loses nothing, asks for little twice and never says it is done too early."""

from __future__ import annotations

from random import Random

import pytest
from kill_loop import CONCURRENT, UNCOMMITTED, Column, Trial

NOTICES = 220


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """How many requests a crawl takes that nothing disturbs."""
    with Column(NOTICES) as column:
        assert Trial(column, tmp_path_factory.mktemp("undisturbed")).run()
        return len(column.log)


def test_killed_at_seeded_requests(undisturbed, tmp_path):
    random = Random(20261122)
    with Column(NOTICES) as column:
        trial = Trial(column, tmp_path)
        for number in range(9):
            assert not trial.run(requests=random.randint(1, 36), answered=bool(number % 2))
        assert trial.run()
    assert trial.kills == 9
    assert undisturbed <= len(column.log) <= undisturbed + trial.kills * (CONCURRENT + UNCOMMITTED)
    assert trial.refetched <= trial.kills * (CONCURRENT + UNCOMMITTED)


def test_killed_before_seeded_statements_of_the_archive(undisturbed, tmp_path):
    random = Random(7)
    with Column(NOTICES) as column:
        trial = Trial(column, tmp_path)
        assert not trial.run(requests=2)  # the archive stands
        for early in (True, True, False, False, False, False, False):
            assert not trial.run(statement=random.randint(1, 60) if early else random.randint(60, 900))
        assert trial.run()
    assert len(column.log) <= undisturbed + trial.kills * (CONCURRENT + UNCOMMITTED)
