"""What docs/manners.md says is set where it says."""

import re
from pathlib import Path

import pytest

from crawler import settings
from crawler.manners.backoff import LONGEST, LONGEST_WAIT
from crawler.manners.robots import HOPS, KEPT
from crawler.manners.robots import LONGEST as LONGEST_ROBOTS
from spiders.site import Site

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs/manners.md").read_text("utf-8")
SET_BY = [name for row in re.findall(r"^\|.*\| ([^|]+) \|$", TEXT, re.MULTILINE) for name in re.findall(r"`([^`]+)`", row)]


@pytest.mark.parametrize("name", sorted({name for name in SET_BY if not name.startswith('"')}))
def test_every_place_named_is_there(name):
    if name.isupper():
        assert hasattr(settings, name)
    elif "/" in name:
        assert (ROOT / name).is_file()
    else:
        assert name in Site.model_fields


def test_the_figures_are_those_in_force():
    assert len(SET_BY) > 10
    assert (settings.DOWNLOAD_DELAY, settings.DOWNLOAD_DELAY_JITTER, settings.CONCURRENT_REQUESTS_PER_DOMAIN, settings.RETRY_TIMES) == (
        2,
        0.2,
        1,
        2,
    )
    assert (LONGEST, LONGEST_WAIT, HOPS, KEPT.total_seconds(), LONGEST_ROBOTS) == (60, 3600, 5, 86400, 500 * 1024)


def test_every_level_of_tls_is_described():
    levels = Site.model_json_schema()["properties"]["tls"]["enum"]
    assert [level for level in levels if f'`"{level}"`' not in TEXT] == []
