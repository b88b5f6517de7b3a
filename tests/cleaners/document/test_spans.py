"""Spans: contacts and numbers of persons are marked, other numbers are not."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners.document.spans import find_spans, is_card_number, is_identity_number
from cleaners.records import Paragraph


def marked(text: str) -> list[tuple[str, str]]:
    return [(span.kind, text[span.start : span.end]) for span in find_spans((Paragraph(text),))]


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("联系电话:0900-5550123", [("phone", "0900-5550123")]),
        ("联系电话：０９００－５５５０１２３", [("phone", "０９００－５５５０１２３")]),
        ("电话：5550123，传真：5550124", [("phone", "5550123"), ("phone", "5550124")]),
        ("联 系 人:林 树", [("contact_name", "林 树")]),
        ("聯繫人：林樹", [("contact_name", "林樹")]),
        ("手机 13900000000。", [("mobile", "13900000000")]),
        ("邮箱：lin@linshui.gov.example", [("email", "lin@linshui.gov.example")]),
        ("QQ群：123456789", [("qq", "123456789")]),
        ("电话：0900-5550123转8001", [("phone", "0900-5550123转8001")]),
        ("电话：0900-5550123/5550124/25", [("phone", "0900-5550123"), ("phone", "5550124"), ("phone", "25")]),
        ("电话：（0900）5550123、5550124", [("phone", "（0900）5550123"), ("phone", "5550124")]),
        ("联系电话：09005550123", [("phone", "09005550123")]),
        ("服务热线：400-555-0123", [("phone", "400-555-0123")]),
        ("手机：+86 139 0000 0000", [("mobile", "+86 139 0000 0000")]),
        ("王某（139****0000）", [("contact_name", "王某"), ("mobile", "139****0000")]),
        ("身份证号：110101900307123", [("id_card", "110101900307123")]),
        ("身份证号：110101********123X", [("id_card", "110101********123X")]),
        ("账号：6222 0000 0000 0000 008", []),
        ("开户银行：临水银行，卡号：6222020000000000018", [("bank_card", "6222020000000000018")]),
        ("微信：linshui_2031", [("wechat", "linshui_2031")]),
        ("微信公众号：linshui_2031", []),
        ("ＱＱ：１２３４５６７８９", [("qq", "１２３４５６７８９")]),
        ("联系人：江某某、林树", [("contact_name", "江某某"), ("contact_name", "林树")]),
        ("联系人：江河，电话：0900-5550123", [("contact_name", "江河"), ("phone", "0900-5550123")]),
        ("联系人及电话：江河 13900000000", [("contact_name", "江河"), ("mobile", "13900000000")]),
        ("联系方式：江河，0900-5550123", [("contact_name", "江河"), ("phone", "0900-5550123")]),
        ("经办人：江先生 咨询人：林树", [("contact_name", "江先生"), ("contact_name", "林树")]),
        (
            "江河，0900-5550123；林树、石泉：0900-5550124",
            [
                ("contact_name", "江河"),
                ("phone", "0900-5550123"),
                ("contact_name", "林树"),
                ("contact_name", "石泉"),
                ("phone", "0900-5550124"),
            ],
        ),
        ("1.临水市综合科：0900-5550123", [("phone", "0900-5550123")]),
        ("QQ：12345678，23456789", [("qq", "12345678"), ("qq", "23456789")]),
        ("聯絡人：江河", [("contact_name", "江河")]),
        ("咨询人员：江河", [("contact_name", "江河")]),
        ("联系人：王×", [("contact_name", "王×")]),
        ("联系人\t江河\t联系电话\t5550123", [("contact_name", "江河"), ("phone", "5550123")]),
        ("密切联系人民群众，联系 人民", []),
        ("联系人：联系电话：", []),
        ("联系人：详见附件", []),
        ("身份证 11010119900307123X", []),
        ("统一社会信用代码：911500003456789012", []),
        ("网站标识码：1101150005，京ICP备15023992号", []),
        ("项目代码：2031-330101-04-01-123456", []),
        ("项目编号：13900000000", []),
        ("投资额 13900000000元", []),
        ("示政发〔2031〕12345号", []),
        ("索引号：000014349/2031-00110", []),
        ("2031-05-07 09:30:00", []),
        ("统一社会信用代码 11500000000000000A，2031年5月6日，金额 12345678 元", []),
    ],
)
def test_marks(text: str, want: list[tuple[str, str]]) -> None:
    assert marked(text) == want


def test_identity_numbers_are_checked() -> None:
    base = "11010119900307123"
    good = [base + last for last in "0123456789X" if is_identity_number(base + last)]
    assert len(good) == 1
    assert marked(f"身份证号{good[0]}。") == [("id_card", good[0])]


def table(*rows: str) -> list[tuple[int, str, str]]:
    paragraphs = tuple(Paragraph(row, "row", 0, tuple(row.split("\t")), 1) for row in rows)
    return [(span.paragraph, span.kind, paragraphs[span.paragraph].text[span.start : span.end]) for span in find_spans(paragraphs)]


def test_the_heading_row_of_a_table_says_what_its_cells_are() -> None:
    assert table("单位\t联系人\t联系电话", "临水市水务局\t江河、林树\t5550123", "临水市林业局\t石泉\t13900000000") == [
        (1, "contact_name", "江河"),
        (1, "contact_name", "林树"),
        (1, "phone", "5550123"),
        (2, "contact_name", "石泉"),
        (2, "mobile", "13900000000"),
    ]


def test_a_row_of_another_width_or_without_names_is_left_alone() -> None:
    assert table("单位\t联系人\t电话", "合计\t5550123", "临水市林业局\t详见附件一览\t无 5550123 人") == []
    assert table("序号\t金额", "1\t5550123") == []


@pytest.mark.parametrize(("number", "valid"), [("6222020000000000018", True), ("6222020000000000019", False), ("622202", False)])
def test_card_numbers_are_checked(number: str, *, valid: bool) -> None:
    assert is_card_number(number) == valid


@given(
    st.lists(
        st.text(alphabet="电话传真联系人：: 0123456789-()转/、@ab.cQq微信王某*身份证号账户\t", max_size=60) | st.text(max_size=60),
        max_size=5,
    )
)
def test_spans_lie_in_their_paragraph_and_apart(texts: list[str]) -> None:
    paragraphs = tuple(
        Paragraph(text, "row" if "\t" in text else "text", 0, tuple(text.split("\t")) if "\t" in text else ()) for text in texts
    )
    spans = find_spans(paragraphs)
    assert all(0 <= span.start < span.end <= len(paragraphs[span.paragraph].text) for span in spans)
    assert all(
        (one.paragraph, one.end) <= (other.paragraph, other.start) for one, other in pairwise(spans) if one.paragraph == other.paragraph
    )
    assert list(spans) == sorted(spans, key=lambda span: (span.paragraph, span.start))


@given(st.integers(0, 9_999_999), st.sampled_from(["0900-{}", "（0900）{}", "0900 {}"]), st.sampled_from(["", "转{}", "-{}"]))
def test_every_phone_is_marked_whole(number: int, form: str, extension: str) -> None:
    phone = form.format(f"{number:07}") + extension.format(801)
    assert marked(f"电话：{phone}，欢迎来电。") == [("phone", phone)]


@pytest.mark.parametrize("pump", ["联系人：", "139", "0900-", "5550123/", "王 ", "a@", "QQ", "账号6222 ", "110101*", "电话："])
def test_time_goes_with_the_length(pump: str) -> None:
    find_spans((Paragraph(pump * 10000), Paragraph("电话：0900-5550123" + "/5550124" * 5000)))
