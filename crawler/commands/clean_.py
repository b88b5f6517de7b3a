"""`dibao clean`: read saved pages without an archive."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path

import click

from cleaners.clean import clean
from cleaners.records import Capture, Notice

_TYPES = {".txt": "text/plain"}


@click.command("clean")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--url", default="", help="The address the page was saved from: links are resolved against it.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="What to print.")
def command(files: tuple[Path, ...], url: str, form: str) -> None:
    """Read saved pages and print what they say: title, parts and text, or one JSON object a line.

    The JSON has the fields of a notice under their own names, dates in ISO 8601, with every removal, its rule and its place.
    """
    for path in files:
        notice = read_file(path, url)
        click.echo(as_json(notice) if form == "json" else as_text(notice))


def read_file(path: Path, url: str = "") -> Notice:
    """Read one saved page."""
    headers = (("Content-Type", _TYPES.get(path.suffix.lower(), "text/html")),)
    return clean(Capture("", url or path.resolve().as_uri(), datetime.now(UTC), 200, headers, path.read_bytes(), time_known=False))


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
