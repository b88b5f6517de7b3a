"""The five seeds: what cleaning each must give, held to the characters."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cleaners import Capture, Notice, clean

SEEDS = Path(__file__).parents[2].parent / "shared" / "seeds"
WHEN = datetime(2026, 1, 1, tzinfo=UTC)
pytestmark = pytest.mark.skipif(not SEEDS.is_dir(), reason="the seeds stand beside the checkout of dibao's developers only")
NAMES = ("000", "001", "002", "003", "004")


@pytest.fixture(scope="module")
def expected() -> dict[str, dict[str, object]]:
    return json.loads((SEEDS / "expected.json").read_text(encoding="utf-8"))


def read(name: str) -> Notice:
    body = (SEEDS / f"{name}.txt").read_bytes()
    return clean(Capture(site="", url="urn:seed", captured_at=WHEN, status=200, headers=(), body=body))


def differences(notice: Notice, want: dict[str, object]) -> list[str]:
    checks = [
        (f"{name} {getattr(notice, name)!r}", getattr(notice, name) == want[name])
        for name in ("title", "author", "source", "speaker")
        if name in want
    ]
    for name in ("issued", "created"):
        if name in want:
            value = getattr(notice, name)
            stated = "" if value is None else value.isoformat()
            checks.append((f"{name} {stated}", stated.startswith(want[name]) if want[name] else not stated))
    checks.append((f"script {notice.script}", want["script"] == notice.script))
    checks.append((f"starts {notice.text[:30]}", notice.text.startswith(want["text_starts"])))
    checks.append((f"ends {notice.text[-30:]}", notice.text.endswith(want["text_ends"])))
    starts = want.get("text_has_paragraph_starting", [])
    checks += [(f"no paragraph {start}", any(paragraph.text.startswith(start) for paragraph in notice.paragraphs)) for start in starts]
    checks += [(f"holds {words}", words not in notice.text) for words in want.get("text_lacks", [])]
    categories = " ".join(removal.category for removal in notice.removals)
    checks += [(f"no {category} in {categories}", category in categories) for category in want.get("removed_categories_include", [])]
    checks += [(f"no flag {flag}", flag in notice.flags) for flag in want.get("flags_include", [])]
    kinds = [span.kind for span in notice.spans]
    checks += [(f"spans {kinds}", kinds.count(kind) >= count) for kind, count in want.get("spans_include", {}).items()]
    checks.append((f"hans {notice.text_hans[:20]}", notice.text_hans.startswith(want.get("text_hans_starts", ""))))
    checks.append(("hans length", len(notice.text_hans) == len(notice.text)))
    return [said for said, holds in checks if not holds]


@pytest.mark.parametrize("name", NAMES)
def test_seed(name: str, expected: dict[str, dict[str, object]]) -> None:
    assert differences(read(name), expected[name]) == []


@pytest.mark.parametrize("name", NAMES)
def test_cleaning_twice_changes_nothing(name: str) -> None:
    once = read(name)
    again = clean(Capture(site="", url="urn:seed", captured_at=WHEN, status=200, headers=(), body=once.text.encode()))
    assert again.text == once.text
