"""Spans: contacts and numbers of persons are marked, other numbers are not."""

import pytest

from cleaners.records import Paragraph
from cleaners.spans import find_spans, is_identity_number


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
        ("身份证 11010119900307123X", []),
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
