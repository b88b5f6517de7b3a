from datetime import date, timedelta

import pytest

from archive.search import leave_out
from archive.search.looking import Most
from cleaners.errors import ArchiveError


def text(pieces):
    return "".join(piece for piece, _ in pieces)


def test_filters_go_with_words_or_alone(kept):
    kept.archive.keep_site("linshui", "临水县人民政府")
    kept.page(1, "防汛工作", type="通知", creator="临水县水务局")
    kept.page(2, "防汛工作", date(2024, 2, 1), type="公告", creator="临水县应急管理局 临水县水务局")
    kept.page(3, "防汛工作", date(2023, 2, 1), site="qinghe", type="通知")
    assert kept.titles("防汛", type="通知") == ["通知1", "通知3"]
    assert kept.titles("防汛 文种:公告") == kept.titles(type="公告") == kept.titles("type:公告") == ["通知2"]
    assert kept.titles("防汛", creator="水务局") == kept.titles("机关:水务局") == ["通知2", "通知1"]
    assert kept.titles("防汛", site="qinghe") == kept.titles("防汛 -site:linshui") == ["通知3"]
    assert kept.titles("防汛", since="2024", until=date(2024, 1, 31)) == kept.titles("日期:2024-01") == ["通知1"]
    assert kept.archive.count("防汛", site="linshui", since="2024-02") == 1
    with pytest.raises(ArchiveError, match="2024-05"):
        kept.titles("防汛", since="去年")


def test_a_site_goes_by_a_part_of_its_title_too(kept):
    kept.archive.keep_site("linshui", "临水县人民政府")
    kept.page(1, "防汛工作")
    assert kept.titles("防汛 站点:临水县") == ["通知1"]
    assert kept.titles("防汛", site="青河") == []
    assert [remark.kind for remark in kept.archive.search("防汛 站点:青河").query.remarks] == ["site"]


def test_a_hit_says_where_it_was_hit(kept):
    kept.page(1, "见附件", files=("防汛名单.xls",))
    kept.file("防汛名单.xls", "姓名\n范菱歌\n" + "某某\n" * 50)
    kept.archive.catch_up_search()
    [hit] = kept.archive.search("范菱歌 见附件")
    assert (hit.field, hit.file) == ("file", "防汛名单.xls")
    assert ("范菱歌", True) in hit.snippet
    [hit] = kept.archive.search("见附件")
    assert (hit.field, hit.file, hit.snippet) == ("text", "", (("见附件", True),))
    [hit] = kept.archive.search("通知1")
    assert (hit.field, hit.title) == ("title", (("通知1", True),))
    [hit] = kept.archive.search("防汛")
    assert hit.field == "file"
    [hit] = kept.archive.search("site:linshui")
    assert (hit.field, text(hit.snippet)) == ("", "见附件")


def test_text_that_was_removed_is_found_in_history(kept):
    kept.page(1, "低保名单：范菱歌、白芷", day=0)
    kept.page(1, "低保名单：白芷", day=1)
    kept.page(1, "低保名单：白芷、江篱", day=2)
    assert kept.archive.search("范菱歌") == []
    assert kept.archive.count("范菱歌") == 0
    [hit] = kept.archive.search("范菱歌", history=True)
    assert hit.older
    assert (hit.captured_at[:10], hit.until[:10]) == ("2024-06-01", "2024-06-02")
    assert ("范菱歌", True) in hit.snippet
    assert kept.archive.count("白芷", history=True) == 3
    assert [hit.older for hit in kept.archive.search("白芷", history=True)].count(False) == 1
    assert len(kept.archive.search("白芷")) == 1


def test_files_of_earlier_versions_are_found_in_history(kept):
    kept.page(1, "见附件", files=("a.xls",), day=0)
    kept.file("a.xls", "范菱歌", b"one", day=0.1)
    kept.file("a.xls", "白芷", b"two", day=1)
    kept.archive.catch_up_search()
    assert kept.titles("白芷") == ["通知1"]
    assert kept.titles("范菱歌") == []
    [hit] = kept.archive.search("范菱歌", history=True)
    assert (hit.older, hit.field, hit.file) == (True, "file", "a.xls")


def test_what_is_left_out_is_found_nowhere_any_more(kept):
    change = kept.page(1, "范菱歌", day=0)
    kept.page(1, "白芷", day=1)
    with kept.archive.write() as connection:
        leave_out(connection, change.notice)
    for query in ("范菱歌", "白芷", "site:linshui", "-无"):
        assert kept.archive.search(query, history=True) == []


def test_relevance_ranks_the_newest_hits(kept, monkeypatch):
    kept.page("甲", "防汛一次，其余的都是别的事情" * 5, date(2024, 1, 3))
    kept.page("乙", "防汛防汛防汛", date(2024, 1, 2))
    kept.page("防汛", "关于工作", date(2024, 1, 1))
    assert kept.titles("防汛") == ["通知甲", "通知乙", "通知防汛"]
    assert kept.titles("防汛", relevance=True) == ["通知防汛", "通知乙", "通知甲"]
    assert kept.titles("防汛", relevance=True, limit=1, offset=1) == ["通知乙"]
    monkeypatch.setattr("archive.search.finding.SCORED", 2)
    hits = kept.archive.search("防汛", relevance=True)
    assert (hits.scored, len(hits)) == (2, 2)
    assert kept.archive.search("防汛").scored is None


def test_counts_are_capped_and_say_so(kept, monkeypatch):
    for number in range(7):
        kept.page(number, "防汛工作" + "旱" * (number == 3), date(2024, 1, 1))
    assert (kept.archive.count("防汛"), kept.archive.count("防汛").capped, str(kept.archive.count("防汛"))) == (7, False, "7")
    monkeypatch.setattr("archive.search.finding.COUNT_CAP", 5)
    assert (kept.archive.count("防汛"), kept.archive.count("防汛").capped, str(kept.archive.count("防汛"))) == (5, True, "5+")
    monkeypatch.setattr("archive.search.finding.COUNTED_ENOUGH", 3)
    assert str(kept.archive.count("汛")) == "3+"
    assert str(kept.archive.count("旱")) == "1"
    assert str(kept.archive.count("汛 工作")) == "3+"


@pytest.mark.parametrize("looked", [1, 3, 1000])
def test_a_character_is_found_the_same_whether_rows_are_looked_at_or_gathered(kept, monkeypatch, looked):
    for name in ("LOOKED", "COUNTED"):
        monkeypatch.setattr(f"archive.search.finding.{name}", Most(looked, looked))
    for number in range(12):
        kept.page(
            number,
            ("防汛" if number % 5 == 0 else "抗旱") + ("甲" if number % 2 else ""),
            date(2024, 1, 1 + number),
            files=("名单.xls",) * (number == 1),
        )
    kept.file("名单.xls", "汛期")
    kept.archive.catch_up_search()
    assert kept.titles("汛") == ["通知10", "通知5", "通知1", "通知0"]
    assert kept.titles("汛", limit=2) == ["通知10", "通知5"]
    assert kept.titles("汛", before=kept.archive.search("汛", 2)[-1].row) == ["通知1", "通知0"]
    assert kept.titles("汛 甲") == ["通知5", "通知1"]
    assert kept.titles("汛 -甲") == ["通知10", "通知0"]
    assert kept.titles("汛 甲 抗旱") == ["通知1"]
    assert kept.titles("汛 OR (甲 日期:2024-01-04)") == ["通知10", "通知5", "通知3", "通知1", "通知0"]
    assert set(kept.titles("汛", relevance=True)) == {"通知10", "通知5", "通知1", "通知0"}
    assert (kept.archive.count("汛"), kept.archive.count("汛 甲"), kept.archive.count("汛 -甲")) == (4, 2, 2)


@pytest.mark.parametrize("looked", [1, 6, 1000])
def test_a_long_word_is_found_the_same_whether_rows_of_its_rare_pairs_are_looked_at_or_not(kept, monkeypatch, looked):
    for name in ("LOOKED", "COUNTED"):
        monkeypatch.setattr(f"archive.search.finding.{name}", Most(looked, looked))
    for number in range(40):
        apart = "防汛抗旱，落实" + "旱，责" * (number % 4 == 1)
        text = "防汛抗旱责任落实" if number % 8 == 0 else apart
        kept.page(number, text + "。防汛工作落实" * 2, date(2024, 1, 1) + timedelta(number), files=("名单.xls",) * (number == 33))
    kept.file("名单.xls", "防汛抗旱责任")
    kept.archive.catch_up_search()
    expected = [f"通知{number}" for number in (33, 32, 24, 16, 8, 0)]
    assert kept.titles('"防汛抗旱责任"') == expected
    assert kept.titles('"防汛抗旱责任"', limit=2) == expected[:2]
    assert kept.titles("抗旱责任 防汛工作 文种:通知 OR 抗旱责任落实") == expected[1:]
    assert kept.titles("抗旱责任 -任落实") == ["通知33"]
    assert kept.titles("防汛抗旱 -防汛抗旱") == []
    number = kept.archive.count("防汛抗旱责任")
    assert number == 6 or (number.capped and number < 6)
    assert set(kept.titles("防汛抗旱责任", relevance=True)) <= set(expected)


def test_a_query_without_a_word_finds_nothing_and_one_that_only_leaves_out_finds_the_rest(kept):
    kept.page(1, "防汛")
    kept.page(2, "抗旱")
    assert kept.archive.search("。") == []
    assert kept.archive.search("") == []
    assert kept.titles("-防汛") == ["通知2"]


def test_a_search_says_how_many_notices_wait(kept):
    kept.page(1, "见附件", files=("a.xls",))
    assert kept.archive.search("名单").pending == 0
    kept.file("a.xls", "名单")
    assert kept.archive.search("名单").pending == 1
    run = kept.archive.start_run("linshui")
    kept.archive.end_run(run, "complete")
    hits = kept.archive.search("名单")
    assert (hits.pending, len(hits)) == (0, 1)
