"""Page classes: each with the words it was read from, and notices that only speak of such things left in peace."""

from datetime import UTC, datetime

import pytest

from cleaners import Capture, Notice, clean

WHEN = datetime(2031, 5, 6, tzinfo=UTC)
TEXT = "为做好汛期安全生产工作，经研究，现将有关事项通知如下。各单位要高度重视，认真抓好落实，并于五月六日前报送情况。"
MENU = "".join(f"<li><a href=/c{number}/>政务公开栏目之{number}</a></li>" for number in range(20))


def read(markup: str, url: str = "http://www.linshui.gov.example/1.html") -> Notice:
    return clean(Capture(site="", url=url, captured_at=WHEN, status=200, headers=(), body=markup.encode()))


def page(body: str, title: str = "临水市") -> str:
    return f"<html><head><title>{title}</title></head><body>{body}</body></html>"


@pytest.mark.parametrize(
    ("markup", "name", "words"),
    [
        (page("<div><p>您访问的页面不存在或已被删除。</p></div>", "提示"), "soft_404", "页面不存在"),
        (page(f"<ul>{MENU}</ul><div><p>抱歉，您查看的信息已被删除。</p></div>", "提示信息"), "soft_404", "信息已被删除"),
        (page("<h1>404 Not Found</h1>"), "soft_404", "404 Not Found"),
        (page("<script>$_ts=window['$_ts'];</script>"), "challenge", "$_ts="),
        (page("<p>您的访问请求过于频繁，请稍后再试。</p>"), "challenge", "请求过于频繁"),
        (page("<p>正在进行安全验证，请稍候</p>"), "challenge", "正在进行安全验证"),
        (page("<div id=app></div><script src=/js/chunk-vendors.js></script>"), "script_shell", "<div id=app></div>"),
        (page("<noscript>You need to enable JavaScript to run this app.</noscript><div id='root'></div>"), "script_shell", ""),
        (page(f"<div><ul>{MENU}</ul></div>"), "listing", "20 links"),
        (page(""), "empty", ""),
        (page("<div id=zoom><p>在xxxx年xx月xx日的会议上，某某同志总结了××市的工作，表彰了xx名先进个人，会议由某某同志主持。</p></div>"), "template", "xx月"),
        (page(f"<div id=zoom><p>{TEXT}各單(dān)位要加強(qiáng)對網(wǎng)站的管理(lǐ)工作。</p></div>"), "clone", "(wǎng)站"),
        (page(f"<div id=zoom><p>当地时间2031-05-06,linshuiwangzhanxinwen</p><p>{TEXT}</p></div>"), "clone", "当地时间2031-05-06,linshui"),
        (page(f"<div id=zoom><p>{TEXT}</p></div>"), "notice", ""),
        (page("<div id=zoom><p><img src=a.jpg></p></div>"), "notice", ""),
    ],
)  # fmt: skip
def test_the_class_of_a_page_and_its_evidence(markup, name, words):
    evidence = read(markup).evidence["class"]
    assert (evidence.value, evidence.place) == (name, "page")
    assert words in evidence.snippet


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("关于404省道封闭施工的公告", "因404省道改造施工，自5月6日起封闭交通，请过往车辆绕行。"),
        ("关于网站改版后部分页面不存在的说明", "因网站改版，部分页面不存在的，请使用站内检索。"),
        ("关于开展网络安全验证工作的通知", "请各单位按时完成系统安全验证工作。"),
        ("关于信息系统停机的公告", "停机期间网上办事页面无法访问，请市民谅解。"),
        ("行政处罚决定书", "当事人李某某，身份证号3301××××0011。张××于5月6日未戴头盔。李某某、王某某、张××均无异议。"),
        ("临水市关于征集活动方案的公告", TEXT + "</p><p>附件1</p><p>报名表</p><p>××××年××月××日</p><p>单位：××局 人数：××人 ××年×月"),
    ],
)
def test_notices_that_speak_of_such_things_are_notices(title, text):
    notice = read(page(f"<h1>{title}</h1><div id=zoom><p>{text}</p></div>", title))
    assert notice.evidence["class"].value == "notice"
    assert {"soft_404", "challenge", "template_document", "parasite_clone", "script_shell"}.isdisjoint(notice.flags)


def test_a_list_of_names_is_no_listing():
    names = "".join(f"<p>{number}.临水市第{number}中学</p>" for number in range(1, 30))
    notice = read(page(f"<h1>2031年示范学校名单</h1><div id=zoom>{names}</div>", "2031年示范学校名单"))
    assert notice.evidence["class"].value == "notice"


def test_a_sharing_site_is_told_by_its_furniture_or_host():
    furniture = "<p>下载本文档</p><p>文档编号：12345</p><p>已阅读5页，还剩23页未读</p>"
    assert read(page(f"<div id=zoom><p>{TEXT}</p></div><div>{furniture}</div>")).evidence["class"].value == "doc_sharing"
    shared = read(page(f"<div id=zoom><p>{TEXT}</p></div>"), "http://www.docin.example/p-1.html")
    assert (shared.evidence["class"].value, shared.evidence["doc_sharing_site"].snippet) == ("doc_sharing", "docin")
    assert read(page(f"<div id=zoom><p>{TEXT}</p></div>"), "http://zixin.gov.cn/1.html").evidence["class"].value == "notice"


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("http://www.linshui.example/1.html", "clone"),
        ("http://linshui.gov.cn.example/zwgk/1.html", "clone"),
        ("http://www.example.gov.cn/1.html", "notice"),
        ("https://WWW.EXAMPLE.GOV.CN:8443/1.html", "notice"),
        ("http://example.people.com.cn/1.html", "notice"),
        ("http://gov.cn@www.linshui.example/1.html", "clone"),
    ],
)
def test_the_government_is_no_clone_of_itself(url, name):
    markup = page(f"<div id=zoom><p>{TEXT}各單(dān)位要加強(qiáng)對網(wǎng)站的管理(lǐ)工作。</p></div>")
    assert read(markup, url).evidence["class"].value == name


def test_other_signs_stand_as_candidates():
    text = "在xxxx年xx月xx日的会议上，某某同志总结了××市的工作，表彰了xx名先进个人。"
    evidence = read(page(f"<div id=zoom><p>{text}</p></div>"), "http://www.docin.example/p-1.html").evidence["class"]
    assert evidence.value == "doc_sharing"
    assert [name for name, _ in evidence.candidates] == ["template"]


def test_text_converted_character_by_character_is_flagged_with_its_words():
    text = "各級干部要加強聯系，防范風險，為瞭保障汛期安全，鼓舞斗志，各縣（區）應當認真落實責任，並於五月六日前報送情況。"
    notice = read(page(f"<div id=zoom><p>{text}</p></div>"))
    assert notice.script == "Hant"
    assert "converted_by_char" in notice.flags
    assert "干部×1" in notice.evidence["converted_by_char"].snippet
