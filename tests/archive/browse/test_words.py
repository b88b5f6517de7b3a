"""Every word of the interface exists in both languages, and whatever the other packages can say has one."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from archive.browse.words import words
from archive.life.kinds import EventKind, State
from cleaners.attachments import FLAGS, FileText
from cleaners.attachments.kinds import KINDS

ROOT = Path(__file__).parents[3]
PAIRS = tomllib.loads((ROOT / "archive/browse/words.toml").read_text("utf-8"))
CLEANERS = tomllib.loads((ROOT / "cleaners/words.toml").read_text("utf-8"))
BOILERPLATE = (ROOT / "cleaners/noise/boilerplate.toml").read_text("utf-8")


def test_every_word_has_chinese_and_english():
    for group, table in (*PAIRS.items(), *CLEANERS.items()):
        if group == "reasons":  # patterns: tests/archive/browse/test_reasons.py
            continue
        for key, pair in table.items():
            assert len(pair) == 2, (group, key)
            assert all(pair), (group, key)


def test_templates_use_only_words_that_exist():
    used = set()
    for template in (ROOT / "archive/browse/templates/dibao").glob("*.html"):
        used |= set(re.findall(r'page\.t\("([a-z_]+)"\)', template.read_text("utf-8")))
    assert len(used) > 80
    assert not used - PAIRS["ui"].keys()


@pytest.mark.parametrize("word", sorted(set(re.findall(r'^category = "([a-z_]+)"', BOILERPLATE, re.MULTILINE))))
def test_every_category_of_removal_is_explained(word):
    assert words("zh").knows("categories", word)


@pytest.mark.parametrize("word", sorted(set(re.findall(r'^flag = "([a-z_]+)"', BOILERPLATE, re.MULTILINE))))
def test_every_flag_of_a_rule_is_explained(word):
    assert words("zh").knows("flags", word)


@pytest.mark.parametrize(
    "outcome", ["ok", "unchanged", "redirected", "missing", "gone", "soft_404", "challenge", "blocked", "damaged", "refused", "failed"]
)
def test_every_outcome_is_explained(outcome):
    assert words("zh").knows("outcomes", outcome)


def test_every_state_and_every_kind_of_event_is_explained():
    assert all(words("zh").knows("states", state) for state in State)
    assert all(words("zh").knows("events", kind) for kind in EventKind)


@pytest.mark.parametrize("flag", FLAGS)
def test_every_flag_of_a_file_is_explained(flag):
    assert words("zh").knows("file_flags", flag)
    shortfall = FileText(flags=(flag,)).shortfall
    assert not shortfall or words("zh").knows("counts", f"file/{shortfall}")


@pytest.mark.parametrize("kind", ["pdf", "doc", "docx", "xls", "xlsx", "ofd", "zip", "rar", "txt", "csv", "html", "rtf", "pptx"])
def test_every_kind_of_file_that_is_read_has_a_name(kind):
    assert words("zh").knows("media_types", KINDS[kind].media_type)


def test_what_has_no_word_stands_for_itself():
    assert words("en").word("flags", "brand_new_flag") == "brand_new_flag"
    assert words("fr").lang == "zh"
