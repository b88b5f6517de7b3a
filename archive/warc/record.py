"""One WARC record (ISO 28500:2017, clauses 4 to 6): its named fields, its block, and the HTTP message in it."""

from __future__ import annotations

import base64
import hashlib
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property

from warcio.statusandheaders import StatusAndHeaders, StatusAndHeadersParser, StatusAndHeadersParserException

from archive.warc.cutting import DamagedError

Fields = tuple[tuple[str, str], ...]
PAGES = frozenset({"response", "resource", "revisit"})
"""Kinds of records that are captures."""
NOT_MODIFIED = "server-not-modified"
_PROTOCOLS = ["HTTP/1.0", "HTTP/1.1", "HTTP/2", "HTTP/2.0", "HTTP/3"]


@dataclass(frozen=True)
class Record:
    """A record as it stands in its file: `head` is its header to the empty line, `block` what follows."""

    head: bytes
    block: bytes

    @cached_property
    def fields(self) -> Fields:
        """The named fields in their order."""
        try:
            parsed = StatusAndHeadersParser(["WARC/1."]).parse(io.BytesIO(self.head))
        except (StatusAndHeadersParserException, EOFError) as error:
            raise DamagedError(f"no WARC header: {error}") from error
        return tuple((name, value or "") for name, value in parsed.headers)

    def field(self, name: str) -> str:
        """Give the value of a field, empty where there is none; angle brackets around URIs taken off."""
        return next((_bare(value) for given, value in self.fields if given.lower() == name.lower()), "")

    def all_of(self, name: str) -> tuple[str, ...]:
        """Give every value of a field that may be repeated."""
        return tuple(_bare(value) for given, value in self.fields if given.lower() == name.lower())

    @property
    def kind(self) -> str:
        """WARC-Type, in lower case."""
        return self.field("WARC-Type").lower()

    @property
    def record_id(self) -> str:
        """WARC-Record-ID."""
        return self.field("WARC-Record-ID")

    @property
    def url(self) -> str:
        """WARC-Target-URI."""
        return self.field("WARC-Target-URI")

    @property
    def date(self) -> datetime:
        """WARC-Date, aware; DamagedError where there is none."""
        return parse_date(self.field("WARC-Date"))

    @cached_property
    def http_head(self) -> bytes:
        """The header of the HTTP message in the block to its empty line; empty where the block holds none."""
        if self.kind not in {"response", "revisit", "request"} or not self.url.lower().startswith(("http:", "https:")):
            return b""
        return http_head_of(self.block)

    @property
    def payload(self) -> bytes:
        """What follows the HTTP header, as transferred; the whole block where there is none."""
        return self.block[len(self.http_head) :]

    @cached_property
    def message(self) -> StatusAndHeaders:
        """The header of the HTTP message, taken apart; DamagedError where there is none."""
        parser = StatusAndHeadersParser(_PROTOCOLS, verify=False)
        try:
            return parser.parse(io.BytesIO(self.http_head))
        except (StatusAndHeadersParserException, ValueError, EOFError) as error:
            raise DamagedError(f"no HTTP message in the record: {error}") from error


def parse_record(raw: bytes) -> Record:
    """Take a record apart and check it against the digest it gives of its block; DamagedError says what is wrong."""
    end = raw.find(b"\r\n\r\n") + 4
    record = Record(raw[:end], raw[end:])
    if (stated := record.field("WARC-Block-Digest")) and not agrees(stated, record.block, unknown=True):
        raise DamagedError(f"the block has another digest than {stated}")
    return record


def http_head_of(block: bytes) -> bytes:
    """Give the header of an HTTP message, to its empty line (lines may end in LF alone); all of it where it has no end."""
    ends = [place + len(mark) for mark in (b"\r\n\r\n", b"\n\n", b"\n\r\n") if (place := block.find(mark)) >= 0]
    return block[: min(ends)] if ends else block


def agrees(stated: str, content: bytes, *, unknown: bool = False) -> bool:
    """Say whether bytes have a digest given as `algorithm:value`, in base 16, 32 or 64; `unknown` where the algorithm is not known."""
    algorithm, _, value = stated.partition(":")
    name = algorithm.lower().replace("-", "")
    if name not in {"md5", "sha1", "sha256", "sha384", "sha512"}:
        return unknown
    digest = hashlib.new(name, content, usedforsecurity=False).digest()
    return value.rstrip("=") in _written(digest) or value.lower() == digest.hex()


def _written(digest: bytes) -> Iterable[str]:
    for write in (base64.b32encode, base64.b64encode, base64.urlsafe_b64encode):
        text = write(digest).decode().rstrip("=")
        yield text
        if write is base64.b32encode:
            yield text.lower()


def parse_date(text: str) -> datetime:
    """Read a WARC-Date of whatever precision (W3CDTF), in UTC where it names no zone."""
    try:
        moment = datetime.fromisoformat(text + "-01" if len(text) == 7 else text + "-01-01" if len(text) == 4 else text)
    except ValueError as error:
        raise DamagedError(f"no WARC-Date: {text!r}") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _bare(value: str) -> str:
    return value.strip().removeprefix("<").removesuffix(">")
