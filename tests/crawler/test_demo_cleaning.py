"""What the cleaners make of every model page is what the model web published: text, title, parts and files."""

from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest

from cleaners import Capture, Entry, clean
from crawler.demo.content import notices
from crawler.demo.model import site_named, sites
from crawler.demo.pages import Request, answer

PARTS = ("title", "created", "author", "speaker", "addressee", "signatory", "creator", "identifier")


def cleaned(notice, day=1):
    split = urlsplit(notice.url)
    target = split.path + (f"?{split.query}" if split.query else "")
    reply = answer(Request(split.hostname, split.path, target), day)
    kind = "text/html; charset=utf-8" if site_named(notice.site).encoding == "utf-8" else "text/html"
    entry = Entry(notice.url, notice.title, notice.listed)
    captured_at = datetime(2026, 11, 20, 12, tzinfo=UTC)
    return clean(Capture("", notice.url, captured_at, reply.status, (("Content-Type", kind),), reply.body, entry=entry))


def published(site):
    return [notice for notice in notices(1) if notice.site == site.name and notice.form != "enclosure"]


@pytest.mark.parametrize("site", sites(), ids=lambda site: site.name)
def test_the_text_comes_out_as_published(site):
    for notice in published(site):
        assert cleaned(notice).text == notice.text, notice.url


@pytest.mark.parametrize("site", sites(), ids=lambda site: site.name)
def test_the_parts_come_out_as_published(site):
    for notice in published(site):
        read = cleaned(notice)
        for part in PARTS:
            assert getattr(read, part) == getattr(notice, part), (notice.url, part)
        assert read.issued == (notice.issued or notice.listed), notice.url


@pytest.mark.parametrize("site", sites(), ids=lambda site: site.name)
def test_the_files_come_out_as_published(site):
    for notice in published(site):
        assert [file.url for file in cleaned(notice).attachments] == [file.url for file in notice.attachments], notice.url


def test_a_notice_that_is_a_picture_is_empty_and_said_to_be():
    for notice in notices(1):
        assert ("image_only" in cleaned(notice).flags) == (not notice.text), notice.url


def test_an_attachment_only_notice_keeps_its_sentence_and_its_file():
    for notice in notices(1):
        if notice.form == "enclosure":
            read = cleaned(notice)
            assert "attachment_only" in read.flags
            assert read.text.startswith(notice.text)
            assert [file.url for file in read.attachments] == [file.url for file in notice.attachments]


def test_a_page_of_a_document_sharing_site_is_told_by_what_stands_around_the_text():
    for notice in notices(1):
        assert ("doc_sharing_site" in cleaned(notice).flags) == (notice.site == "wenhai"), notice.url


def test_what_day_2_answers_instead_of_pages_is_told_apart():
    flags = {notice.outcome: cleaned(notice, 2).flags for notice in notices(2)}
    assert "soft_404" in flags["soft_404"]
    assert "challenge" in flags["challenge"]
    assert "soft_404" not in flags["ok"]
