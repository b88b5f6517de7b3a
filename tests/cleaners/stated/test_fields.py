"""One field, several readings: the most trusted is believed, the others are kept."""

from datetime import UTC, date, datetime, timedelta, timezone

from cleaners import Capture
from cleaners.stated.fields import Reading, as_republican, choose_date, choose_text, read_dates

SHANGHAI = timezone(timedelta(hours=8))


def capture(url: str = "https://www.linshui.gov.example/a.html") -> Capture:
    return Capture(site="", url=url, captured_at=datetime(2031, 6, 1, tzinfo=UTC), status=200, headers=(), body=b"")


def test_the_first_that_says_something() -> None:
    value, evidence = choose_text((Reading("", "table"), Reading("临水日报", "label", "来源：临水日报"), Reading("本网", "meta")))
    assert value == "临水日报"
    assert evidence is not None
    assert (evidence.place, evidence.snippet, evidence.candidates) == ("label", "来源：临水日报", (("本网", "meta"),))
    assert choose_text(()) == (None, None)


def test_trust_goes_from_the_table_to_the_address() -> None:
    readings = [Reading("2031-05-09 10:00", "meta"), Reading("2031-05-07", "label"), Reading("2031-05-08", "table")]
    value, evidence, conflict = choose_date(read_dates(readings, capture("https://www.linshui.gov.example/202105/t20310506_1.html")))
    assert value == date(2031, 5, 8)
    assert evidence is not None
    assert {place for _, place in evidence.candidates} == {"label", "meta", "url"}
    assert not conflict


def test_the_time_of_the_same_day_is_taken_along() -> None:
    value, _, _ = choose_date(read_dates([Reading("2031-05-07", "label"), Reading("2031-05-07 08:30", "meta")], capture()))
    assert value == datetime(2031, 5, 7, 8, 30, tzinfo=SHANGHAI)


def test_days_no_page_can_have_been_issued_on_are_left_out() -> None:
    assert read_dates([Reading("2031-06-20", "label"), Reading("1935-01-01", "label"), Reading("2031年5月", "label")], capture()) == []


def test_places_that_disagree_by_more_than_three_days_conflict() -> None:
    assert choose_date(read_dates([Reading("2031-05-07", "label"), Reading("2031-05-11", "meta")], capture()))[2]
    assert not choose_date(read_dates([Reading("2031-05-07", "label"), Reading("2031-05-10", "meta")], capture()))[2]


def test_short_years_of_a_traditional_page_are_those_of_the_republic() -> None:
    said = ["110-03-22", "99/3/2", "[110.03.22]", "110-03-22 09:10", "2021-03-22", "110-03-22-7", "第110-1号"]
    found = [read_dates([as_republican(Reading(one, "label"))], capture()) for one in said]
    assert [dated[0].value.isoformat()[:10] if dated else None for dated in found] == [
        *("2021-03-22", "2010-03-02", "2021-03-22", "2021-03-22", "2021-03-22"),
        *(None, None),
    ]
    assert read_dates([Reading("110-03-22", "label")], capture()) == []
