from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners import Capture, clean
from cleaners.document.official import read_official, title_type
from cleaners.records import Paragraph
from cleaners.stated.metatags import FieldFound
from cleaners.stated.pagetags import PageTags

TITLE = "示例县人民政府关于印发《示例县农村公路管理办法》的通知"
LINES = [
    "示政发〔2020〕12号",
    "各乡镇人民政府，县直有关单位：",
    "根据《示例省公路条例》和国发〔2019〕5号文件精神，现将办法印发给你们，请认真贯彻执行。",
    "本办法自2020年10月1日起施行，有效期5年。",
    "附件：1.示例县农村公路管理办法",
    "2.责任分工表",
    "示例县人民政府",
    "2020年9月15日",
    "（此件公开发布）",
    "抄送：县委办公室，县人大常委会办公室。",
    "附件1",
    "第一条　为了加强管理，制定本办法。",
]


def read(title, lines=(), *fields):
    return read_official(title, [Paragraph(line) for line in lines], PageTags(fields=tuple(fields)))


def field(name, value, place="table"):
    return FieldFound(name, value, place, f"{name}：{value}")


def test_a_notice_is_read_in_all_its_parts():
    official = read(TITLE, LINES)
    assert official.document_number == "示政发〔2020〕12号"
    assert official.creator == "示例县人民政府"
    assert official.addressee == "各乡镇人民政府，县直有关单位"
    assert official.signatory == "示例县人民政府"
    assert official.created == date(2020, 9, 15)
    assert official.effective == date(2020, 10, 1)
    assert official.validity == "有效期5年"
    assert official.type == "通知"
    assert official.attachment_notes == ("附件：1.示例县农村公路管理办法", "2.责任分工表")
    assert official.copied_to == "县委办公室，县人大常委会办公室。"
    assert {name: found.place for name, found in official.evidence.items()} == {
        "document_number": "text",
        "creator": "title",
        "addressee": "text",
        "signatory": "signature",
        "created": "signature",
        "type": "title",
        "effective": "text",
        "validity": "text",
        "copied_to": "text",
    }


def test_the_header_table_is_believed_first_and_the_text_stays_a_candidate():
    official = read(
        TITLE, LINES, field("document_number", "示政发[2020]21号"), field("created", "2020-09-16"), field("publisher", "县政府")
    )
    assert official.document_number == "示政发〔2020〕21号"
    assert official.created == date(2020, 9, 16)
    assert official.creator == "县政府"
    assert official.evidence["document_number"].candidates == (("示政发〔2020〕12号", "text"),)
    assert official.evidence["created"].candidates == (("2020-09-15", "signature"),)


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("示例县召开会议学习国发〔2019〕5号文件", ["会议学习了国发〔2019〕5号文件。"]),
        ("关于《示例县管理办法》（示政发〔2020〕12号）的解读", ["为落实国发〔2019〕5号，制定本办法。"]),
        ("解读：农村公路管理办法（示政发〔2020〕12号）", []),
        ("转发《省政府关于公路的通知》（示府发〔2020〕3号）", []),
        ("示例县人民政府关于公路管理的通知", ["根据国发〔2019〕5号要求，", "现通知如下。"]),
        (None, []),
    ],
)
def test_a_cited_number_is_not_the_document_s_own(title, lines):
    assert read(title, lines).document_number is None


@pytest.mark.parametrize(
    ("title", "number"),
    [
        ("示例县人民政府关于公路管理的通知（示政发〔2020〕12号）", "示政发〔2020〕12号"),
        ("示例县人民政府关于公路管理的规定 示政规【2020】2号", "示政规〔2020〕2号"),
        ("行政处罚信息公开表(示罚决字〔2024〕36号)", "示罚决字〔2024〕36号"),
    ],
)
def test_a_number_behind_the_title_is(title, number):
    assert read(title).document_number == number


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("示例县人民政府关于印发《示例县农村公路管理办法》的通知", "通知"),
        ("关于征求《示例办法（征求意见稿）》意见的公告", "公告"),
        ("示例县农村公路管理办法（试行）", "办法"),
        ("拟聘用人员公示（第二批）", "公示"),
        ("示例县交通运输局关于人大建议的复函", "函"),
        ("示例省人民政府令（第184号）", "令"),
        ("示例县人民政府关于公路管理的通知（示政发〔2020〕12号）", "通知"),
        ("關於加強管理的通知", "通知"),
        ("《示例县物业管理条例》", "条例"),
        ("在全县工作会议上的讲话", "讲话"),
        ("县长出席会议并讲话", None),
        ("示例县召开全县工作会议", None),
        ("示例县印发《农村公路管理办法》", None),
        ("通知", None),
        ("中华人民共和国示例法", "法"),
        ("示例县开展执法", None),
        ("", None),
    ],
)
def test_the_kind_is_what_the_title_ends_in(title, kind):
    assert title_type(title) == kind


@pytest.mark.parametrize(
    ("title", "creator"),
    [
        ("示例省交通运输厅 示例省财政厅关于公路养护的通知", "示例省交通运输厅 示例省财政厅"),
        ("示例县人民政府公告", "示例县人民政府"),
        ("【公告】示例县教育局关于招生的公告", "示例县教育局"),
        ("关于召开会议的通知", None),
        ("我县出台关于公路管理的新规定", None),
        ("县长王某某关于公路建设的讲话", None),
    ],
)
def test_the_issuer_in_the_title_is_an_organ(title, creator):
    assert read(title).creator == creator


@pytest.mark.parametrize(
    "line", ["现将有关事项通知如下：", "同志们：", "一、总体要求：", "联系方式：", "本报讯 记者王某某报道：", "各位代表："]
)
def test_not_every_colon_follows_an_addressee(line):
    assert read(TITLE, [line, "正文。"]).addressee is None


@pytest.mark.parametrize(
    ("line", "effective"),
    [
        ("本办法自发布之日起施行。", date(2020, 9, 15)),
        ("第三十条 本办法自2020年11月1日起正式实施。", date(2020, 11, 1)),
        ("《民法典》规定，劳动者自入职之日起享受待遇。", None),
    ],
)
def test_when_it_comes_into_force(line, effective):
    assert read(TITLE, [LINES[1], line, "示例县人民政府", "2020年9月15日"]).effective == effective


def test_without_a_known_day_nothing_is_in_force():
    assert read(TITLE, ["本办法自发布之日起施行。"]).effective is None
    assert read(TITLE, ["本办法自xxxx年xx月xx日起施行。"]).effective is None


@pytest.mark.parametrize("title", ["《示例县公路管理办法》解读", "示例县出台公路管理新规"])
def test_what_tells_of_another_document_is_not_in_force_itself(title):
    official = read(title, ["新修订的办法，自2020年10月1日起施行，有效期5年。"])
    assert (official.effective, official.validity) == (None, None)


def test_masked_dates_give_none():
    official = read(TITLE, [LINES[1], "请执行。", "示例县人民政府", "xxxx年xx月xx日"])
    assert (official.created, official.signatory) == (None, None)


@pytest.mark.parametrize(
    ("title", "validity"), [("示例办法（已废止）", "已废止"), ("示例办法【已失效】", "已失效"), ("示例办法（试行）", None)]
)
def test_validity_is_what_the_page_states(title, validity):
    assert read(title).validity == validity


IMPRINT = [
    "示例县人民政府",
    "2020年9月15日",
    "抄送：县委办公室，县人大常委会办公室，",
    "县政协办公室。",
    "示例县人民政府办公室　　2020年9月16日印发　（共印50份）",
]


def test_the_imprint_tells_who_gets_copies_and_when_it_was_printed():
    official = read(TITLE, [LINES[1], "请执行。", *IMPRINT])
    assert official.copied_to == "县委办公室，县人大常委会办公室，县政协办公室。"
    assert (official.created, official.printed) == (date(2020, 9, 15), date(2020, 9, 16))
    assert official.evidence["printed"].snippet == IMPRINT[-1]
    assert official.evidence["copied_to"].snippet == "\n".join(IMPRINT[2:4])


@pytest.mark.parametrize(
    "line", ["示例县人民政府印发了2020年9月16日会议纪要。", "2020年9月16日印发的文件同时废止。", "xxxx年xx月xx日印发", "印发"]
)
def test_not_every_line_about_printing_is_an_imprint(line):
    assert read(TITLE, [LINES[1], "请执行。", line]).printed is None


@pytest.mark.parametrize(
    ("lines", "number"),
    [
        (["示例县人民政府文件", "示政发〔2020〕12号　　　签发人：王某某"], "示政发〔2020〕12号"),
        (["内部", "示 政 发 〔 2020 〕 12 号", "各乡镇："], "示政发〔2020〕12号"),
        (["示教发〔2020〕1号　示财发〔2020〕2号"], "示教发〔2020〕1号"),
        (["示政发〔2020〕号"], None),
        (["《示例办法》（示政发〔2015〕8号）同时废止。"], None),
        (["依据《示例条例》（示政发〔2015〕8号），现通知如下。"], None),
        (["一", "二", "三", "四", "五", "示政发〔2015〕8号"], None),
    ],
)
def test_the_own_number_stands_alone_at_the_head(lines, number):
    assert read(TITLE, lines).document_number == number


def test_a_number_that_lost_its_serial_is_said_to_be_damaged():
    assert read(TITLE, ["示政发〔2020〕号", "正文。"]).damaged_number == "示政发〔2020〕号"
    assert read(TITLE, LINES).damaged_number == ""


def test_the_second_of_two_numbers_is_kept_as_evidence():
    official = read(TITLE, ["示教发〔2020〕1号　示财发〔2020〕2号"])
    assert official.evidence["document_number"].candidates == (("示财发〔2020〕2号", "text"),)


@pytest.mark.parametrize(
    ("lines", "addressee"),
    [
        (["各乡镇人民政府，各街道办事处，", "县直有关单位：", "正文。"], "各乡镇人民政府，各街道办事处，县直有关单位"),
        (["主送：各乡镇人民政府", "正文。"], "各乡镇人民政府"),
        (["各乡镇人民政府、县直各部门：", "正文。"], "各乡镇人民政府、县直各部门"),
    ],
)
def test_whom_it_is_addressed_to(lines, addressee):
    assert read(TITLE, lines).addressee == addressee


@pytest.mark.parametrize(
    ("title", "creator"),
    [
        ("示例省教育厅等五部门关于加强学校安全的通知", "示例省教育厅等五部门"),
        ("示例省教育厅、示例省财政厅关于加强学校安全的通知", "示例省教育厅、示例省财政厅"),
    ],
)
def test_organs_that_write_together(title, creator):
    assert read(title).creator == creator


def test_the_letterhead_names_the_organ_where_the_title_does_not():
    official = read("关于加强学校安全的通知", ["示例县人民政府办公室文件", "正文。"])
    assert (official.creator, official.evidence["creator"].place) == ("示例县人民政府办公室", "text")


def test_what_comes_into_force_later_is_said_and_not_computed():
    official = read(TITLE, ["本办法自发布之日起30日后施行。", "示例县人民政府", "2020年9月15日"])
    assert official.effective is None
    assert official.evidence["effective"].snippet == "本办法自发布之日起30日后施行"


@pytest.mark.parametrize(
    ("title", "lines", "repealed"),
    [
        (TITLE, ["本办法自2020年10月1日起施行，有效期至2025年9月30日。"], date(2025, 9, 30)),
        (TITLE, ["本通知自2025年10月1日起自动失效。"], date(2025, 10, 1)),
        (TITLE, ["（本文件已于2022年3月1日废止）", "正文。"], date(2022, 3, 1)),
        ("示例县农村公路管理办法（已于2022年3月1日废止）", [], date(2022, 3, 1)),
        (TITLE, ["《示例办法》（示政发〔2015〕8号）自2020年10月1日起废止。"], None),
        (TITLE, ["本办法自2020年10月1日起施行，有效期五年，原《示例办法》同时废止。"], None),
        ("《示例县公路管理办法》解读", ["新办法有效期至2025年9月30日。"], None),
    ],
)
def test_when_it_ceases(title, lines, repealed):
    assert read(title, lines).repealed == repealed


def test_a_header_table_states_when_it_ceases_and_was_printed():
    official = read(TITLE, [], field("repealed", "2025-10-01"), field("printed", "2020年9月16日"))
    assert (official.repealed, official.printed) == (date(2025, 10, 1), date(2020, 9, 16))
    assert official.evidence["printed"].precision == "day"


@pytest.mark.parametrize(
    ("line", "validity"), [("【本文件已失效】", "已失效"), ("（该规范性文件已被修订）", "已被修订"), ("有效性：有效", "有效")]
)
def test_a_line_of_its_own_states_the_validity(line, validity):
    official = read(TITLE, [line, "正文。"])
    assert (official.validity, official.evidence["validity"].snippet) == (validity, line)


@pytest.mark.parametrize("title", ["示例县出台规定", "示例县人民政府印发通知", "县领导接到通知"])
def test_news_of_a_document_is_none(title):
    assert title_type(title) is None


def test_names_set_side_by_side_in_a_small_table_sign():
    rows = [Paragraph("示例县教育局\t示例县财政局", "row"), Paragraph("2020年9月15日", "row")]
    official = read_official(TITLE, [Paragraph("各学校："), Paragraph("请执行。"), *rows], PageTags())
    assert (official.signatory, official.created) == ("示例县教育局\t示例县财政局", date(2020, 9, 15))
    data = [Paragraph(f"示例县教育局\t2020年9月{day}日", "row") for day in range(1, 9)]
    assert read_official(TITLE, [Paragraph("各学校："), *data], PageTags()).created is None


@pytest.mark.parametrize("pump", ["本", "自2020年", "有效期", "抄送：", "示例县局", "各局、", "附件1", "年年年"])
def test_time_goes_with_the_length(pump):
    read_official(TITLE, [Paragraph(pump * 3000), Paragraph("本办法" + pump * 3000 + "起施行")] * 2, PageTags())


@given(
    st.none() | st.text(max_size=40),
    st.lists(st.text(alphabet="示例县人民政府关于的通知2020年9月15日自起施行附件：〔〕号各，。1、 x", max_size=30), max_size=10),
)
def test_any_page_is_read_and_every_value_has_its_evidence(title, lines):
    official = read(title, lines)
    for name in ("document_number", "creator", "addressee", "signatory", "created", "printed", "repealed", "type", "validity", "copied_to"):
        assert (getattr(official, name) is not None) == (name in official.evidence)
    assert official.effective is None or official.evidence["effective"].value == official.effective.isoformat()


PAGE = """<html><head><title>临水市人民政府办公室关于加强山塘管理的通知_临水市人民政府</title>
<meta name="PubDate" content="2031-05-09 10:30"><meta name="Author" content="admin"></head><body>
<table><tr><th>索 引 号</th><td>000012345/2031-00012</td><th>主题分类</th><td>水利</td></tr>
<tr><th>发文机关</th><td>临水市人民政府办公室</td><th>成文日期</th><td>2031年05月07日</td></tr>
<tr><th>发文字号</th><td>临政办发[2031] 12号</td><th>有 效 性</th><td>有效</td></tr>
<tr><th>印发日期</th><td>2031-05-08</td><th>失效日期</th><td>2036-06-01</td></tr></table>
<h1>临水市人民政府办公室关于加强山塘管理的通知</h1><p>发布时间：2031-05-09 来源：市政府办公室</p>
<div class="TRS_Editor"><p>各乡镇人民政府，市直有关单位：</p><p>为加强山塘管理，依据《临水市水利管理办法》（临政发〔2029〕3号），现就有关事项通知如下，请认真遵照执行。</p>
<p>各地要落实巡查责任，汛期每日巡查不少于一次，发现险情立即处置并及时报告，不得迟报、漏报、瞒报。</p>
<p>本通知自2031年6月1日起施行，有效期至2036年5月31日。</p><p>附件：1.山塘名录</p><p>2.巡查记录表</p>
<p>临水市人民政府办公室</p><p>2031年5月7日</p><p>（此件公开发布）</p><p>抄送：市委办公室。</p>
<p>临水市人民政府办公室　　2031年5月8日印发</p></div>
<p>编辑：江河　审核：林树</p></body></html>"""


def test_a_page_gives_a_notice_all_its_parts():
    capture = Capture("", "https://www.linshui.gov.example/art/1.html", datetime(2031, 6, 1, tzinfo=UTC), 200, (), PAGE.encode())
    notice = clean(capture)
    assert (notice.identifier, notice.document_number) == ("000012345/2031-00012", "临政办发〔2031〕12号")
    assert (notice.creator, notice.addressee) == ("临水市人民政府办公室", "各乡镇人民政府，市直有关单位")
    assert (notice.created, notice.printed) == (date(2031, 5, 7), date(2031, 5, 8))
    assert (notice.effective, notice.repealed) == (date(2031, 6, 1), date(2036, 6, 1))
    assert notice.evidence["repealed"].candidates == (("2036-05-31", "text"),)
    assert (notice.signatory, notice.copied_to, notice.validity) == ("临水市人民政府办公室", "市委办公室。", "有效")
    assert notice.attachment_notes == ("附件：1.山塘名录", "2.巡查记录表")
    assert (notice.editor, notice.reviewer, notice.author) == ("江河", "林树", None)
    assert "date_conflict" not in notice.flags


def test_a_page_older_than_its_document_contradicts_itself():
    body = PAGE.replace("2031-05-09", "2031-05-05").encode()
    notice = clean(Capture("", "https://www.linshui.gov.example/art/1.html", datetime(2031, 6, 1, tzinfo=UTC), 200, (), body))
    assert "date_conflict" in notice.flags
