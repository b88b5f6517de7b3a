"""What the model web publishes, as values: sites, columns, notices and their files. Tests compare archives with these."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class ModelColumn:
    """One column of a model site: `count` notices on day 1, `fresh` more on day 2, forms taken in turn."""

    name: str
    path: str
    id: int
    count: int
    fresh: int
    forms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ModelSite:
    """One model site as its TOML file gives it.

    `address` is the last number of its loopback address, `container` the attributes of the element that holds a text (families only).
    """

    name: str
    host: str
    address: int
    family: str
    title: str
    place: str
    short: str
    division_code: str
    site_code: str
    page_size: int
    columns: tuple[ModelColumn, ...]
    robots: str = ""
    mobile: str = ""
    encoding: str = "utf-8"
    charset: str = "utf-8"
    gzip: bool = False
    hant: bool = False
    topics: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    container: str = ""

    @property
    def root(self) -> str:
        """The site's home page."""
        return f"http://{self.host}/"


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph as it should come out of cleaning; `lead` is its start when the page sets that apart in <strong>."""

    text: str
    kind: str = "text"
    level: int = 0
    cells: tuple[str, ...] = ()
    lead: str = ""


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A file linked from a notice: its title, address, kind (pdf, docx, xlsx, ofd, zip, png) and its text line by line."""

    title: str
    url: str
    kind: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ModelNotice:
    """A notice as published on one day.

    `issued` is what its page states (a document-sharing site states nothing), `listed` what the list prints, `created` the
    成文日期. `outcome` is what a crawl of that day must meet: ok, missing (404), soft_404, challenge (412) or refused (by
    robots.txt). `first_day` is the day it appeared, `change` what day 2 did to it: text, date, counter or nothing. Notices of
    one `work` are one document; `twin` is its mobile address.
    """

    site: str
    column: int
    key: int
    url: str
    title: str
    form: str
    topic: str
    subject: str
    listed: date
    issued: datetime | date | None
    paragraphs: tuple[Block, ...]
    creator: str | None = None
    created: date | None = None
    document_number: str | None = None
    identifier: str | None = None
    addressee: str | None = None
    signatory: str | None = None
    source: str | None = None
    author: str | None = None
    speaker: str | None = None
    attachments: tuple[ModelFile, ...] = ()
    images: tuple[ModelFile, ...] = ()
    hits: int = 0
    outcome: str = "ok"
    first_day: int = 1
    change: str = ""
    work: str = ""
    twin: str = ""

    @property
    def text(self) -> str:
        """The paragraphs joined by newlines, as `cleaners.Notice.text` gives them."""
        return "\n".join(block.text for block in self.paragraphs)
