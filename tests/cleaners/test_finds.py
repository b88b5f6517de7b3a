"""Whatever fuzzing ever found is tried again in every test run: see tests/fuzz."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fuzz.targets import TARGETS

FINDS = sorted(path for path in (Path(__file__).parents[1] / "fuzz" / "finds").rglob("*") if path.is_file())


@pytest.mark.parametrize("path", FINDS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_find_stays_mended(path):
    TARGETS[path.parent.name].check(path.read_bytes())


@pytest.mark.parametrize("name", TARGETS)
def test_seeds_of_every_target_hold(name):
    for seed in TARGETS[name].seeds():
        TARGETS[name].check(seed)
