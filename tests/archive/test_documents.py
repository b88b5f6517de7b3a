from datetime import UTC, date, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from archive.documents import dump_entry, dump_notice, load_entry, load_notice, storable
from cleaners.records import Attachment, Entry, Evidence, Notice, Paragraph, Removal, Span

words = st.text(max_size=8) | st.sampled_from(["a\x00b", "\ud800", "通知\n"])
maybe = st.none() | words
moments = st.none() | st.dates() | st.datetimes(timezones=st.just(timezone(timedelta(hours=8))))
notices = st.builds(
    Notice,
    title=maybe,
    issued=moments,
    created=moments,
    source=maybe,
    document_number=maybe,
    validity=maybe,
    paragraphs=st.lists(st.builds(Paragraph, words, words, st.integers(0, 6), st.tuples(words, words)), max_size=3).map(tuple),
    attachments=st.lists(st.builds(Attachment, words, words, words, words), max_size=2).map(tuple),
    removals=st.lists(st.builds(Removal, words, words, st.tuples(*[st.integers(0, 99)] * 3), words), max_size=2).map(tuple),
    spans=st.lists(st.builds(Span, words, st.integers(0, 9), st.integers(0, 9), st.integers(0, 9)), max_size=2).map(tuple),
    flags=st.lists(words, max_size=2).map(tuple),
    evidence=st.dictionaries(
        words, st.builds(Evidence, words, words, words, words, st.lists(st.tuples(words, words), max_size=2).map(tuple)), max_size=2
    ),
    meta=st.dictionaries(words, words, max_size=2),
    canonical=words,
    uncleaned=words,
)


@given(notices)
def test_a_notice_comes_back_as_it_was(notice):
    assert load_notice(dump_notice(notice)) == notice


@given(notices)
def test_what_is_written_fits_a_column(notice):
    dump_notice(notice).encode("utf-8")


def test_days_stay_days_and_times_keep_their_zone():
    back = load_notice(dump_notice(Notice(issued=date(2024, 1, 2), created=datetime(2024, 1, 2, 8, tzinfo=UTC))))
    assert type(back.issued) is date
    assert back.created == datetime(2024, 1, 2, 8, tzinfo=UTC)


@given(st.builds(Entry, words, words, moments, words))
def test_an_entry_comes_back_as_it_was(entry):
    assert load_entry(dump_entry(entry)) == entry


def test_storable_keeps_nul_and_replaces_what_is_no_character():
    assert storable("甲\x00乙\udc80") == "甲\x00乙\ufffd"
