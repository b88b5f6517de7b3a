import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.search import read_query, telling
from archive.search.trees import And, Dated, Not, Or, Stated, Word

NAMES = {"and": "且", "or": "或", "not": "非", "site": "站点", "type": "文种", "creator": "机关", "day": "日期"}


def told(query):
    tree = read_query(query).tree
    return "" if tree is None else telling.told(tree, NAMES.__getitem__)


@pytest.mark.parametrize(
    ("query", "tree"),
    [
        ("扶貧 通知", And((Word("扶贫"), Word("通知")))),
        ("扶贫 扶貧", Word("扶贫")),
        ("a OR b c", Or((Word("a"), And((Word("b"), Word("c")))))),
        ("a AND NOT b", And((Word("a"), Not(Word("b"))))),
        ("a -(b OR c)", And((Word("a"), Not(Or((Word("b"), Word("c"))))))),
        ("NOT NOT a", Word("a")),
        ("site:Linshui", Stated("site", "linshui")),
        ("站点：“临水 县”", Stated("site", "临水县")),
        ('issuer: "财政部"', Stated("creator", "财政部")),
        ("-文种:解读", Not(Stated("type", "解读"))),
        ("日期：2024-01..2024-06", Dated("20240101", "20240631")),
        ("办法(试行)", Word("办法·试行")),
        ("(办法(试行))", Word("办法·试行")),
        ("（扶贫）", Word("扶贫")),
        ("and or not", And((Word("and"), Word("or"), Word("not")))),
        ("知乎:扶贫", Word("知乎·扶贫")),
        ("2020-2024", Word("2020·2024")),
        ("或", Word("或")),
        ("第1号 和 第2号", And((Word("第1号"), Word("第2号")))),
        ("国办发〔2017〕47号", Word("国办发·2017·47号")),
        ("。", None),
    ],
)
def test_what_is_read(query, tree):
    assert read_query(query).tree == tree


@pytest.mark.parametrize(
    ("query", "remarks"),
    [
        ("扶贫 通知", []),
        ("扶贫 AND", [("ignored", "AND")]),
        ("OR 扶贫", [("ignored", "OR")]),
        ("扶贫 )", [("ignored", ")")]),
        ("扶贫)", []),
        ("(扶贫", [("ignored", "(")]),
        ("扶贫 AND OR 通知", [("ignored", "AND")]),
        ('"扶贫', [("unclosed", '"')]),
        ("扶贫 或 通知", [("joined", "或")]),
        ("since:昨天 扶贫", [("value", "since:昨天")]),
        ("site: ", [("value", "site:")]),
        ("国发2017 47号", [("number", "国发〔2017〕47号")]),
        (" ".join(f"词{number}" for number in range(99)), [("cut", "64")]),
    ],
)
def test_what_is_said_of_it(query, remarks):
    assert [(remark.kind, remark.text) for remark in read_query(query).remarks] == remarks


def test_a_query_as_it_was_read_can_be_told():
    assert told("扶贫 (通知 OR 公告) -解读 since:2024-03") == "「扶贫」 且 （「通知」 或 「公告」） 且 非 「解读」 且 日期：2024-03-01.."
    assert told("站点:临水 日期:2024-03-01") == "站点：临水 且 日期：2024-03-01"


def test_words_alone_need_no_telling():
    assert read_query("扶贫 “通知 公告”").plain
    assert not read_query("扶贫 -通知").plain
    assert not read_query("扶贫 OR 通知").plain
    assert read_query("").plain


@given(st.text() | st.lists(st.sampled_from(["a", "(", ")", "AND", "OR", "NOT", "-", '"', "site:", "b:", "或"])).map(" ".join))
def test_whatever_is_typed_is_read(query):
    read = read_query(query)
    assert read.tree is None or isinstance(told(query), str)
    assert read == read_query(query)
