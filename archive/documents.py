"""A notice as JSON and back without loss, and text made fit for a database column."""

from __future__ import annotations

import json
import re
from dataclasses import fields
from operator import attrgetter
from typing import Any

from archive.times import read_moment, write_moment
from cleaners.records import Attachment, Entry, Evidence, Notice, Paragraph, Picture, Removal, Span

_MOMENTS = ("issued", "created", "printed", "effective", "repealed")
_NAMES = ("flags", "attachment_notes", "parts")
_ROWS: dict[str, Any] = {"paragraphs": Paragraph, "attachments": Attachment, "images": Picture, "removals": Removal, "spans": Span}
_NOTICE = tuple(field.name for field in fields(Notice))
_values_of = attrgetter(*_NOTICE)
_DEFAULT_VALUES = _values_of(Notice())
_ENTRY = tuple(field.name for field in fields(Entry))
_compact = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":")).encode
_SURROGATE = re.compile("[\ud800-\udfff]")


def dump_notice(notice: Notice) -> str:
    """Write every field of a notice that is not at its default as one JSON object; `load_notice` gives an equal notice back."""
    values = zip(_NOTICE, _values_of(notice), _DEFAULT_VALUES, strict=True)
    return dump({name: _plain(name, value) for name, value, default in values if value != default})


def load_notice(text: str) -> Notice:
    """Read what `dump_notice` wrote."""
    document = json.loads(text)
    for name in _MOMENTS:
        document[name] = read_moment(document.get(name))
    for name, kind in _ROWS.items():
        document[name] = tuple(_record(kind, row) for row in document.get(name, ()))
    document |= {name: tuple(document.get(name, ())) for name in _NAMES}
    document["evidence"] = {name: _record(Evidence, row) for name, row in document.get("evidence", {}).items()}
    return Notice(**document)


def dump_entry(entry: Entry | None) -> str | None:
    """Write what a listing said as JSON."""
    if entry is None:
        return None
    # by name: `asdict` copies deeply, which costs more than all the rest, and this is done twice a page
    return dump({**{name: getattr(entry, name) for name in _ENTRY}, "issued": write_moment(entry.issued)})


def load_entry(text: str | None) -> Entry | None:
    """Read what `dump_entry` wrote."""
    if text is None:
        return None
    row = json.loads(text)
    return Entry(**row | {"issued": read_moment(row["issued"])})


def dump(value: object) -> str:
    """Write JSON as compact UTF-8 text; a lone surrogate, which UTF-8 cannot hold, makes the whole text escaped ASCII."""
    text = _compact(value)
    return text if text.isascii() or _is_storable(text) else json.dumps(value, separators=(",", ":"))


def storable(text: str) -> str:
    """Give a text a column can hold: lone surrogates, which are no characters, become U+FFFD; NUL is kept."""
    return text if text.isascii() or _is_storable(text) else _SURROGATE.sub("\ufffd", text)


def _is_storable(text: str) -> bool:
    """Say whether a text holds no lone surrogate: encoding it tells several times faster than looking for one."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _plain(name: str, value: Any) -> Any:
    if name in _MOMENTS:
        return write_moment(value)
    if name in _ROWS:
        return [_spare(row) for row in value]
    if name == "evidence":
        return {field: _spare(evidence) for field, evidence in value.items()}
    return dict(value) if name == "meta" else value


def _spare(record: Any) -> dict[str, Any]:
    kind = type(record)
    return {name: value for name, value in zip(_FIELD_NAMES[kind], _FIELDS_OF[kind](record), strict=True) if value not in _BLANK}


_DEFAULTS: dict[type, dict[str, Any]] = {
    Paragraph: {"text": "", "kind": ""},
    Attachment: {"url": "", "title": ""},
    Picture: {"url": ""},
    Removal: {"rule": "", "category": "", "text": ""},
    Span: {"kind": "", "paragraph": 0, "start": 0, "end": 0},
    Evidence: {"value": ""},
}


_FIELD_NAMES = {kind: tuple(field.name for field in fields(kind)) for kind in _DEFAULTS}
_FIELDS_OF = {kind: attrgetter(*names) for kind, names in _FIELD_NAMES.items()}
_BLANK = ("", (), 0)


def _record(kind: Any, row: dict[str, Any]) -> Any:
    """Build a record from its JSON: arrays back to tuples, and what was left out as empty."""
    return kind(**_DEFAULTS[kind] | {name: _tuple(value) for name, value in row.items()})


def _tuple(value: Any) -> Any:
    return tuple(_tuple(element) for element in value) if isinstance(value, list) else value
