"""What docs/works.md says is so."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

from archive.browse.words import words

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "works.md"


def test_the_examples_run():
    assert doctest.testfile(str(PAGE), module_relative=False, encoding="utf-8").failed == 0


def test_every_reason_has_words_for_readers():
    reasons = re.findall(r"^\| ((?:`[a-zA-Z ]+`(?:, )?)+) \|", PAGE.read_text("utf-8"), re.MULTILINE)
    named = [reason for row in reasons for reason in re.findall(r"`([^`]+)`", row) if reason != "pointer_reason"]
    assert len(named) > 6
    assert all(words("zh").knows("pointers", reason) for reason in named)
