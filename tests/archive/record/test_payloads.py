import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive import Archive
from archive.record import payloads
from archive.record.packing import make, repack, train
from archive.record.payloads import digest_of, keep_dictionary, keep_payload, open_payload, pack, packed_size, unpack, zstd
from cleaners.errors import ArchiveError
from cleaners.records import Capture, Notice

START = datetime(2024, 1, 1, tzinfo=UTC)
TEMPLATE = "".join(f"<div class='column-{n}'><a href='/col{n}/index.html'>栏目{n}</a></div>" for n in range(300))


@pytest.fixture
def archive(tmp_path):
    with Archive.open(tmp_path / "a.db") as archive:
        yield archive


def page(number, site="linshui"):
    body = f"<html><title>通知{number}</title>{TEMPLATE}<p>第{number * 7919}号文件，请认真贯彻执行。</p></html>".encode()
    return Capture(site, f"https://www.{site}.gov.example/{number}.html", START + timedelta(minutes=number), 200, (), body)


def sizes(archive):
    with archive.reading() as connection:
        return [tuple(row) for row in connection.execute("select size, length(body), dictionary from payloads order by stored_at")]


@given(body=st.binary(max_size=200))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_bytes_come_back(archive, body):
    with archive.write() as connection:
        number = keep_payload(connection, body, "linshui")
        assert keep_payload(connection, body, "qinghe") == number
        assert open_payload(connection, digest_of(body)) == body


def test_the_same_bytes_are_stored_once(archive):
    for day in range(5):
        archive.add(Capture("linshui", f"https://www.linshui.gov.example/{day}", START + timedelta(days=day), 200, (), b"same"))
    assert len(sizes(archive)) == 1
    assert [capture.body for capture in archive.captures()] == [b"same"] * 5


@pytest.mark.parametrize("pages", [1, 40])
def test_new_payloads_use_the_newest_dictionary_and_are_smaller(archive, pages):
    bodies = [archive.add(page(number)).body for number in range(pages)]
    archive.train_dictionary("linshui")
    number = archive.train_dictionary("linshui")
    bodies.append(archive.add(page(999)).body)
    archive.add(page(5000, site="qinghe"))
    *_, plain, packed, other = sizes(archive)
    assert (plain[2], packed[2], other[2]) == (None, number, None)
    assert packed[1] < plain[1] / 2
    assert [capture.body for capture in archive.captures("linshui")] == bodies


def test_a_site_without_pages_has_nothing_to_train_on(archive):
    with pytest.raises(ArchiveError, match="no pages"):
        archive.train_dictionary("linshui")


def test_damage_is_found(archive):
    archive.add(page(1))
    with archive.write() as connection:
        connection.execute("update payloads set body = zeroblob(10)")
    with pytest.raises(ArchiveError, match="damaged"):
        list(archive.captures())


@pytest.fixture
def few(monkeypatch):
    """Let a site have its first dictionary after four pages."""
    monkeypatch.setattr("archive.record.packing.FIRST_PAGES", 4)


def run(archive, captures):
    """Keep and read pages in a run of their own; gives the number of dictionaries after it."""
    number = archive.start_run("linshui")
    for capture in captures:
        kept = archive.add(capture, number)
        archive.read(kept, Notice(title=kept.url), fingerprint="f")
    archive.end_run(number, "complete")
    with archive.reading() as connection:
        return connection.execute("select count(*) from dictionaries").fetchone()[0]


def test_a_site_gets_its_dictionary_at_the_end_of_a_run_and_its_first_pages_are_packed_again(archive, few):
    digests = [capture.payload_digest for capture in map(page, range(4))]
    assert run(archive, map(page, range(3))) == 0
    plain = sizes(archive)
    assert run(archive, [page(3)]) == 1
    packed = sizes(archive)
    assert [row[2] for row in plain + packed] == [None] * 3 + [1] * 4
    assert all(after[1] < before[1] / 2 for before, after in zip(plain, packed, strict=False))
    with archive.reading() as connection:
        assert [open_payload(connection, digest) for digest in digests] == [page(number).body for number in range(4)]
        assert connection.execute("select count(*) from payloads where waiting is not null").fetchone()[0] == 0


def test_a_site_that_has_grown_tenfold_gets_another_dictionary_only_where_that_helps(archive, few):
    assert [run(archive, map(page, numbers)) for numbers in (range(4), range(4, 39), [39], range(40, 45))] == [1, 1, 1, 1]
    new = [replace(page(number), body=b"<html>" + page(number).body[::-1]) for number in range(1000, 1400)]
    assert run(archive, new) == 2
    bodies = [page(number).body for number in range(45)] + [capture.body for capture in new]
    assert [capture.body for capture in archive.captures()] == bodies


def test_packing_again_stops_in_time_and_goes_on_later(archive, few):
    for number in range(100):
        archive.add(page(number))
    store = archive._store
    make(store, "linshui")
    assert repack(store, until=0) == 0
    assert [row[2] for row in sizes(archive)] == [None] * 100
    assert repack(store) == 100
    assert repack(store) == 0
    assert [capture.body for capture in archive.captures()] == [page(number).body for number in range(100)]


def test_what_a_dictionary_does_not_make_smaller_or_that_is_damaged_stays_as_it_is(archive):
    bodies = [random.Random(number).randbytes(900) for number in range(3)]
    for number, body in enumerate(bodies):
        archive.add(replace(page(number), body=body))
    for number in range(10, 20):
        archive.add(page(number))
    with archive.write() as connection:
        connection.execute("update payloads set body = zeroblob(10) where id = 13")
    make(archive._store, "linshui")
    assert repack(archive._store) == 9
    assert [row[2] for row in sizes(archive)] == [None] * 3 + [1] * 9 + [None]


def test_pages_of_no_known_site_share_a_dictionary_by_their_host(archive, few):
    number = archive.start_run(None, kind="import")
    for each in range(4):
        archive.add(replace(page(each), site=""), number)
    archive.end_run(number, "complete")
    with archive.reading() as connection:
        assert [
            tuple(row) for row in connection.execute("select site, (select count(*) from payloads where dictionary = 1) from dictionaries")
        ] == [("www.linshui.gov.example", 4)]


def test_dictionaries_are_compressed_and_those_of_older_archives_are_not(archive):
    body = TEMPLATE.encode()
    with archive.write() as connection:
        number = keep_dictionary(connection, "linshui", body)
        packed = pack(connection, body + b"x", number)
        stored = connection.execute("select body from dictionaries").fetchone()[0]
        assert len(stored) < len(body) / 2
        for kept in (stored, body):
            connection.execute("update dictionaries set body = ?", (kept,))
            payloads._open.clear()
            assert unpack(connection, packed, number) == body + b"x"
        connection.execute("update dictionaries set body = ?", (body[1:],))
        payloads._open.clear()
        with pytest.raises(ArchiveError, match="dictionary of linshui is damaged"):
            unpack(connection, packed, number)


@pytest.mark.parametrize("number", [1, 2, 3, 20])
def test_a_dictionary_is_chosen_by_pages_it_was_not_made_of(number):
    pages = [page(each).body for each in range(number)]
    others = [page(each).body for each in range(100, 110)]
    assert packed_size(others, train(pages)) < sum(len(zstd.compress(each)) for each in others) / 2
