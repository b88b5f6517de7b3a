import json
from datetime import date, datetime, timedelta, timezone

import pytest
from related import edited, prose

from archive.relations.copies import canonical, group

TITLE = "临水县人民政府关于加强绿化工作的通知"
TEXT = prose(1)
CHINA = timezone(timedelta(hours=8))


def one(kept, **fields):
    kept.put("a", fields.pop("title", TITLE), fields.pop("text", TEXT), **{"issued": date(2026, 3, 1), **fields})


def two(kept, **fields):
    kept.put(
        "b", fields.pop("title", TITLE), fields.pop("text", edited(TEXT, 4)), **{"site": "yunbei", "issued": date(2026, 3, 4), **fields}
    )


def told(kept):
    kept.relate()
    rows = kept.rows('select "from", "to", kind, evidence from relations')
    names = {work: name for name, work in kept.names.items()}
    return [(names[row["from"]], row["kind"], names[row["to"]], json.loads(row["evidence"])) for row in rows]


@pytest.mark.parametrize(
    ("first", "second", "against"),
    [
        ({"document_number": "临政发〔2026〕1号"}, {"document_number": "临政发〔2026〕2号"}, ["number"]),
        ({"created": date(2025, 9, 1)}, {"created": date(2026, 9, 1)}, ["created"]),
        ({"title": "临水县2024年度信息公开年报"}, {"title": "临水县2025年度信息公开年报"}, ["title"]),
        ({"creator": "甲河县教育局"}, {"creator": "乙河县教育局"}, ["creator"]),
        ({"text": TEXT + "2024年12户31人"}, {"text": TEXT + "2025年17户40人"}, ["figures"]),
        ({}, {"site": "linshui"}, ["day"]),
    ],
)
def test_what_contradicts_makes_it_the_same_form(kept, first, second, against):
    one(kept, **first)
    two(kept, **second)
    ((later, kind, earlier, evidence),) = told(kept)
    assert (later, kind, earlier, evidence["contradict"]) == ("b", "same form", "a", against)


@pytest.mark.parametrize(
    ("second", "kind"),
    [
        ({}, "repost"),
        ({"text": TEXT}, "repost"),
        ({"title": "转发：" + TITLE}, "repost"),
        ({"site": "linshui", "issued": date(2026, 3, 1)}, "copy"),
    ],
)
def test_copies(kept, second, kind):
    one(kept)
    two(kept, **second)
    assert ("b", kind, "a") in [row[:3] for row in told(kept)]


def test_equal_numbers_make_one_document_whatever_else_differs(kept):
    one(kept, document_number="临政发〔2026〕1号", created=date(2026, 1, 1))
    two(kept, document_number="临政发﹝2026﹞第1号", created=date(2026, 1, 2), title="通知公告")
    assert [row[:3] for row in told(kept)] == [("b", "repost", "a")]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ({}, {}, ("b", "a", "day", 3)),
        ({"issued": date(2026, 3, 9)}, {}, ("a", "b", "day", 5)),
        ({"issued": date(2026, 3, 4)}, {}, None),
        ({"issued": datetime(2026, 3, 4, 9, tzinfo=CHINA)}, {"issued": datetime(2026, 3, 4, 15, tzinfo=CHINA)}, ("b", "a", "time", 0)),
        ({"issued": date(2026, 3, 9), "creator": "临水县人民政府"}, {"source": "临水县人民政府"}, ("b", "a", "source", -5)),
        ({"issued": None}, {"issued": None, "day": 2}, ("b", "a", "first seen", 2)),
    ],
)
def test_who_published_first_and_how_that_is_known(kept, first, second, expected):
    one(kept, **first)
    two(kept, **second)
    ((later, _, earlier, evidence),) = told(kept)
    if expected is None:
        assert (evidence["first"], evidence["lag_days"]) == ("tie", 0)
    else:
        assert (later, earlier, evidence["first"], evidence["lag_days"]) == expected


def test_short_texts_are_copies_only_when_equal_and_of_one_title(kept):
    one(kept, text="请于三月五日前报送有关材料。")
    two(kept, text="请于三月五日前报送有关材料。")
    kept.put("c", "关于别的事情的通知", "请于三月五日前报送有关材料。", site="qingyu")
    kept.put("d", TITLE, "见附件", site="linglan")
    kept.put("e", TITLE, "见附件", site="wenhai")
    assert [row[:3] for row in told(kept)] == [("b", "repost", "a")]


def test_a_traditional_copy_is_the_same(kept):
    one(kept, text="各鄉鎮人民政府：為進一步加強綠化工作，現將有關事項通知如下。" * 5, title="臨水縣關於綠化的通知")
    two(kept, text="各乡镇人民政府：为进一步加强绿化工作，现将有关事项通知如下。" * 5, title="临水县关于绿化的通知")
    ((*_, evidence),) = told(kept)
    assert evidence["jaccard"] == 1


def test_the_canonical_one_of_a_group_is_the_first_published(kept):
    one(kept)
    two(kept)
    kept.put("c", TITLE, TEXT, site="qingyu", issued=date(2026, 2, 20))
    kept.relate()
    with kept.archive.reading() as connection:
        members = group(connection, kept.names["b"])
    assert {member.notice for member in members} == set(kept.names.values())
    assert canonical(members) == kept.names["c"]
