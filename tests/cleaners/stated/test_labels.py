from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners.stated.labels import EDGE, clean_value, is_label, labels_of, meta_fields, split_labels


@pytest.mark.parametrize(
    ("line", "pairs"),
    [
        ("索 引 号：X/2020-1", [("identifier", "X/2020-1")]),
        ("文        号: 示政发〔2020〕1号", [("document_number", "示政发〔2020〕1号")]),
        ("來源：示例日報 發佈日期：2020-09-16", [("source", "示例日報"), ("issued", "2020-09-16")]),
        ("来源：示例日报发布时间：2020-09-16", [("source", "示例日报"), ("issued", "2020-09-16")]),
        (f"文号{EDGE}{EDGE}示政发〔2020〕1号", [("document_number", "示政发〔2020〕1号")]),
        (f"{EDGE}文{EDGE}号{EDGE}：示政发〔2020〕1号", [("document_number", "示政发〔2020〕1号")]),
        ("发布机构：示例县政府 作者：王某某 阅读：5 次", [("publisher", "示例县政府"), ("author", "王某某"), ("", "5 次")]),
        ("水的来源：山泉", []),
        ("请注明“来源：示例县政府网”", []),
        ("文号管理办法", []),
        ("", []),
    ],
)
def test_lines_split_on_known_labels_only(line, pairs):
    assert [(found.label.field, found.value) for found in split_labels(line)] == pairs


@pytest.mark.parametrize(
    ("value", "clean"),
    [
        (" 示例县\u3000人民政府 ", "示例县 人民政府"),
        ("示例日报】【", "示例日报"),
        ("[图文]会议召开", "[图文]会议召开"),
        ("监管局 文章类型：原创", "监管局"),
        ("〔〕 号", ""),
        ("无", ""),
        ("--", ""),
        ("http://www.shili.gov.cn", "http://www.shili.gov.cn"),
        ("2020-09-16 10:11:12", "2020-09-16 10:11:12"),
    ],
)
def test_values_stand_alone(value, clean):
    assert clean_value(value) == clean


def test_the_fifteen_national_names_are_all_known():
    names = "SiteName SiteDomain SiteIDCode ColumnName ColumnDescription ColumnKeywords ColumnType ArticleTitle PubDate ContentSource Keywords Author Description Image Url"
    assert {name.lower() for name in names.split()} <= set(meta_fields())


@given(st.text(alphabet="文号来源发布日期时间：: \x1f一2【】[]a。", max_size=60) | st.text(max_size=60))
def test_values_are_parts_of_their_line(line):
    flat = "".join(line.split()).replace(EDGE, "")
    for found in split_labels(line):
        assert "".join(found.value.split()).translate(dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"))) in flat.translate(
            dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"))
        )


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("来源：临水日报发布时间：2031-05-07分享", [("source", "临水日报"), ("issued", "2031-05-07")]),
        ("发布时间：2031-05-07 09:30 来源： 临水市应急局 【字体：大 中 小】", [("issued", "2031-05-07 09:30"), ("source", "临水市应急局")]),
        ("【信息发布时间：2031-05-07阅读次数：12】", [("issued", "2031-05-07")]),
        ("作 者：江河 浏览次数：12", [("author", "江河")]),
        ("会议要求 编辑：江河　审核：林树　终审：石泉", [("editor", "江河"), ("reviewer", "林树"), ("reviewer", "石泉")]),
        ("来源丨临水日报 责任编辑丨江河", [("source", "临水日报"), ("editor", "江河")]),
        ("發佈時間：2031-05-07", [("issued", "2031-05-07")]),
        ("来源：临水日报 打印 关闭", [("source", "临水日报")]),
        ("（一）评审时间：2031年5月14日", []),
        ("會議來源：临水", []),
        ("来源：", []),
        ("浏览次数：12", []),
        ("来源：临水日报。" + "会议要求各单位抓好落实。" * 30, []),
    ],
)
def test_lines_around_a_text_give_what_they_label(line, found):
    assert [(labelled.field, labelled.value) for labelled in labels_of([line])] == found


@pytest.mark.parametrize(("text", "known"), [("索　引　号", True), (" 文\x1f号 ", True), ("文号管理办法", False), ("", False)])
def test_a_cell_that_is_a_label(text, known):
    assert is_label(text) == known


@pytest.mark.parametrize("pump", ["抄送：文 号编辑局", "文 ", "文\x1f号", "来源：", "编辑", "\x1f", "：有效期至联系人："])
def test_time_goes_with_the_length(pump):
    split_labels(pump * 5000)
    labels_of([pump * 5000, pump * 10])
    clean_value(pump * 5000)


@pytest.mark.parametrize(
    "line", ["[ 索引号 ] 1150/2024-00012[ 发文字号 ] 甲政发〔2024〕3号", "【索引号】1150/2024-00012【发文字号】甲政发〔2024〕3号"]
)
def test_label_in_brackets_of_its_own_needs_no_colon(line: str) -> None:
    assert [(one.field, one.value, one.bare) for one in split_labels(line)] == [
        ("identifier", "1150/2024-00012", False),
        ("document_number", "甲政发〔2024〕3号", False),
    ]
