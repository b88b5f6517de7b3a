"""Lines of templates: learned from the pages of a site, in force from a rebuild on, and never taken for a change of the source."""

from datetime import UTC, datetime, timedelta

import pytest

from archive import Archive
from archive.rebuilding import learned
from archive.rebuilding.learned import Template, lines_of, templates_of
from cleaners.errors import ArchiveError
from cleaners.records import Capture
from crawler.reading import reader_for

HOST = "https://www.linshui.gov.example"
START = datetime(2024, 1, 1, tzinfo=UTC)
MENU = ("北岸政务一览", "北岸掌上办事", "北岸便民地图", "北岸热线为您服务")
OWN = ("各市、县人民政府：", "（此件公开发布）", "特此通知。", "临水市人民政府")
PLACES = ("东湖", "西湖", "南湖", "北湖", "中湖")


def body_of(number, edit=""):
    place = PLACES[number % 5]
    texts = [
        f"根据今年第{number}次会议的安排，{place}周边道路将于近期维修，请过往车辆注意绕行，施工期间给您带来不便，敬请谅解。",
        f"施工范围为{place}以东{number + 10}米，具体以现场标志为准，施工车辆一律从{place}西侧进出，不得占用公交车道。{edit}",
    ]
    lines = [OWN[0], *texts, OWN[2], OWN[3], f"2024年1月{number % 28 + 1}日", OWN[1], *MENU]
    paragraphs = "".join(f"<p>{line}</p>" for line in lines)
    title = f"关于{place}第{number}段道路维修的通知"
    page = f"<html><head><title>{title}</title></head><body><h1>{title}</h1><div class='content'>{paragraphs}</div></body></html>"
    return page.encode()


def crawl(archive, reader, day, pages=40, edit=None):
    """Look at every page as a crawl does; gives what each look told."""
    told = []
    for number in range(pages):
        url = f"{HOST}/tzgg/{number}.html"
        body = body_of(number, "新增一段。" if number == edit else "") + f"<!-- {day} -->".encode()
        capture = archive.add(Capture("linshui", url, START + timedelta(days=day, seconds=number), 200, (), body))
        notice, fingerprint = reader(capture)
        told.extend(archive.read(before, reader(before)[0], fingerprint=fingerprint) for before in archive.stale(capture, fingerprint))
        told.append(archive.read(capture, notice, fingerprint=fingerprint))
    return told


def reader_of(archive, plan=None):
    with archive.reading() as connection:
        return reader_for({}, learned.planned(connection, plan) if plan else learned.in_force(connection))


def known(archive):
    with archive.reading() as connection:
        return learned.lines(connection)


@pytest.fixture
def archive(tmp_path):
    with Archive.open(tmp_path / "a.db") as archive:
        archive.keep_site("linshui")
        yield archive


def test_learned_in_force_at_one_moment_and_told_as_the_cleaners(archive):
    crawl(archive, reader_of(archive), 0)
    assert archive.search(MENU[0])
    assert learned.learn(archive._store) == len(MENU)
    assert {line.line for line in known(archive)} == set(MENU)
    assert {(line.state, line.in_force) for line in known(archive)} == {("proposed", False)}
    told = crawl(archive, reader_of(archive), 1)  # proposed is not in force
    assert {(change.kind, change.cause) for change in told} == {("unchanged", "source")}
    report = archive.rebuild(reader_of(archive, "linshui"), site="linshui")
    assert report.readings == {"cleaner": 80}
    assert (report.cut, report.merged) == (0, 0)
    assert {(line.state, line.in_force, line.by) for line in known(archive)} == {("active", True, "rebuild")}
    assert not archive.search(MENU[0])
    for text in OWN:
        assert archive.count(f'"{text}"') == 40, text
    told = crawl(archive, reader_of(archive), 2, edit=7)
    assert [change.kind for change in told if change.kind != "unchanged"] == ["substantive"]
    assert {change.cause for change in told} == {"source"}
    assert learned.learn(archive._store) == 0
    assert min(line.pages_seen for line in known(archive)) == 40  # what was taken away as learned counts on


def test_a_crawl_after_lines_came_into_force_and_before_its_pages_were_read_by_them(archive):
    crawl(archive, reader_of(archive), 0)
    learned.learn(archive._store)
    with archive.write() as connection:  # a rebuild killed right after its first transaction
        learned.put_in_force(connection, "linshui", MENU)
    told = crawl(archive, reader_of(archive), 1, edit=3)
    assert {(change.kind, change.cause) for change in told} == {("cleaner", "cleaner"), ("unchanged", "source"), ("substantive", "source")}
    assert sum(change.kind == "substantive" for change in told) == 1


def test_what_the_operator_unpins_is_never_in_force_and_what_he_pins_always(archive):
    crawl(archive, reader_of(archive), 0)
    learned.learn(archive._store)
    learned.decide(archive._store, "linshui", MENU[1], "unpinned")
    learned.decide(archive._store, "linshui", "北岸之窗", "pinned")
    archive.rebuild(reader_of(archive, "linshui"), site="linshui")
    with archive.reading() as connection:
        assert set(learned.in_force(connection)["linshui"]) == {*MENU, "北岸之窗"} - {MENU[1]}
    learned.learn(archive._store)
    assert {line.line: line.state for line in known(archive)}[MENU[1]] == "unpinned"
    learned.decide(archive._store, "linshui", MENU[2], "unpinned")
    archive.rebuild(reader_of(archive, "linshui"), site="linshui")
    with archive.reading() as connection:
        assert MENU[2] not in learned.in_force(connection)["linshui"]


def test_refused_decisions_say_why(archive):
    with pytest.raises(ArchiveError, match="reads like a document's own"):
        learned.decide(archive._store, "linshui", "临水市水利局", "pinned")
    with pytest.raises(ArchiveError, match="dibao learn --site linshui"):
        learned.decide(archive._store, "linshui", "从未见过", "unpinned")
    with pytest.raises(ArchiveError, match="no such site"):
        learned.decide(archive._store, "nowhere", "北岸之窗", "pinned")


def test_too_few_pages_teach_nothing(archive):
    crawl(archive, reader_of(archive), 0, pages=29)
    assert learned.learn(archive._store) == 0


def test_templates_are_the_reader_on_a_host_and_in_its_folders():
    assert templates_of(f"{HOST}/tzgg/202401/t1.html", "layout:.TRS") == (
        "www.linshui.gov.example layout:.TRS",
        "www.linshui.gov.example/tzgg/ layout:.TRS",
    )
    assert templates_of(f"{HOST}/1.html", "density") == ("www.linshui.gov.example density",)


def test_lines_are_those_at_the_ends_that_no_rule_knows():
    document = {
        "uncleaned": "\n".join(
            ["菜单之甲", "打印本页", *(f"第{number}段正文的内容。" for number in range(30)), "中间的行", "甲\t乙", "菜 单之乙", OWN[3]]
        ),
        "removals": [{"rule": "print", "category": "print", "position": [1, 0, 5], "text": "打印本页\n"}],
        "paragraphs": [{"text": "甲\t乙", "kind": "row"}],
    }
    assert lines_of(document) == {"菜单之甲": "菜单之甲", "菜单之乙": "菜 单之乙", "中间的行": "中间的行"}


def test_counting_a_large_template_lets_rare_lines_go_and_is_hardly_off():
    template = Template()
    for number in range(5000):
        template.count({f"只有一次{number}": ""} | ({"菜单": "菜单"} if number % 3 else {}) | ({"后来": "后来"} if number > 3000 else {}))
    assert len(template.lines) < 2100
    found = {folded: seen for folded, _, seen in template.frequent()}
    assert found == {"菜单": 3333, "后来": 1999}
