"""What titles say: the core that two copies share, and pages that are about a document and not it."""

from __future__ import annotations

import pytest

from archive.works.titles import core, explains, forwards


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("临水市人民政府关于印发《示例管理办法》的通知", "关于印发示例管理办法的通知"),
        ("临水市人民政府关于印发示例管理办法的通知（临政发〔2024〕3号）", "临水市人民政府 关于印发示例管理办法的通知"),
        ("臨水市人民政府關於印發示例管理辦法的通知", "关于印发示例管理办法的通知【已废止】"),
    ],
)
def test_copies_of_a_title_have_one_core(one, other):
    assert core(one) == core(other) == "关于印发示例管理办法的通知"


def test_a_draft_and_a_trial_are_other_documents():
    cores = {core(f"示例管理办法{mark}") for mark in ("", "（试行）", "（征求意见稿）", "（暂行）")}
    assert len(cores) == 4


@pytest.mark.parametrize(
    "title",
    [
        "《示例管理办法》政策解读", "【图解】示例管理办法", "一图读懂示例管理办法", "市财政局负责人就《示例管理办法》答记者问",
        "关于《示例管理办法》的起草说明", "政策解读：示例管理办法", "《示例管理办法》解读（二）",
    ],
)  # fmt: skip
def test_pages_that_explain_are_known(title):
    assert explains(title)


@pytest.mark.parametrize("title", ["示例管理办法", "关于做好政策解读工作的通知", "关于预算调整方案的说明", "临水市人民政府令"])
def test_documents_are_not_taken_for_explanations(title):
    assert not explains(title)


def test_what_forwards_a_document_is_known():
    assert forwards("临水市人民政府办公室转发国务院办公厅关于示例工作的通知")
    assert forwards("批转市财政局关于示例工作意见的通知")
    assert not forwards("关于印发《转发工作办法》的通知")
