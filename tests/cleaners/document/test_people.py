"""Who wrote, edited and checked: read from bylines as pages set them, and from nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners.document.people import bylines, is_author, read_names, read_people


def people(*around: str, text: tuple[str, ...] = ()) -> dict[str, str]:
    return {field: reading.value for field, reading in read_people(around, text)}


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("来源：临水日报 作者：江河 编辑：林树 审核：石泉", {"author": "江河", "editor": "林树", "reviewer": "石泉"}),
        ("文/江河 图/林树", {"author": "江河"}),
        ("（文/图 江河）", {"author": "江河"}),
        ("（记者 江河 通讯员 林树 石泉）", {"reporter": "江河、林树 石泉"}),
        ("（本报记者江河）", {"reporter": "江河"}),
        ("责任编辑：江　河", {"editor": "江 河"}),
        ("编　辑：江河", {"editor": "江河"}),
        ("责编丨江河", {"editor": "江河"}),
        ("一审：江河 二审：林树 三审：石泉", {"reviewer": "江河、林树、石泉"}),
        ("【供稿/江河、林树】", {"author": "江河、林树"}),
        ("供稿：临水市交通运输局", {"author": "临水市交通运输局"}),
        ("撰稿 江河 校对 林树", {"author": "江河", "reviewer": "林树"}),
        ("作者：阿不都·热合曼", {"author": "阿不都·热合曼"}),
        ("編輯：江河", {"editor": "江河"}),
        ("记者：您好，请问路修好了吗？", {}),
        ("记者：您好", {}),
        ("编辑部 临水市", {}),
        ("编辑 推荐", {}),
        ("审核 通过", {}),
        ("审核通过后，由市交通运输局公布。", {}),
        ("作者：佚名", {}),
        ("图/江河", {}),
        ("来源：临水日报", {}),
        ("", {}),
    ],
)
def test_lines_say_who_did_what(line: str, found: dict[str, str]) -> None:
    assert people(line) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (("本报讯（记者 江河）5月8日，全市公路养护工作会议召开。" + "会议要求抓好落实。" * 20,), {"reporter": "江河"}),
        (("会议要求抓好落实。" * 20 + "（通讯员 江河）",), {"reporter": "江河"}),
        (("会议要求抓好落实。" * 20, "记者：路修好了吗？", "答：修好了。"), {}),
        (("县委书记在会上指出，编辑：江河同志的作品。" * 8,), {}),
    ],
)
def test_a_text_names_its_reporters_at_its_ends(text: tuple[str, ...], found: dict[str, str]) -> None:
    assert people(text=text) == found


def test_a_role_said_twice_counts_once_and_the_first_time() -> None:
    assert people("编辑：江河", "编辑：林树", "编辑：江河") == {"editor": "江河"}


def test_reviewers_on_lines_of_their_own_are_joined_with_their_lines_as_evidence() -> None:
    (field, reading), *_ = read_people(["初审：江河", "终审：林树"], ())
    assert (field, reading.value, reading.snippet) == ("reviewer", "江河、林树", "初审：江河\n终审：林树")


@pytest.mark.parametrize(
    ("text", "sure", "names"), [("江河", False, "江河"), ("安民告示", True, "安民告示"), ("请问", False, ""), ("", True, "")]
)
def test_names(text: str, names: str, *, sure: bool) -> None:
    assert read_names(text, sure=sure) == names


@pytest.mark.parametrize(
    ("name", "could_be"),
    [
        ("江河", True),
        ("临水市交通运输局", True),
        ("Lin Shu", True),
        ("105464", False),
        ("信息发布员6", False),
        ("admin", False),
        ("本站", False),
    ],
)
def test_accounts_write_nothing(name: str, *, could_be: bool) -> None:
    assert is_author(name) == could_be


def test_the_byline_of_a_long_text_is_its_own_evidence() -> None:
    ((_, reading), *_) = read_people((), ["会议要求抓好落实。" * 20 + "（通讯员 江河）"])
    assert reading.snippet == "通讯员 江河"


@given(st.text(alphabet="记者通讯员编辑审核文图作供稿 :：/丨（）()【】、江河林树的。", max_size=150) | st.text(max_size=150))
def test_any_line_is_read_and_names_stand_in_it(line: str) -> None:
    for named in bylines(line):
        assert named.names


@pytest.mark.parametrize("pump", ["记者 ", "编辑", "（", "文/", "、江河", "编 "])
def test_time_goes_with_the_length(pump: str) -> None:
    list(bylines(pump * 20000))
