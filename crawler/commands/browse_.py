"""`dibao browse`: serve the archive."""

from __future__ import annotations

from pathlib import Path

import click

from archive.browse.serve import browse
from crawler.commands import options


@click.command("browse")
@options.db
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on; the default is this machine only.")
@click.option("--port", type=click.IntRange(0, 65535), default=8001, show_default=True, help="The port to listen on.")
@click.option("--open/--no-open", "open_browser", default=False, help="Open a browser window.")
@click.option("--sql", is_flag=True, help="Let visitors run their own read-only SQL.")
def command(db: Path, host: str, port: int, open_browser: bool, sql: bool) -> None:
    """Serve the archive in Datasette: newest notices, versions with their differences, removals, search; until Ctrl-C.

    The file is opened as it is; crawls may go on writing to it.
    """
    browse(db, host, port, open_browser=open_browser, sql=sql)
