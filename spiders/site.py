"""Site files: one TOML file a site, checked key by key; the file's stem is the spider's name. See docs/site-files.md."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit, urlunsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from cleaners.errors import SiteError
from cleaners.pages.layout import Layout
from spiders.faults import faults
from spiders.values import Address, DivisionCode, FamilyId, Frequency, Host, Selector, Sentence, SiteIdCode, Text, Window

SHIPPED = Path(str(files("spiders"))) / "sites"
STEM = re.compile(r"[a-z0-9][a-z0-9_-]*")
DEFAULT_DELAY = 2.0
"""Seconds between two requests to a host where nobody says more; `crawler.settings.DOWNLOAD_DELAY` is the same."""


class _Table(BaseModel):
    """A table of a site file; what stands under a key here is what editors show for it (docs/site.schema.json)."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class Paging(_Table):
    """Says by hand how a channel goes on, where the page itself does not say."""

    template: str = ""
    """The further pages' address with {page}, resolved against the channel's url; empty: there is no second page."""
    second: int = 2
    """The number in the address of the second page."""
    step: int = 1
    """What each further page adds to the number; -1 counts down."""

    @model_validator(mode="after")
    def _has_page(self) -> Paging:
        if self.template and "{page}" not in self.template:
            raise ValueError("template must hold {page}, such as 'index_{page}.html'")
        return self


class Channel(_Table):
    """One column (栏目) of a site."""

    name: Text
    """The column's name, unique in the file."""
    url: Address
    """The first page of its list, unique in the file."""
    frequency: Frequency | None = None
    """How often it is read, when not as the site."""
    paging: Paging | None = None
    """How the list goes on, when the page itself does not say."""

    @property
    def next(self) -> Paging | None:
        """The paging given by hand, if any."""
        return self.paging


class SiteLayout(_Table):
    """Where body and title stand in this site's pages; only where the family's own layouts do not do."""

    body: Annotated[Selector, Field(min_length=1)]
    """The element that holds the text."""
    valid_until: date | None = None
    """The last day on which pages looked like this; the newest layout has none."""
    title: Selector = ""
    """The element that holds the title."""
    drop: tuple[Selector, ...] = ()
    """What is taken out before the body is read."""


class Expect(_Table):
    """What a healthy run brings."""

    min_entries: Annotated[int, Field(ge=0)] = 0
    """Fewer entries than this on a channel's first page make a failed run, not an empty day."""
    site_name: Text | None = None
    """What the pages' SiteName tag says (国办发〔2017〕47号, annex)."""
    site_id_code: SiteIdCode | None = None
    """The 网站标识码 of the pages' SiteIDCode tag; its first six digits are the division_code."""


class Site(_Table):
    """One source as its site file gives it; `name` is the file's stem."""

    name: str
    title: Text
    """What the source calls itself."""
    homepage: Address
    """The home page; its host is the site's own."""
    level: Literal["central", "province", "city", "county"]
    """国家、省、市、县 (a county includes districts)."""
    division_code: DivisionCode | None = None
    """GB/T 2260 行政区划代码; required for official sites below central."""
    family: FamilyId = "generic"
    """The CMS; generic recognises it page by page."""
    frequency: Frequency = "daily"
    """How often the site is read; never keeps it for the record."""
    status: Literal["active", "candidate", "dormant"] = "active"
    """A candidate was not seen working yet and is never crawled by itself; a dormant site is closed."""
    evidence: tuple[Sentence, ...] = ()
    """Why we think that this file is right: where the address comes from, who saw it and when."""
    provenance: Literal["official", "third_party"] = "official"
    """Who publishes: the authority itself, or another site that carries its documents."""
    channels: Annotated[tuple[Channel, ...], Field(min_length=1)]
    """The columns (栏目) to read."""
    declared_layouts: Annotated[tuple[SiteLayout, ...], Field(alias="layouts")] = ()
    """Where body and title stand in pages of this site, oldest first."""
    expect: Expect = Expect()
    """What a healthy run brings."""
    twins: tuple[Host, ...] = ()
    """Hosts that serve the same paths as the home page's (a mobile site)."""
    allow_offsite: tuple[Host, ...] = ()
    """Further hosts whose notices and files are asked for; links to any others are only listed."""
    delay: Annotated[float, Field(ge=0, le=3600, allow_inf_nan=False)] | None = None
    """Seconds between two requests to a host, 2 or more."""
    crawl_window: Window | None = None
    """The hours in China (Asia/Shanghai) in which the site is asked, such as 22:00-06:00."""
    daily_budget: Annotated[int, Field(ge=1)] | None = None
    """Requests a day to each host, at most."""
    full_every: Annotated[int, Field(ge=1)] = 90
    """Days between two walks of the whole lists."""
    tls: Literal["default", "legacy", "unverified"] = "default"
    """legacy also takes old ciphers and renegotiation, unverified does not check the certificate."""
    cookies: bool = False
    """Whether the site needs cookies to answer at all."""
    javascript: bool = False
    """Whether the lists are only there in a browser: they are rendered, and notices that come as empty shells (needs dibao[js])."""
    attachments: Literal["fetch", "list", "none"] = "fetch"
    """Ask for the files notices link to, only list them, or neither."""
    max_file_size: Annotated[int, Field(ge=1)] | None = None
    """Larger files are not taken, in MiB."""

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
        without = self.provenance != "official" or self.level == "central" or self.status == "candidate"
        if self.division_code is None and not without:
            raise ValueError("division_code (GB/T 2260, six digits) is missing; only central, third_party and candidate sites go without")
        code = self.expect.site_id_code
        if code and self.division_code and not code.startswith(("bm", self.division_code)):
            raise ValueError(f"expect.site_id_code is {code!r}: its first six digits must be the division_code {self.division_code!r}")
        return self

    @model_validator(mode="after")
    def _twins_are_others(self) -> Site:
        home = urlsplit(self.homepage).hostname or ""
        if home in self.twins:
            raise ValueError(f"twins names {home}, the home page's own host: a twin is another host with the same paths")
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

    Raises SiteError naming file and key of every fault of every file that is not valid, and every name given twice.
    """
    sites, errors = read_sites(*folders)
    if errors:
        raise SiteError("\n".join(map(str, errors.values())))
    return sites


def read_sites(*folders: Path) -> tuple[dict[str, Site], dict[Path, SiteError]]:
    """Read all files as `load_sites` does; give the sites of the valid ones by name, and the errors of the others by file.

    Raises SiteError for a folder that is not there.
    """
    sites: dict[str, Site] = {}
    origin: dict[str, Path] = {}
    errors: dict[Path, SiteError] = {}
    for path in _files((SHIPPED, *folders)):
        try:
            site = load_site(path)
        except SiteError as error:
            errors[path] = error
            continue
        if site.name in sites:
            told = f"{path}: a site named {site.name!r} is already defined by {origin[site.name]}; rename one of the files"
            errors[path] = SiteError(told)
            continue
        sites[site.name], origin[site.name] = site, path
    return sites, errors


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
        raise SiteError("\n".join(f"{where or name}: {fault}" for fault in faults(error, Site))) from error
