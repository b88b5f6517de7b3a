"""The model web's ground truth: enough notices, each its own text, and exactly the promised events between the days."""

import itertools
import subprocess
import sys
from collections import Counter

import pytest

from crawler.demo.content import column_notices, notices
from crawler.demo.model import model, sites, today


def shingles(text):
    return {text[k : k + 5] for k in range(len(text) - 4)}


def by_url(day):
    return {notice.url: notice for notice in notices(day)}


def test_at_least_300_works_and_as_many_addresses():
    assert len({notice.work for notice in notices(2) if notice.outcome != "refused"}) >= 320
    assert len(by_url(2)) == len(notices(2))


def test_every_column_fills_three_to_five_list_pages():
    for site in sites():
        for column in site.columns:
            pages = -(-len(column_notices(site, column, 1)) // site.page_size)
            assert 3 <= pages <= 5, (site.name, column.name)


def test_titles_are_unique_within_a_site():
    titles = [(notice.site, notice.title) for notice in notices(2)]
    assert len(titles) == len(set(titles))


def test_no_two_unrelated_notices_are_near_duplicates():
    texts = [(notice, shingles(notice.text)) for notice in notices(2) if notice.text]
    for (one, left), (other, right) in itertools.combinations(texts, 2):
        if one.work != other.work:
            assert len(left & right) < 0.5 * len(left | right), (one.url, other.url)


def test_no_notice_says_a_thing_twice():
    for notice in notices(2):
        said = [block.text for block in notice.paragraphs]
        assert len(said) == len(set(said)), notice.url


def test_dates_lie_in_2026_and_never_after_the_clock():
    for day in (1, 2):
        for notice in notices(day):
            assert notice.listed.year == 2026
            assert notice.listed <= today(day)
            assert notice.created is None or notice.created <= notice.listed


def test_lists_are_newest_first():
    for site in sites():
        for column in site.columns:
            dates = [notice.listed for notice in column_notices(site, column, 2)]
            assert dates == sorted(dates, reverse=True), (site.name, column.name)


def test_nothing_is_left_of_the_templates():
    for notice in notices(2):
        for word in (notice.title, notice.text, *(line for file in notice.attachments for line in file.lines)):
            assert not set("{}[]|") & set(word), notice.url


def test_official_parts_stand_in_the_text():
    for notice in notices(2):
        for part in (notice.signatory, notice.addressee):
            assert part is None or part in notice.text
        if notice.created:
            assert f"{notice.created.year}年{notice.created.month}月{notice.created.day}日" in notice.text


def test_all_the_topics_asked_for_occur():
    words = " ".join(notice.title + notice.text for notice in notices(1))
    assert all(word in words for word in ("扶贫", "通知", "公示", "交通", "医疗保障", "招聘", "扶貧"))


def test_forms_of_every_kind():
    forms = Counter(notice.form for notice in notices(1))
    assert set(forms) == {"directive", "bulletin", "roster", "news", "brief", "speech", "scan", "enclosure"}
    assert forms["scan"] == 1
    assert sum(bool(notice.attachments) for notice in notices(1)) >= 30
    assert {file.kind for notice in notices(1) for file in notice.attachments} == {"pdf", "docx", "xlsx", "ofd", "zip"}


def test_day_2_adds_sixteen_notices_and_takes_none_away():
    before, after = by_url(1), by_url(2)
    assert set(before) < set(after)
    assert len(after) - len(before) == 16


def test_day_2_changes_exactly_what_is_promised():
    before, after = by_url(1), by_url(2)
    changed = {url: notice for url, notice in after.items() if url in before and notice != before[url]}
    assert Counter((notice.change, notice.outcome) for notice in changed.values()) == {
        ("text", "ok"): 1,
        ("date", "ok"): 1,
        ("counter", "ok"): 1,
        ("", "missing"): 1,
        ("", "soft_404"): 1,
        ("", "challenge"): 1,
    }
    assert not any(notice.twin for notice in changed.values())


def test_the_edits_touch_what_they_name_only():
    before, after = by_url(1), by_url(2)
    for url, notice in after.items():
        if notice.change == "text":
            pairs = list(zip(before[url].paragraphs, notice.paragraphs, strict=True))
            assert sum(old != new for old, new in pairs) == 1
            assert notice.issued == before[url].issued
        if notice.change == "date":
            assert notice.paragraphs == before[url].paragraphs
            assert notice.issued != before[url].issued
        if notice.change == "counter":
            assert notice.hits != before[url].hits
            assert (notice.text, notice.issued) == (before[url].text, before[url].issued)


def test_one_document_is_reposted_by_three_sites_with_small_edits():
    work = next(work for work, count in Counter(notice.work for notice in notices(2)).items() if count > 1)
    copies = [notice for notice in notices(2) if notice.work == work]
    assert len({notice.site for notice in copies}) == 4
    assert len({notice.text for notice in copies}) == 4
    assert len({notice.document_number for notice in copies}) == 1
    for one, other in itertools.combinations(copies, 2):
        left, right = shingles(one.text), shingles(other.text)
        assert len(left & right) > 0.7 * len(left | right)


def test_days_after_the_second_change_nothing_more():
    assert notices(3) == notices(2)


def test_another_process_draws_the_same():
    code = "from crawler.demo.content import notices; import hashlib; print(hashlib.sha256(repr(notices(2)).encode()).hexdigest())"
    digests = {subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout for _ in range(2)}
    assert len(digests) == 1


@pytest.mark.parametrize("site", sites(), ids=lambda site: site.name)
def test_places_are_marked_as_invented(site):
    assert site.host.endswith(".example")
    assert site.division_code == "" or site.division_code.startswith("99")


def test_every_event_names_a_notice_of_day_1():
    for event in model()["events"]:
        assert any(notice.site == event["site"] and notice.column == event["column"] for notice in notices(1))
