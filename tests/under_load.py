"""An archive that is written to all the time while others read it, or copy it: what the tests and the benchmark of durability share."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from urllib.parse import quote

from archive import Archive

HERE = Path(__file__).parent
ROOT = HERE.parent


@dataclass
class Writer:
    """A process that keeps pages one after the other; `commits` are the seconds each took, `error` what ended it too early."""

    process: subprocess.Popen[str]
    commits: list[float] = field(default_factory=list)
    error: str = ""

    def stop(self) -> None:
        """Ask it to end, and gather what it did."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        out, self.error = self._read()
        self.commits = json.loads(out) if out else []

    def _read(self) -> tuple[str, str]:
        assert self.process.stdout is not None
        assert self.process.stderr is not None
        out, error = self.process.stdout.read(), self.process.stderr.read()
        self.process.wait()
        return out, error


@contextmanager
def writer(path: Path, first: int = 0, pause: float = 0.02) -> Iterator[Writer]:
    """Have a process write to an archive; `pause` seconds between two pages."""
    arguments = [sys.executable, __file__, str(path), str(first), str(pause)]
    with subprocess.Popen(
        arguments, env=_environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        made = Writer(process)
        try:
            yield made
        finally:
            if not made.process.stdin or not made.process.stdin.closed:
                made.stop()


@dataclass
class Answers:
    """What readers were answered: the seconds each answer took by path, and what was no answer."""

    seconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @property
    def p99(self) -> float:
        """The time within which 99 of 100 were answered."""
        return sorted(self.seconds)[int(len(self.seconds) * 0.99)] if self.seconds else 0.0


def read_for(path: Path, seconds: float, readers: int = 3) -> Answers:
    """Serve an archive with Datasette, as `dibao browse` does, and have readers ask for its pages for so long."""
    port = _free_port()
    command = [sys.executable, "-m", "crawler.cli", "browse", "--db", str(path), "--port", str(port), "--no-open"]
    answers = Answers()
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as served:
        try:
            home = f"http://127.0.0.1:{port}"
            _wait(f"{home}/sites", served)
            paths = _paths(path)
            until = time.monotonic() + seconds
            threads = [Thread(target=_ask, args=(home, paths[n:] + paths[:n], until, answers)) for n in range(readers)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        finally:
            served.terminate()
            served.wait()
    return answers


def _ask(home: str, paths: list[str], until: float, answers: Answers) -> None:
    number = 0
    while time.monotonic() < until:
        path = paths[number % len(paths)]
        number += 1
        begun = time.monotonic()
        try:
            with urllib.request.urlopen(home + path, timeout=30) as answer:
                answer.read()
        except (OSError, urllib.error.HTTPError) as error:
            answers.errors.append(f"{path}: {error}")
        answers.seconds.append(time.monotonic() - begun)


def _paths(path: Path) -> list[str]:
    with Archive.open(path, for_reading=True) as archive, archive.reading() as connection:
        works = [row[0] for row in connection.execute("select id from notices where version is not null limit 5")]
    tables = [f"/{path.stem}/{table}" for table in ("notices", "captures", "runs")]
    return ["/", f"/search?q={quote('工作')}", "/runs", "/sites", *tables, *(f"/notice/{work}" for work in works)]


def _wait(url: str, served: subprocess.Popen[str]) -> None:
    for _ in range(600):
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            time.sleep(0.1)
            assert served.poll() is None, served.stderr.read() if served.stderr else ""
    raise AssertionError(f"{url} was not served")


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _environment() -> dict[str, str]:
    import os

    return os.environ | {"PYTHONPATH": os.pathsep.join((str(ROOT), str(HERE)))}


def main() -> None:
    """Keep pages until standard input ends, each turn over the same ones; then say how long each took."""
    from commit_path import RULES, begin, page

    path, first, pause = Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    seconds: list[float] = []
    ended: list[bool] = []
    Thread(target=lambda: ended.append(bool(sys.stdin.read()) or True), daemon=True).start()
    with Archive.open(path) as archive:
        run, number = begin(archive), 0
        while not ended:
            capture, notice = page(first + number % 200, number // 200)
            begun = time.monotonic()
            archive.read(archive.add(capture, run), notice, fingerprint=RULES)
            seconds.append(time.monotonic() - begun)
            number += 1
            time.sleep(pause)
    print(json.dumps(seconds), flush=True)


if __name__ == "__main__":
    main()
