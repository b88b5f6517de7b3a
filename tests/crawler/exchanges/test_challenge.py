"""What is not content is told from what is: a table of answers modelled on public shapes, and the ordinary pages beside them."""

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners.records import Capture
from crawler.exchanges.challenge import classify, signatures

TEXT = "".join(f"<p>第{n}条 各镇人民政府、县直各单位要按照职责分工，认真抓好落实，确保各项任务按期完成。</p>" for n in range(1, 30))
PAGE = f"<html><head><title>{{title}}</title></head><body><a href='/'>首页</a><h1>{{title}}</h1>{TEXT}</body></html>"
FRAME = "<a href='/'>首页</a><a href='/zwgk/'>政务公开</a><p>主办：测试县人民政府办公室</p>"


def judge(status, body="", role="notice", url="http://www.ceshi.gov.example/a/1.html", location="", **headers):
    pairs = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    given_body = body if isinstance(body, bytes) else body.encode()
    capture = Capture("", url, datetime(2026, 3, 1, tzinfo=UTC), status, pairs, given_body, role=role, redirected_to=location)
    return classify(capture).outcome


CASES = [
    ("ok", judge(200, PAGE.format(title="关于开展春季植树的通知"))),
    ("ok", judge(200, PAGE.format(title="关于整改网站“页面不存在”问题的通知"))),
    ("ok", judge(200, PAGE.format(title="404工程建设指挥部公告"))),
    ("ok", judge(200, "<html><body><p>今日放假一天。</p></body></html>")),
    ("ok", judge(200, PAGE.format(title="关于启用人机验证和短信验证码登录的通知"))),
    ("ok", judge(200, "<html><body><p>因系统维护，登录须输入验证码。</p>" + TEXT + "</body></html>")),
    ("ok", judge(200, "%PDF-1.7 ...", role="attachment")),
    ("ok", judge(200, '{"total": 0, "rows": []}', role="listing", content_type="application/json")),
    ("ok", judge(200, "", role="robots")),
    ("ok", judge(200, PAGE.format(title="通知").encode("gb18030"))),
    ("unchanged", judge(304)),
    ("missing", judge(404, "<h1>404</h1>")),
    ("gone", judge(410)),
    ("soft_404", judge(200, f"<html><head><title>页面不存在 - 测试县人民政府</title></head><body>{FRAME}</body></html>")),
    ("soft_404", judge(200, f"<html><head><title>404</title></head><body>{FRAME}</body></html>")),
    (
        "soft_404",
        judge(
            200, f"<html><head><title>测试县人民政府</title></head><body>{FRAME}<div>抱歉，您访问的页面不存在或已删除！</div></body></html>"
        ),
    ),
    ("soft_404", judge(200, f"<html><head><title>測試區公所</title></head><body>{FRAME}<div>找不到該頁面</div></body></html>")),
    ("soft_404", judge(200, f"<html><head><title>提示</title></head><body>{FRAME}<p>您查看的信息已被删除</p></body></html>".encode("gbk"))),
    ("soft_404", judge(200, "<html><body>该文章已删除</body></html>")),
    ("soft_404", judge(302, location="http://www.ceshi.gov.example/")),
    ("soft_404", judge(302, location="http://www.ceshi.gov.example/index.html")),
    ("soft_404", judge(302, location="http://www.ceshi.gov.example/error/404.html")),
    ("soft_404", judge(200, "<html><title>页面不存在</title><body></body></html>", role="attachment")),
    ("redirected", judge(301, location="http://www.ceshi.gov.example/b/1.html")),
    ("redirected", judge(302, role="listing", location="http://www.ceshi.gov.example/")),
    ("redirected", judge(301, url="http://ceshi.gov.example/", location="http://www.ceshi.gov.example/")),
    ("challenge", judge(412, "<html><head><meta charset='utf-8'><script>$_ts=window['$_ts'];if(!$_ts)$_ts={};</script></head></html>")),
    ("challenge", judge(412)),
    ("challenge", judge(202, "<html><script>$_ts=window['$_ts']</script></html>")),
    ("challenge", judge(200, "<html><script>var a;$_ts = window['$_ts'];</script></html>")),
    ("challenge", judge(521, "<script>document.cookie='__jsl_clearance_s=1'</script>", Set_Cookie="__jsluid_h=abc")),
    ("challenge", judge(512)),
    ("challenge", judge(200, "<script>document.cookie='__jsl_clearance=1';location.reload()</script>")),
    ("challenge", judge(200, "<html><body>请开启JavaScript并刷新该页.<script>wzwsx()</script></body></html>")),
    ("challenge", judge(307, location="http://www.ceshi.gov.example/a/1.html", Set_Cookie="wzws_cid=abc; path=/")),
    ("challenge", judge(200, "<script>C3VK='abc';document.cookie='C3VK='+C3VK;location.reload()</script>")),
    ("challenge", judge(200, "<script>var HOY_TR='x,y';setCookie()</script>")),
    ("challenge", judge(200, "<html><head><title>访问验证</title></head><body>请输入验证码继续访问</body></html>")),
    ("challenge", judge(403, "<html><body>请完成验证后继续访问<div id='captcha'></div></body></html>")),
    ("challenge", judge(200, "<html><head></head><body><script>eval(function(p,a,c,k){})</script></body></html>")),
    ("blocked", judge(403, "Forbidden")),
    ("blocked", judge(403, "<h1>您的访问被拦截</h1>")),
    ("blocked", judge(405, "<p>很抱歉，访问被拦截，创宇盾</p>")),
    ("blocked", judge(418)),
    ("blocked", judge(429)),
    ("blocked", judge(503)),
    ("blocked", judge(200, "<html><body>您的请求存在威胁，已被网站防火墙拦截</body></html>")),
    ("failed", judge(500, "<h1>Internal</h1>")),
    ("failed", judge(200, "")),
    ("failed", judge(302)),
]


@pytest.mark.parametrize(("expected", "found"), CASES, ids=[f"{number}-{case[0]}" for number, case in enumerate(CASES)])
def test_answers_are_told_apart(expected, found):
    assert found == expected


def test_a_long_page_is_content_whatever_it_quotes():
    quoting = PAGE.format(title="关于防范钓鱼网页的通告").replace(
        "</body>", "<p>如遇“您访问的页面不存在”“请输入验证码”，请勿操作。</p></body>"
    )
    assert judge(200, quoting) == "ok"


def test_damage_and_failures_stay_what_they_are():
    capture = Capture("", "http://a.example/", datetime(2026, 3, 1, tzinfo=UTC), 200, (), b"\x1f\x8b", outcome="damaged", reason="cut")
    assert classify(capture) == capture
    failed = Capture("", "http://a.example/", datetime(2026, 3, 1, tzinfo=UTC), None, (), b"", outcome="failed", phase="dns")
    assert classify(failed) == failed


def test_the_reason_names_the_signature():
    capture = Capture("", "http://a.example/", datetime(2026, 3, 1, tzinfo=UTC), 521, (), b"")
    assert "jiasule" in classify(capture).reason


def test_every_signature_has_a_condition_and_an_outcome_of_the_archive():
    for signature in (*signatures().firewalls, *signatures().errors):
        assert signature.outcome in {"challenge", "blocked", "failed"}
        assert signature.status or signature.body or signature.header or signature.title or signature.text


@pytest.mark.parametrize(
    ("outcome", "body"),
    [
        ("ok", "<title>关于系统维护期间暂停服务的公告</title><p>关于系统维护期间暂停服务的公告</p><p>本网站将于3月1日维护。</p>"),
        ("ok", "<p>发布时间：2026-03-01</p><p>数据库连接失败的，请联系信息中心。</p>"),
        (
            "ok",
            "<div id='app'></div><script>var page={title:'关于做好春季植树工作的通知',text:'各镇人民政府，县直各单位：请按照职责分工认真抓好落实，确保完成。'}</script>",
        ),
        ("ok", "<html><body><img src='/a/scan1.jpg'></body></html>"),
        ("ok", "<html><body><iframe src='/a/file.pdf'></iframe></body></html>"),
        ("failed", "<div id='app'></div><script src='/app.js'></script>"),
        ("failed", "<script>location.href='/new/'</script>"),
        ("soft_404", "<script>alert('该信息不存在');history.back()</script>"),
        ("challenge", "<script>document.cookie='a=1';location.href=location.href</script>"),
    ],
)
def test_short_pages_that_are_content_and_shells_that_are_none(outcome, body):
    assert judge(200, body) == outcome


@pytest.mark.parametrize(
    "body", ["<div id='app'></div><script src='/app.js'></script>", "<script>location.href='/new/'</script>", "<html></html>"]
)
def test_what_an_empty_list_page_means_its_reader_says(body):
    assert judge(200, body, role="listing") == "ok"


@given(st.binary(max_size=400), st.integers(100, 599), st.sampled_from(["notice", "listing", "attachment", "robots"]))
def test_any_answer_gets_an_outcome(body, status, role):
    assert judge(status, body, role=role) in {
        "ok",
        "unchanged",
        "redirected",
        "missing",
        "gone",
        "soft_404",
        "challenge",
        "blocked",
        "failed",
    }


def test_what_is_searched_in_lower_case_is_written_so():
    texts = [signature.text.pattern for signature in signatures().errors if signature.text]
    assert texts
    assert all(plain == plain.lower() for plain in (re.sub(r"\\.", "", text) for text in texts))
