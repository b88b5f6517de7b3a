"""A short form of the thirty days: what happens on two model sites in nine days is told as what it is, and nothing else."""

import pytest
from month_judge import compare, show
from month_run import Month

DAYS, SITES = 9, ("qingmu", "heting")


@pytest.mark.timeout(600)
def test_nine_days_of_two_sites_are_told_as_they_were(tmp_path):
    month = Month(tmp_path, SITES)
    for _ in month.run(DAYS):
        pass
    assert not [ran for ran in month.ran if "died" in str(ran[3]["outcome"])]
    found = compare(month.db, DAYS, SITES)
    assert found.right, "\n".join(
        [show(found), *(f"missed: {event}" for event in found.missed), *(f"false: {told}" for told in found.false)]
    )
