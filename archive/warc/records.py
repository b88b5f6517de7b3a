"""An own capture as WARC records (ISO 28500:2017, clause 6): its exchange, its request, and what else is known of it.

Bodies are kept content-decoded and headers as the crawler's HTTP library gave them, so the HTTP message is reconstructed: the
codings of the original stand under X-Archive-Orig-*, as other tools name them. A page saved elsewhere came with no HTTP message: it is
a resource. An exchange without a response has none either: it is a metadata record.
"""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import quote, urlsplit

from archive.record.payloads import digest_of
from archive.times import stamp
from archive.warc.own import FIELD, PART, dump_capture
from cleaners.records import Capture

PROFILE = "http://netpreserve.org/warc/1.1/revisit/"
SAME, NOT_MODIFIED = PROFILE + "identical-payload-digest", PROFILE + "server-not-modified"
RENAMED = frozenset({"content-encoding", "content-length", "transfer-encoding"})
"""Headers that say how the original was transferred, which the body written is not."""
_NAMESPACE = uuid.UUID("6f1f2c0e-6a0b-5e7e-9d55-64696261000b")
_UNSAFE = re.compile(r"[\x00-\x20\x7f<>]+")
_TRUNCATED = frozenset({"length", "time", "disconnect"})


@dataclass(frozen=True, slots=True)
class Written:
    """A record to be written: its named fields and its block, of which the last `payload` bytes are the payload."""

    kind: str
    fields: tuple[tuple[str, str], ...]
    block: bytes
    payload: bytes | None = None
    url: str = ""
    status: int | None = None
    mime: str = ""

    @property
    def head(self) -> bytes:
        """The record's header, to its empty line; digests and length last."""
        digests = [("WARC-Payload-Digest", digest_of(self.payload))] if self.payload is not None and self.kind != "revisit" else []
        last = (*digests, ("WARC-Block-Digest", digest_of(self.block)), ("Content-Length", str(len(self.block))))
        lines = ["WARC/1.1", *(f"{name}: {value}" for name, value in (*self.fields, *last))]
        return ("\r\n".join(lines) + "\r\n\r\n").encode()


@dataclass(frozen=True, slots=True)
class Earlier:
    """What a revisit refers to."""

    record_id: str
    url: str
    captured_at: str


def derived_id(record_id: str, what: str) -> str:
    """Give the id of a record that goes with another one: the same each time."""
    return uuid.uuid5(_NAMESPACE, f"{record_id}\n{what}").urn


def own_records(capture: Capture, digests: list[str], *, same: Earlier | None = None, before: Earlier | None = None) -> list[Written]:
    """Give the records of an own capture, the exchange first.

    `digests` are those of its further parts, `same` the record written before that has the same payload, `before` the one a
    304 (Not Modified) confirms.
    """
    said = f"{FIELD}: {dump_capture(capture, digests)}\r\n".encode()
    if capture.status is None and not capture.body:
        return [_metadata(capture, str(capture.record_id), said)]
    main = _exchange(capture, same, before)
    asked = main.kind != "resource" and (capture.request_headers or capture.request_body)
    request = [_request(capture)] if asked else []
    about = derived_id(str(capture.record_id), "metadata")
    return [main, *request, _metadata(capture, about, said, concurrent=True)]


def part_record(digest: str, body: bytes, capture: Capture) -> Written:
    """Give the record of a further part that no other record holds."""
    url = PART + digest
    fields = _common("resource", derived_id(str(capture.record_id), digest), url, capture)
    return Written("resource", (*fields, ("Content-Type", "application/octet-stream")), body, body, url)


def _exchange(capture: Capture, same: Earlier | None, before: Earlier | None) -> Written:
    url, number = target(capture.url), str(capture.record_id)
    mime = header(capture, "content-type")
    network = _network(capture)
    if is_saved(capture):
        fields = (*_common("resource", number, url, capture), *network, ("Content-Type", _line(mime) or "application/octet-stream"))
        return Written("resource", fields, capture.body, capture.body, url, 200, mime)
    head, http = _http_head(capture), ("Content-Type", "application/http; msgtype=response")
    if capture.status == 304 and not capture.body:
        fields = (*_common("revisit", number, url, capture), *network, ("WARC-Profile", NOT_MODIFIED), *_refers(before), http)
        return Written("revisit", fields, head, b"", url, 304, "warc/revisit")
    if same:
        digest = ("WARC-Payload-Digest", capture.payload_digest)
        fields = (*_common("revisit", number, url, capture), *network, ("WARC-Profile", SAME), *_refers(same), digest, http)
        return Written("revisit", fields, head, capture.body, url, capture.status, "warc/revisit")
    fields = (*_common("response", number, url, capture), *network, http)
    return Written("response", fields, head + capture.body, capture.body, url, capture.status, mime)


def is_saved(capture: Capture) -> bool:
    """Say whether a capture is no HTTP exchange that was seen: a page saved elsewhere, or nothing of the web."""
    if not capture.url.lower().startswith(("http:", "https:")) or capture.status is None:
        return True
    return capture.status == 200 and not (capture.wire_digest or capture.protocol or capture.request_headers)


def target(url: str) -> str:
    """Give an address as WARC-Target-URI may hold it: in ASCII, without white space."""
    return quote(_UNSAFE.sub(lambda found: quote(found[0], safe=""), url), safe="!#$%&'()*+,/:;=?@[]~|^`{}\\\"")


def header(capture: Capture, name: str) -> str:
    """Give the value of a response's header, empty where there is none."""
    return next((value for given, value in capture.headers if given.lower() == name), "")


def _common(kind: str, number: str, url: str, capture: Capture) -> tuple[tuple[str, str], ...]:
    return (
        ("WARC-Type", kind),
        ("WARC-Record-ID", f"<{target(number)}>"),
        ("WARC-Target-URI", url),
        ("WARC-Date", stamp(capture.captured_at)),
    )


def _network(capture: Capture) -> tuple[tuple[str, str], ...]:
    protocol = {"http/1.0": "http/1.0", "http/1.1": "http/1.1", "h2": "h2"}.get(capture.protocol.lower(), "")
    truncated = capture.truncated if capture.truncated in _TRUNCATED else "unspecified" if capture.truncated else ""
    found = {"WARC-IP-Address": _line(capture.ip), "WARC-Protocol": protocol, "WARC-Truncated": truncated}
    return tuple((name, value) for name, value in found.items() if value)


def _refers(earlier: Earlier | None) -> tuple[tuple[str, str], ...]:
    if earlier is None:
        return ()
    return (
        ("WARC-Refers-To", f"<{target(earlier.record_id)}>"),
        ("WARC-Refers-To-Target-URI", target(earlier.url)),
        ("WARC-Refers-To-Date", earlier.captured_at),
    )


def _http_head(capture: Capture) -> bytes:
    status = capture.status or 0
    lines = [f"{_version(capture)} {status} {_reason(status)}".encode()]
    for name, value in capture.headers:
        kept = f"X-Archive-Orig-{name}" if name.lower() in RENAMED else name
        lines.append(_encoded(f"{_line(kept)}: {_line(value)}"))
    if capture.status not in {204, 304}:
        lines.append(f"Content-Length: {len(capture.body)}".encode())
    return b"\r\n".join(lines) + b"\r\n\r\n"


def _request(capture: Capture) -> Written:
    url = target(capture.url)
    asked = _asked(url)
    lines = [f"{_line(capture.method) or 'GET'} {asked} {_version(capture)}".encode()]
    lines += [_encoded(f"{_line(name)}: {_line(value)}") for name, value in capture.request_headers]
    block = b"\r\n".join(lines) + b"\r\n\r\n" + capture.request_body
    fields = (
        *_common("request", derived_id(str(capture.record_id), "request"), url, capture),
        ("WARC-Concurrent-To", f"<{target(str(capture.record_id))}>"),
        ("Content-Type", "application/http; msgtype=request"),
    )
    return Written("request", fields, block)


def _asked(url: str) -> str:
    """Give what a request line names: path and query."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "/"
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _metadata(capture: Capture, number: str, said: bytes, *, concurrent: bool = False) -> Written:
    beside = (("WARC-Concurrent-To", f"<{target(str(capture.record_id))}>"),) if concurrent else ()
    fields = (*_common("metadata", number, target(capture.url), capture), *beside, ("Content-Type", "application/warc-fields"))
    return Written("metadata", fields, said, said, target(capture.url))


def _version(capture: Capture) -> str:
    return "HTTP/1.0" if capture.protocol.upper() == "HTTP/1.0" else "HTTP/1.1"


def _reason(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"


def _line(text: str) -> str:
    return " ".join(text.split("\r\n")).translate({10: " ", 13: " ", 0: " "})


def _encoded(line: str) -> bytes:
    """Write a header line: values were read as Latin-1, as a rule."""
    try:
        return line.encode("latin-1")
    except UnicodeEncodeError:
        return line.encode("utf-8", "replace")
