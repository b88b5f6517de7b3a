"""When two pages of one site are one document, when they conflict, and when they are never joined."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from archive.works.same import Copy, judge, judge_redirect, shape
from cleaners.document.authority import identify
from cleaners.records import Notice, Paragraph

TEXT = "为规范示例资金管理，提高使用效益，根据有关规定，结合我市实际，制定本办法。各县区、各部门要加强领导，落实责任，确保资金安全。" * 3
OTHER = (
    "现将全市防汛值班安排公布如下，请各单位按时到岗，保持通信畅通，遇有险情立即报告，不得擅离职守，违者追究责任，特此通知，望认真执行。" * 3
)
TITLE = "临水市人民政府关于印发示例资金管理办法的通知"


def copy(text=TEXT, title=TITLE, number=None, url="https://www.linshui.gov.example/a/t20240101_1.html", state="live", **fields):
    paragraphs = tuple(map(Paragraph, text.split("\n")))
    notice = Notice(title=title, document_number=number, paragraphs=paragraphs, **fields)
    return Copy(url, notice, identify(number, notice.creator or "") if number else None, state)


NUMBER = "临政发〔2024〕3号"

SAME = [
    (copy(), copy(), "same document"),
    (copy(number=NUMBER), copy(number="臨政發[2024]第03號"), "same document number"),
    (copy(number=NUMBER), copy(TEXT.replace("有关规定", "国家有关规定"), number=NUMBER), "same document number"),
    (copy(number=NUMBER), copy(TEXT + "附：联系方式", title="示例资金管理办法", number=NUMBER), "same document number"),
    (copy(number=NUMBER), copy("见附件。", number=NUMBER), "same document number"),
    (copy(number=NUMBER), copy(), "same document"),
    (copy("短"), copy("短", canonical="https://www.linshui.gov.example/a/t20240101_1.html"), "same document"),
    (copy(state="gone"), copy(url="https://www.linshui.gov.example/art/2025/1/2/art_10_2.html"), "redesign"),
    (
        copy("见附件。", number="第九号", created=date(2024, 1, 5)),
        copy("见附件。", number="第九号", created=date(2024, 1, 5)),
        "same document number",
    ),
]


@pytest.mark.parametrize(("one", "other", "reason"), SAME)
def test_one_document_at_two_addresses(one, other, reason):
    verdict = judge(other, one)
    assert (verdict.kind, verdict.reason) == ("same", reason)
    assert verdict.evidence


NEVER = {
    "an explanation that only cites the number": (copy(number=NUMBER), copy(title="《示例资金管理办法》政策解读", number=NUMBER)),
    "a forwarding notice": (copy(number=NUMBER), copy(title="转发临水市人民政府关于印发示例资金管理办法的通知", number=NUMBER)),
    "another number": (copy(number=NUMBER), copy(number="临政发〔2024〕4号")),
    "another year": (copy(number=NUMBER), copy(number="临政发〔2023〕3号")),
    "another authority": (copy(number=NUMBER, creator="临水市人民政府"), copy(number=NUMBER, creator="临山市人民政府")),
    "a form of another day": (copy(created=date(2023, 1, 1)), copy(created=date(2024, 1, 1))),
    "a call that comes every month": (copy(issued=date(2024, 1, 5)), copy(issued=date(2024, 2, 5))),
    "too little text": (copy("短"), copy("短")),
    "a title that says nothing": (copy("见附件。", "通知", NUMBER), copy("见附件。", "通知", NUMBER)),
    "an order of another government": (
        copy(number="市政府令第3号", created=date(2013, 5, 1)),
        copy(number="市政府令第3号", created=date(2023, 5, 1)),
    ),
    "an order without a year and another title": (copy(number="市政府令第3号"), copy(OTHER, "防汛值班办法", "市政府令第3号")),
    "another text without a number": (copy(), copy(OTHER)),
    "this year's report": (copy("一年来的工作。" + TEXT, "政府工作报告"), copy("又一年来的工作。" + TEXT, "政府工作报告")),
}


@pytest.mark.parametrize("case", NEVER)
def test_what_is_never_one_document(case):
    one, other = NEVER[case]
    assert judge(one, other).kind == judge(other, one).kind == "different"


def test_a_text_that_names_its_year_may_be_issued_again():
    text = f"{TEXT}本办法自2024年3月1日起施行。"
    assert judge(copy(text, issued=date(2024, 3, 1)), copy(text, issued=date(2024, 6, 1))).same


def test_different_texts_under_one_number_conflict():
    verdict = judge(copy(number=NUMBER), copy(OTHER, "关于防汛值班安排的通知", NUMBER))
    assert verdict.kind == "conflict"
    assert verdict.evidence["document_number"] == "临政发〔2024〕3号"
    assert float(verdict.evidence["likeness"]) < 0.3


def test_a_redirect_counts_only_where_the_document_is_the_same():
    old, new = copy("短文一则"), copy("短文一则", url="https://new.linshui.gov.example/1.html")
    assert judge_redirect(new, old).reason == "redirect"
    assert not judge_redirect(copy("网站首页 政务公开", "临水市人民政府"), old).same
    assert not judge_redirect(replace(new, identity=identify("临政发〔2024〕4号")), replace(old, identity=identify(NUMBER))).same


def test_addresses_have_a_shape():
    assert shape("https://a.example/x/t20240101_123.html") == shape("https://a.example/y/z/t20250202_9.html") == "t#_#.html"
    assert shape("https://a.example/art/2024/art_0f3b9c0f3b9c0f3b9c0f.html") == "art_%.html"
