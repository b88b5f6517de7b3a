"""The records that flow through dibao: frozen, typed, named after the field's standards.

Sources: WARC 1.1 (ISO 28500:2017) for `Capture`, RFC 7089 (Memento) for its time, Dublin Core terms and
GB/T 9704-2012 (《党政机关公文格式》) for `Notice`. The Chinese term of a field stands beside it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from itertools import groupby
from mimetypes import guess_type
from operator import attrgetter
from urllib.parse import urlsplit

Moment = date | datetime
"""A day, or a time of day with its zone (Asia/Shanghai for what pages say); nothing coarser than a day."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What a listing page says of one notice: the link, the title and the date printed in the same row, and whether it is pinned (置顶)."""

    url: str
    title: str = ""
    issued: Moment | None = None
    channel: str = ""
    pinned: bool = False


@dataclass(frozen=True)
class Capture:
    """One exchange with a server as it happened: the record everything else is derived from.

    `body` is the content-decoded payload; `captured_at` is aware (UTC; WARC-Date); `status` is None where no response
    came, and then `outcome` and `reason` say why. `headers` are pairs in the order received. Fields after `parts` are
    optional evidence. `record_id` (WARC-Record-ID) names the capture in the archive and is given when it is kept.
    """

    site: str
    url: str
    captured_at: datetime
    status: int | None
    headers: tuple[tuple[str, str], ...]
    body: bytes = field(repr=False)
    entry: Entry | None = None
    parts: tuple[bytes, ...] = field(default=(), repr=False)
    record_id: str | None = None
    role: str = "notice"  # notice | part | listing | attachment | robots | redirect | other
    outcome: str = "ok"  # ok unchanged redirected missing gone soft_404 challenge blocked damaged refused failed
    reason: str = ""
    phase: str = ""  # where a failure happened: guard, robots, dns, connect, tls, transfer, decode, ...
    elapsed: float | None = None  # seconds
    method: str = "GET"
    request_headers: tuple[tuple[str, str], ...] = ()
    request_body: bytes = field(default=b"", repr=False)
    content_encoding: str = ""
    wire_length: int | None = None  # bytes as transferred
    wire_digest: str = ""  # sha256:<hex> of the bytes as transferred
    protocol: str = ""
    ip: str = ""
    tls: Mapping[str, str] = field(default_factory=dict)
    truncated: str = ""  # WARC-Truncated: length | time | disconnect
    redirected_to: str = ""
    vantage: str = ""  # where the crawler stood: free text of the operator
    time_known: bool = True  # False: an import without a time; captured_at is then the import time

    @cached_property
    def payload_digest(self) -> str:
        """`sha256:<hex>` of the body (WARC-Payload-Digest over the content-decoded bytes)."""
        return "sha256:" + hashlib.sha256(self.body).hexdigest()


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of a notice: `kind` is text, heading, row or caption; `level` 1.. for headings; `cells` for rows.

    `table` numbers the table a row belongs to, from 1; `merged` gives (columns, rows) that each cell spans, where one spans several.
    """

    text: str
    kind: str = "text"
    level: int = 0
    cells: tuple[str, ...] = ()
    table: int = 0
    merged: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Removal:
    """One removed piece: `position` = (line, start, end) in the uncleaned text; kept and removed in order give it back.

    A removed line takes the line break behind it along. So where the last lines of a text were removed, the one break between
    the last kept line and them is in neither: it is put back when both are joined (`cleaners.noise.boilerplate.restore`).
    """

    rule: str
    category: str
    position: tuple[int, int, int]
    text: str


@dataclass(frozen=True, slots=True)
class Span:
    """A person's contact or number in the text, in characters of one paragraph.

    `kind` is phone, mobile, id_card, email, qq, wechat, contact_name or bank_card; `paragraph` counts from 0.
    """

    kind: str
    paragraph: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a field's value came from.

    `precision` is day, minute, second, month, year or empty; `snippet` the words it was read from; `place` is table, label, meta,
    list, url, title, text, ...; `candidates` are the other readings as (value, place).
    """

    value: str
    precision: str = ""
    snippet: str = ""
    place: str = ""
    candidates: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file a notice links to; `digest` and `text` are known only once the file itself was captured and read.

    `url` is empty where the page names a file and its link leads nowhere (`javascript:;`).
    """

    url: str
    title: str
    media_type: str = ""
    digest: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a notice: its address, its caption or alternative text, and the paragraph it stands before (from 0)."""

    url: str
    caption: str = ""
    paragraph: int = 0


@dataclass(frozen=True)
class Notice:
    """What the cleaner read in a capture. Every field is optional; nothing is invented, a date coarser than a day is None.

    `script` is Hans, Hant, mixed or empty. `flags` are sorted words such as empty_body, image_only, doc_sharing_site,
    template_document, soft_404, challenge, date_conflict. `evidence` is by field name.
    """

    title: str | None = None
    issued: Moment | None = None  # 发布日期
    created: Moment | None = None  # 成文日期
    printed: Moment | None = None  # 印发日期
    effective: Moment | None = None  # 施行日期
    repealed: Moment | None = None  # 废止日期, 失效日期
    source: str | None = None  # 来源
    author: str | None = None  # 作者
    reporter: str | None = None  # 记者, 通讯员
    editor: str | None = None  # 责任编辑
    reviewer: str | None = None  # 审核, 校对
    speaker: str | None = None  # 讲话人
    creator: str | None = None  # 发文机关
    publisher: str | None = None  # 发布机构
    document_number: str | None = None  # 发文字号
    identifier: str | None = None  # 索引号
    addressee: str | None = None  # 主送机关
    signatory: str | None = None  # 署名
    copied_to: str | None = None  # 抄送
    attachment_notes: tuple[str, ...] = ()  # 附件说明, its lines as they stand
    type: str | None = None  # 文种
    subject: str | None = None  # 主题分类
    validity: str | None = None  # 有效性, as the page states it
    script: str = ""
    paragraphs: tuple[Paragraph, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    images: tuple[Picture, ...] = ()
    parts: tuple[str, ...] = ()  # addresses of the further pages of a notice split over several, that were not read with it
    removals: tuple[Removal, ...] = ()
    spans: tuple[Span, ...] = ()
    flags: tuple[str, ...] = ()
    evidence: Mapping[str, Evidence] = field(default_factory=dict)
    meta: Mapping[str, str] = field(default_factory=dict)  # the page's <meta> tags as they stand
    canonical: str = ""  # the address the page itself names as its own (<link rel=canonical>, meta Url), resolved
    uncleaned: str = ""  # the text before boilerplate, for the removals' positions
    reader: str = ""  # which body reader won: layout:<selector>, density, trafilatura, flat, script, json
    confidence: float = 0.0  # 0..1: how far the readers of the body agree; evidence["text"] says what each saw

    @cached_property
    def text(self) -> str:
        """The paragraphs joined by newlines: what the source says, never rewritten."""
        return "\n".join(paragraph.text for paragraph in self.paragraphs)

    @cached_property
    def files(self) -> tuple[Attachment, ...]:
        """What is to be kept beside the page: its attachments, and the pictures of a notice that is nothing but pictures."""
        pictures = self.images if "image_only" in self.flags else ()
        return (*self.attachments, *(_scan(picture) for picture in pictures))

    @cached_property
    def tables(self) -> tuple[tuple[tuple[str, ...], ...], ...]:
        """The tables of the text, each as a grid: what spans several rows or columns stands in every place it covers."""
        from cleaners.grids import grid  # noqa: PLC0415 - grids are made of records

        rows = [paragraph for paragraph in self.paragraphs if paragraph.table]
        return tuple(grid(tuple(of_one)) for _, of_one in groupby(rows, key=attrgetter("table")))

    @cached_property
    def text_hans(self) -> str:
        """The text in Simplified script, character for character as long as `text`."""
        from cleaners.characters.script import to_hans  # noqa: PLC0415 - the converter is loaded only where it is asked for

        return to_hans(self.text)

    @cached_property
    def text_digest(self) -> str:
        """`sha256:<hex>` of title and text folded (width, script, white space): a change here is substantive."""
        from cleaners.characters.fold import fold  # noqa: PLC0415 - as above

        return _digest(fold(self.title or ""), fold(self.text))

    @cached_property
    def exact_digest(self) -> str:
        """`sha256:<hex>` of title and text as they stand: a change here alone is cosmetic."""
        return _digest(self.title or "", self.text)


def _scan(picture: Picture) -> Attachment:
    """Give a picture as a file: its caption or the name in its address, its type by that name's ending."""
    name = urlsplit(picture.url).path.rsplit("/", 1)[-1]
    kind = guess_type(name, strict=False)[0] or ""
    return Attachment(picture.url, picture.caption or name, kind if kind.startswith("image/") else "")


def _digest(*values: str) -> str:
    return "sha256:" + hashlib.sha256("\x1f".join(values).encode("utf-8", "surrogatepass")).hexdigest()
