"""Titles: the notice's name among those a page goes by."""

import pytest

from cleaners.stated.titles import heading_of, is_title_like, read_speaker, same_title, without_site, wording_of

TITLE = "关于做好汛期安全生产工作的通知"


@pytest.mark.parametrize(
    "text",
    [
        f"{TITLE}_临水市人民政府",
        f"{TITLE}-通知公告-临水市人民政府门户网站",
        f"{TITLE} - 临水市应急管理局",
        f"{TITLE}|临水网",
        f"临水市人民政府 | {TITLE}",
    ],
)
def test_the_site_is_taken_off(text: str) -> None:
    assert without_site(text) == TITLE


def test_a_dash_inside_a_title_stays() -> None:
    assert without_site("守护一江清水——北岸县治水记") == "守护一江清水——北岸县治水记"


@pytest.mark.parametrize(
    ("line", "same"),
    [
        (TITLE, True),
        ("关于做好 汛期安全生产工作的通知", True),
        ("關於做好汛期安全生產工作的通知", True),
        (f"{TITLE}(1).pdf", True),
        ("工作的通知", False),
        ("关于放假的通知", False),
    ],
)
def test_lines_that_repeat_the_title(line: str, same: bool) -> None:
    assert same_title(line, TITLE) is same


def test_the_heading_the_document_title_repeats() -> None:
    assert heading_of(f"{TITLE}_临水市人民政府", ["通知公告", "临水市人民政府", TITLE]) == TITLE
    assert heading_of("关于做好汛期安全生产工作", ["临水网", TITLE]) == TITLE
    assert heading_of("临水信息网", ["临水信息网", TITLE]) is None


@pytest.mark.parametrize(
    "line", ["一、总体要求", "为做好有关工作，现通知如下。", "各镇人民政府：", "2031-05-07 临水市应急局", "甲\t乙", "通知"]
)
def test_what_is_no_title(line: str) -> None:
    assert not is_title_like(line)


def test_speakers_only_under_speeches() -> None:
    assert read_speaker("在防汛会议上的讲话", "市委副书记、市长 林 树") == "林树"
    assert read_speaker("关于防汛的通知", "市委副书记、市长 林 树") is None
    assert read_speaker("在防汛会议上的讲话", "同志们：") is None


@pytest.mark.parametrize(
    ("claimed", "shown"),
    [
        ("关于做好汛期安全...", TITLE),
        ("关于做好汛期安全……", TITLE),
        (f"<p>{TITLE}</p>", TITLE),
        (f"{TITLE}-临水市人民政府", TITLE),
        ("关于...", "关于..."),
        ("关于另一件事的通知", "关于另一件事的通知"),
    ],
)
def test_what_a_tag_claims_is_worded_as_the_page_shows_it(claimed: str, shown: str) -> None:
    assert wording_of(claimed, ["首页", TITLE, "各县区人民政府："]) == shown
