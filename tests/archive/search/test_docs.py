"""The tables of docs/search.md say what the language does."""

import re
from pathlib import Path

import pytest

from archive.search import facts_of, read_query, scan
from archive.search.language import language

TEXT = (Path(__file__).parents[3] / "docs/search.md").read_text("utf-8")
ROWS = [
    [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in TEXT.split("\n") if line.startswith("| `")
]
EXAMPLES = [(query.strip("`"), hit, other) for query, hit, other in ROWS if ":" not in query]
FILTERS = [(name.strip("`"), names) for name, names, _ in ROWS if ":" in name]


@pytest.mark.parametrize(("query", "hit", "other"), EXAMPLES)
def test_examples_find_what_they_say(query, hit, other):
    assert scan(query, hit)
    assert not scan(query, other)


def test_there_are_examples_and_every_filter_is_named():
    assert len(EXAMPLES) > 10
    named = {name for _, names in FILTERS for name in re.findall(r"`([^`:]+):`", names)} | {name.split(":")[0] for name, _ in FILTERS}
    assert named == set(language()["filters"])


@pytest.mark.parametrize("query", [name for name, _ in FILTERS])
def test_filters_are_read_and_ask_for_something(query):
    assert not read_query(query).remarks
    stated = facts_of("linshui", "通知", "临水县财政局", 738959)  # 2024-03-11
    assert scan(query, "文", facts=stated)
    assert not scan(
        query,
        "文",
        facts=facts_of("other", "公告", "教育局", 739000 if "until" in query else 730000)
        if "date" not in query
        else facts_of("", "", "", 1),
    )
