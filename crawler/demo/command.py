"""`dibao demo`: the whole road on this machine, with the model web in the place of the public one."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from importlib.resources import as_file, files
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

import click
from rich.console import Console
from rich.table import Table

from archive.export import export
from archive.locks import lock_folder
from archive.store import Archive
from cleaners.errors import ArchiveError
from crawler.children import Options, Result, crawl_sites
from crawler.commands import options
from crawler.demo.web import ModelWeb
from crawler.network.addresses import MODEL_WEB, is_model_host
from crawler.progress import show
from spiders.site import Site, load_sites

CONTACT = "https://dibao.example/demo"
DAYS = 2


@click.command("demo")
@click.option(
    "--db",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("demo/archive.db"),
    show_default=True,
    help="The archive; made anew.",
)
@click.option("--serve/--no-serve", default=True, show_default=True, help="Serve the archive when the crawl is done.")
@click.option("--port", type=click.IntRange(0, 65535), default=8001, show_default=True, help="The port to serve on.")
@options.jobs
@options.quiet
def command(db: Path, serve: bool, port: int, jobs: int, quiet: bool) -> None:
    """Crawl a model government web for two days, then browse what came.

    The model is served on this machine only; its places, people and numbers are invented. Between its two days notices appear,
    two are edited, one goes missing, one hides behind a challenge. The cleaned notices are exported beside the archive.
    """
    _make_room(db)
    results = crawl_model(db, jobs=jobs, quiet=quiet)
    with Archive.open(db) as archive:
        corpus = db.with_suffix(".jsonl")
        written = export(archive, "jsonl", corpus)
        _show_summary(archive)
    click.echo(f"{db}: {written} notices, exported to {corpus}", err=True)
    bad = [result.site for result in results if result.outcome in {"failed", "error"}]
    if bad:
        click.echo(f"not crawled: {', '.join(bad)}", err=True)
        click.get_current_context().exit(1)
    if serve:
        _serve(db, port)


def _serve(db: Path, port: int) -> None:
    from archive.browse.serve import browse  # noqa: PLC0415 - what is not served need not be loaded

    browse(db, "127.0.0.1", port)


def _make_room(db: Path) -> None:
    """Remove an earlier demo's archive; ArchiveError for any other: a demo never touches what is not its own."""
    db.parent.mkdir(parents=True, exist_ok=True)
    if not db.exists():
        return
    with Archive.open(db) as archive, archive.reading() as connection:
        urls = [row[0] for row in connection.execute("select homepage from sites union all select url from addresses")]
    strange = next((url for url in urls if not is_model_host(urlsplit(url).hostname or "")), None)
    if strange is not None:
        raise ArchiveError(f"{db}: holds {strange or 'a site without a homepage'}, which is not the demo's; name another file with --db.")
    for file in (db, *(db.with_name(db.name + end) for end in ("-wal", "-shm"))):
        file.unlink(missing_ok=True)
    shutil.rmtree(lock_folder(db), ignore_errors=True)


def crawl_model(db: Path, *, jobs: int = 2, quiet: bool = False, days: int = DAYS) -> list[Result]:
    """Crawl every model site on each day, looking at all known notices again, and give what came of each run."""
    results: list[Result] = []
    with as_file(files("crawler.demo").joinpath("sites")) as folder, TemporaryDirectory() as place, ModelWeb(day=1) as web:
        hosts = Path(place) / "hosts.json"
        web.write_hosts(hosts)
        wishes = Options(db, CONTACT, (folder,), recheck="all", jobs=jobs, environment={MODEL_WEB: str(hosts)})
        for day in range(1, days + 1):
            web.day = day
            with show(quiet=quiet) as screen:
                results += crawl_sites(_model_sites(folder), wishes, screen)
            if any(result.stopped for result in results):
                raise click.Abort
    return results


def _model_sites(folder: Path) -> list[Site]:
    names = {file.stem for file in folder.rglob("*.toml")}
    return [site for name, site in load_sites(folder).items() if name in names]


_FIGURES = (
    ("captures", "select count(*) from captures"),
    ("notices", "select count(*) from notices where version is not null"),
    ("versions, first", "select count(*) from versions where class = 'first' and merged_into is null"),
    ("versions, substantive", "select count(*) from versions where class = 'substantive' and merged_into is null"),
    ("versions, metadata", "select count(*) from versions where class = 'metadata' and merged_into is null"),
    ("missing (404)", "select count(*) from captures where outcome in ('missing', 'gone') and role = 'notice'"),
    ("soft 404", "select count(*) from captures where outcome = 'soft_404'"),
    ("challenge", "select count(*) from captures where outcome = 'challenge'"),
    ("refused (robots.txt)", "select count(*) from captures where outcome = 'refused' and phase = 'robots'"),
    ("attachments fetched", "select count(*) from attachments where capture is not null"),
    ("attachments read", "select count(*) from file_texts where flags = '[]'"),
    ("removals", "select count(*) from removals m join versions v on v.reading = m.reading where v.merged_into is null"),
)


def figures(archive: Archive) -> dict[str, int]:
    """Count what the demo shows."""
    with archive.reading() as connection:
        return {name: connection.execute(statement).fetchone()[0] for name, statement in _FIGURES}


def _show_summary(archive: Archive) -> None:
    rows: Iterable[tuple[str, int]] = figures(archive).items()
    console = Console()
    if not console.is_terminal:
        for name, number in rows:
            click.echo(f"{name}\t{number}")
        return
    table = Table("what", "how many")
    for name, number in rows:
        table.add_row(name, str(number))
    console.print(table)
