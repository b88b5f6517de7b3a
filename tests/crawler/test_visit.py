"""A visit asks for a few pages as a crawl would, and keeps nothing."""

import pytest

from archive.locks import hold
from cleaners.errors import ArchiveError, NoticeError
from crawler.visit import Visit
from spiders.paging import Next

HOST = "www.linshui.gov.example"
LIST = f"http://{HOST}/zwgk/tzgg/"


def test_pages_come_with_what_became_of_them(web, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with Visit.of(LIST, "test@example.org", delay=0.01) as visit:
        page = visit.fetch(LIST)
        gone = visit.fetch(Next(f"http://{HOST}/nix.html"), role="notice")
        outcomes = [visit.fetch(url).outcome for url in (f"http://{HOST}/zwgk/nbzl/a.html", "http://other.example/", "http://127.0.0.1/")]
    assert (page.status, page.outcome, page.role) == (200, "ok", "listing")
    assert "通知公告".encode() in page.body
    assert (gone.status, gone.outcome, gone.role) == (404, "missing", "notice")
    assert outcomes == ["refused"] * 3  # by robots.txt, as another site's, as an address that is not public
    assert [capture.url for capture in visit.captures][:2] == [f"http://{HOST}/robots.txt", LIST]
    assert not any(path.startswith("/zwgk/nbzl") for host, _, path, _ in web.log if host == HOST)
    agent = next(value for name, value in page.request_headers if name.lower() == "user-agent")
    assert agent.startswith("dibao/")
    assert "test@example.org" in agent
    assert list(tmp_path.iterdir()) == []


def test_a_visit_is_short_and_never_anonymous(web):
    with pytest.raises(NoticeError, match="No contact"):
        Visit.of(LIST, " ")
    with pytest.raises(NoticeError, match="no address"):
        Visit.of("tzgg.html", "test@example.org")
    for inner in ("http://127.0.0.1/", "http://10.0.0.1/tzgg/", "http://localhost/", "http://[::1]/"):
        with pytest.raises(NoticeError, match="not a public"):
            Visit.of(inner, "test@example.org")
    assert Visit.of("http://8.8.8.8/tzgg/", "test@example.org").site.allow_offsite == ()  # many a county is served without a name
    with Visit.of(LIST, "test@example.org", delay=0.01, most=1) as visit:
        visit.fetch(LIST)
        with pytest.raises(NoticeError, match="all it may"):
            visit.fetch(LIST)


def test_a_domain_that_is_being_crawled_is_left_to_the_crawl(tmp_path, monkeypatch):
    db = tmp_path / "archive.db"
    db.touch()
    monkeypatch.setenv("DIBAO_DB", str(db))
    with hold(db, f"host:{HOST}", "crawl linshui"), pytest.raises(ArchiveError, match="crawl linshui"):
        Visit.of(LIST, "test@example.org").__enter__()


def test_a_visit_that_cannot_begin_says_why(tmp_path):
    (tmp_path / "hosts.json").write_text("no json")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DIBAO_MODEL_WEB", str(tmp_path / "hosts.json"))
        with Visit.of(LIST, "test@example.org") as visit, pytest.raises(NoticeError, match=r"ended early.*DIBAO_MODEL_WEB"):
            visit.fetch(LIST)


def test_a_page_for_the_browser_is_not_asked_for_without_one(monkeypatch):
    monkeypatch.setenv("DIBAO_CHROMIUM", "/no/such/chromium")
    with pytest.raises(NoticeError, match=r"dibao\[js\]|apt-get install chromium"):
        Visit.of(LIST, "test@example.org", javascript=True)
