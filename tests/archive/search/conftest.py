from datetime import UTC, date, datetime, timedelta

import pytest

from archive import Archive
from cleaners.attachments import FileText
from cleaners.records import Attachment, Capture, Notice, Paragraph

START = datetime(2024, 6, 1, tzinfo=UTC)


class Kept:
    """An archive and short ways to put something into it."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive

    def page(self, name, text, issued=date(2024, 1, 1), *, day=0, site="linshui", files=(), **fields):
        url = f"https://www.{site}.gov.example/{name}.html"
        capture = self.archive.add(
            Capture(site, url, START + timedelta(days=day), 200, (), f"{name} {day} {text} {issued} {files}".encode())
        )
        links = tuple(Attachment(f"https://www.{site}.gov.example/{file}", title=file) for file in files)
        stated = {"title": f"通知{name}", "issued": issued, "paragraphs": (Paragraph(text),), "attachments": links} | fields
        return self.archive.read(capture, Notice(**stated), fingerprint="f")

    def file(self, name, text, body=b"one", *, day=0.5, site="linshui"):
        url = f"https://www.{site}.gov.example/{name}"
        capture = self.archive.add(Capture(site, url, START + timedelta(days=day), 200, (), body, role="attachment"))
        return self.archive.attach(capture, None if text is None else FileText(text))

    def titles(self, query="", **asked):
        return ["".join(text for text, _ in hit.title) for hit in self.archive.search(query, **asked)]


@pytest.fixture
def kept(tmp_path):
    with Archive.open(tmp_path / "a.db") as archive:
        yield Kept(archive)
