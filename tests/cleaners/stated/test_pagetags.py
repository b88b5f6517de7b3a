from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners.pages.markup import parse
from cleaners.pages.tree import Tree
from cleaners.stated.pagetags import read_pagetags

URL = "http://www.shili.gov.cn/xxgk/202009/t20200916_1.html"

TABLE = """
<div id="head"><table class="bd1">
<tr><td>索 引 号</td><td>000000000/2020-00017</td><td>主题分类：</td><td>城乡建设\\公路</td></tr>
<tr><td>发文机关</td><td>示例县人民政府</td><td>成文日期</td><td>2020年9月15日</td></tr>
<tr><td>标　　题</td><td colspan="3">关于印发农村公路管理办法的通知</td></tr>
<tr><td>文&nbsp;&nbsp;&nbsp;号：</td><td>示政发〔2020〕12号</td><td>发布日期</td><td>2020-09-16</td></tr>
<tr><td>有 效 性</td><td>有效</td><td>主题词</td><td></td></tr>
</table></div>
"""

EXPECTED = {
    "identifier": "000000000/2020-00017",
    "subject": "城乡建设\\公路",
    "creator": "示例县人民政府",
    "created": "2020年9月15日",
    "title": "关于印发农村公路管理办法的通知",
    "document_number": "示政发〔2020〕12号",
    "issued": "2020-09-16",
    "validity": "有效",
}

LIST = """
<ul class="xxgk"><li><b>索引号：</b>000000000/2020-00017</li><li>主题分类：城乡建设\\公路</li><li>发文机关：示例县人民政府</li>
<li>成文日期：<span>2020年9月15日</span></li><li>标题：关于印发农村公路管理办法的通知</li><li>发文字号：示政发〔2020〕12号</li>
<li>发布日期：2020-09-16</li><li>时效性：有效</li><li>主题词：</li></ul>
"""

DEFINITIONS = """
<dl><dt>索引号</dt><dd>000000000/2020-00017</dd><dt>主题分类</dt><dd>城乡建设\\公路</dd><dt>发文机关</dt><dd>示例县人民政府</dd>
<dt>成文日期</dt><dd>2020年9月15日</dd><dt>标题：</dt><dd>关于印发农村公路管理办法的通知</dd><dt>文号</dt><dd>示政发〔2020〕12号</dd>
<dt>发布日期：</dt><dd>2020-09-16</dd><dt>有效性</dt><dd>有效</dd></dl>
"""

SPANS = """
<div class="metadata_content"><div><p><span class="tt">索引号</span><span class="value">000000000/2020-00017</span></p>
<p><span class="tt">主题分类</span><span class="value">城乡建设\\公路</span></p><p><span class="tt">发文机关</span><span>示例县人民政府</span></p></div>
<div><p><span>成文日期</span><span>2020年9月15日</span></p><p><span>标题：</span><span>关于印发农村公路管理办法的通知</span></p>
<p><span>文号</span><span>示政发〔2020〕12号</span></p><p><span>发布日期：</span><span>2020-09-16</span></p><p><span>有效性</span><span>有效</span></p></div></div>
"""

ONE_LINE = """
<div class="top"><p>索引号:000000000/2020-00017 主题分类:城乡建设\\公路 发文机关:示例县人民政府 成文日期:2020年9月15日 主题词: 标题:关于印发农村公路管理办法的通知
文  号: 示政发〔2020〕12号 发布日期：2020-09-16 有效性:有效</p></div>
"""

BODY = (
    "<div class='body'><p>各乡镇人民政府，县直有关单位：</p>"
    + "<p>请认真贯彻执行，落实各项工作，做好农村公路的管理和养护。</p>" * 5
    + "</div>"
)


def tree_and_tags(html: str, head: str = ""):
    tree = Tree(parse(f"<html><head>{head}</head><body>{html}</body></html>"))
    return tree, read_pagetags(tree, URL)


def tags(html: str, head: str = ""):
    return tree_and_tags(html, head)[1]


@pytest.mark.parametrize("block", [TABLE, LIST, DEFINITIONS, SPANS, ONE_LINE], ids=["table", "list", "definitions", "spans", "one line"])
def test_a_header_table_is_read_in_every_shape(block):
    tree, read = tree_and_tags(f"<div>{block}{BODY}</div>")
    assert {name: found.value for name in EXPECTED if (found := read.first(name))} == EXPECTED
    assert all(found.place == "table" for found in read.fields)
    assert read.first("keywords") is None
    (node,) = read.tables
    shown = tree.text_of(node)
    assert "示政发" in shown
    assert "请认真贯彻执行" not in shown


def test_a_header_table_rendered_twice_gives_two_nodes_and_one_reading():
    read = tags(TABLE + BODY + LIST)
    assert len(read.tables) == 2
    assert {found.value for found in read.all("document_number")} == {"示政发〔2020〕12号"}


def test_an_empty_header_table_gives_nothing():
    read = tags("<ul><li>索引号： </li><li>发文字号： 〔〕 号 </li><li>发文机关： </li><li>成文日期：<span> </span></li></ul>" + BODY)
    assert read.fields == ()


LIST_OF_DOCUMENTS = "".join(
    f"<tr><td>{n}</td><td>示政发〔2020〕{n}号</td><td>示例县人民政府</td><td>2020-01-0{n}</td></tr>" for n in range(1, 6)
)
PROCUREMENT = """<table><tr><td>采购项目名称</td><td>示例县校车采购</td></tr><tr><td>采购单位</td><td>示例县教育局</td></tr>
<tr><td>公告时间</td><td>2020年9月15日</td></tr><tr><td>项目联系人</td><td>王某某</td></tr></table>"""


@pytest.mark.parametrize(
    "block",
    [
        f"<table><tr><td>序号</td><td>文号</td><td>发文机关</td><td>成文日期</td></tr>{LIST_OF_DOCUMENTS}</table>",
        PROCUREMENT,
        "<table><tr><td>姓名</td><td>单位</td></tr><tr><td>王某某</td><td>示例县交通运输局</td></tr></table>",
        "<p>根据文件要求，发文机关：应当在成文日期：之后十日内公布。</p>",
    ],
    ids=["list of documents", "procurement", "names", "prose"],
)
def test_tables_that_belong_to_the_text_are_left_alone(block):
    read = tags(block + BODY)
    assert read.tables == ()
    assert read.first("document_number") is None


NATIONAL = """
<meta name="SiteName" content="示例县人民政府"><META NAME='SiteIDCode' CONTENT='1100000001'/>
<meta content="关于召开会议的通知" name="ArticleTitle"><meta name=PubDate content="2020-09-16 09:30">
<meta name="contentsource" content="县交通运输局"><meta name="Author" content=""><meta name="Keywords" content="公路;养护">
<meta name="keywords" content="示例县"><meta name="Url" content="/xxgk/202009/t20200916_1.html"><meta name="ColumnType" content="政策文件">
"""


def test_the_national_names_are_read_in_every_spelling():
    read = tags("<p>正文</p>", NATIONAL)
    expected = {
        "site_name": "示例县人民政府",
        "site_code": "1100000001",
        "title": "关于召开会议的通知",
        "issued": "2020-09-16 09:30",
        "source": "县交通运输局",
        "column_type": "政策文件",
        "keywords": "公路;养护",
    }
    assert {name: found.value for name in expected if (found := read.first(name))} == expected
    assert [found.value for found in read.all("keywords")] == ["公路;养护", "示例县"]
    assert read.first("author") is None
    assert read.meta["PubDate"] == "2020-09-16 09:30"
    assert read.canonical == URL


def test_the_page_s_own_address_is_resolved_and_scripts_are_no_address():
    assert tags("", '<link rel="canonical" href="../202009/t1.html">').canonical == "http://www.shili.gov.cn/xxgk/202009/t1.html"
    assert tags("", '<meta name="Url" content="javascript:void(0)">').canonical == ""


@pytest.mark.parametrize(
    ("line", "issued", "source"),
    [
        ("<div>来源：示例日报 发布时间：2020-09-16 10:11 浏览次数：12 【字体：大 中 小】</div>", "2020-09-16 10:11", "示例日报"),
        ("<div>来源：示例日报发布时间：2020-09-16分享</div>", "2020-09-16", "示例日报"),
        ("<div>2020-09-16 来源：示例日报</div>", None, "示例日报"),
        ("<div>【 时间：2020年09月16日 10:11】【来源：示例日报】【点击：5】</div>", "2020年09月16日 10:11", "示例日报"),
        ("<div><span>来 源：示例日报</span><em>责任编辑：王某某</em></div>", None, "示例日报"),
        ("<div>来源：示例日报 2020-09-16 08:13:00</div>", "2020-09-16 08:13:00", "示例日报"),
        ("<div><span>信息来源：</span><span>示例日报</span></div>", None, "示例日报"),
        ("<div>来源：未知</div>", None, None),
        ("<div>来源：</div><p>示例县近年来大力发展交通事业。</p>", None, None),
        ("<p>资金来源：县财政拨款。</p>", None, None),
        ("<p>时间：会议定于2020年9月16日上午召开</p>", None, None),
    ],
)
def test_label_lines_are_split_at_known_labels(line, issued, source):
    read = tags(line + BODY)
    found = {name: each.value for name in ("issued", "source") if (each := read.first(name))}
    assert found == {name: value for name, value in (("issued", issued), ("source", source)) if value}
    assert read.tables == ()


def test_date_and_name_below_the_title_need_no_label():
    head = "<title>第七周工作安排公布如下_示例县第一小学</title>"
    read = tags("<h4>第七周工作安排公布如下</h4><span><i></i></span><p>2020-10-12 &nbsp; 示例县第一小学</p>" + BODY, head)
    assert [found.value for found in read.all("issued")] == ["2020-10-12"]
    assert [found.value for found in read.all("source")] == ["示例县第一小学"]


def test_the_elements_of_ucap_name_title_and_date():
    read = tags("<ucaptitle>关于召开会议的通知</ucaptitle><span>日期：<publishtime>2020-09-16 10:11</publishtime></span>" + BODY)
    assert (read.first("title").value, read.first("issued").value) == ("关于召开会议的通知", "2020-09-16 10:11")


def test_the_signature_is_no_dateline():
    head = "<title>示例县人民政府办公室关于印发办法的通知</title>"
    assert tags(BODY + "<p>示例县人民政府办公室</p><p>2020年9月15日</p>", head).first("issued") is None


FRAGMENTS = st.lists(
    st.sampled_from(
        [
            "<table>",
            "<tr>",
            "<td>",
            "</td>",
            "</table>",
            "<div>",
            "</div>",
            "<p>",
            "<li>",
            "<br>",
            "<b>",
            "</b>",
            "<!-- x -->",
            "索引号",
            "文号：",
            "来源：",
            "2020-09-15",
            "示例",
            "：",
            " ",
            "发布日期",
            "<meta name=PubDate content=x>",
            "<?x?>",
        ]
    ),
    max_size=40,
)


@given(FRAGMENTS)
def test_no_markup_breaks_the_reader(pieces):
    tree, read = tree_and_tags("".join(pieces))
    assert all(found.value and found.place in {"table", "label", "meta"} for found in read.fields)
    assert all(tree.kinds[node].name != "body" for node in read.tables)
