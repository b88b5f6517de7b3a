"""Every exchange is kept as it happened, over real connections to a server that fails as told."""

import gzip
import hashlib


def test_notices_lists_and_robots_become_captures(server, crawl, http):
    server.answers |= {
        "/tzgg/": http.listing("/a/1.html", "/a/2.html"),
        "/a/1.html": http.reply(http.page(1)),
        "/a/2.html": http.reply(http.page(2)),
    }
    ran = crawl()
    found = ran.by_path()
    assert (ran.code, ran.outcome, ran.reason) == (0, "complete", ""), ran.log
    assert {path: [(c.role, c.outcome) for c in captures] for path, captures in found.items()} == {
        "/robots.txt": [("robots", "missing")],
        "/tzgg/": [("listing", "ok")],
        "/a/1.html": [("notice", "ok")],
        "/a/2.html": [("notice", "ok")],
    }
    page = found["/a/1.html"][0]
    assert page.body.decode() == http.page(1)
    assert (page.status, page.protocol, page.ip, page.site) == (200, "HTTP/1.1", "127.0.0.1", "ceshi")
    assert page.wire_digest == "sha256:" + hashlib.sha256(page.body).hexdigest()
    assert page.entry.title == "关于做好第0项测试工作的通知"
    assert "test@example.org" in dict(page.request_headers)["User-Agent"]
    assert ran.rows("select count(*) from versions") == [(2,)]


def notice(crawl, server, http, answer, **variables):
    """Crawl a list with one notice that is answered so, and give (run, captures of the notice)."""
    server.answers |= {"/tzgg/": http.listing("/a/1.html"), "/a/1.html": answer}
    ran = crawl(**variables)
    return ran, ran.by_path()["/a/1.html"]


def test_a_redirect_is_kept_hop_by_hop(server, crawl, http):
    server.answers["/a/new.html"] = http.reply(http.page(1))
    ran, (hop,) = notice(crawl, server, http, http.reply(status="301 Moved", headers=[("Location", "/a/new.html")]))
    assert (hop.outcome, hop.redirected_to, hop.status) == ("redirected", f"http://{http.host}/a/new.html", 301)
    (target,) = ran.by_path()["/a/new.html"]
    assert (target.outcome, target.role) == ("ok", "notice")
    assert crawl().by_path()["/a/1.html"] == [hop], "a notice that moved is not asked for again as if it had never come"


def test_a_redirect_to_the_home_page_is_a_soft_404_and_not_followed(server, crawl, http):
    _, (hop,) = notice(crawl, server, http, http.reply(status="302 Found", headers=[("Location", "/")]))
    assert (hop.outcome, hop.redirected_to) == ("soft_404", f"http://{http.host}/")
    assert "/" not in server.paths()


def test_an_unchanged_page_is_asked_for_conditionally(server, crawl, http):
    notice(crawl, server, http, http.reply(http.page(1), headers=[("ETag", '"v1"')]))
    server.answers["/a/1.html"] = b'HTTP/1.1 304 Not Modified\r\nETag: "v1"\r\n\r\n'
    ran = crawl(DIBAO_RECHECK="all")
    first, second = ran.by_path()["/a/1.html"]
    assert (first.outcome, second.outcome, second.status) == ("ok", "unchanged", 304)
    assert ("If-None-Match", '"v1"') in second.request_headers
    assert ran.rows("select count(*) from versions") == [(1,)]
    assert ran.outcome == "complete"


def test_a_missing_page_keeps_its_error_page_and_cuts_no_version(server, crawl, http):
    ran, (missing,) = notice(crawl, server, http, http.reply("<h1>404</h1>", status="404 Not Found"))
    assert (missing.outcome, missing.status, missing.body) == ("missing", 404, b"<h1>404</h1>")
    assert ran.rows("select count(*) from versions") == [(0,)]


def test_a_truncated_gzip_body_is_asked_for_again_and_never_a_version(server, crawl, http):
    whole = gzip.compress(http.page(1).encode())
    cut = http.reply(whole[:-20], headers=[("Content-Encoding", "gzip")])
    ran, captures = notice(crawl, server, http, cut)
    assert [(c.outcome, c.phase) for c in captures] == [("damaged", "decode")] * 2
    assert captures[0].body == whole[:-20]
    assert ran.rows("select count(*) from versions") == [(0,)]
    assert ran.outcome == "incomplete"


def test_a_damaged_body_made_good_by_asking_again_is_no_failure(server, crawl, http):
    whole = gzip.compress(http.page(1).encode())
    good, cut = (http.reply(body, headers=[("Content-Encoding", "gzip")]) for body in (whole, whole[:-20]))
    ran, captures = notice(crawl, server, http, [cut, good])
    assert [c.outcome for c in captures] == ["damaged", "ok"]
    assert (captures[1].content_encoding, captures[1].wire_length, captures[1].body.decode()) == ("gzip", len(whole), http.page(1))
    assert ran.outcome == "complete"


def test_a_body_shorter_than_declared_is_damaged(server, crawl, http):
    page = http.page(1).encode()
    _, captures = notice(crawl, server, http, http.reply(page[:100], length=len(page)))
    assert {(c.outcome, c.truncated) for c in captures} == {("damaged", "disconnect")}
    assert captures[0].body == page[:100]


def test_a_reset_before_any_answer_is_a_failure_with_its_phase(server, crawl, http, reset):
    _, captures = notice(crawl, server, http, reset(b""))
    assert {(c.status, c.outcome, c.phase) for c in captures} == {(None, "failed", "transfer")}
    assert captures[0].reason
    assert captures[0].elapsed is not None


def test_a_reset_within_the_page_is_damaged(server, crawl, http, reset):
    whole = http.reply(http.page(1), length=-1)
    _, captures = notice(crawl, server, http, reset(whole[:-40]))
    assert {c.outcome for c in captures} <= {"damaged", "failed"}


def test_silence_is_cut_at_the_timeout(server, crawl, http):
    code = "from crawler import settings, run; settings.DOWNLOAD_TIMEOUT = 1; settings.RETRY_TIMES = 0; raise SystemExit(run.main())"
    _, (silent,) = notice(crawl, server, http, lambda connection, _head: connection.recv(1), code=code)
    assert (silent.outcome, silent.phase, silent.truncated) == ("failed", "timeout", "time")


def test_a_page_robots_txt_forbids_is_recorded_and_not_asked_for(server, crawl, http):
    server.answers["/robots.txt"] = http.reply("User-agent: *\nDisallow: /a/\n", headers=[("Content-Type", "text/plain")])
    ran, (refused,) = notice(crawl, server, http, http.reply(http.page(1)))
    assert (refused.status, refused.outcome, refused.phase) == (None, "refused", "robots")
    assert "/a/1.html" not in server.paths()
    assert ran.by_path()["/robots.txt"][0].body.startswith(b"User-agent")


def test_a_challenge_stops_its_host_and_is_reported(server, crawl, http):
    server.answers |= {f"/a/{n}.html": http.reply(http.page(n)) for n in range(1, 9)}
    server.answers |= {"/tzgg/": http.listing(*(f"/a/{n}.html" for n in range(1, 9)))}
    server.answers["/a/3.html"] = http.reply("<script>$_ts=window['$_ts'];</script>", status="412 Precondition Failed")
    ran = crawl()
    assert (ran.code, ran.outcome) == (1, "incomplete")
    assert "challenge" in ran.reason
    assert server.paths()[-1] == "/a/3.html"
    assert ran.by_path()["/a/3.html"][0].outcome == "challenge"
    server.answers["/a/3.html"] = http.reply(http.page(3))
    again = crawl()
    assert again.outcome == "complete"
    assert again.rows("select count(*) from versions") == [(8,)]


def test_retry_after_is_waited_out(server, crawl, http):
    busy = http.reply("忙", status="503 Service Unavailable", headers=[("Retry-After", "1")])
    ran, captures = notice(crawl, server, http, [busy, http.reply(http.page(1))])
    assert [c.outcome for c in captures] == ["blocked", "ok"]
    assert captures[0].phase == ""
    times = [moment for path, moment, _ in server.asked if path == "/a/1.html"]
    assert times[1] - times[0] >= 1
    assert ran.outcome == "complete"


def test_a_long_retry_after_leaves_the_host_alone(server, crawl, http):
    server.answers |= {f"/a/{n}.html": http.reply("", status="429 Too Many", headers=[("Retry-After", "3600")]) for n in (1, 2)}
    server.answers |= {"/tzgg/": http.listing("/a/1.html", "/a/2.html")}
    ran = crawl()
    assert len([path for path in server.paths() if path.startswith("/a/")]) == 1
    assert "3600 s" in ran.reason
    asked = len(server.asked)
    assert f"{http.host} asks to be left alone for 3" in crawl().reason
    assert len(server.asked) == asked, "the next run begins before it may"


def test_an_attachment_is_fetched_kept_and_linked(server, crawl, http):
    page = http.page(1).replace("</div>", '</div><p>附件：<a href="/a/table.xlsx">测试项目表.xlsx</a></p>')
    server.answers["/a/table.xlsx"] = http.reply(b"PK\x03\x04 not really", headers=[("Content-Type", "application/vnd.ms-excel")])
    ran, _ = notice(crawl, server, http, http.reply(page))
    (file,) = ran.by_path()["/a/table.xlsx"]
    assert (file.role, file.outcome, file.body) == ("attachment", "ok", b"PK\x03\x04 not really")
    assert ran.rows("select url, capture is not null from attachments") == [(f"http://{http.host}/a/table.xlsx", 1)]
    # a file that cannot be read costs one record with a reason, and no run
    assert ran.outcome == "complete"
    ((flags, reason),) = ran.rows("select flags, reason from file_texts")
    assert "damaged" in flags
    assert reason
    assert '"file/damaged":1' in ran.rows("select counts from runs")[0][0]


def test_cookies_are_kept_out_unless_the_site_file_asks(server, crawl, http, tmp_path):
    server.answers |= {"/robots.txt": http.reply("", headers=[("Set-Cookie", "session=1; Path=/")]), "/tzgg/": http.listing("/a/1.html")}
    crawl()
    assert not any("cookie: session" in head.lower() for _, _, head in server.asked)
    crawl(site="cookies = true\n" + http.site, DIBAO_DB=str(tmp_path / "another.db"))  # robots.txt is asked for once a day and archive
    assert any("cookie: session" in head.lower() for _, _, head in server.asked)
