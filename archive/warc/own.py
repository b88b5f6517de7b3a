"""What an own capture says beyond its HTTP message, as one field of a metadata record, so that an export can be taken in again whole.

The field is `dibao-capture` of a record of the kind metadata (application/warc-fields): a JSON object of the capture's fields
that are not empty; parts are named by their digests.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import fields
from typing import Any

from archive.documents import dump, dump_entry, load_entry
from archive.times import read_stamp, stamp
from archive.warc.cutting import DamagedError
from archive.warc.record import Record
from cleaners.records import Capture

FIELD = "dibao-capture"
PART = "urn:dibao:part:"
"""Begins the address of a part of a split notice that no other record holds."""
_DEFAULTS = {each.name: each.default for each in fields(Capture)}
_HEADERS = ("headers", "request_headers")


def dump_capture(capture: Capture, parts: list[str]) -> str:
    """Write a capture without its body as JSON in ASCII; `parts` are the digests of its further parts.

    An outcome that came from reading is derived: it is left for whoever reads the capture again.
    """
    row: dict[str, Any] = {name: getattr(capture, name) for name in _DEFAULTS if name not in {"body", "parts", "entry", "request_body"}}
    row |= {"captured_at": stamp(capture.captured_at), "tls": dict(capture.tls), "parts": parts}
    row |= {"entry": dump_entry(capture.entry), "request_body": base64.b64encode(capture.request_body).decode()}
    row |= {"outcome": "ok", "reason": ""} if capture.reason == "as read" else {}
    said = {name: value for name, value in row.items() if value not in (_DEFAULTS[name], "", {}, [], ())}
    return json.dumps(json.loads(dump(said)), ensure_ascii=True, separators=(",", ":"))


def own_field(record: Record) -> dict[str, Any] | None:
    """Give what a metadata record says of an own capture; None where it is about something else."""
    if record.kind != "metadata" or FIELD.encode() not in record.block:
        return None
    for line in record.block.decode("utf-8", "replace").splitlines():
        name, _, value = line.partition(":")
        if name == FIELD:
            try:
                row = json.loads(value)
            except ValueError as error:
                raise DamagedError(f"{FIELD} is no JSON: {error}") from error
            return row if isinstance(row, dict) else None
    return None


def load_capture(row: dict[str, Any], body: bytes, part: Callable[[str], bytes | None]) -> Capture:
    """Build the capture `dump_capture` wrote; `part` gives the bytes of a digest. DamagedError where it is not whole."""
    try:
        known = {name: value for name, value in row.items() if name in _DEFAULTS}
        parts = [part(digest) for digest in known.pop("parts", ())]
        known |= {name: tuple((str(a), str(b)) for a, b in known.get(name, ())) for name in _HEADERS}
        known |= {"captured_at": read_stamp(known["captured_at"]), "entry": load_entry(known.get("entry"))}
        known |= {"request_body": base64.b64decode(known.get("request_body", "")), "body": body}
        capture = Capture(**({"site": "", "status": None} | known))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise DamagedError(f"{FIELD} cannot be read: {error!r}") from error
    if None in parts:
        raise DamagedError("a further part of the notice is not in the file")
    object.__setattr__(capture, "parts", tuple(parts))
    return capture
