"""How `dibao browse` serves an archive: Datasette on the live file, with the settings an archive needs."""

from __future__ import annotations

import errno
import socket
import sys
import webbrowser
from contextlib import suppress
from inspect import signature
from ipaddress import ip_address
from pathlib import Path
from threading import Timer
from typing import Any

from archive.browse.metadata import metadata
from archive.connection import is_frozen
from cleaners.errors import ArchiveError, NoticeError

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
    files, frozen = ([], [str(path)]) if is_frozen(path) else ([str(path)], [])
    served = Datasette(files, immutables=frozen, metadata=told, settings=SETTINGS | {"default_allow_sql": sql}, **config)
    if archive_of(served) is None:
        raise ArchiveError(f"{path}: is not a dibao archive; name another file with --db")
    return served


def _quiet() -> None:
    """Keep Datasette from printing every local variable to the terminal for each page that is not there."""
    from datasette import handle_exception  # noqa: PLC0415 - only after datasette.app, or the hook in it is never registered

    handle_exception.rich = None


def browse(path: Path, host: str = "127.0.0.1", port: int = 8001, *, open_browser: bool = False, sql: bool = False) -> None:
    """Serve an archive until interrupted, and say on standard error where; port 0 takes any free one.

    The file is opened read-only as it is, so crawls may go on writing to it. ArchiveError where it cannot be served, NoticeError
    where host and port cannot be listened on; both before anything is said.
    """
    import uvicorn  # noqa: PLC0415 - the same

    config = uvicorn.Config(datasette(path, sql=sql).app(), log_level="warning", lifespan="on", server_header=False)
    with listen(host, port) as listening:
        url = address(host, listening.getsockname()[1])

        class Announced(uvicorn.Server):
            async def startup(self, sockets: list[socket.socket] | None = None) -> None:
                await super().startup(sockets)  # from here on it answers, and a Ctrl-C stops it in an orderly way
                print(f"{path}: {url} (Ctrl-C stops)", file=sys.stderr, flush=True)
                if open_browser:
                    Timer(0.1, webbrowser.open, (url,)).start()

        with suppress(KeyboardInterrupt):  # sent once more by uvicorn when it has stopped
            Announced(config).run(sockets=[listening])


def listen(host: str, port: int) -> socket.socket:
    """Listen on host and port, 0 for any free one; NoticeError names both and what to do where that cannot be."""
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET, backlog=2048)
    except OSError as error:
        where = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        if error.errno == errno.EADDRINUSE:
            raise NoticeError(f"{where} is in use by another program; choose another with --port (0: any free one)") from error
        raise NoticeError(f"{where} cannot be listened on ({error.strerror}); choose another with --host and --port") from error


def address(host: str, port: int) -> str:
    """Give the URL at which a browser on this machine reaches what listens on host and port."""
    with suppress(ValueError):
        if ip_address(host).is_unspecified:  # all addresses of the machine: a browser wants one
            host = "::1" if ":" in host else "127.0.0.1"
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"
