"""What the terminal shows while sites are crawled: moving lines on a terminal, plain ones otherwise, nothing when quiet."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from types import TracebackType
from typing import Protocol, Self

import click
from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

Counts = Mapping[str, int]


class Show(Protocol):
    """Is told what happens, site by site."""

    def begin(self, site: str) -> None:
        """Say that a site's run began."""

    def count(self, site: str, counts: Counts) -> None:
        """Say how far it is."""

    def end(self, site: str, outcome: str, reason: str, counts: Counts) -> None:
        """Say how it ended."""

    def log(self, site: str, line: str) -> None:
        """Pass on a line the run wrote to its log."""


def summary(counts: Counts) -> str:
    """Say a run's counts in one line: captures, new and changed notices, files not read whole and why, then what was not content."""
    parts = [f"{counts.get('captures', 0)} captures", f"{counts.get('change/first', 0)} new"]
    changed = sum(counts.get(f"change/{kind}", 0) for kind in ("substantive", "metadata"))
    parts += [f"{changed} changed"] if changed else []
    parts += files_told({name.removeprefix("file/"): number for name, number in counts.items() if name.startswith("file/")})
    words = ("missing", "gone", "soft_404", "challenge", "blocked", "refused", "damaged", "failed")
    return ", ".join(parts + [f"{counts[word]} {word}" for word in words if counts.get(word)])


def files_told(files: Counts) -> list[str]:
    """Say how many attached files were read, and of how many not all: (`read` or the flag that says why not) -> number."""
    short = {flag.replace("_", " "): number for flag, number in files.items() if flag != "read"}
    told = [f"{files['read']} files read"] if files.get("read") else []
    reasons = ", ".join(f"{flag} {number}" for flag, number in sorted(short.items()))
    return [*told, *([f"{sum(short.values())} files not read whole ({reasons})"] if short else [])]


class Plain:
    """Writes one line when a site begins and one when it ends; a log line as it comes."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Leave nothing behind."""

    def begin(self, site: str) -> None:
        """Say that a site's run began."""
        click.echo(f"{site}: crawling", err=True)

    def count(self, site: str, counts: Counts) -> None:
        """Say nothing in between: lines add up."""

    def end(self, site: str, outcome: str, reason: str, counts: Counts) -> None:
        """Say how it ended."""
        click.echo(f"{site}: {outcome}: {summary(counts)}{f' ({reason})' if reason else ''}", err=True)

    def log(self, site: str, line: str) -> None:
        """Pass on a log line."""
        click.echo(f"{site}: {line}", err=True)


class Quiet(Plain):
    """Writes only what went wrong."""

    def begin(self, site: str) -> None:
        """Say nothing."""

    def end(self, site: str, outcome: str, reason: str, counts: Counts) -> None:
        """Say how a run ended that is not complete."""
        if outcome != "complete":
            super().end(site, outcome, reason, counts)


class Moving(Plain):
    """Draws a moving line a site on a terminal, and leaves its last state standing."""

    def __init__(self) -> None:
        columns = (
            SpinnerColumn(finished_text=" "),
            TextColumn("{task.description:<16}"),
            TextColumn("{task.fields[state]}"),
        )
        self._progress = Progress(*columns, TimeElapsedColumn(), console=Console(stderr=True))
        self._tasks: dict[str, int] = {}

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Let the lines stand."""
        self._progress.stop()

    def begin(self, site: str) -> None:
        """Add the site's line."""
        self._tasks[site] = int(self._progress.add_task(site, total=None, state="starting"))

    def count(self, site: str, counts: Counts) -> None:
        """Move the site's line on."""
        self._progress.update(self._tasks[site], state=summary(counts))  # type: ignore[arg-type]  # an int is what it is

    def end(self, site: str, outcome: str, reason: str, counts: Counts) -> None:
        """Let the site's line stand still."""
        state = f"{outcome}: {summary(counts)}"
        self._progress.update(self._tasks[site], total=1, completed=1, state=state)  # type: ignore[arg-type]
        if reason:
            self._progress.console.print(f"{site}: {reason}", markup=False, highlight=False)

    def log(self, site: str, line: str) -> None:
        """Print a log line above the lines."""
        self._progress.console.print(f"{site}: {line}", markup=False, highlight=False)


def show(*, quiet: bool = False) -> AbstractContextManager[Show]:
    """Choose what fits the terminal."""
    if quiet:
        return Quiet()
    return Moving() if sys.stderr.isatty() else Plain()


@contextmanager
def work_shown(*, quiet: bool = False) -> Iterator[Callable[[str, int, int], None]]:
    """Give what a long command tells how far it is: what is looked at, how many are done, of how many. Only a terminal shows it."""
    if quiet or not sys.stderr.isatty():
        yield lambda *_: None
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}"), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=None)
        yield lambda what, done, of: progress.update(task, description=what, completed=done, total=of or None)
