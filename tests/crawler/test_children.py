"""Several sites at a time, never two on one host, and every end is told."""

import asyncio
from pathlib import Path

import pytest

from crawler import children
from crawler.children import Options, Result, crawl_sites
from crawler.progress import Plain, Quiet, summary
from spiders.site import parse_site


def site(name, host):
    return parse_site(
        {"title": name, "homepage": f"http://{host}/", "level": "central", "channels": [{"name": "通知", "url": f"http://{host}/tz/"}]},
        name,
    )


SITES = [site("a", "one.example"), site("b", "one.example"), site("c", "two.example"), site("d", "three.example")]


class Recorder(Plain):
    def __init__(self):
        self.lines = []

    def begin(self, site):
        self.lines.append(("begin", site))

    def end(self, site, outcome, reason, counts):
        self.lines.append(("end", site, outcome))

    def log(self, site, line):
        self.lines.append(("log", site, line))


@pytest.fixture
def overlaps(monkeypatch):
    """Replace the child by a short wait, and record which sites ran together."""
    together, running = set(), set()

    async def pretend(one, _options, _show, _stop):
        running.add(one.name)
        together.update(frozenset({one.name, other}) for other in running - {one.name})
        await asyncio.sleep(0.02)
        running.discard(one.name)
        return Result(one.name, "complete")

    monkeypatch.setattr(children, "_crawl_one", pretend)
    return together


def test_sites_on_one_host_never_run_together(overlaps):
    results = crawl_sites(SITES, Options(Path("x.db"), jobs=4), Quiet())
    assert [result.site for result in results] == ["a", "b", "c", "d"]
    assert frozenset({"a", "b"}) not in overlaps
    assert frozenset({"a", "c"}) in overlaps


def test_no_more_run_together_than_wished(overlaps):
    crawl_sites(SITES, Options(Path("x.db"), jobs=1), Quiet())
    assert overlaps == set()


def test_a_child_that_dies_without_a_word_is_an_error_not_silence(monkeypatch, tmp_path):
    monkeypatch.setattr(children.sys, "executable", "/bin/false")
    show = Recorder()
    (result,) = crawl_sites(SITES[:1], Options(tmp_path / "x.db", "a@example.org"), show)
    assert result.outcome == "error"
    assert "exit code 1" in result.reason
    assert show.lines == [("begin", "a"), ("end", "a", "error")]


def test_an_error_of_the_child_is_told_in_its_words(tmp_path):
    (result,) = crawl_sites(SITES[:1], Options(tmp_path / "x.db", "a@example.org"), Quiet())
    assert result.outcome == "error"
    assert "no site 'a'" in result.reason


def test_options_reach_the_child_as_its_environment(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    given = Options(Path("x.db"), "a@example.org", (Path("s"),), "all", 9, environment={"EXTRA": "1"}).variables()
    assert given["DIBAO_DB"] == str(tmp_path / "x.db")
    assert (given["DIBAO_SITES"], given["DIBAO_RECHECK"], given["DIBAO_BUDGET"], given["EXTRA"]) == (str(tmp_path / "s"), "all", "9", "1")


def test_counts_are_said_in_one_line():
    assert summary(
        {"captures": 9, "ok": 6, "missing": 2, "challenge": 1, "change/first": 4, "change/substantive": 1, "change/metadata": 1}
    ) == ("9 captures, 4 new, 2 changed, 2 missing, 1 challenge")


def test_quiet_says_only_what_went_wrong(capsys):
    Quiet().end("a", "complete", "", {})
    assert capsys.readouterr().err == ""
    Quiet().end("a", "failed", "empty list", {"captures": 1})
    assert capsys.readouterr().err == "a: failed: 1 captures, 0 new (empty list)\n"


def test_a_result_says_whether_the_operator_stopped_it():
    assert Result("a", "incomplete", "stopped before it began").stopped
    assert Result("a", "incomplete", "stopped: shutdown; channel 通知: was not read to its end").stopped
    assert not Result("a", "incomplete", "stopped: memusage_exceeded").stopped
    assert not Result("a", "complete").stopped
