"""Site files: one TOML file a site, checked key by key; the file's stem is the spider's name. See docs/site-files.md."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from importlib.resources import files
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin
from urllib.parse import urlsplit, urlunsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import ErrorDetails

from cleaners.errors import SiteError
from cleaners.pages.layout import Layout
from spiders.values import Address, DivisionCode, FamilyId, Frequency, Host, Selector, Sentence, SiteIdCode, Text, Window, near

SHIPPED = Path(str(files("spiders"))) / "sites"
STEM = re.compile(r"[a-z0-9][a-z0-9_-]*")
DEFAULT_DELAY = 2.0
"""Seconds between two requests to a host where nobody says more; `crawler.settings.DOWNLOAD_DELAY` is the same."""


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Paging(_Table):
    """Says by hand how a channel goes on: `template` holds `{page}`; an empty one means that there is no second page.

    `second` is the number in the address of the second page, `step` what each further page adds (-1 counts down).
    """

    template: str = ""
    second: int = 2
    step: int = 1

    @model_validator(mode="after")
    def _has_page(self) -> Paging:
        if self.template and "{page}" not in self.template:
            raise ValueError("template must hold {page}, such as 'index_{page}.html'")
        return self


class Channel(_Table):
    """One column (栏目) of a site: where its list begins, and how often it is read when not as the site."""

    name: Text
    url: Address
    frequency: Frequency | None = None
    paging: Paging | None = None

    @property
    def next(self) -> Paging | None:
        """The paging given by hand, if any."""
        return self.paging


class SiteLayout(_Table):
    """Where body and title stand in this site's pages captured until `valid_until` (the last day; absent: still so)."""

    body: Annotated[Selector, Field(min_length=1)]
    valid_until: date | None = None
    title: Selector = ""
    drop: tuple[Selector, ...] = ()


class Expect(_Table):
    """What a healthy run brings: fewer than `min_entries` from a full listing is a failed run, not an empty day.

    `site_name` and `site_id_code` are what the pages' SiteName and SiteIDCode tags say (国办发〔2017〕47号, appendix 3).
    """

    min_entries: Annotated[int, Field(ge=0)] = 0
    site_name: Text | None = None
    site_id_code: SiteIdCode | None = None


class Site(_Table):
    """One source as its site file gives it; `name` is the file's stem.

    `delay` is in seconds, `crawl_window` two times of the day in Asia/Shanghai, `daily_budget` requests a day to each host,
    `full_every` days between two walks of whole lists, `max_file_size` in MiB.
    """

    name: str
    title: Text
    homepage: Address
    level: Literal["central", "province", "city", "county"]
    division_code: DivisionCode | None = None
    family: FamilyId = "generic"
    frequency: Frequency = "daily"
    status: Literal["active", "candidate", "dormant"] = "active"
    evidence: tuple[Sentence, ...] = ()
    provenance: Literal["official", "third_party"] = "official"
    channels: Annotated[tuple[Channel, ...], Field(min_length=1)]
    declared_layouts: Annotated[tuple[SiteLayout, ...], Field(alias="layouts")] = ()
    expect: Expect = Expect()
    twins: tuple[Host, ...] = ()
    allow_offsite: tuple[Host, ...] = ()
    delay: Annotated[float, Field(ge=0, le=3600, allow_inf_nan=False)] | None = None
    crawl_window: Window | None = None
    daily_budget: Annotated[int, Field(ge=1)] | None = None
    full_every: Annotated[int, Field(ge=1)] = 90
    tls: Literal["default", "legacy", "unverified"] = "default"
    cookies: bool = False
    javascript: bool = False
    attachments: Literal["fetch", "list", "none"] = "fetch"
    max_file_size: Annotated[int, Field(ge=1)] | None = None

    @model_validator(mode="after")
    def _channels_differ(self) -> Site:
        for key in ("name", "url"):
            values = [getattr(channel, key) for channel in self.channels]
            twice = next((value for value in values if values.count(value) > 1), None)
            if twice:
                raise ValueError(f"two channels have the {key} {twice!r}; each needs its own")
        return self

    @model_validator(mode="after")
    def _layouts_in_order(self) -> Site:
        dates = [layout.valid_until or date.max for layout in self.declared_layouts]
        if dates != sorted(dates):
            raise ValueError("layouts must stand oldest first, the one without valid_until last")
        return self

    @model_validator(mode="after")
    def _codes_agree(self) -> Site:
        if self.provenance == "official" and self.level != "central" and self.division_code is None:
            raise ValueError("division_code (GB/T 2260, six digits) is missing; only central and third_party sites go without")
        code = self.expect.site_id_code
        if code and self.division_code and not code.startswith(("bm", self.division_code)):
            raise ValueError(f"expect.site_id_code is {code!r}: its first six digits must be the division_code {self.division_code!r}")
        return self

    @model_validator(mode="after")
    def _is_gentle(self) -> Site:
        real = sorted(host for host in self.hosts if not host.endswith(".example"))
        if self.delay is not None and self.delay < DEFAULT_DELAY and real:
            raise ValueError(
                f"delay is {self.delay:g}, lower than the crawler's default of {DEFAULT_DELAY:g} seconds: {real[0]} is a real host "
                "(only models under .example may be asked faster); raise it or leave it out"
            )
        return self

    @property
    def layouts(self) -> tuple[Layout, ...]:
        """The site's own layouts, as cleaners take them."""
        return tuple(Layout(table.valid_until, table.body, table.title, table.drop) for table in self.declared_layouts)

    @property
    def hosts(self) -> frozenset[str]:
        """The hosts this site's spider may ask: of the home page and the channels, the twins and `allow_offsite`."""
        addresses = (self.homepage, *(channel.url for channel in self.channels))
        return frozenset(urlsplit(address).hostname or "" for address in addresses) | {*self.twins, *self.allow_offsite}

    def principal(self, url: str) -> tuple[str, str] | None:
        """Return the address that `url` stands for with the reason, or None where it stands for itself.

        A twin host (a mobile site) serves the same paths as the home page's host: reason `twin`.
        """
        split = urlsplit(url)
        if split.hostname not in self.twins:
            return None
        home = urlsplit(self.homepage)
        return urlunsplit((home.scheme, home.netloc, split.path, split.query, "")), "twin"


def load_sites(*folders: Path) -> dict[str, Site]:
    """Read the shipped sites and those in `folders` (searched to any depth), by name.

    Raises SiteError naming the file and key for a file that is not valid, and for a name given twice.
    """
    sites: dict[str, Site] = {}
    origin: dict[str, Path] = {}
    for path in _files((SHIPPED, *folders)):
        site = load_site(path)
        if site.name in sites:
            raise SiteError(f"{path}: a site named {site.name!r} is already defined by {origin[site.name]}; rename one of the files")
        sites[site.name], origin[site.name] = site, path
    return sites


def _files(folders: tuple[Path, ...]) -> Iterator[Path]:
    for folder in dict.fromkeys(folder.resolve() for folder in folders):
        if not folder.is_dir():
            raise SiteError(f"{folder}: no such folder of site files; create it or name another one")
        yield from sorted(folder.rglob("*.toml"))


def load_site(path: Path) -> Site:
    """Read one site file. Raises SiteError naming the file, the key and what is allowed."""
    if not STEM.fullmatch(path.stem):
        raise SiteError(f"{path}: the file's name is the site's: lower-case letters, digits, '-' and '_' only")
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SiteError(f"{path}: not valid TOML in UTF-8: {error}") from error
    return parse_site(table, path.stem, str(path))


def parse_site(table: Mapping[str, Any], name: str, where: str = "") -> Site:
    """Check a site's table as read from TOML. Raises SiteError with one line a fault."""
    if "name" in table:
        raise SiteError(f"{where or name}: key 'name' is not allowed: the file's name is the site's name")
    try:
        return Site.model_validate({**table, "name": name})
    except ValidationError as error:
        faults = [_fault(detail) for detail in error.errors() if not _follows_from_another(detail, error.errors())]
        raise SiteError("\n".join(f"{where or name}: {fault}" for fault in faults)) from error


def _follows_from_another(detail: ErrorDetails, details: list[ErrorDetails]) -> bool:
    """Say whether a list is called too short only because its parts were not valid."""
    loc = detail["loc"]
    return detail["type"] == "too_short" and any(other["loc"][: len(loc)] == loc for other in details if other != detail)


def _fault(detail: ErrorDetails) -> str:
    """Say in one line which key is wrong, what is allowed and what was perhaps meant."""
    loc = detail["loc"]
    key = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in loc).lstrip(".") or "the file"
    if detail["type"] == "extra_forbidden":
        allowed = sorted(_keys(loc[:-1]))
        return f"unknown key {key!r}: allowed are {', '.join(allowed)}{near(str(loc[-1]), allowed)}"
    if detail["type"] == "missing":
        return f"key {key!r} is missing"
    if detail["type"] == "literal_error":
        allowed = re.findall(r"'([^']*)'", detail["ctx"]["expected"])
        return f"key {key!r} is {detail['input']!r}: allowed are {', '.join(allowed)}{near(str(detail['input']), allowed)}"
    message = detail["msg"].removeprefix("Value error, ")
    return f"{key}: {message}" if key == "the file" else f"key {key!r} is {detail['input']!r}: {message}"


def _keys(loc: tuple[int | str, ...]) -> set[str]:
    """List the keys allowed in the table at `loc`."""
    model: type[BaseModel] = Site
    for part in loc:
        if isinstance(part, str) and part in _fields(model):
            model = _table_of(_fields(model)[part]) or model
    return set(_fields(model)) - {"name" if model is Site else ""}


def _fields(model: type[BaseModel]) -> dict[str, Any]:
    return {field.alias or name: field.annotation for name, field in model.model_fields.items()}


def _table_of(annotation: Any) -> type[BaseModel] | None:
    """Find the table model inside an annotation such as `tuple[Channel, ...]` or `Paging | None`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    if get_origin(annotation) in {tuple, Union, UnionType, Annotated}:
        return next((found for part in get_args(annotation) if (found := _table_of(part))), None)
    return None


def site_schema() -> dict[str, Any]:
    """Give the JSON Schema (draft 2020-12) of a site file, for editors."""
    schema = Site.model_json_schema()
    schema["properties"].pop("name")
    schema["required"].remove("name")
    return schema
