"""A finding -> the text of a site file, and what could not be told; a column added to a file that is there. Pure."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from cleaners.errors import SiteError
from crawler.probe.finding import Finding
from crawler.probe.marks import level_of_place
from crawler.probe.scripts import is_rendered
from crawler.probe.terminal import paging_word
from spiders.site import parse_site

_ENDINGS = re.compile(r"\.(gov|com|net|org|edu)?\.?(cn|example|invalid|com|net|org|hk|mo|tw)$")
_UNSAFE = re.compile(r"[^a-z0-9]+")
_INDEX = re.compile(r"^(index|list|default)?(\.\w{2,5})?$", re.IGNORECASE)
LONGEST_EVIDENCE = 300  # characters of a line
THIRD_PARTY = frozenset({"docshare"})
_CHANNEL_HEADER = re.compile(r"^\s*\[{1,2}\s*channels\s*[\].]")
_HEADER = re.compile(r"^\s*\[{1,2}[^\[\]]+\]{1,2}\s*(#.*)?$")


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the operator says a site is; empty where the page is to say it."""

    title: str = ""
    column: str = ""
    level: str = ""
    division_code: str = ""
    delay: float | None = None
    tls: str = "default"


@dataclass(frozen=True, slots=True)
class Draft:
    """A site file: its name, its text, and the keys the page did not tell or told with doubt, each with a word of the group `unknown`."""

    name: str
    text: str
    unknown: tuple[tuple[str, str], ...]


def name_of(url: str) -> str:
    """Give a site's name by its host: www.linshui.gov.cn is linshui, jtj.yunbei.gov.cn jtj-yunbei."""
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    return _UNSAFE.sub("-", _ENDINGS.sub("", host)).strip("-") or "site"


def column_slug(url: str) -> str:
    """Give a short name for a column's address, fit for a folder: /zwgk/tzgg/ is zwgk-tzgg."""
    split = urlsplit(url)
    parts = split.path.strip("/").split("/")
    if _INDEX.match(parts[-1]):
        parts.pop()
    words = "-".join((*parts, split.query, split.fragment)).lower()
    return _UNSAFE.sub("-", words).strip("-")[:60].strip("-") or "list"


def draft(found: Finding, name: str, wishes: Wishes, day: str) -> Draft:
    """Write the site file of a column; SiteError names the option to give where a key that must be there cannot be told."""
    assert found.listing is not None
    level, guessed = _level(found, wishes)
    division = wishes.division_code or found.division_code
    host = urlsplit(found.url)
    head = [
        "# 由 dibao add 写成，待核对；各键见 docs/site-files.md。Written by dibao add, to be reviewed.",
        f"title = {quoted(wishes.title or found.site[0] or host.hostname or name)}",
        f"homepage = {quoted(f'{host.scheme}://{host.netloc}/')}",
        f"level = {quoted(level)}",
        f"division_code = {quoted(division)}" if division else '# division_code = "......"',
        f"family = {quoted(found.listing.family)}",
        'provenance = "third_party"' if found.listing.family in THIRD_PARTY else "",
        'status = "candidate"',
        f"delay = {wishes.delay:g}" if wishes.delay is not None else "",
        f"tls = {quoted(wishes.tls)}" if wishes.tls != "default" else "",
        "javascript = true" if is_rendered(found.page) else "",
        "evidence = [",
        *(f"  {quoted(one[:LONGEST_EVIDENCE])}," for one in _evidence(found, day)),
        "]",
    ]
    blocks = ([line for line in block if line] for block in (head, channel_lines(found, wishes), _expect(found)))
    text = "\n\n".join("\n".join(block) for block in blocks if block) + "\n"
    parse_site(tomllib.loads(text), name, f"{name}.toml")
    unknown = (*_unknown_of_site(found, wishes, guessed=guessed), *unknown_of_channel(found, wishes))
    return Draft(name, text, unknown)


def _level(found: Finding, wishes: Wishes) -> tuple[str, bool]:
    """Give the level and whether it is a guess; SiteError where there is nothing to guess from."""
    said = wishes.level or found.level
    assert found.listing is not None
    guess = "" if found.listing.family in THIRD_PARTY else level_of_place(found.site[0])
    if said or guess:
        return said or guess, not said
    raise SiteError(
        f"{found.url}: the page does not say of which level its site is (no SiteIDCode, no place in its name): "
        "give --level central, province, city or county, and --division-code where there is one"
    )


def _evidence(found: Finding, day: str) -> Iterator[str]:
    listing, second = found.listing, found.second
    assert listing is not None
    proved = f", page 2 lists {second.fresh} others" if second is not None and second.goes_on else ""
    yield f"dibao add {day}: {len(listing.entries)} entries{proved}"
    if found.signs:
        yield f"family {listing.family}: " + "; ".join(f"{kind} {seen}" for kind, seen in found.signs)
    if found.site_code:
        yield f"SiteIDCode {found.site_code}"


def _expect(found: Finding) -> list[str]:
    """Say what a healthy run brings: half of a full first page, and what the pages say of their site."""
    assert found.listing is not None
    full = found.second is not None and found.second.goes_on
    pairs = [
        f"min_entries = {max(1, len(found.listing.entries) // 2)}  # half of the first page" if full else "",
        f"site_name = {quoted(found.site[0])}" if found.site[1] == "name" else "",
        f"site_id_code = {quoted(found.site_code)}" if found.division_code or found.level else "",
    ]
    return ["[expect]", *filter(None, pairs)] if any(pairs) else []


def channel_lines(found: Finding, wishes: Wishes = Wishes()) -> list[str]:
    """Write the table of one column."""
    name = wishes.column or found.column[0] or column_slug(found.url)
    return ["[[channels]]", f"name = {quoted(name)}", f"url = {quoted(found.url)}"]


def _unknown_of_site(found: Finding, wishes: Wishes, *, guessed: bool) -> Iterator[tuple[str, str]]:
    assert found.listing is not None
    if not (wishes.title or found.site[0]):
        yield "title", "title"
    if guessed:
        yield "level", "level"
    if found.listing.family in THIRD_PARTY:
        yield "provenance", "provenance"
    elif not (wishes.division_code or found.division_code) and (wishes.level or found.level) != "central":
        yield "division_code", "division_code"
    if found.second is None or not found.second.goes_on:
        yield "expect.min_entries", "min_entries"


def unknown_of_channel(found: Finding, wishes: Wishes = Wishes()) -> Iterator[tuple[str, str]]:
    """Say what could not be told of a column, key by key."""
    assert found.listing is not None
    if not (wishes.column or found.column[0]):
        yield "channels.name", "name"
    if found.listing.family == "generic":
        yield "family", "family"
    if paging_word(found.listing) == "unknown":
        yield "channels.paging", "paging"
    elif found.second is not None and not found.second.goes_on:
        yield "channels.paging", "second"
    if found.notice is None:
        yield "channels.url", "sample"


def with_channel(text: str, found: Finding, wishes: Wishes = Wishes()) -> str:
    """Add a column to a site file's text, below its last one; comments and order stay. SiteError where that cannot be done."""
    before = tomllib.loads(text)
    name = wishes.column or found.column[0] or column_slug(found.url)
    taken = [channel.get("name") for channel in before.get("channels", ())]
    if name in taken:
        raise SiteError(f"the site has a column {name!r} already; name this one with --column")
    if any(channel.get("url") == found.url for channel in before["channels"]):
        raise SiteError(f"the site has the column {found.url} already")
    lines = text.split("\n")
    at = _after_channels(lines)
    written = "\n".join(
        [*lines[:at], "", *channel_lines(found, wishes), *([""] if at < len(lines) and lines[at].strip() else []), *lines[at:]]
    )
    wanted = {**before, "channels": [*before["channels"], {"name": name, "url": found.url}]}
    if not written.endswith("\n"):
        written += "\n"
    if not _says(written, wanted):
        raise SiteError("the file cannot be extended safely; add these lines by hand:\n" + "\n".join(channel_lines(found, wishes)))
    return written


def _after_channels(lines: Sequence[str]) -> int:
    """Find the line behind the last table of channels, before comments that belong to what follows."""
    headers = [number for number, line in enumerate(lines) if _HEADER.match(line)]
    last = max((number for number in headers if _CHANNEL_HEADER.match(lines[number])), default=len(lines) - 1)
    end = next((number for number in headers if number > last), len(lines))
    while end > last + 1 and (not lines[end - 1].strip() or (end < len(lines) and lines[end - 1].lstrip().startswith("#"))):
        end -= 1
    return end


def _says(text: str, wanted: dict[str, Any]) -> bool:
    try:
        return tomllib.loads(text) == wanted
    except tomllib.TOMLDecodeError:
        return False


def quoted(text: str) -> str:
    """Write a basic string of TOML."""
    return json.dumps(text.encode("utf-8", "replace").decode("utf-8"), ensure_ascii=False).replace("\x7f", "\\u007f")
