from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners.decoding.plausible import plausibility

HANS = "各乡镇人民政府，县直有关单位：为进一步加强农村公路管理，根据有关法律法规，制定本办法。"
HANT = "各鄉鎮人民政府，縣直有關單位：為進一步加強農村公路管理，根據有關法律法規，制定本辦法。"


@pytest.mark.parametrize(
    ("text", "encoding", "wrong"),
    [(HANS, "gb18030", "big5hkscs"), (HANT, "big5hkscs", "gb18030"), (HANS, "utf-8", "gb18030"), (HANT, "utf-8", "big5hkscs")],
)
def test_chinese_reads_better_than_the_same_bytes_misread(text, encoding, wrong):
    misread = text.encode(encoding).decode(wrong, "replace")
    assert plausibility(text) > 0.7
    assert plausibility(misread) < 0.45


@given(st.text())
def test_scores_stay_in_range(text):
    assert -1 <= plausibility(text) <= 1
