"""Boilerplate: what goes, what stays, and that every removal is accounted for to the character."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaners.noise.boilerplate import REFUSED, Cleaned, clean_lines, restore
from cleaners.noise.matching import may_be_learned
from cleaners.rules import Rules, default_rules
from cleaners.text import Line, flat_lines

BODY = "为做好汛期安全生产工作，经研究，现将有关事项通知如下。"
WORDS = st.sampled_from(
    [
        BODY, "各科室要高度重视，认真抓好落实。", "特此通知。", "一、", "五是", "（一）工作要求", "1.", "临水市防汛抗旱指挥部", "2031年5月6日", "联系人：林 树",
        "当前位置：首页 > 通知公告", "【字体：大 中 小】", "发布时间：2031-05-06", "来源：临水日报", "2031-05-06 09:10", "分享到：", "相关链接", "上一篇：关于放假的通知",
        "责任编辑：江河", "版权所有 临水市人民政府", "打印本页 关闭窗口", "(临水日报社驻北岸记者站 江河)", "各单位参加会议。(作者：江河)", "关于做好汛期安全生产工作的通知",
        "讲话", "书记", "会议", "领导小组", "(xxxx年xx月xx日)", "市委书记 林 树", "在领导小组会议上的讲话", "温馨提示：", "1.本文档由用户上传,版权归属用户,某网整理", "（此件公开发布）",
        "网站客服：1234567", "附件：1.名单", "a\tb\tc", "姓名\t单位", "次", "更多", "相關文章：", "浏览次数：12", "扫一扫在手机打开当前页",
    ]
)  # fmt: skip
LINES = st.lists(WORDS, min_size=1, max_size=16)
ANY_LINE = st.text(alphabet=st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), min_size=1, max_size=30)


def cleaned(texts: Sequence[str], title: str | None = None) -> Cleaned:
    lines = [line for text in texts for line in flat_lines(text)]
    return clean_lines(lines, default_rules().matcher, title=title)


def kept(result: Cleaned) -> list[str]:
    return [text for _, text in result.lines]


def removed(result: Cleaned) -> dict[str, str]:
    return {removal.text.strip(): removal.category for removal in result.removals}


@settings(max_examples=300, deadline=None)
@given(LINES, st.sampled_from([None, "关于做好汛期安全生产工作的通知", "在领导小组会议上的讲话"]))
def test_kept_and_removed_give_the_uncleaned_text_back(texts: list[str], title: str | None) -> None:
    result = cleaned(texts, title)
    text = "\n".join(kept(result))
    assert restore(text, result.removals) == result.uncleaned
    starts = [0]
    for line in result.uncleaned.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    for removal in result.removals:
        line, start, end = removal.position
        assert result.uncleaned[starts[line] + start : starts[line] + end] == removal.text


@settings(max_examples=300, deadline=None)
@given(LINES, st.sampled_from([None, "关于做好汛期安全生产工作的通知", "在领导小组会议上的讲话"]))
def test_cleaning_twice_changes_nothing(texts: list[str], title: str | None) -> None:
    first = cleaned(texts, title)
    once = kept(first)
    refused = any(flag == REFUSED for flag, _ in first.flags)  # what a trim would leave depends on the title known
    assert kept(cleaned(once, title if refused else None)) == once


@settings(deadline=None)
@given(st.lists(ANY_LINE, min_size=1, max_size=8))
def test_any_text_is_accounted_for(texts: list[str]) -> None:
    result = cleaned(texts)
    assert restore("\n".join(kept(result)), result.removals) == result.uncleaned


def test_head_is_taken_line_by_line_to_the_first_line_of_text() -> None:
    result = cleaned(
        ["当前位置：首页 > 通知公告", "关于放假的通知", "发布时间：2031-05-06 来源：临水日报", "【字体：大 中 小】", BODY], "关于放假的通知"
    )
    assert kept(result) == [BODY]
    assert removed(result)["关于放假的通知"] == "title"


def test_tail_is_taken_from_the_end_and_nothing_in_mid_sentence() -> None:
    inside = "请将活动照片分享到：工作群，并于会后打印本页存档。"
    result = cleaned([BODY, inside, "分享到：", "打印本页 关闭窗口", "上一篇：关于放假的通知"])
    assert kept(result) == [BODY, inside]


def test_signature_date_stays() -> None:
    assert kept(cleaned([BODY, "临水市人民政府", "2031年5月6日", "责任编辑：江河"])) == [BODY, "临水市人民政府", "2031年5月6日"]


def test_headings_of_other_documents_go_with_what_they_list() -> None:
    result = cleaned([BODY, "相关链接", "临水市举行春季植树活动", "北岸大桥今日通车"])
    assert kept(result) == [BODY]


def test_a_heading_that_names_the_first_of_its_links_goes_with_them() -> None:
    def link(text: str) -> Line:
        return Line(text, links=len(text))

    label = Line("相關鏈接：關於在全市範圍內開展汛期安全生產檢查的通知", links=22)
    result = clean_lines([Line(BODY), label, link("北岸大橋今日通車"), link("臨水市舉行植樹活動")], default_rules().matcher)
    assert kept(result) == [BODY]
    signed = [Line(BODY), label, Line("临水市防汛抗旱指挥部"), Line("2031年5月6日")]
    assert kept(clean_lines(signed, default_rules().matcher)) == [line.text for line in signed]


def test_heading_of_other_documents_stays_where_running_text_follows() -> None:
    text = [
        BODY,
        "相关链接",
        "本办法所称链接，是指将其他网站的内容引入本网站的技术措施，各单位应当建立审查制度，并按月报送情况。",
        "第二条由办公室负责解释。",
    ]
    assert kept(cleaned(text)) == text


@pytest.mark.parametrize("ordinal", ["五是", "一、", "（一）", "1."])
def test_a_lone_ordinal_joins_its_paragraph(ordinal: str) -> None:
    result = cleaned([BODY, ordinal, "巩固已有成果，健全长效机制。"])
    assert kept(result)[-1] == ordinal + "巩固已有成果，健全长效机制。"
    assert [(removal.text, removal.category) for removal in result.removals] == [("\n", "broken_paragraph")]


def test_captions_that_repeat_the_title_go() -> None:
    title = "全市防汛工作会议召开"
    result = cleaned([BODY, title, title, "会议要求各单位抓好落实。"], title)
    assert kept(result) == [BODY, "会议要求各单位抓好落实。"]
    assert {removal.category for removal in result.removals} == {"caption_dup"}


def test_the_second_copy_of_a_whole_text_goes() -> None:
    text = [BODY + BODY, "各科室要高度重视，认真抓好落实，" + BODY]
    assert kept(cleaned(text + text)) == text


def test_speech_of_a_sharing_site() -> None:
    words = ["防汛", "领导小组", "会议", "讲话"]
    texts = [
        "温馨提示：",
        "1.本文档由用户上传,版权归属用户,某网整理",
        *words,
        "在防汛领导小组会议上的讲话",
        "(xxxx年xx月xx日)",
        "市委书记 林 树",
        "同志们：",
        BODY,
    ]
    result = cleaned(texts)
    assert kept(result) == ["同志们：", BODY]
    assert ("speaker", "林树", "市委书记 林 树") in result.fields
    assert {"doc_sharing", "title_fragments", "title", "date_placeholder", "speaker_line"} <= {
        removal.category for removal in result.removals
    }
    assert {"doc_sharing_site", "template_document"} <= {flag for flag, _ in result.flags}


def test_a_reminder_of_the_notice_itself_is_no_sharing_site() -> None:
    assert kept(cleaned(["温馨提示：", BODY])) == ["温馨提示：", BODY]


def test_byline_at_the_end_of_a_paragraph_is_cut_and_read() -> None:
    result = cleaned([BODY, "各单位负责人参加会议。(临水日报社北岸记者站 江河)"])
    assert kept(result)[-1] == "各单位负责人参加会议。"
    assert ("byline", "临水日报社北岸记者站 江河", "(临水日报社北岸记者站 江河)") in result.fields


MENU = ("北岸热线为您服务", "北岸政务一览", "北岸掌上办事", "北岸便民地图")


def without(learned: tuple[str, ...], *texts: str, title: str | None = None) -> list[str]:
    rules = default_rules()
    return kept(clean_lines([Line(text) for text in texts], Rules(rules.layouts, rules.boilerplate, learned).matcher, title=title))


@pytest.mark.parametrize(
    ("texts", "left"),
    [
        ((BODY, "打印本页", MENU[0]), [BODY]),  # a line that a rule knows stands further in
        ((BODY, "打印本页", *MENU[:3]), [BODY]),
        ((BODY, *MENU), [BODY]),  # more than three are no notice's last lines
        ((*MENU, BODY), [BODY]),
        ((*MENU, "打印本页", BODY), [BODY]),
        ((BODY, MENU[0]), [BODY, MENU[0]]),  # these may be its own
        ((MENU[0], BODY), [MENU[0], BODY]),
        ((BODY, *MENU[:3]), [BODY, *MENU[:3]]),
        ((BODY, MENU[0], "打印本页"), [BODY, MENU[0]]),
        ((MENU[0], BODY, MENU[0], "特此通知。"), [MENU[0], BODY, MENU[0], "特此通知。"]),  # never within the text
        (MENU, list(MENU)),  # nothing but them: no text to set them apart from
    ],
)
def test_learned_lines_go_only_where_they_cannot_be_the_notices_own(texts: tuple[str, ...], left: list[str]) -> None:
    assert without(MENU, *texts) == left
    assert without(MENU, *left) == left


def test_a_learned_line_above_the_title_goes() -> None:
    assert without(MENU, MENU[1], "关于开展北岸植树活动的通知", BODY, title="关于开展北岸植树活动的通知") == [BODY]


def test_a_removal_of_a_learned_line_says_so() -> None:
    rules = default_rules()
    result = clean_lines([Line(BODY), *map(Line, MENU)], Rules(rules.layouts, rules.boilerplate, MENU).matcher)
    assert {(removal.rule, removal.category) for removal in result.removals} == {("learned", "learned")}
    assert restore("\n".join(kept(result)), result.removals) == "\n".join([BODY, *MENU])


STATEMENT = "版权声明：凡本网注明来源的稿件，版权均属本网所有，未经书面授权不得转载或以其他方式使用。"


@pytest.mark.parametrize(
    "texts",
    [
        [STATEMENT, STATEMENT[5:]],
        ["临水日报", STATEMENT, STATEMENT[5:], "打印本页"],
    ],
)
def test_a_trim_that_would_leave_too_little_is_flagged_and_not_made(texts: list[str]) -> None:
    result = cleaned(texts)
    assert kept(result) == texts
    assert result.removals == ()
    assert "trim_refused" in dict(result.flags)


@pytest.mark.parametrize(
    "texts", [[BODY, STATEMENT], ["请于五月六日前报名", "地点：市民中心", STATEMENT[:28] + "。"], ["打印本页", "关闭窗口"]]
)
def test_a_trim_that_leaves_the_text_or_had_none_is_made(texts: list[str]) -> None:
    assert "trim_refused" not in dict(cleaned(texts).flags)
    assert len(kept(cleaned(texts))) < len(texts)


@pytest.mark.parametrize("line", ["北岸热线：12345转北岸", "北岸政务一览", "返回北岸首页"])
def test_a_line_of_a_template_may_be_learned(line: str) -> None:
    assert may_be_learned(line)


@pytest.mark.parametrize(
    "line",
    [
        "临水政发〔2031〕5号",
        "临水政发[2031]5号",
        "第12号",
        "2031年5月6日",
        "2031-05-06",
        "二〇三一年五月六日",
        "临水市人民政府",
        "临水市水利局",
        "北岸县委办公室第三党支部联合服务大厅热线电话北岸为民服务随叫随到有求必应请拨打本市热线",
        "各单位要高度重视，认真抓好落实并按时报送。",
        "（此件公开发布）",
        "各市、县人民政府：",
        "各市、縣人民政府：",
        "特此通知。",
        "特此公告",
        "附件",
        "附件：1.报名表",
        "公告",
        "一、总体要求",
        "（二）工作目标",
        "第三章　监督检查",
        "联系电话：010-55550000",
        "市长　江河",
        "林　树",
        "抄送：市委办公室",
        "解读关于北岸的规定",
        "无",
    ],
)
def test_what_a_document_says_itself_is_never_learned(line: str) -> None:
    assert not may_be_learned(line)
    rules = default_rules()
    assert not Rules(rules.layouts, rules.boilerplate, (line,)).matcher.has_learned  # pinned or not
