from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from archive.times import stamp
from archive.versions import Parts, Version, in_effect, load_parts, parts_of, place, swap
from cleaners.records import Attachment, Notice

START = datetime(2024, 1, 1, tzinfo=UTC)
FILE = "https://www.linshui.gov.example/f.pdf"


def at(day):
    return stamp(START + timedelta(days=day))


def seen(day, text, number="", file=None):
    return Version(
        at(day), day, day, text, Parts({"document_number": number} if number else {}, ((FILE, file),) if file is not None else ())
    )


def test_a_changed_text_is_substantive_a_changed_number_metadata_and_the_same_nothing():
    kinds, timeline = [], ()
    for version in (seen(1, "a"), seen(2, "a"), seen(3, "b"), seen(4, "b", "临政发〔2024〕1号")):
        timeline, _, kind = place(timeline, version)
        kinds.append(kind)
    assert kinds == ["first", "unchanged", "substantive", "metadata"]


def test_a_text_that_comes_back_is_a_new_version():
    timeline = ()
    for day, text in enumerate("aba"):
        timeline, _, _ = place(timeline, seen(day, text))
    assert [version.text_digest for version in timeline] == ["a", "b", "a"]


def test_a_capture_that_arrives_late_finds_its_place():
    timeline, _, _ = place((), seen(5, "b"))
    timeline, version, kind = place(timeline, seen(1, "a"))
    assert (version.number, kind) == (1, "first")
    assert [(version.number, version.kind) for version in timeline] == [(1, "first"), (2, "substantive")]


def test_two_captures_of_one_moment_get_two_names():
    timeline, _, _ = place((), seen(1, "a"))
    timeline, version, _ = place(timeline, seen(1, "b"))
    assert version.captured_at == at(1).replace("00.000000", "00.000001")


def test_a_file_not_known_yet_is_no_change_and_is_filled_in_when_known():
    timeline, _, _ = place((), seen(1, "a", file=""))
    timeline = swap(timeline, FILE, "sha256:1", at(2), 2)
    assert len(timeline) == 1
    assert timeline[0].parts.files == ((FILE, "sha256:1"),)
    assert place(timeline, seen(3, "a", file=""))[2] == "unchanged"


def test_another_file_at_the_same_address_cuts_a_metadata_version():
    timeline, _, _ = place((), seen(1, "a", file="sha256:1"))
    timeline = swap(timeline, FILE, "sha256:2", at(2), 2)
    assert [version.kind for version in timeline] == ["first", "metadata"]
    assert swap(timeline, FILE, "sha256:2", at(3), 3) == timeline


def test_parts_are_number_issuer_dates_validity_and_files():
    notice = Notice(title="甲", issued=date(2024, 1, 2), creator="临水县", attachments=(Attachment(FILE + "#x", "附件"),))
    parts = parts_of(notice, {FILE: "sha256:1"})
    assert parts.fields == {"issued": "2024-01-02", "creator": "临水县"}
    assert parts.files == ((FILE, "sha256:1"),)
    assert load_parts(parts.dump()) == parts
    assert not parts.agrees(parts_of(Notice(title="甲", creator="临水县", attachments=notice.attachments)))


@given(st.lists(st.tuples(st.integers(0, 30), st.sampled_from("abc")), unique_by=lambda visit: visit[0], min_size=1), st.randoms())
def test_neighbours_always_differ_and_every_capture_finds_its_text(visits, order):
    shuffled = list(visits)
    order.shuffle(shuffled)
    timeline = ()
    for day, text in shuffled:
        before = {version.captured_at for version in timeline}
        timeline, version, _ = place(timeline, seen(day, text))
        assert version.text_digest == text
        assert before <= {version.captured_at for version in timeline}
    assert [version.number for version in timeline] == list(range(1, len(timeline) + 1))
    in_order = ()
    for day, text in sorted(visits):
        in_order, version, _ = place(in_order, seen(day, text))
        assert in_effect(in_order, at(day)) == version
    assert all(not a.agrees(b) for a, b in pairwise(in_order))
