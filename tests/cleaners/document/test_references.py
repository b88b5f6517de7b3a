import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners.document.references import TITLE, references
from cleaners.document.titles import can_be_cited, names, title_core
from cleaners.records import Attachment, Notice, Paragraph

OLD = "《临水县城区绿化暂行办法》"


def notice(title, *lines, **fields):
    return Notice(title=title, paragraphs=tuple(Paragraph(line) for line in lines), **fields)


def said(*lines, title="临水县人民政府关于加强绿化的通知", **fields):
    return [(one.relation, one.title or one.number) for one in references(notice(title, *lines, **fields))]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("根据《云陂省城市绿化条例》，制定本办法。", [("cites", "云陂省城市绿化条例")]),
        ("按照云政发〔2019〕3号文件要求办理。", [("cites", "云政发〔2019〕3号")]),
        (f"本办法自2026年1月1日起施行，{OLD}同时废止。", [("repeals", "临水县城区绿化暂行办法")]),
        (f"{OLD}（临政发〔2015〕8号）自本办法施行之日起废止。", [("repeals", "临水县城区绿化暂行办法")]),
        ("决定废止《甲镇集市管理办法》和《乙镇集市管理办法》。", [("repeals", "甲镇集市管理办法"), ("repeals", "乙镇集市管理办法")]),
        ("原《甲镇集市管理办法》、临政发〔2001〕1号文件停止执行。", [("repeals", "甲镇集市管理办法"), ("repeals", "临政发〔2001〕1号")]),
        ("根据《甲镇集市管理办法》，《乙镇集市管理办法》予以废止。", [("cites", "甲镇集市管理办法"), ("repeals", "乙镇集市管理办法")]),
        (f"{OLD}第三条同时废止。", [("amends", "临水县城区绿化暂行办法")]),
        (f"决定对{OLD}作如下修改：", [("amends", "临水县城区绿化暂行办法")]),
        (f"{OLD}继续有效。", [("confirms", "临水县城区绿化暂行办法")]),
        (f"建议废止{OLD}。", [("cites", "临水县城区绿化暂行办法")]),
        (f"{OLD}尚未废止。", [("cites", "临水县城区绿化暂行办法")]),
        (f"{OLD}废止前的申请照旧办理。", [("cites", "临水县城区绿化暂行办法")]),
        (f"{OLD}不得擅自停止执行。", [("cites", "临水县城区绿化暂行办法")]),
        ("依照《劳动法》和《中华人民共和国档案法》执行。", [("cites", "劳动法"), ("cites", "中华人民共和国档案法")]),
        ("请填写《承诺书》，订阅《临水日报》，参看《办法》。", []),
    ],
)
def test_what_a_sentence_says_of_other_documents(line, expected):
    assert said(line) == expected


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("关于修改《临水县房屋管理办法》的决定", ("amends", "临水县房屋管理办法")),
        ("关于废止《临水县房屋管理办法》的通知", ("repeals", "临水县房屋管理办法")),
        ("关于《临水县房屋管理办法》的更正", ("corrects", "临水县房屋管理办法")),
        ("转发《云陂省房屋管理办法》的通知", ("forwards", "云陂省房屋管理办法")),
        ("临水县人民政府批转县教育局关于加强幼儿园管理意见的通知", ("forwards", "县教育局关于加强幼儿园管理意见")),
        ("关于印发《临水县房屋管理办法》的通知", ("issues", "临水县房屋管理办法")),
        ("《临水县房屋管理办法》政策解读", ("explains", "临水县房屋管理办法")),
        ("一图读懂：临水县房屋管理办法", ("explains", "临水县房屋管理办法")),
        ("临水县房屋管理办法解读", ("explains", "临水县房屋管理办法")),
        ("关于贯彻《云陂省房屋管理办法》的通知", ("cites", "云陂省房屋管理办法")),
    ],
)
def test_what_a_title_says_of_another_document(title, expected):
    (found,) = references(notice(title))
    assert (found.relation, found.title) == expected
    assert found.paragraph == TITLE
    assert title[found.start : found.end].strip("《》") == found.title


def test_a_title_and_its_number_are_one_reference_with_its_place():
    line = "落实《云陂省绿化条例》（云政发﹝2019﹞03号）的规定。"
    (found,) = references(notice("通知", line))
    assert (found.title, found.number, found.key) == ("云陂省绿化条例", "云政发〔2019〕3号", "云政发〔2019〕3号")
    assert line[found.start : found.end].startswith("《云陂省绿化条例》（云政发﹝2019﹞03号")
    assert found.sentence == line


def test_lists_of_repealed_kept_and_amended_documents():
    found = references(
        notice(
            "临水县人民政府关于规范性文件清理结果的公告",
            "一、废止的规范性文件目录",
            "1.《甲镇集市管理办法》（临政发〔2001〕1号）",
            "2.临水县人民政府关于加强养犬管理的通知（临政发〔2002〕2号）",
            "二、继续有效的规范性文件目录",
            "1.《乙镇集市管理办法》",
            "三、修改的规范性文件",
            "1.《丙镇集市管理办法》",
            "四、其他事项",
            "请参照《丁镇集市管理办法》。",
        )
    )
    assert [(one.relation, one.title) for one in found] == [
        ("repeals", "甲镇集市管理办法"),
        ("repeals", "临水县人民政府关于加强养犬管理的通知"),
        ("confirms", "乙镇集市管理办法"),
        ("amends", "丙镇集市管理办法"),
        ("cites", "丁镇集市管理办法"),
    ]


def test_rows_of_an_annexed_table_of_repealed_documents_need_no_marks():
    row = Paragraph("1\t甲镇集市管理办法\t临政发〔2001〕1号", "row", cells=("1", "甲镇集市管理办法", "临政发〔2001〕1号"), table=1)
    other = Paragraph("2\t乙镇集市管理办法\t", "row", cells=("2", "乙镇集市管理办法", ""), table=1)
    whole = notice("关于废止部分规范性文件的决定", "附件")
    found = references(Notice(title=whole.title, paragraphs=(*whole.paragraphs, row, other)))
    assert [(one.relation, one.number or one.title) for one in found] == [("repeals", "临政发〔2001〕1号"), ("repeals", "乙镇集市管理办法")]


def test_a_document_that_tells_of_others_only_cites():
    assert said(f"{OLD}同时废止。", title="《临水县绿化办法》政策解读")[1:] == [("cites", "临水县城区绿化暂行办法")]


def test_own_number_title_and_annexes_are_no_citations():
    own = {
        "document_number": "临政发〔2026〕1号",
        "attachments": (Attachment("https://www.linshui.gov.example/1.doc", "绿化达标申请办法"),),
    }
    lines = ("临政发﹝2026﹞1号", "《临水县绿化办法》已经审议。", "附件：《绿化达标申请办法》")
    assert said(*lines, title="关于印发《临水县绿化办法》的通知", **own) == [("issues", "临水县绿化办法")]


def test_of_one_document_the_strongest_relation_is_kept():
    assert said("《甲镇集市管理办法》已满五年。", "决定废止《甲镇集市管理办法》。") == [("repeals", "甲镇集市管理办法")]
    with_number = ("《甲镇集市管理办法》（临政发〔2001〕1号）已满五年。", "决定废止《甲镇集市管理办法》。")
    assert said(*with_number) == [("repeals", "甲镇集市管理办法")]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("《临水县绿化办法（试行）》", "临水縣綠化辦法"),
        ("中华人民共和国档案法（2020年修订）", "档案法"),
        ("关于加强绿化的通知（临政发〔2026〕1号）", "关于加强绿化通知"),
    ],
)
def test_titles_that_are_one_name(one, other):
    assert title_core(one) == title_core(other)


def test_a_draft_and_one_batch_of_several_are_documents_of_their_own():
    assert title_core("临水县绿化办法（征求意见稿）") != title_core("临水县绿化办法")
    assert title_core("先进名单公示（第一批）") != title_core("先进名单公示（第二批）")


def test_names_of_a_notice():
    assert names("临水县人民政府关于印发《临水县绿化办法》的通知") == (
        "临水县人民政府关于印发临水县绿化办法通知",
        "关于印发临水县绿化办法通知",
        "临水县绿化办法",
    )
    assert not can_be_cited("办法")
    assert can_be_cited("档案法")
    assert not can_be_cited("2025年临水县政府工作报告")


@given(st.text(alphabet="《》〈〉（）。，、废止修改决定对印发转发关于的通知办法〔〕2020号1临政发\n ", max_size=300), st.booleans())
def test_nothing_breaks_it_and_places_hold(text, in_title):
    made = notice(text if in_title else "关于废止文件的决定", *([] if in_title else text.split("\n")))
    for one in references(made):
        stood = made.title if one.paragraph == TITLE else made.paragraphs[one.paragraph].text
        assert one.title in stood[one.start : one.end]
        assert one.key or one.core


@pytest.mark.parametrize(
    "piece", ["《", "》", "《甲乙丙丁办法》、", "《甲乙丙丁办法》 ", "废止", "决定对", "临政发〔2020〕", "号", "关于转发", "根据《甲》"]
)
def test_time_is_linear(piece):
    from time import process_time

    def seconds(count):
        began = process_time()
        references(notice(piece * min(count, 20), piece * count))
        return process_time() - began

    seconds(100)
    assert seconds(40_000) < 40 * max(seconds(4_000), 0.01)
