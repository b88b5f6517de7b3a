import random
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from related import Kept, edited, prose

from archive.locks import hold
from archive.relations import relate_new, summary
from archive.store import Archive
from cleaners.records import Notice, Paragraph

GREEN = "临水县人民政府关于印发《临水县绿化办法》的通知"


def pages():
    """Some notices that have much to do with one another, as arguments of `Kept.put`."""
    text = prose(1)
    number = {"document_number": "临政发〔2026〕1号"}
    return [
        ("origin", GREEN, text, {"issued": date(2026, 3, 1), "created": date(2026, 2, 27), "creator": "临水县人民政府", **number}),
        ("copy", GREEN, edited(text, 4), {"site": "yunbei", "issued": date(2026, 3, 5), "source": "临水县人民政府", **number}),
        ("again", GREEN, text, {"site": "qingyu", "issued": date(2026, 3, 4), **number}),
        ("old", "临水县绿化暂行办法", prose(2), {"issued": date(2015, 1, 1), "document_number": "临政发〔2015〕8号"}),
        ("repeal", "关于废止旧办法的决定", "决定废止《临水县绿化暂行办法》（临政发〔2015〕8号）。", {"issued": date(2026, 3, 2)}),
        ("cite", "关于开展绿化检查的通知", "按照《临水县绿化办法》和临政发〔2026〕1号的要求办理。", {"issued": date(2026, 4, 1)}),
        ("explain", "《临水县绿化办法》政策解读", "一、背景。" + prose(3, 120), {"issued": date(2026, 3, 3)}),
        (
            "form24",
            "临水县2024年度信息公开年报",
            edited(prose(5), 6, 1) + "2024年受理12件",
            {"created": date(2025, 1, 9), "issued": date(2025, 1, 10)},
        ),
        (
            "form25",
            "临水县2025年度信息公开年报",
            edited(prose(5), 6, 2) + "2025年受理31件",
            {"created": date(2026, 1, 8), "issued": date(2026, 1, 9)},
        ),
        ("conflict", GREEN, prose(9), {"site": "linglan", "issued": date(2026, 3, 9), **number}),
    ]


EXPECTED = {
    ("copy", "repost", "origin"), ("again", "repost", "origin"), ("repeal", "repeals", "old"), ("cite", "cites", "origin"),
    ("explain", "explains", "origin"), ("form25", "same form", "form24"), ("conflict", "same number", "origin"),
}  # fmt: skip


def put(kept, page):
    name, title, text, fields = page
    kept.put(name, title, text, **fields)


def test_everything_is_told_as_what_it_is(kept):
    for page in pages():
        put(kept, page)
    assert kept.relate().changed == len(pages())
    assert kept.relations() == EXPECTED
    assert kept.relate().looked_at == 0


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.permutations(range(10)), st.sets(st.integers(0, 9), max_size=6), st.randoms(use_true_random=False))
def test_the_order_of_arrival_changes_nothing(tmp_path_factory, order, passes, random_):
    """With passes in between or none, with notices that said something else before, and derived again from nothing."""
    states = []
    for way in ("one", "other"):
        with Archive.open(tmp_path_factory.mktemp(way) / "a.db") as archive:
            kept = Kept(archive)
            for place, at in enumerate(order if way == "other" else range(10)):
                name, title, text, fields = pages()[at]
                if way == "other" and place % 3 == 0:
                    kept.put(name, "另一标题的通知公告", prose(50 + at), site=fields.get("site", "linshui"))
                    kept.relate()
                kept.put(name, title, text, again=int(way == "other"), **fields)
                if way == "other" and place in passes:
                    kept.relate()
            kept.relate()
            states.append(kept.derived())
            if way == "other":
                kept.relate(every=True)
                states.append(kept.derived())
    assert states[0] == states[1] == states[2]


def test_what_is_wanted_is_kept_and_found_when_it_comes(kept):
    put(kept, pages()[5])
    kept.relate()
    assert kept.relations() == set()
    assert summary(kept.archive)[1] == 2  # by its title, and by its number
    assert {row["target"] for row in kept.rows("select target from citations")} == {None}
    put(kept, pages()[0])
    kept.relate()
    assert kept.relations() == {("cite", "cites", "origin")}
    assert summary(kept.archive) == ({"cites": 1}, 0)


def test_a_notice_that_changed_means_what_it_says_now(kept):
    put(kept, pages()[3])
    put(kept, pages()[4])
    kept.relate()
    assert kept.relations("repeals") == {("repeal", "repeals", "old")}
    kept.put("repeal", "关于废止旧办法的决定", "另行通知。", again=1)
    kept.relate()
    assert kept.relations() == set()


def test_a_pass_is_cut_short_and_goes_on(kept, monkeypatch):
    monkeypatch.setattr("archive.relations.passes.STEP", 4)
    for page in pages():
        put(kept, page)
    first = kept.relate(most=4)
    assert (first.looked_at, first.left) == (4, True)
    assert kept.relate().looked_at == 6
    assert kept.relations() == EXPECTED


def test_the_end_of_a_run_relates_what_it_brought(kept):
    run = kept.archive.start_run("linshui")
    for page in pages():
        put(kept, page)
    kept.archive.end_run(run, "complete")
    assert kept.relations() == EXPECTED


def test_a_run_that_brought_nothing_relates_nothing(tmp_path):
    import subprocess
    import sys

    script = (
        "import sys; from archive import Archive\n"
        f"with Archive.open({str(tmp_path / 'a.db')!r}) as archive: archive.end_run(archive.start_run('x'), 'complete')\n"
        "assert 'archive.relations.following' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


def test_two_runs_that_end_at_once_do_not_relate_twice(kept):
    put(kept, pages()[0])
    with hold(kept.archive.path, "relate"):
        assert relate_new(kept.archive).left
    assert relate_new(kept.archive).changed == 1


def test_a_rebuild_brings_relations_in_line(kept):
    for page in pages()[:3]:
        put(kept, page)
    kept.relate()
    kept.archive.rebuild(lambda capture: (Notice(title="一", paragraphs=(Paragraph(prose(len(capture.body))),)), "g"))
    assert kept.relations() == set()


def test_withheld_notices_leave_nothing_and_come_back(kept):
    from archive.takedowns.acts import lift, take_down

    for page in pages():
        put(kept, page)
    kept.relate()
    before = kept.derived()
    taken = take_down(kept.archive._store, kept.names["repeal"], "当事人要求")
    assert not [one for one in kept.relations() if "repeal" in one]
    assert kept.rows("select * from citations where notice = ?", kept.names["repeal"]) == []
    kept.relate(every=True)
    assert kept.rows("select * from citations where notice = ?", kept.names["repeal"]) == []
    lift(kept.archive._store, taken.id, "误报")
    assert kept.derived() == before


def test_an_archive_of_before_is_related_by_the_next_pass(kept):
    for page in pages():
        put(kept, page)
    with kept.archive.write() as connection:
        for table in ("profiles", "relations", "citations", "related_until"):
            connection.execute(f"delete from {table}")
    assert kept.relate().changed == len(pages())


@pytest.mark.parametrize("seed", range(3))
def test_pages_that_go_and_come_leave_what_there_is(kept, seed):
    """Notices that say one thing, then another, then the first again, end where they began."""
    random_ = random.Random(seed)
    for page in pages():
        put(kept, page)
    kept.relate()
    before = kept.derived()
    chosen = random_.sample(pages(), 4)
    for name, _, _, fields in chosen:
        kept.put(name, "暂时的标题与通知", prose(70), again=1, site=fields.get("site", "linshui"))
    kept.relate()
    assert kept.relations() != EXPECTED
    for name, title, text, fields in chosen:
        kept.put(name, title, text, again=2, **fields)
    kept.relate()
    assert kept.derived() == before
