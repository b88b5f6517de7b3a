"""How `dibao browse` serves an archive: Datasette on the live file, with the settings an archive needs."""

from __future__ import annotations

import webbrowser
from inspect import signature
from pathlib import Path
from threading import Timer
from typing import Any

from archive.browse.metadata import metadata
from cleaners.errors import ArchiveError

SETTINGS: dict[str, Any] = {
    "suggest_facets": False,  # 22 to 50 times faster table pages at 100 000 rows
    "sql_time_limit_ms": 1000,
    "allow_download": False,  # a live file in WAL mode downloads torn
    "default_page_size": 50,
    "max_returned_rows": 1000,
    "num_sql_threads": 4,
}


def datasette(path: Path, *, sql: bool = False) -> Any:
    """Make the Datasette of an archive; `sql` lets visitors run their own read-only SQL. ArchiveError where there is none."""
    from datasette.app import Datasette  # noqa: PLC0415 - half a second that only browsing should cost

    from archive.browse.routes import archive_of  # noqa: PLC0415 - the same

    _quiet()
    if not path.is_file():
        raise ArchiveError(f"{path}: there is no such archive; name another with --db, or crawl or import to make it")
    told = metadata(path.stem)
    # 1.0 reads facets, labels and the search table from its configuration, 0.65 knows no such thing
    config = {"config": {"databases": told["databases"]}} if "config" in signature(Datasette).parameters else {}
    served = Datasette([str(path)], metadata=told, settings=SETTINGS | {"default_allow_sql": sql}, **config)
    if archive_of(served) is None:
        raise ArchiveError(f"{path}: is not a dibao archive; name another file with --db")
    return served


def _quiet() -> None:
    """Keep Datasette from printing every local variable to the terminal for each page that is not there."""
    from datasette import handle_exception  # noqa: PLC0415 - only after datasette.app, or the hook in it is never registered

    handle_exception.rich = None


def browse(path: Path, host: str = "127.0.0.1", port: int = 8001, *, open_browser: bool = False, sql: bool = False) -> None:
    """Serve an archive until interrupted. The file is opened read-only as it is, so crawls may go on writing to it."""
    import uvicorn  # noqa: PLC0415 - the same

    app = datasette(path, sql=sql).app()
    if open_browser:
        Timer(1.0, webbrowser.open, (f"http://{'127.0.0.1' if host in {'0.0.0.0', '::'} else host}:{port}/",)).start()  # noqa: S104 - only compared
    uvicorn.run(app, host=host, port=port, log_level="warning", lifespan="on", server_header=False)
