"""What a takedown leaves in the index: nothing, earlier versions and files included, and what others share with the notice."""

import pytest

from archive.search import searchable
from archive.takedowns.acts import lift, scrub, take_down


def in_the_index(archive, character):
    """Say whether a character stands in any page of the index or of what is kept beside it."""
    written = character.encode(), character.encode("utf-16-le")
    with archive.reading() as connection:
        pages = [row[0] for row in connection.execute("select block from search_data union all select said from search_rows")]
    return any(each in page for page in pages for each in written)


@pytest.fixture
def work(kept):
    """Give a notice whose first version named somebody, with a file of its own."""
    change = kept.page(1, "名单：范菱龘、白芷", files=("a.xls",), day=0)
    kept.page(1, "名单：白芷", files=("a.xls",), day=1)
    kept.file("a.xls", "姓名：江篱靐", day=1.5)
    kept.page(2, "防汛工作" * 40, day=2)
    kept.archive.end_run(kept.archive.start_run("linshui"), "complete")
    return change.notice


def found(archive, *words):
    return [len(archive.search(word, history=True)) for word in words]


def test_earlier_versions_and_files_go_with_a_takedown_and_come_back_when_it_is_lifted(kept, work):
    words = ("范菱龘", "龘", "江篱靐", "防汛")
    assert found(kept.archive, *words) == [1, 1, 1, 1]
    takedown = take_down(kept.archive._store, work, "隐私")
    assert found(kept.archive, *words) == [0, 0, 0, 1]
    kept.archive.catch_up_search()
    kept.page(1, "名单：白芷、范菱龘", files=("a.xls",), day=3)
    assert found(kept.archive, *words) == [0, 0, 0, 1]
    lift(kept.archive._store, takedown.id, "更正")
    assert found(kept.archive, *words)[0] >= 1
    assert found(kept.archive, *words)[2:] == [1, 1]


def test_what_was_removed_has_no_postings_left_once_it_is_scrubbed(kept, work):
    assert searchable("龘靐") == "龘靐"
    assert in_the_index(kept.archive, "龘")
    assert in_the_index(kept.archive, "靐")
    take_down(kept.archive._store, work, "隐私", mode="removed")
    scrub(kept.archive._store)
    assert not in_the_index(kept.archive, "龘")
    assert not in_the_index(kept.archive, "靐")
    assert found(kept.archive, "防汛") == [1]


def test_a_file_that_others_have_too_is_found_with_them(kept):
    first = kept.page(1, "见附件", files=("a.xls",))
    kept.page(2, "见附件", files=("b.xls",))
    for name in ("a.xls", "b.xls"):
        kept.file(name, "江篱靐")
    kept.archive.catch_up_search()
    take_down(kept.archive._store, first.notice, "隐私")
    kept.archive.catch_up_search()
    assert kept.titles("江篱靐") == ["通知2"]
