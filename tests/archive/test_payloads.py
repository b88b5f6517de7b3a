from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive import Archive
from archive.payloads import digest_of, keep_payload, open_payload
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


def test_a_site_gets_its_dictionary_at_the_end_of_a_run_and_another_when_it_has_grown_tenfold(archive, monkeypatch):
    monkeypatch.setattr("archive.payloads.FIRST_PAGES", 4)

    def run(numbers):
        number = archive.start_run("linshui")
        for each in numbers:
            capture = archive.add(page(each), number)
            archive.read(capture, Notice(title=f"通知{each}"), fingerprint="f")
        archive.end_run(number, "complete")
        with archive.reading() as connection:
            return connection.execute("select count(*) from dictionaries").fetchone()[0]

    assert [run(range(3)), run([3]), run([4]), run(range(5, 39)), run([39])] == [0, 1, 1, 1, 2]
    assert [row[2] for row in sizes(archive)] == [None] * 4 + [1] * 36
    assert [capture.body for capture in archive.captures()] == [page(number).body for number in range(40)]
