"""What a run says of a site as a whole."""

from datetime import UTC, datetime, timedelta

import pytest

from archive import Archive
from archive.life.kinds import State
from archive.life.outages import LEAST, Check, judge
from archive.life.states import Verdict
from cleaners.records import Capture, Notice, Paragraph

START = datetime.now(UTC) + timedelta(hours=1)  # of the captures; runs begin now
SITE = "https://www.linshui.gov.example"


def checks(alive, failing, known=0):
    return [
        *(Check(Verdict.ALIVE, "2026-03-01") for _ in range(alive)),
        *(Check(Verdict.FAILURE, "2026-03-02") for _ in range(failing)),
        *(Check(Verdict.FAILURE, "2026-03-02", failing_since="2026-02-01") for _ in range(known)),
    ]


@pytest.mark.parametrize(
    ("alive", "failing", "known", "came", "outage"),
    [
        (20, 5, 0, True, False),  # a fifth, and not more
        (19, 5, 0, True, True),
        (0, 4, 0, True, False),  # few: they may well have been taken down
        (0, 1, 0, False, True),  # nothing at all came of the site
        (3, 0, 9, True, False),  # known to fail: these are confirmations
        (5, 0, 0, False, False),
    ],
)
def test_an_outage_is_more_than_a_fifth_failing_at_once(alive, failing, known, came, outage):
    assert LEAST == 5
    assert (judge(1, "linshui", checks(alive, failing, known), came=came) is not None) is outage


@pytest.fixture
def archive(tmp_path):
    with Archive.open(tmp_path / "a.db") as opened:
        opened.keep_site("linshui")
        yield opened


def visit(archive, day, outcomes, lists="ok"):
    run = archive.start_run("linshui")
    with archive.write() as connection:  # the run of that day
        connection.execute(
            "update runs set started_at = ? where id = ?", ((START + timedelta(days=day)).isoformat()[:19] + ".000000Z", run)
        )
    moment = START + timedelta(days=day, minutes=1)
    archive.add(Capture("linshui", f"{SITE}/tz/", moment, 200, (), b"list", role="listing", outcome=lists), run)
    for number, outcome in outcomes.items():
        archive.add(Capture("linshui", f"{SITE}/{number}.html", moment, 200, (), b"page", outcome=outcome), run)
    archive.end_run(run, "complete")
    with archive.reading() as connection:
        states = connection.execute("select url, state from addresses where url like '%.html' order by id").fetchall()
        return [row["state"] for row in states], connection.execute("select reason from runs where id = ?", (run,)).fetchone()[0]


def test_what_fails_in_an_outage_is_unknown_and_never_counts(archive):
    well, broken = dict.fromkeys(range(6), "ok"), {**dict.fromkeys(range(4), "missing"), 4: "failed", 5: "ok"}
    assert visit(archive, 0, well) == (["live"] * 6, "")
    for day in (1, 2, 4):
        states, reason = visit(archive, day, broken)
        assert states == [*["unknown"] * 5, "live"]
        assert reason.startswith("outage: 5 of 6 notices failed")
    assert visit(archive, 5, well)[0] == ["live"] * 6
    with archive.reading() as connection:
        assert connection.execute("select count(*) from outages").fetchone()[0] == 3
        kept = connection.execute("select last_before, evidence ->> '$.run' from address_states where state = 'unknown'").fetchall()
    assert len(kept) == 5
    assert all(row[0] and row[1] for row in kept)


def test_what_goes_on_failing_while_the_rest_of_the_site_is_well_is_gone_in_the_end(archive):
    everything, most = dict.fromkeys(range(9), "ok"), {**dict.fromkeys(range(6), "missing"), **dict.fromkeys(range(6, 9), "ok")}
    visit(archive, 0, everything)
    assert visit(archive, 1, most)[0][:6] == [State.UNKNOWN] * 6
    assert visit(archive, 3, most)[0][:6] == [State.UNKNOWN] * 6
    assert visit(archive, 9, most)[0][:6] == [State.FAILING] * 6
    assert visit(archive, 10, most)[0][:6] == [State.FAILING] * 6
    assert visit(archive, 12, most)[0] == [*[State.GONE] * 6, *[State.LIVE] * 3]


def test_a_few_pages_that_are_taken_down_are_no_outage(archive):
    visit(archive, 0, dict.fromkeys(range(4), "ok"))
    few = {0: "missing", 1: "ok", 2: "ok", 3: "ok"}
    for day in (1, 2, 4):
        states, reason = visit(archive, day, few)
    assert (states, reason) == ([State.GONE, "live", "live", "live"], "")


LONG = "为做好秋冬季森林防火工作，各乡镇要落实护林员巡查制度，严格野外用火审批，发现火情立即上报并组织扑救，确保人民群众生命财产安全。" * 2


def test_a_site_that_gave_all_pages_new_addresses_is_not_out_and_its_pages_moved(archive):
    def see(run, day, number, outcome, address):
        at = START + timedelta(days=day, minutes=number)
        kept = archive.add(Capture("linshui", f"{SITE}/{address}/{number}.html", at, 200, (), b"page", outcome=outcome), run)
        if outcome == "ok":
            text = (Paragraph(f"{LONG}第{number}号。"),)
            archive.read(kept, Notice(title=f"关于第{number}项工作的通知", paragraphs=text), fingerprint="f")

    for day, answers in ((0, {"old": "ok"}), (1, {"new": "ok", "old": "missing"}), (4, {"new": "ok", "old": "missing"})):
        run = archive.start_run("linshui")
        for address, outcome in answers.items():
            for number in range(8):
                see(run, day, number, outcome, address)
        archive.end_run(run, "complete")
    assert not list(archive.events(kinds=["outage", "failing", "gone"]))
    assert [event.evidence["target"] for event in archive.events(kinds=["moved"])] == [f"{SITE}/new/{number}.html" for number in range(8)]


def test_a_site_that_does_not_even_give_its_robots_txt_is_out_and_refuses_nothing(archive):
    visit(archive, 0, dict.fromkeys(range(6), "ok"))
    run = archive.start_run("linshui")
    for number in range(6):
        moment, reason = START + timedelta(days=1), "robots.txt could not be read (HTTP 503), so nothing else is asked for"
        archive.add(
            Capture("linshui", f"{SITE}/{number}.html", moment, None, (), b"", outcome="refused", phase="robots", reason=reason), run
        )
    archive.end_run(run, "incomplete")
    assert [str(event.kind) for event in archive.events() if event.kind != "first_seen"] == ["outage"]
    with archive.reading() as connection:
        assert {row[0] for row in connection.execute("select state from addresses where url like '%.html'")} == {"unknown"}
