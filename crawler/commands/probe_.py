"""`dibao probe`: what an address or a saved page is, and what dibao understands of it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cleaners.errors import NoticeError
from cleaners.records import Capture
from crawler.commands import options
from crawler.probe.finding import KINDS, UNPLACED, Finding, look
from crawler.probe.marks import read_marks

if TYPE_CHECKING:
    from crawler.probe.scripts import Answered

kind = click.option(
    "--as",
    "kind",
    type=click.Choice(["list", "notice", "home"]),
    help="What to take the page for; by default what it looks like.",
)
delay = click.option("--delay", type=click.FloatRange(min=0), help="Seconds between two requests; lower than the default for models only.")
tls = click.option(
    "--tls",
    type=click.Choice(["default", "legacy", "unverified"]),
    default="default",
    help="How the host's TLS is taken, as the key tls of a site file: old protocols and ciphers, or a certificate that does not verify.",
)


@click.command("probe")
@click.argument("target", metavar="URL|FILE")
@click.option("--url", default="", help="The address a saved page came from: links are resolved against it.")
@kind
@options.contact
@delay
@tls
@click.option("--js", is_flag=True, help="Run the page's scripts in a browser (dibao[js]) and say which addresses they ask for.")
@click.option("--json", "as_rows", is_flag=True, help="Print one JSON object.")
@click.pass_context
def command(  # noqa: PLR0917 - the options of a command
    ctx: click.Context, target: str, url: str, kind: str | None, contact: str, delay: float | None, tls: str, js: bool, as_rows: bool
) -> None:
    """Look at a page and say what it is and what dibao understands of it.

    Of a list page: the family of its CMS, the column, the entries, how the list goes on, and a sample notice, cleaned. Of a home
    page: the columns likely to hold notices, its feeds and sitemaps. Of a notice: how it reads and which column it belongs to.
    A URL is asked for politely, with at most eight pages in all, robots.txt obeyed; a FILE (- for standard input) asks for nothing.
    The exit code is 1 where the page is nothing that notices can be read from.
    """
    found, asked = find_in_browser(target, kind, contact, delay, tls) if js else (find(target, url, kind, contact, delay, tls), None)
    if as_rows:
        from crawler.probe.report import as_json  # noqa: PLC0415 - loaded when asked for

        click.echo(as_json(found, asked))
    else:
        print_finding(found, asked)
    if found.kind not in {*KINDS, "feed", "sitemap"}:
        ctx.exit(1)


def find(  # noqa: PLR0917 - the options of a command
    target: str, url: str, kind: str | None, contact: str, delay: float | None, tls: str = "default"
) -> Finding:
    """Look at a page of the web, or at a saved one, for as what it is to be taken."""
    wanted = _wanted(kind)
    if not target.startswith(("http://", "https://")):
        _require_path(target)
        return look_at_file(Path(target), url, wanted)
    from crawler.probe.asking import probe  # noqa: PLC0415 - Scrapy is loaded only where something is asked for
    from crawler.visit import Visit  # noqa: PLC0415 - as above

    with Visit.of(target, contact, delay=delay, tls=tls) as visit:
        return probe(visit, target, wanted)


def _require_path(target: str) -> None:
    """Raise NoticeError where a target is an address of another scheme than http and https and not a file."""
    scheme, _, rest = target.partition("://")
    if rest and scheme.isalnum() and not Path(target).exists():
        raise NoticeError(
            f"{target}: only http and https are asked for, not {scheme}; give an address that begins with http:// or https://"
        )


def find_in_browser(
    target: str, kind: str | None, contact: str, delay: float | None, tls: str = "default"
) -> tuple[Finding, tuple[Answered, ...]]:
    """Look at a page of the web as a browser shows it, and at what its scripts ask for; NoticeError where there is no browser."""
    from crawler.probe.asking import probe  # noqa: PLC0415 - Scrapy is loaded only where something is asked for
    from crawler.probe.scripts import answered  # noqa: PLC0415 - as above
    from crawler.visit import Visit  # noqa: PLC0415 - as above

    with Visit.of(target, contact, delay=delay, javascript=True, tls=tls) as visit:
        found = probe(visit, target, _wanted(kind))
        return found, answered(visit.captures, found.listing)


def _wanted(kind: str | None) -> str:
    return {"list": "listing", None: ""}.get(kind, kind) or ""


def look_at_file(path: Path, url: str, kind: str) -> Finding:
    """Look at a saved page; NoticeError where it cannot be read."""
    from crawler.commands.clean_ import STDIN, capture_of  # noqa: PLC0415 - loaded when asked for

    try:
        body = sys.stdin.buffer.read() if path == STDIN else path.read_bytes()
    except OSError as error:
        raise NoticeError(f"{path}: {error.strerror}; give an address that begins with http:// or https://, or a saved page") from error
    address = url or read_marks(body, "").canonical or UNPLACED
    capture: Capture = capture_of(path, body, address)
    return look(capture, address, kind)


def print_finding(found: Finding, asked: Sequence[Answered] | None = None) -> None:
    """Print a finding, and what the page's scripts asked for; without colour where the output is no terminal or NO_COLOR is set."""
    from rich.console import Console  # noqa: PLC0415 - slow to load

    from crawler.probe.terminal import show  # noqa: PLC0415 - as above

    show(found, Console(highlight=False, emoji=False, markup=False), asked)
