"""`dibao clean`: read saved pages without an archive, and show why they read as they do."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path

import click

from cleaners.errors import NoticeError
from cleaners.records import Capture, Notice
from cleaners.rules import Rules, default_rules
from cleaners.worker import read_safely
from crawler.commands import options

_TYPES = {".txt": "text/plain"}
STDIN = Path("-")


@click.command("clean")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--url", default="", help="The address the page was saved from: links are resolved against it.")
@click.option("--site", default="", help="The site the page belongs to: its layouts are used to read it.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="What to print.")
@click.option("--json", "as_rows", is_flag=True, help="The same as --format json.")
@click.option("--explain", is_flag=True, help="Show what was kept, what was removed and why, and what each field was read from.")
@click.option("--html", "out", type=click.Path(dir_okay=False, path_type=Path), help="Write the explanation as an HTML page to this file.")
@options.sites
@click.pass_context
def command(  # noqa: PLR0917 - the options of a command
    ctx: click.Context,
    files: tuple[Path, ...],
    url: str,
    site: str,
    form: str,
    as_rows: bool,
    explain: bool,
    out: Path | None,
    folders: tuple[Path, ...],
) -> None:
    """Read saved pages and print what they say: title, parts and text, or one JSON object a line.

    The JSON has the fields of a notice under their own names, dates in ISO 8601, with every removal, its rule and its place.
    With --explain every line of the page is accounted for: kept, removed with the rule and the reason, or outside the text.
    FILE may be - for standard input. A file that cannot be read is named; the others are read, and the exit code is 1.
    """
    rules = rules_of(site, folders) if site else default_rules()
    captures = list(read_files(files, url))
    if out is not None:
        write_document(captures, rules, out)
    for name, capture in captures:
        if as_rows or form == "json":
            click.echo(as_json(read_safely(capture, rules)))
        elif explain:
            show(name, capture, rules)
        elif out is None:
            click.echo(as_text(read_safely(capture, rules)))
    if len(captures) < len(files):
        ctx.exit(1)


def rules_of(site: str, folders: tuple[Path, ...]) -> Rules:
    """Give the rules a site's pages are read with; SiteError where there is no such site."""
    from crawler.commands.crawl_ import find  # noqa: PLC0415 - site files are loaded only where one is asked for
    from crawler.rules import rules_for  # noqa: PLC0415 - as above
    from spiders.site import load_sites  # noqa: PLC0415 - as above

    return rules_for(find(load_sites(*folders), site))


def read_files(files: tuple[Path, ...], url: str) -> list[tuple[str, Capture]]:
    """Give the files that can be read as captures, under their names; those that cannot are named on standard error."""
    found: list[tuple[str, Capture]] = []
    for path in files:
        try:
            body = sys.stdin.buffer.read() if path == STDIN else path.read_bytes()
        except OSError as error:
            click.echo(f"{path}: {error.strerror}; give a saved page, or - for standard input", err=True)
            continue
        found.append((str(path), capture_of(path, body, url)))
    return found


def capture_of(path: Path, body: bytes, url: str = "") -> Capture:
    """Make the capture a saved file stands for."""
    headers = (("Content-Type", _TYPES.get(path.suffix.lower(), "text/html")),)
    address = url or ("" if path == STDIN else path.resolve().as_uri())
    return Capture("", address, datetime.now(UTC), 200, headers, body, time_known=False)


def show(name: str, capture: Capture, rules: Rules) -> None:
    """Print the account of a page; without colour where the output is no terminal or NO_COLOR is set."""
    from rich.console import Console  # noqa: PLC0415 - slow to load

    from crawler.explain import terminal  # noqa: PLC0415 - as above
    from crawler.explain.account import account_for  # noqa: PLC0415 - as above

    terminal.show(account_for(capture, rules, name), Console(highlight=False, emoji=False, markup=False, soft_wrap=False))


def write_document(captures: list[tuple[str, Capture]], rules: Rules, out: Path) -> None:
    """Write the accounts of all pages as one HTML document; NoticeError where it cannot be written."""
    from crawler.explain import document  # noqa: PLC0415 - slow to load
    from crawler.explain.account import account_for  # noqa: PLC0415 - as above

    if not captures:
        return
    try:
        out.write_text(document.draw([account_for(capture, rules, name) for name, capture in captures]), encoding="utf-8")
    except OSError as error:
        raise NoticeError(f"{out}: {error.strerror}; --html needs a file that can be written") from error
    click.echo(f"{out}: {len(captures)} pages explained", err=True)


def as_json(notice: Notice) -> str:
    """Write a notice as one line of JSON."""
    row = {**asdict(notice), "text": notice.text, "text_hans": notice.text_hans}
    return json.dumps(row, ensure_ascii=False, default=_plain)


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no JSON form")


def as_text(notice: Notice) -> str:
    """Write a notice for reading: title, parts that were found, text, attachments."""
    parts = {
        "发布日期": notice.issued,
        "成文日期": notice.created,
        "发文字号": notice.document_number,
        "发文机关": notice.creator,
        "来源": notice.source,
        "索引号": notice.identifier,
    }
    head = [notice.title or "(无标题)", *(f"{name}: {value}" for name, value in parts.items() if value)]
    files = [f"附件: {attachment.title} {attachment.url}" for attachment in notice.attachments]
    return "\n".join((*head, "", notice.text, *files, ""))
