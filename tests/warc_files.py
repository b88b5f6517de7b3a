"""WARC files made record by record, as other tools write them."""

import base64
import gzip
import hashlib
import uuid

import pytest
from warcio.cli import main as warcio

from archive.warc.cutting import Cutter
from archive.warc.keeping import keep_records, original_of
from archive.warc.reading import read_records
from archive.warc.record import parse_record

SITE = "https://www.linshui.gov.example"


class Writer:
    """Writes records as ISO 28500 says, each in a gzip member of its own where packed."""

    def __init__(self, path, *, packed=False, version="1.1"):
        self.path, self.packed, self.version, self.number, self.whole = path, packed, version, 0, b""

    def record(self, kind, url, block, content_type, *fields, date="2024-01-02T03:04:05Z"):
        """Write a record and give its id."""
        self.number += 1
        name = f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'{self.path}{self.number}')}"
        digest = base64.b32encode(hashlib.sha1(block).digest()).decode()
        lines = [f"WARC/{self.version}", f"WARC-Type: {kind}", f"WARC-Record-ID: <{name}>", f"WARC-Date: {date}"]
        lines += [f"WARC-Target-URI: {url}"] * bool(url) + [f"{name}: {value}" for name, value in fields]
        lines += [f"WARC-Block-Digest: sha1:{digest}", f"Content-Type: {content_type}", f"Content-Length: {len(block)}", "", ""]
        self.raw("\r\n".join(lines).encode() + block + b"\r\n\r\n")
        return name

    def raw(self, record):
        self.whole += gzip.compress(record, mtime=0) if self.packed else record
        self.path.write_bytes(self.whole)

    def response(self, url, wire, *headers, status="200 OK", fields=(), kind="response", **more):
        """Write an exchange's response; the payload's digest is that of the bytes as transferred."""
        head = "\r\n".join([f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in headers), "", ""]).encode("latin-1")
        digest = base64.b32encode(hashlib.sha1(wire).digest()).decode()
        stated = [] if any(name == "WARC-Payload-Digest" for name, _ in fields) else [("WARC-Payload-Digest", f"sha1:{digest}")]
        return self.record(kind, url, head + wire, "application/http; msgtype=response", *stated, *fields, **more)


def take_in(archive, path):
    """Keep everything a WARC file holds, as an import does."""

    def elsewhere(revisit):
        with archive.reading() as connection:
            return original_of(connection, revisit)

    for found in read_records(path, elsewhere=elsewhere):
        with archive.write() as connection:
            keep_records(connection, found, found.capture and archive.add(found.capture))


def records(path):
    with Cutter(path) as cutter:
        return [parse_record(raw) for _, raw in cutter.records(pytest.fail)]


def checked(path):
    """Run `warcio check` on a file."""
    with pytest.raises(SystemExit) as done:
        warcio(["check", str(path)])
    return done.value.code
