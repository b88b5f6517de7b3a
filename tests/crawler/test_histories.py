"""Histories: whatever a list server plays, every notice of every CMS family is kept, none twice, and "complete" means complete."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from functools import cache

import pytest
from model_crawl import ModelCrawl, site_file

from archive.store import Archive
from cleaners.urls import canonical_url
from crawler.demo.content import column_notices
from crawler.demo.model import families, site_named, sites
from crawler.demo.scenes import Play, Scene
from crawler.demo.web import ModelWeb
from crawler.network.addresses import MODEL_WEB
from spiders.listing import read_safely

RUNS = 4  # after so many runs every list is read to its end
WHOLE = frozenset({"npath_flat", "govcn", "xinhua"})  # families that give a list in one page
ROWS_COME = {"npath_flat": 0, "govcn": 0, "xinhua": 1}  # the list page, from 0, at which their rows come
SITES = (*sites(), *families())


remembered = cache(read_safely)


@pytest.fixture(autouse=True)
def read_once(monkeypatch):
    """Read each list page once, however often it is served: reading is pure, and most of the work."""
    monkeypatch.setattr("spiders.spider.read_safely", remembered)


def urls(notices):
    return {canonical_url(notice.url) for notice in notices}


def scene_for(site, play):
    """A play that begins deep in the list, or where the rows come when there is one page of them."""
    return Scene(play, after=ROWS_COME.get(site.family, 2))


def lasting(site, scene):
    """What a complete history of the first column holds."""
    published = column_notices(site, site.columns[0], 1)
    return urls(scene.lasting(published, len(published) if site.family in WHOLE else site.page_size))


@pytest.mark.parametrize("play", Play, ids=str)
@pytest.mark.parametrize("site", SITES, ids=lambda site: f"{site.family}-{site.name}")
def test_every_family_keeps_its_whole_history(site, play):
    scene = scene_for(site, play)
    crawl = ModelCrawl(site.name, scene)
    expected, published = lasting(site, scene), urls(column_notices(site, site.columns[0], 1))
    ends = [crawl.run()]
    while not ends[-1].complete and len(ends) < RUNS:
        ends.append(crawl.run())
    reachable = play is not Play.FIRST_ONLY or site.family in WHOLE
    assert ends[-1].complete == reachable, ends
    if play is Play.ADDED:
        crawl.run()  # what appeared above the reader is for the next run at the latest
    assert expected - set(crawl.fetched) == set()
    assert set(crawl.fetched) - published == set()
    assert [url for url, times in crawl.fetched.items() if times > 1] == []


@pytest.mark.parametrize("site", SITES, ids=lambda site: f"{site.family}-{site.name}")
def test_the_run_of_the_next_day_brings_what_is_new_and_asks_for_nothing_again(site):
    crawl = ModelCrawl(site.name, Scene())
    assert crawl.run().complete
    before, crawl.day = Counter(crawl.fetched), 2
    assert crawl.run().complete
    expected = urls(column_notices(site, site.columns[0], 2)) - urls(column_notices(site, site.columns[0], 1))
    assert set(crawl.fetched - before) == expected
    assert crawl.fetched - before == Counter(expected)


@pytest.mark.parametrize("template", ["", "index_{page}.html"], ids=["read", "by hand"])
@pytest.mark.parametrize("play", [Play.STUB, Play.CHALLENGE, Play.ERROR], ids=str)
@pytest.mark.parametrize("after", [1, 2, 3, 5])
def test_a_page_spoilt_for_a_whole_run_breaks_its_chain_and_nothing_else(play, after, template):
    site = site_named("model-empire")
    crawl = ModelCrawl(site.name, Scene(play, after, times=2), template=template)
    ends = [crawl.run() for _ in range(3)]
    assert set(crawl.fetched) == lasting(site, Scene())
    assert not ends[0].complete or after > 3  # a page that came before it was spoilt was read
    assert ends[-1].complete


@pytest.mark.parametrize("play", Play, ids=str)
def test_paging_by_hand_keeps_the_whole_history(play):
    site = site_named("model-empire")
    scene = Scene(play)
    crawl = ModelCrawl(site.name, scene, template="index_{page}.html")
    for _ in range(RUNS):
        complete = crawl.run().complete
    assert lasting(site, scene) <= set(crawl.fetched) <= urls(column_notices(site, site.columns[0], 1))
    assert complete == (play is not Play.FIRST_ONLY)
    assert set(crawl.fetched.values()) == {1}


OVER_LOOPBACK = (  # site, play, after how many list pages, how many runs it takes
    ("model-jpaas", Play.SHRINK_TOP, 3, 1),
    ("model-renmin", Play.PINNED_ON_ALL, 2, 1),
    ("model-eportal", Play.CHALLENGE, 2, 2),
    ("model-lonsuncontent", Play.STUB, 2, 2),
)


def begin_crawl(name, folder, hosts):
    """Start a crawl of one site in a process of its own, as `dibao crawl` does."""
    given = {
        "DIBAO_DB": folder / f"{name}.db",
        "DIBAO_SITES": site_file(name).parent,
        MODEL_WEB: hosts,
        "DIBAO_CONTACT": "test@example.org",
    }
    environment = {**os.environ, **{key: str(value) for key, value in given.items()}}
    command = [sys.executable, "-P", "-m", "crawler.run", name]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    return subprocess.Popen(command, env=environment, cwd=folder, **pipes)


def finish(child):
    """Wait for a crawl with its standard input left open: its end tells the child to stop. Gives what it told last."""
    told = child.stdout.read().decode().splitlines()
    child.wait(timeout=60)
    child.stdin.close()
    child.stdout.close()
    return json.loads(told[-1])


@pytest.fixture(scope="module")
def crawled(tmp_path_factory):
    """Crawl the sites side by side while their servers play, as often as it takes; give the folder of archives and the last outcomes."""
    folder = tmp_path_factory.mktemp("histories")
    with ModelWeb(families=True) as web:
        hosts = folder / "hosts.json"
        web.write_hosts(hosts)
        for name, play, after, _ in OVER_LOOPBACK:
            web.play(site_named(name).host, play, after=after)
        outcomes = {}
        for run in (1, 2):
            children = {name: begin_crawl(name, folder, hosts) for name, _, _, runs in OVER_LOOPBACK if run <= runs}
            outcomes |= {name: finish(child).get("outcome") for name, child in children.items()}
        yield folder, outcomes


@pytest.mark.parametrize(("name", "play"), [case[:2] for case in OVER_LOOPBACK], ids=str)
def test_a_real_crawl_keeps_the_whole_history(crawled, name, play):
    folder, outcomes = crawled
    site = site_named(name)
    notices = column_notices(site, site.columns[0], 1)
    with Archive.open(folder / f"{name}.db") as archive:
        kept = Counter(capture.url for capture in archive.captures() if capture.role == "notice" and capture.outcome == "ok")
        with archive.reading() as connection:
            titles = {row[0] for row in connection.execute("select title from notices where version is not null")}
    assert urls(Scene(play).lasting(notices, site.page_size)) <= set(kept) <= urls(notices)
    assert set(kept.values()) == {1}
    assert titles == {notice.title for notice in notices if canonical_url(notice.url) in kept}
    assert outcomes[name] == "complete"
