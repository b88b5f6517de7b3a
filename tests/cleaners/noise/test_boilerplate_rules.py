"""The shipped rules against lines written for them: what goes, under which name, and what stays although it sounds alike.

`boilerplate_lines.tsv` holds a line each: where it stands (head, tail, any; sharing: on a page of a document-sharing site; cut: its
end goes; page: evidence; keep: it stays wherever it stands), the category that takes it, the line.
"""

from collections import defaultdict
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaners.noise.boilerplate import Cleaned, clean_lines, restore
from cleaners.noise.matching import FULL_STOPS
from cleaners.noise.pageclass import flags_of_page
from cleaners.rules import default_rules, read_rules
from cleaners.text import Line, flat_lines

ABOVE = "为做好汛期安全生产工作，经研究，现将有关事项通知如下。"
BELOW = "各单位要高度重视，认真抓好落实。"
ROWS = [tuple(row.split("\t", 2)) for row in (Path(__file__).parent / "boilerplate_lines.tsv").read_text("utf-8").splitlines()[1:] if row]
LINES = defaultdict(list)
for place, category, line in ROWS:
    LINES[place].append((category, line))
KEPT = [line for _, line in LINES["keep"]]
NOISE = [line for place in ("head", "tail", "any", "sharing") for _, line in LINES[place]]


def cleaned(*texts: str, title: str | None = None) -> Cleaned:
    return clean_lines([line for text in texts for line in flat_lines(text)], default_rules().matcher, title=title)


def kept(result: Cleaned) -> list[str]:
    return [text for _, text in result.lines]


def stands(text: str) -> str:
    return "\n".join(line.text for line in flat_lines(text))


@pytest.mark.parametrize("place", ["head", "tail", "any"])
def test_noise_is_known_by_its_name(place):
    matcher = default_rules().matcher
    found = {line: matcher.match(line, place) for _, line in LINES[place]}
    taken = {line: match.rule.category for line, match in found.items() if match and match.rule.action in {"drop", "rest"}}
    assert {line: taken.get(line) for _, line in LINES[place]} == {line: category for category, line in LINES[place]}


@pytest.mark.parametrize(("name", "place"), [("sharing", "head"), ("sharing_any", "any")])
def test_lines_of_sharing_sites_go_there_only(name, place):
    matcher = default_rules().matcher

    def known(flags: set[str]) -> set[str]:
        found = {line: matcher.match(line, place, flags) for _, line in LINES[name]}
        return {line for line, match in found.items() if match and match.rule.category == "doc_sharing"}

    assert known({"doc_sharing_site"}) == {line for category, line in LINES[name] if category == "doc_sharing"}
    assert known(set()) == set()


def test_bylines_behind_the_last_sentence_are_cut():
    for category, line in LINES["cut"]:
        result = cleaned(ABOVE, line)
        assert kept(result) == [ABOVE, line[: line.index("。") + 1]]
        assert [removal.category for removal in result.removals] == [category]


@pytest.mark.parametrize("line", KEPT)
def test_what_sounds_alike_stays_wherever_it_stands(line):
    assert kept(cleaned(ABOVE, line)) == [ABOVE, stands(line)]
    assert kept(cleaned(ABOVE, line, BELOW)) == [ABOVE, stands(line), BELOW]
    assert stands(line) in kept(cleaned(line, BELOW, ABOVE))


def test_marks_of_a_page_are_evidence_and_nothing_is_taken_for_them():
    for category, line in LINES["page"]:
        flags = flags_of_page([Line(line)] * 3, default_rules().matcher)
        assert category in flags
        assert kept(cleaned(ABOVE, line, BELOW)) == [ABOVE, line, BELOW]


@pytest.mark.parametrize(
    "ending",
    [
        ("主办单位：临水市教育局", "承办单位：北岸区第一中学", "协办单位：临水市科学技术协会"),
        ("联系人：江河", "联系电话：0000-1234567", "地址：滨河路1号"),
        ("附件：", "1.防汛物资清单.docx", "2.值班表.xlsx"),
        ("附件下载：", "防汛物资清单.docx"),
        ("扫描二维码报名", "报名截止时间：5月6日"),
        ("特此通知。", "临水市防汛抗旱指挥部", "2031年5月6日"),
        ("（此件公开发布）",),
        ("审核：市财政局\t复核：市审计局", "签发：市政府\t统筹：市发展改革委"),
        ("责任单位\t编辑：江河", "完成时限\t来源：县财政"),
    ],
)
def test_what_ends_a_notice_stays(ending):
    assert kept(cleaned(ABOVE, BELOW, *ending)) == [ABOVE, BELOW, *ending]


def test_who_holds_a_site_goes_with_its_footer():
    footer = ("主办单位：临水市人民政府办公室", "承办单位：临水市大数据中心", "网站标识码：3501000001", "临ICP备12345678号")
    assert kept(cleaned(ABOVE, BELOW, *footer)) == [ABOVE, BELOW]


def test_who_does_what_is_no_byline():
    plan = ("一、清理河道。（办公室、宣传部 江河）", "二、检查堤防。（办公室 林树）", "三、备足物资。（办公室 山岳）")
    assert kept(cleaned(*plan)) == list(plan)


def test_a_bracket_inside_the_last_sentence_stays():
    last = "资金由市级财政安排（来源：年度预算）"
    assert kept(cleaned(ABOVE, last)) == [ABOVE, last]


def test_a_sentence_is_text_unless_a_rule_says_so():
    rule = "[[rules]]\nname='x'\ncategory='x'\nwhere='tail'\npatterns=['分享.{0,80}']\n"
    for extra, left in (("", 2), ("sentences=true\n", 1)):
        matcher = type(default_rules())((), read_rules(rule + extra, "mine.toml")).matcher
        result = clean_lines([Line(ABOVE), Line("分享会由市图书馆主办，欢迎广大市民参加。")], matcher)
        assert len(result.lines) == left


def test_no_rule_takes_a_sentence_of_a_notice():
    """Every sentence here starts or ends with words of a rule, and none says what noise says."""
    openings = ["分享", "打印", "下载", "来源", "编辑", "审核", "评论", "登录", "二维码", "版权", "相关链接", "上一条", "浏览", "关注"]
    for word in openings:
        for sentence in (
            f"{word}工作由市防汛抗旱指挥部办公室负责解释并组织实施。",
            f"各单位应当按照规定做好{word}，并于五月六日前报送情况。",
        ):
            assert kept(cleaned(ABOVE, sentence)) == [ABOVE, sentence]
            assert kept(cleaned(sentence, ABOVE)) == [sentence, ABOVE]


MIXTURES = st.lists(st.sampled_from(NOISE + KEPT + [ABOVE, BELOW, ABOVE + BELOW]), min_size=1, max_size=24)


@settings(max_examples=150)
@given(MIXTURES, st.sampled_from([None, "关于做好汛期安全生产工作的通知"]))
def test_mixtures_are_accounted_for_and_cleaned_once(texts, title):
    result = cleaned(*texts, title=title)
    lines = kept(result)
    assert restore("\n".join(lines), result.removals) == result.uncleaned
    assert kept(cleaned(*lines)) == lines


@settings(max_examples=150)
@given(
    st.lists(st.sampled_from([line for _, line in LINES["head"]]), max_size=6),
    st.lists(st.sampled_from([line for _, line in LINES["tail"]]), max_size=6),
)
def test_sentences_between_noise_are_kept_whole(head, tail):
    sentences = [text for text in (ABOVE, BELOW, ABOVE + BELOW) if text.endswith(FULL_STOPS)]
    lines = kept(cleaned(*head, *sentences, *tail))
    assert [line for line in lines if line in sentences] == sentences
