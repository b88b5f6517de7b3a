"""A mistake in a cleaner costs the one page it was made on, and the page is kept."""

from datetime import UTC, datetime

import pytest

from cleaners import Capture
from cleaners.errors import LayoutError
from cleaners.rules import default_rules
from crawler import reading


def test_a_mistake_names_the_page_and_not_its_bytes(monkeypatch):
    def broken(capture, rules):
        raise IndexError("no such line")

    monkeypatch.setattr(reading, "read_safely", broken)
    capture = Capture("ceshi", "http://www.ceshi.gov.example/a.html", datetime(2026, 3, 1, tzinfo=UTC), 200, (), b"<p>secret bytes</p>")
    with pytest.raises(LayoutError, match=r"a\.html: the cleaner failed"):
        reading.read(capture, default_rules())
    assert "secret bytes" not in repr(capture)
