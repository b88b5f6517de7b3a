"""docs/families.md says what families.toml says."""

from __future__ import annotations

from pathlib import Path

from spiders.families import families
from spiders.families.table import markdown
from spiders.paging.pagers import PAGERS

DOCS = Path(__file__).parents[2] / "docs" / "families.md"
REBUILD = (
    "run: python -c 'from spiders.families.table import markdown; print(markdown(), end=\"\")' and put it at the end of docs/families.md"
)


def test_the_documented_table_is_that_of_the_data():
    assert DOCS.read_text("utf-8").endswith(f"## The families\n\n{markdown()}"), REBUILD


def test_every_family_says_what_it_was_built_on():
    for family in families():
        assert family.evidence
        assert family.listing
        assert family.paging
        assert family.dates
        assert family.identity
        assert set(family.pagers) <= set(PAGERS), family.id


def test_families_built_on_descriptions_alone_say_that_they_are_not_verified():
    for family in families():
        assert family.verified is ("saved" in family.evidence and "one saved search answer of so.news.cn" not in family.evidence), family.id
