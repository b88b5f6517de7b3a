"""A text that a page carries beside its markup: in a JSON document, in a script, in a form field or template.

Pages of single-page applications and of old editors show nothing before a script has run. Nothing is run here: JSON is read,
the strings of scripts are looked at, and the longest Chinese prose among them is believed to be the text. Title, date and source
are taken from the keys beside it. All of it takes time linear in the page; JSON that breaks off is tried a few times only.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from html import unescape
from importlib.resources import files
from itertools import islice
from typing import Any

from cleaners.pages.attached import FILE
from cleaners.pages.literals import read_literals
from cleaners.pages.markup import strip_tags
from cleaners.records import Attachment
from cleaners.stated.metatags import FieldFound

LARGEST = 4 << 20
"""Characters of a page that is looked through."""
LEAST = 15
"""Han characters in sentences from which on a string may be a text."""
LEAST_BARE = 60
"""The same for a string of a script that holds no markup: shorter ones are what a script says to its visitor."""
MOST_LITERALS = 20_000
MOST_NODES = 200_000
MOST_TRIES = 20
"""Values of a script that are read as JSON."""
MOST_FILES = 200
LISTED = 3
"""Objects in a list from which on it is a listing of documents, or a text in pieces, and none of them is the text."""
AROUND = 3
"""Objects around a text, from the innermost out, whose keys speak of it."""
PLACE = "json"
_MARKED = re.compile(r"<(?:p|div|br|table|span|section|h[1-6])\b", re.IGNORECASE)
_ASKING = re.compile(
    r"浏览器.{0,30}(?:不支持|版本|升级)|(?:启用|开启|打开|不支持|禁用).{0,20}(?:javascript|脚本|框架|iframe)", re.IGNORECASE
)
"""What pages say to visitors whose browser runs no scripts."""
_HAN = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff]")
_STOPS = ("。", "；", "！", "？", "，", "：", "、")
_JSONP = re.compile(r"\s{0,200}[\w$.]{1,80}\s{0,5}\(\s{0,200}")
_ASSIGNED = re.compile(r"([\w$.]{1,80})[\"'\]]{0,2}\s{0,5}=\s{0,5}(?:JSON\.parse\(\s{0,5})?[{\[]")
_RAW = re.compile(r"<(script|textarea|template|noscript|xmp)\b([^>]{0,2000})>", re.IGNORECASE)
_CLOSINGS = {name: re.compile(f"</{name}", re.IGNORECASE) for name in ("script", "textarea", "template", "noscript", "xmp")}
_RECORD = re.compile(r"<record>\s{0,50}<!\[CDATA\[", re.IGNORECASE)
_DECODER = json.JSONDecoder(strict=False)


@dataclass(frozen=True, slots=True)
class Embedded:
    """A text found beside the markup: HTML or plain text, where it was (`json` or `script`, and the key), what was said beside it.

    `fields` have the place `json` and the key path with the value as snippet; `files` have addresses as they stand, not resolved.
    """

    html: str
    reader: str
    key: str
    fields: tuple[FieldFound, ...] = ()
    files: tuple[Attachment, ...] = ()
    prose: int = 0


@dataclass(frozen=True, slots=True)
class _Found:
    """One string that may be the text: its key, the objects around it with their paths, the document it is from."""

    html: str
    reader: str
    key: str
    around: tuple[tuple[str, Mapping[str, Any]], ...] = ()
    document: Any = None
    listed: bool = False


def embedded(text: str) -> Embedded | None:
    """Give the text a decoded page carries beside its markup, None where there is none; never raises and never runs anything."""
    if len(text) > LARGEST:
        return None
    found = [(prose(one.html), one) for one in _candidates(text) if not one.listed and not _is_aside(one)]
    longest, best = max(found, key=lambda pair: pair[0], default=(0, None))
    if best is None or longest < LEAST:
        return None
    return Embedded(best.html, best.reader, best.key, tuple(_fields(best.around)), tuple(_files(best.document)), longest)


def _is_aside(found: _Found) -> bool:
    """Say whether a string is said to the visitor or of the text, by its key or its words, and is not the text."""
    key = found.key.rpartition("]")[0] if found.key.endswith("]") else found.key
    return _key(key.rpartition(".")[2]) in _names()["asides"]["keys"] or (len(found.html) < 400 and _ASKING.search(found.html) is not None)


def is_json(text: str) -> bool:
    """Say whether a decoded payload is a JSON document, or one handed to a function (JSONP), by how it begins."""
    start = text[:400].lstrip("\ufeff \t\r\n")
    called = _JSONP.match(start)
    return (start[called.end() : called.end() + 1] if called else start[:1]) in {"{", "["}


def prose(html: str) -> int:
    """Count the Han characters that stand in sentences."""
    if not _HAN.search(html):
        return 0
    lines = (strip_tags(html) if "<" in html else html).splitlines()
    return sum(len(_HAN.findall(line)) for line in lines if any(stop in line for stop in _STOPS))


def _candidates(text: str) -> Iterator[_Found]:
    if is_json(text):
        called = _JSONP.match(text)
        document = _read_json(text.lstrip("\ufeff \t\r\n") if called is None else text[called.end() :])
        if document is not None:
            yield from _strings(document, "json", "")
            return
    for name, content in _raw_elements(text):
        if name == "script":
            yield from _script(content)
        else:
            yield _Found(_markup(content, escaped=name == "textarea"), "script", name)
    if records := _records(text):
        yield _Found("\n".join(records), "script", "record", listed=len(records) >= LISTED)


def _raw_elements(text: str) -> Iterator[tuple[str, str]]:
    """Give scripts and the elements that show nothing as they stand, by name and content."""
    at = 0
    while (tag := _RAW.search(text, at)) is not None:
        name = tag[1].lower()
        closing = _CLOSINGS[name].search(text, tag.end())
        end = closing.start() if closing else len(text)
        yield name, text[tag.end() : end]
        at = end


def _records(text: str) -> list[str]:
    """Give the records of a dataproxy's XML, wherever it stands in the page."""
    records: list[str] = []
    at = 0
    while (opening := _RECORD.search(text, at)) is not None:
        end = text.find("]]>", opening.end())
        if end < 0:
            break
        records.append(text[opening.end() : end])
        at = end
    return records


def _markup(content: str, *, escaped: bool = False) -> str:
    """Undo the escaping of markup kept as text."""
    if escaped or ("<" not in content and "&lt;" in content):
        return unescape(content)
    return content


def _script(script: str) -> Iterator[_Found]:
    start = script.lstrip()
    if start[:1] in {"{", "["} and (document := _read_json(start)) is not None:
        yield from _strings(document, "script", "")
        return
    yield from _assigned(script)
    literals = list(islice(read_literals(script), MOST_LITERALS))
    known = {literal.name.rpartition(".")[2]: literal.value for literal in reversed(literals) if literal.name}
    for literal in literals:
        inner = _read_json(literal.value) if literal.value[:1] in {"{", "["} else None
        if inner is not None:
            yield from _strings(inner, "script", literal.name)
        elif _MARKED.search(value := _markup(literal.value)) or prose(value) >= LEAST_BARE:
            yield _Found(value, "script", literal.name, (("", known),))


def _assigned(script: str) -> Iterator[_Found]:
    """Read what is assigned to names as JSON, where it is some."""
    at = tries = 0
    while tries < MOST_TRIES and (found := _ASSIGNED.search(script, at)) is not None:
        tries += 1
        at = found.end()
        try:
            document, at = _DECODER.raw_decode(script, found.end() - 1)
        except (ValueError, RecursionError):
            continue
        yield from _strings(document, "script", found[1])


def _read_json(text: str) -> Any:
    """Read the JSON a text begins with; None where it is none, or nests too deep to be any page's."""
    try:
        return _DECODER.raw_decode(text)[0]
    except (ValueError, RecursionError):
        return None


def _strings(document: Any, reader: str, root: str, *, again: bool = True) -> Iterator[_Found]:
    """Give every string of a document with the objects around it; JSON inside a string is read once."""
    stack: list[tuple[str, Any, tuple[tuple[str, Mapping[str, Any]], ...], bool]] = [(root, document, (), False)]
    for _ in range(MOST_NODES):
        if not stack:
            return
        path, value, around, listed = stack.pop()
        if isinstance(value, Mapping):
            near = ((path, value), *around[: AROUND - 1])
            stack.extend((f"{path}.{key}" if path else key, inner, near, listed) for key, inner in reversed(list(value.items())))
        elif isinstance(value, list):
            if pieces := _pieces(value):
                yield _Found("\n".join(pieces), reader, path, around, document, listed)
            many = listed or sum(isinstance(inner, Mapping) for inner in value) >= LISTED
            stack.extend((f"{path}[{number}]", value[number], around, many) for number in range(len(value) - 1, -1, -1))
        elif isinstance(value, str):
            inner = _read_json(value) if again and value[:1] in {"{", "["} else None
            if isinstance(inner, Mapping | list):
                yield from _strings(inner, reader, path, again=False)
            else:
                yield _Found(_markup(value), reader, path, around, document, listed)


def _pieces(values: Sequence[Any]) -> list[str]:
    """Give the pieces of a text kept as a list of paragraphs: strings, or objects that hold one string by the same key and no title."""
    if values and all(isinstance(value, str) for value in values):
        return list(values)
    for key in ("text", "content", "html", "paragraph"):
        if len(values) > 1 and all(isinstance(value, Mapping) and isinstance(value.get(key), str) for value in values):
            titled = any(_key(name) in _names()["fields"]["title"] for value in values for name in value)
            return [] if titled else [value[key] for value in values]
    return []


@cache
def _names() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(files(__package__).joinpath("embedded.toml").read_text("utf-8"))


def _key(name: str) -> str:
    return name.replace("_", "").replace("-", "").lower()


def _fields(around: Sequence[tuple[str, Mapping[str, Any]]]) -> Iterator[FieldFound]:
    """Give what the keys of the objects around a text say of it, nearest first."""
    for field, keys in _names()["fields"].items():
        said = (found for path, value in around if (found := _said(path, value, keys)) is not None)
        if (first := next(said, None)) is not None:
            path, value = first
            yield FieldFound(field, value, PLACE, f"{path} = {value}")


def _said(path: str, value: Mapping[str, Any], keys: Sequence[str]) -> tuple[str, str] | None:
    """Give the path and value of the first of some keys that an object has a short value for."""
    known = {_key(name): (name, inner) for name, inner in reversed(list(value.items()))}
    for key in keys:
        name, inner = known.get(key, ("", None))
        text = str(inner).strip() if isinstance(inner, str | int) and not isinstance(inner, bool) else ""
        if text and len(text) <= 200 and "<" not in text:
            return f"{path}.{name}".lstrip("."), unescape(text)
    return None


def _files(document: Any) -> Iterator[Attachment]:
    """Give the files a document names: objects with an address that ends like a file's."""
    seen: set[str] = set()
    stack = [document]
    for _ in range(MOST_NODES):
        if not stack or len(seen) >= MOST_FILES:
            return
        value = stack.pop()
        if isinstance(value, Mapping):
            url = _said("", value, _names()["files"]["url"])
            if url and FILE.search(url[1]) and url[1] not in seen:
                seen.add(url[1])
                title = _said("", value, _names()["files"]["title"])
                yield Attachment(url[1], title[1] if title else url[1].rpartition("/")[2])
            stack.extend(reversed(list(value.values())))
        elif isinstance(value, list):
            stack.extend(reversed(value))
