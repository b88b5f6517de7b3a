"""Pages read in processes of their own: the same comes of it, and a page that ends its process costs that page."""

import pytest
from toy_cleaner import Toy, keep

from archive import Archive
from archive.rebuilding.workers import workers
from cleaners.errors import ArchiveError

DERIVED = ("captures", "readings", "versions", "notices", "attachments", "removals", "addresses", "moves", "address_states")


def dump(archive):
    with archive.reading() as connection:
        return {table: [tuple(row) for row in connection.execute(f"select * from {table} order by 1, 2")] for table in DERIVED}


def fill(archive, pages=40):
    for number in range(pages):
        for day in range(number % 4 + 1):
            keep(archive, number, day, text=f"第{number}页 {day // 2}", counter=f"{day}次", site="linshui" if number % 3 else "beian")


def test_the_number_of_workers_changes_nothing(tmp_path):
    results = []
    for processes in (0, 1, 3):
        with Archive.open(tmp_path / f"{processes}.db") as archive:
            fill(archive)
            report = archive.rebuild(Toy("plain"), processes=processes)
            results.append((report, without_clocks(dump(archive))))
    assert results[0] == results[1] == results[2]
    assert results[0][0].readings == {"cleaner": 100}


def without_clocks(tables):
    """Leave out record ids and the times of this run: all that may differ between two archives."""
    return {name: [tuple(value for value in row if not _is_chance(value)) for row in rows] for name, rows in tables.items()}


def _is_chance(value):
    return isinstance(value, bytes) or (isinstance(value, int) and value > 1_700_000_000)


def test_a_page_that_ends_its_process_is_named_and_keeps_what_it_said(tmp_path):
    with Archive.open(tmp_path / "a.db") as archive:
        for number in range(20):
            keep(archive, number, 1, Toy(deadly=False), text=f"第{number}页", counter="1次", deadly=number == 7)
        keep(archive, 20, 1, text="甲", fails=True, read=False)
        report = archive.rebuild(Toy("plain"), processes=2)
        assert {url.rsplit("/")[-1] for url in report.failures} == {"7.html", "20.html"}
        assert "SIGSEGV" in next(reason for url, reason in report.failures.items() if url.endswith("/7.html"))
        assert report.readings == {"cleaner": 19}
        assert len(archive.search("第7页")) == 1
        assert not archive.rebuild(Toy("plain"), processes=2).changed


def test_a_reader_that_cannot_travel_is_refused_and_says_what_to_do(tmp_path):
    with Archive.open(tmp_path / "a.db") as archive, pytest.raises(ArchiveError, match="processes=0"):
        archive.rebuild(lambda _: (Toy(), ""), processes=2)


def test_a_damaged_payload_costs_its_page(tmp_path):
    with Archive.open(tmp_path / "a.db") as archive:
        keep(archive, 1, 1, text="甲")
        keep(archive, 2, 1, text="乙")
        with archive.write() as connection:
            connection.execute("update payloads set body = zeroblob(20) where id = 1")
        report = archive.rebuild(Toy("plain"))
        assert [url.rsplit("/")[-1] for url in report.failures] == ["1.html"]
        assert report.captures == 2
        assert len(archive.search("甲")) == 1


def test_what_comes_back_comes_in_order_and_little_is_ahead(tmp_path):
    with Archive.open(tmp_path / "a.db") as archive:
        asked = []

        def numbers():
            for number in range(30):
                asked.append(number)
                yield number, number

        with workers(archive._store, Toy(), 2) as team:
            for number, (what, given) in enumerate(team.each(lambda argument: argument * 2, numbers())):
                assert (what, given) == (number, 2 * number)
                assert len(asked) <= number + 6
