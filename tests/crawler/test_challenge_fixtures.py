"""Recognition in figures: pages made from the published signatures of firewalls and of soft errors, and every real page at hand.

The made pages are of our own words and shapes; what is taken from the signatures is what identifies them (status, cookie, script
variable, wording). `test_recognition` prints which were missed, `test_false_alarms` which real pages were taken for something else.
"""

from __future__ import annotations

import random
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cleaners.noise.linear import why_not_linear
from cleaners.records import Capture
from crawler.exchanges.challenge import classify, signatures

SHARED = Path(__file__).parents[2].parent / "shared"
URL = "http://www.ceshi.gov.example/zwgk/202603/t20260301_12.html"
VARIANTS = 14
CHAFF = "".join(chr(97 + (n * 7) % 26) for n in range(300))


def token(rng, length=24):
    return "".join(rng.choice("abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789") for _ in range(length))


def wrapped(rng, inner, title="", head=""):
    """Put a body into one of the frames such pages come in."""
    name = f"<title>{title}</title>" if title else ""
    return rng.choice(
        [
            f"<!DOCTYPE html><html><head><meta charset='utf-8'>{name}{head}</head><body>{inner}</body></html>",
            f"<html><head>{head}{name}</head><body>\r\n{inner}\r\n</body></html>",
            f"<HTML><HEAD>{name}{head}</HEAD><BODY bgcolor='white'>{inner}</BODY></HTML>",
            f"<!doctype html>\n<html lang='zh-CN'>\n<head>{name}<style>body{{margin:9% auto;width:40em}}</style>{head}</head><body><div class='box'>{inner}</div></body>",
        ]
    )


def ruishu(rng):
    script = rng.choice(
        ["$_ts=window['$_ts'];if(!$_ts)$_ts={};$_ts.cd=", "var $_ts = window.$_ts || {}; $_ts.nsd=", '$_ts = window["$_ts"];$_ts.lcd=']
    )
    meta = f'<meta id="{token(rng, 22)}" content="{token(rng, 160)}" r=\'m\'>'
    shapes = [
        wrapped(rng, "", head=f"<script>{script}'{token(rng, 300)}';</script>"),
        wrapped(
            rng,
            "",
            head=f"{meta}<!--[if lt IE 9]><script r='m'>document.createElement('section')</script><![endif]--><script src='/{token(rng, 8)}.js' r='m'></script>",
        ),
    ]
    status = rng.choice([412, 412, 202, 400, 200])
    cookie = [("Set-Cookie", f"{token(rng, 6)}80S={token(rng, 40)}; path=/; HttpOnly")]
    return status, rng.choice(shapes if status != 412 else [*shapes, ""]), cookie, "challenge"


def jiasule(rng):
    status = rng.choice([521, 521, 512, 200, 521])
    cookie = [("Set-Cookie", f"__jsluid_{rng.choice('hs')}={token(rng, 32)}; max-age=31536000; path=/; HttpOnly")]
    name = rng.choice(["__jsl_clearance", "__jsl_clearance_s"])
    body = rng.choice(
        [
            f"<script>document.cookie='{name}={rng.randrange(10**9)}.1|-1|{token(rng)};Max-age=3600;path=/';location.href=location.pathname</script>",
            f"<script>var n='{name}';document.cookie=n+'='+go({{bts:['{token(rng, 12)}'],tn:n}});setTimeout('location.reload()',1500)</script>",
        ]
    )
    return status, body if status == 200 else rng.choice([body, ""]), cookie, "challenge"


def chuangyudun(rng):
    words = rng.choice(
        [
            "您的访问被拦截，请稍候再试",
            f"创宇盾：请求编号 {token(rng, 12)}，访问被阻断",
            "<a href='http://www.365cyd.com/'>安全服务</a> 请求异常",
            "<!-- knownsec --> 访问被拦截",
        ]
    )
    return rng.choice([403, 405, 418, 200]), wrapped(rng, f"<p>{words}</p>", rng.choice(["", "提示"])), [], "blocked"


def wzws(rng):
    cookie = [("Set-Cookie", f"{rng.choice(['wzws_cid', 'wzws_sessionid'])}={token(rng, 40)}; path=/")]
    body = rng.choice(
        [
            wrapped(
                rng,
                "<noscript><h1><strong>请开启JavaScript并刷新该页.</strong></h1></noscript>",
                head=f"<script>eval('{token(rng, 200)}')</script>",
            ),
            wrapped(rng, f"<script>var dynamicurl='/WZWSRELw==?wzwschallenge={token(rng)}';document.cookie='x'</script>"),
            wrapped(rng, "请开启 JavaScript 并刷新该页"),
        ]
    )
    status = rng.choice([200, 307, 200])
    return status, body if status == 200 else "", [*cookie, ("Location", URL)] if status == 307 else cookie, "challenge"


def c3vk(rng):
    body = rng.choice(
        [
            f"<html><body><script>document.cookie='C3VK={token(rng, 6)}; path=/';window.location.reload()</script></body></html>",
            f"<script>function set(){{C3VK = '{token(rng, 6)}';document.cookie='C3VK='+C3VK}}set();location.href=location.href</script>",
            f"<html><head><script>var name=\"C3VK\";document.cookie=name+'={token(rng, 6)}';location.reload(true)</script></head></html>",
        ]
    )
    return 200, body, [], "challenge"


def hoy(rng):
    values = f"'{token(rng, 16)},{token(rng, 8)}'"
    body = rng.choice(
        [
            f"<html><script>var HOY_TR={values};setCookie('HOY_TR',HOY_TR)</script><script>{CHAFF}()</script></html>",
            wrapped(rng, "", head=f"<script>HOY_TR = {values}; document.cookie = 'HOY_TR=' + HOY_TR; location.reload()</script>"),
        ]
    )
    return 200, body, [], "challenge"


def js_stub(rng):
    body = rng.choice(
        [
            f"<html><head></head><body><script>eval(function(p,a,c,k,e,d){{return p}}('{token(rng, 400)}'))</script></body></html>",
            f"<script type='text/javascript'>document.cookie='{token(rng, 8)}='+{rng.randrange(10**6)};location.reload();</script>",
            f"<!DOCTYPE html><html><head><meta charset='utf-8'><script src='/{token(rng, 9)}.js'></script></head><body onload='challenge()'></body></html>",
            f"<html><script>var _0x{token(rng, 4)}=['\\x63\\x6f\\x6f\\x6b\\x69\\x65'];document[_0xab[0]]='{token(rng, 300)}';window.location=location</script></html>",
        ]
    )
    return 200, body, [], "challenge"


def captcha(rng):
    words = rng.choice(
        [
            "请输入验证码后继续访问<img src='/captcha.jpg'><input name='code'>",
            "为了您的访问安全，请完成以下验证<div id='nc_1_wrapper'></div>",
            "请按住滑块，拖动到最右边",
            "<script src='https://static.example/gt.js'></script><script>initGeetest({gt:'x'})</script><div id='box'></div>人机验证",
            "请先进行安全验证<script>new TencentCaptcha('1')</script>",
            "图形验证码<img src='/kaptcha'>",
        ]
    )
    return rng.choice([200, 200, 403, 503]), wrapped(rng, words, rng.choice(["", "访问验证", "安全验证"])), [], "challenge"


def waf_page(rng):
    words = rng.choice(
        [
            "很抱歉，由于您访问的网址有可能对网站造成安全威胁，您的访问被阻断。",
            f"您的请求带有不合法的参数，已被网站管理员设置拦截！来自 {token(rng, 8)}",
            "您的IP已被禁止访问本站",
            "当前访问疑似黑客攻击，已被网站管理员设置为拦截",
            "Access Denied. You don't have permission to access this page on this server.",
            "Request Rejected: the requested URL was rejected. Your support ID is 1",
            "网站防火墙：您的请求存在风险，访问被拒绝",
        ]
    )
    return rng.choice([200, 200, 403, 405]), wrapped(rng, f"<h2>{words}</h2>", rng.choice(["", "拦截提示", "403"])), [], "blocked"


def ip_block(rng):
    return 403, rng.choice(["", "<h1>403 Forbidden</h1><hr>nginx", wrapped(rng, "Forbidden", "403 Forbidden"), "禁止的区域"]), [], "blocked"


def too_frequent(rng):
    words = rng.choice(
        [
            "您的访问过于频繁，请稍后再试",
            "访问太频繁，请 10 分钟后再来",
            "操作过于频繁",
            "请求次数过多，系统已限制",
            "Too Many Requests",
            "超过访问频率限制",
            "当前IP访问频率过高",
        ]
    )
    return 200, wrapped(rng, f"<p>{words}</p>", rng.choice(["", "提示", "系统提示"])), [], "blocked"


def maintenance(rng):
    words = rng.choice(
        [
            "系统维护中，敬请谅解",
            "网站正在升级改造，请稍后访问",
            "系统升级维护中",
            "本网站正在维护，3月1日8时恢复",
            "网站建设中，敬请期待",
            "系统繁忙，请稍后再试",
            "服务暂时不可用",
            "Site is under maintenance",
        ]
    )
    return 200, wrapped(rng, f"<div>{words}</div>", rng.choice(["", "提示", "系统维护"])), [], "failed"


def database_error(rng):
    words = rng.choice(
        [
            "数据库连接失败",
            "连接数据库出错，请与管理员联系",
            "Error establishing a database connection",
            "SQLSTATE[HY000] [2002] Connection refused",
            "ORA-12541: TNS: no listener",
            "Microsoft OLE DB Provider for SQL Server 错误 '80004005'",
            "Can't connect to MySQL server on 'db' (111)",
            "数据库服务器无法连接",
        ]
    )
    return 200, wrapped(rng, f"<p>{words}</p>", rng.choice(["", "Error", "错误"])), [], "failed"


def stack_trace(rng):
    frames = "\n".join(
        f"\tat com.ceshi.{token(rng, 5)}.{token(rng, 6)}.run({token(rng, 6)}.java:{rng.randrange(900)})"
        for _ in range(rng.randrange(4, 60))
    )
    words = rng.choice(
        [
            f"<pre>java.lang.NullPointerException\n{frames}</pre>",
            f"<h1>HTTP Status 500 - </h1><pre>org.apache.jasper.JasperException: x\n{frames}</pre>",
            f"<pre>Traceback (most recent call last):\n  File \"app.py\", line {rng.randrange(90)}, in view\nKeyError: 'id'</pre>",
            "<b>Fatal error</b>: Uncaught Error: Call to undefined function in /var/www/html/show.php on line 17",
            f"<span><H1>Server Error in '/' Application.</H1></span><code>[NullReferenceException]\n   Ceshi.Show.Page_Load(Object sender) in D:\\web\\Show.aspx.cs:{rng.randrange(90)}</code>",
            "<h1>Whitelabel Error Page</h1><p>This application has no explicit mapping for /error</p>",
        ]
    )
    return 200, wrapped(rng, words, rng.choice(["", "Error", "HTTP Status 500"])), [], "failed"


def server_default(rng):
    title, words = rng.choice(
        [
            (
                "Welcome to nginx!",
                "<h1>Welcome to nginx!</h1><p>If you see this page, the nginx web server is successfully installed and working.</p>",
            ),
            ("IIS7", "<a href='http://go.example/'><img src='welcome.png' alt='IIS7' width='571'></a>"),
            ("IIS Windows Server", "<img src='iisstart.png' alt='IIS'>"),
            ("Apache Tomcat/8.5.9", "<h1>Apache Tomcat/8.5.9</h1><p>If you're seeing this, you've successfully installed Tomcat.</p>"),
            ("", "<h1>It works!</h1>"),
            ("没有找到站点", "<h3>没有找到站点</h3><p>您的请求在Web服务器中没有找到对应的站点！</p>"),
            ("恭喜，站点创建成功！", "<h1>恭喜, 站点创建成功！</h1><p>本页面由系统自动生成</p>"),
            ("Index of /", "<h1>Index of /</h1><pre><a href='../'>../</a> <a href='a/'>a/</a></pre>"),
            ("502 Bad Gateway", "<center><h1>502 Bad Gateway</h1></center><hr><center>nginx</center>"),
            ("Test Page for the Nginx HTTP Server", "<p>This page is used to test the proper operation of the server.</p>"),
        ]
    )
    return 200, wrapped(rng, words, title), [("Server", "nginx")], "failed"


def soft_404(rng):
    frame = "<a href='/'>首页</a><a href='/zwgk/'>政务公开</a><p>主办：测试县人民政府办公室 备案号：测ICP备00000000号</p>"
    title, words = rng.choice(
        [
            ("页面不存在 - 测试县人民政府", ""),
            ("404", "抱歉"),
            ("404 - 找不到文件或目录。", "<h2>404 - 找不到文件或目录。</h2><h3>您要查找的资源可能已被删除</h3>"),
            ("测试县人民政府", "对不起，您访问的页面不存在或已被删除！"),
            ("测试县人民政府门户网站", "您查看的信息已被删除或者未审核"),
            ("提示信息", "该文章已删除，3秒后返回首页"),
            ("Not Found", "The requested URL was not found on this server."),
            ("HTTP Status 404 – Not Found", "<h1>HTTP Status 404 – Not Found</h1>"),
            ("測試區公所", "找不到該頁面"),
            ("出错了", "您要找的内容走丢了"),
            ("", "<script>alert('该信息不存在！');location.href='/'</script>"),
            ("测试县人民政府", "无法找到您要浏览的页面，链接已失效"),
        ]
    )
    return 200, wrapped(rng, words + (frame if "alert" not in words else ""), title), [], "soft_404"


def sent_home(rng):
    place = rng.choice(["/", "/index.html", "http://www.ceshi.gov.example/", "/404.html", "/error/404.htm", "/default.aspx", "/error.jsp"])
    return rng.choice([301, 302, 303, 307]), "", [("Location", place)], "soft_404"


def script_shell(rng):
    mount = rng.choice(
        [
            "<div id='app'></div>",
            '<div id="root"> </div>',
            "<div id=app class=page></div>",
            "<app-root></app-root>",
            "<div id='__nuxt'></div>",
        ]
    )
    body = wrapped(
        rng,
        f"<noscript>请启用 JavaScript</noscript>{mount}<script src='/static/{token(rng, 8)}.js'></script>",
        rng.choice(["", "政务公开", "测试县人民政府"]),
    )
    return 200, body, [], "failed"


def sends_on(rng):
    body = rng.choice(
        [
            wrapped(rng, "", head="<meta http-equiv='refresh' content='0;url=/zwgk/index.html'>"),
            "<script>window.location.href='/zwgk/';</script>",
            "<html><body><script language='javascript'>location.replace('./list.html')</script></body></html>",
        ]
    )
    return 200, body, [], "failed"


KINDS = [
    ruishu, jiasule, chuangyudun, wzws, c3vk, hoy, js_stub, captcha, waf_page, ip_block, too_frequent, maintenance, database_error,
    stack_trace, server_default, soft_404, sent_home, script_shell, sends_on,
]  # fmt: skip


def answers(kind):
    """Give the distinct answers of one kind as (capture, outcome): some in GBK, as half of such pages are."""
    rng = random.Random(kind.__name__)
    for number in range(VARIANTS):
        status, body, headers, outcome = kind(rng)
        charset = "gbk" if number % 3 == 2 else "utf-8"
        body = body.replace("charset='utf-8'", f"charset='{charset}'")
        headers = [("Content-Type", "text/html" if number % 2 else f"text/html; charset={charset}"), *headers]
        where = dict(headers).get("Location", "")
        location = f"http://www.ceshi.gov.example{where}" if where.startswith("/") else where
        capture = Capture(
            "", URL, datetime(2026, 3, 1, tzinfo=UTC), status, tuple(headers), body.encode(charset, "replace"), redirected_to=location
        )
        yield capture, outcome


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_recognition(kind):
    judged = [(classify(capture), outcome) for capture, outcome in answers(kind)]
    assert len(judged) >= 12
    missed = [
        (found.outcome, found.reason, found.status, found.body.decode("gb18030", "replace")[:200])
        for found, wanted in judged
        if found.outcome != wanted
    ]
    for one in missed:
        print(one)
    assert not missed, f"{kind.__name__}: {len(judged) - len(missed)} of {len(judged)} recognised"


def test_what_is_recognised_says_what_it_was_by():
    for kind in KINDS:
        assert all(classify(capture).reason for capture, _ in answers(kind)), kind.__name__


def real_pages():
    folders = [SHARED / "gold", SHARED / "listings"]
    return [
        path
        for folder in folders
        if folder.exists()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix not in {".json", ".md"}
    ]


HEADERS = [
    (),
    (("Content-Type", "text/html"), ("Server", "nginx")),
    (("Content-Type", "text/html;charset=UTF-8"), ("Set-Cookie", "__jsluid_h=1"), ("Server", "WAF")),
]


@pytest.mark.skipif(not real_pages(), reason="the shared pages are not here")
@pytest.mark.parametrize("role", ["notice", "listing"])
def test_false_alarms(role):
    alarms = []
    for number, path in enumerate(pages := real_pages()):
        capture = Capture("", URL, datetime(2026, 3, 1, tzinfo=UTC), 200, HEADERS[number % 3], path.read_bytes(), role=role)
        judged = classify(capture)
        if judged.outcome != "ok":
            alarms.append((path.name, judged.outcome, judged.reason))
    for alarm in alarms:
        print(alarm)
    assert len(alarms) <= 1, f"{len(alarms)} of {len(pages)} real pages are taken for something else"


def test_every_expression_takes_linear_time():
    """The pages are anybody's: an expression that could take longer is none we run over them."""
    known = signatures()
    patterns = [getattr(one, part) for one in (*known.firewalls, *known.errors) for part in ("header", "title", "text", "body", "unless")]
    patterns += [getattr(known.soft, part) for part in ("title", "body", "home", "error_page")]
    patterns += [getattr(known.shells, part) for part in known.shells.__slots__]
    assert [pattern.pattern for pattern in patterns if pattern is not None and why_not_linear(pattern.pattern)] == []
