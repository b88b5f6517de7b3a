"""`dibao add`: the site file of a column, with a fixture and its golden file for review."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import click

from cleaners.errors import SiteError
from crawler.commands import options
from crawler.commands.probe_ import delay, find, find_in_browser, kind, print_finding, tls
from crawler.probe import fixtures
from crawler.probe.finding import Finding
from crawler.probe.sitefile import Wishes, column_slug, draft, name_of, unknown_of_channel, with_channel
from crawler.probe.words import both, pair
from spiders.site import SHIPPED, Site, load_site, load_sites

LEVELS = ("central", "province", "city", "county")


@click.command("add")
@click.argument("url")
@click.option(
    "--sites",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("sites"),
    show_default=True,
    help="The folder of site files to write to.",
)
@click.option("--name", default="", help="The name of a new site; by default it is made from its host.")
@click.option("--channel-of", "of", default="", help="The site to add the column to; by default the one that has its host.")
@click.option("--column", default="", help="What the column is called, where the page does not say.")
@click.option("--title", default="", help="What the site is called, where the page does not say.")
@click.option("--level", type=click.Choice(LEVELS), help="The level of the site, where the page does not say.")
@click.option("--division-code", default="", help="The site's division (GB/T 2260, six digits), where the page does not say.")
@kind
@options.contact
@delay
@tls
@click.option("--js", is_flag=True, help="Look at the column in a browser (dibao[js]) and have it crawled so: javascript = true.")
@click.pass_context
def command(  # noqa: PLR0917 - the options of a command
    ctx: click.Context,
    url: str,
    folder: Path,
    name: str,
    of: str,
    column: str,
    title: str,
    level: str | None,
    division_code: str,
    kind: str | None,
    contact: str,
    delay: float | None,
    tls: str,
    js: bool,
) -> None:
    """Probe a column and write its site file, with a fixture and its golden file to review.

    The file says status = "candidate": it is crawled when it is named, and scheduled once someone has looked and written "active".
    Where a site file in the folder has the column's host, the column is added to that one, as text, its comments kept. What the
    page did not say is named with the key to fill in. Nothing that is there is overwritten.
    """
    if not url.startswith(("http://", "https://")):
        raise SiteError(f"{url!r} is no address: dibao add needs the http or https address of a column's list page")
    folder.mkdir(parents=True, exist_ok=True)
    sites = load_sites(folder)
    refuse_known(sites, url)
    found = find_in_browser(url, kind, contact, delay, tls)[0] if js else find(url, "", kind, contact, delay, tls)
    if found.listing is None or not found.entries:
        print_finding(found)
        ctx.exit(1)
    wishes = Wishes(title, column, level or "", division_code, delay, tls)
    site = _site_of(sites, folder, url, of)
    told = _extend(site, folder, found, wishes) if site else _write(sites, folder, found, name, wishes)
    click.echo("\n".join(told))


def refuse_known(sites: dict[str, Site], url: str) -> None:
    """Raise SiteError where a site file has the column already."""
    known = next((site.name for site in sites.values() for channel in site.channels if channel.url == url), "")
    if known:
        raise SiteError(f"{url}: the site file {known!r} has this column already: dibao crawl {known}")


def _site_of(sites: dict[str, Site], folder: Path, url: str, of: str) -> Site | None:
    """Give the site the column is to be added to: the one named, or one in the folder that has its host."""
    if of:
        if of not in sites:
            raise SiteError(f"there is no site {of!r} in {folder}: dibao sites lists what there is")
        return sites[of]
    host = urlsplit(url).hostname
    return next((site for site in sites.values() if host in site.hosts and path_of(site.name, folder) is not None), None)


def path_of(name: str, folder: Path) -> Path | None:
    """Find the file of a site in the folder; None for one that is shipped."""
    return next(iter(sorted(folder.rglob(f"{name}.toml"))), None)


def _extend(site: Site, folder: Path, found: Finding, wishes: Wishes) -> list[str]:
    """Add the column to a site file and save its fixture."""
    path = path_of(site.name, folder) or path_of(site.name, SHIPPED)
    assert path is not None
    text = with_channel(path.read_text("utf-8"), found, wishes)
    saved = fixtures.save(found, fixture_folder(path, site.name, found))
    path.write_text(text, "utf-8")
    load_site(path)
    assert found.listing is not None
    unknown = [*unknown_of_channel(found, wishes)]
    if site.family not in {found.listing.family, "generic"}:
        unknown.append(("family", "family_differs"))
    if len(found.listing.entries) < site.expect.min_entries:
        unknown.append(("expect.min_entries", "too_few"))
    return _told("added", path, saved[-1], found, unknown)


def _write(sites: dict[str, Site], folder: Path, found: Finding, name: str, wishes: Wishes) -> list[str]:
    """Write a new site file and save its fixture."""
    name = name or _free(sites, name_of(found.url))
    if name in sites:
        raise SiteError(f"there is a site {name!r} already: choose another --name, or --channel-of {name} to add the column to it")
    written = draft(found, name, wishes, f"{datetime.now(UTC):%Y-%m-%d}")
    path = folder / f"{name}.toml"
    saved = fixtures.save(found, fixture_folder(path, name, found))
    with path.open("x", encoding="utf-8") as file:
        file.write(written.text)
    return _told("written", path, saved[-1], found, written.unknown)


def _free(sites: dict[str, Site], name: str) -> str:
    """Give the name, or where a shipped site has it, the name with a number."""
    return next(one for one in (name, *(f"{name}-{number}" for number in range(2, 100))) if one not in sites)


def fixture_folder(path: Path, name: str, found: Finding) -> Path:
    """Say where the fixture of a column goes: beside its site file."""
    return path.parent / "fixtures" / name / column_slug(found.url)


def _told(what: str, path: Path, golden: Path, found: Finding, unknown: Sequence[tuple[str, str]]) -> list[str]:
    """Say what was written, what could not be told, and what to do next."""
    assert found.listing is not None
    lines = [f"{both('add', what)}: {path}", f"{both('add', 'fixture')}: {golden}"]
    if unknown:
        lines += ["", f"{both('add', 'unknown')}:"]
        for key, word in unknown:
            lines += [f"  {key}", *(f"    {one}" for one in pair("unknown", word, family=found.listing.family))]
    lines += ["", f"{both('add', 'then')}:"]
    for number, step in enumerate(("review", "crawl", "activate"), 1):
        chinese, english = pair("add", step, name=path.stem, folder=path.parent)
        lines += [f"  {number}. {chinese}", f"     {english}"]
    return lines
