"""The text of an attached file as a page shows it: paragraphs, tables where they stand, and the files inside an archive; pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from cleaners.attachments.records import FileText, Table
from cleaners.attachments.tables import flat

PREVIEW = 3_000
"""Characters of a file that a notice's page shows."""
WHOLE = 200_000
"""Characters that the page of a file shows; all of them stand in the plain text beside it."""
ARCHIVES = frozenset({"application/zip", "application/vnd.rar", "application/gzip"})
"""Media types of files whose text is that of the files inside; what else holds files has a text of its own."""
MOST_TRIES = 20
MOST_FILES = 100
"""Files of one archive a page lists."""


@dataclass(slots=True)
class Passage:
    """Some lines of a file: a paragraph each, or the rows of a table below its heading."""

    lines: list[str] = field(default_factory=list)
    rows: list[tuple[str, ...]] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ShownFile:
    """One file: its facts, as much of its text as is shown, and the same of the files inside it.

    `cut` says that there is more; `unlisted` counts the files inside that are not shown.
    """

    found: FileText
    passages: list[Passage]
    cut: bool
    files: tuple[ShownFile, ...] = ()
    unlisted: int = 0


def shown_file(found: FileText, longest: int, *, whole: int | None = None) -> ShownFile:
    """Lay out a file's text, no more than `longest` characters of it; `whole` is how many it has where it was cut before.

    The files of an archive share the characters, as its text is theirs.
    """
    files: list[ShownFile] = []
    left = longest
    for file in found.files[:MOST_FILES]:
        files.append(shown_file(file, max(left, 0)))
        left -= len(file.text)
    packed = bool(files) and found.media_type in ARCHIVES
    text = "" if packed else _cut(found.text, longest)
    cut = any(file.cut for file in files) if packed else len(text) < (len(found.text) if whole is None else whole)
    return ShownFile(
        replace(found, text="", tables=(), files=()), passages(text, found.tables), cut, tuple(files), len(found.files) - len(files)
    )


def _cut(text: str, longest: int) -> str:
    """Cut at the end of a line where there is one in the last fifth."""
    if len(text) <= longest:
        return text
    at = text.rfind("\n", longest - longest // 5, longest)
    return text[: at if at > 0 else longest]


def passages(text: str, tables: Sequence[Table] = ()) -> list[Passage]:
    """Divide a text into paragraphs and tables: those of `tables` where their rows stand, else runs of lines with tabs in them."""
    lines = text.split("\n") if text else []
    out: list[Passage] = []
    for table, line in _placed(lines, tables):
        if table is not None:
            out.append(_table([row for row in table if any(row)]))
        elif "\t" in line:
            _add_row(out, tuple(line.split("\t")))
        elif line.strip():
            _add_line(out, line)
    return [_plain(passage) for passage in out]


def _placed(lines: list[str], tables: Sequence[Table]) -> Iterator[tuple[Table | None, str]]:
    """Go through the lines, each alone or as part of a table whose rows start there."""
    waiting: dict[str, list[tuple[list[str], Table]]] = {}
    tries: Counter[str] = Counter()
    for table in tables:
        if expected := [line for row in table if (line := "\t".join(map(flat, row)).rstrip())]:
            waiting.setdefault(expected[0], []).append((expected, table))
    at = 0
    while at < len(lines):
        # the first of those that start with this line, and not forever: a file may hold very many lines and tables that start alike
        line = lines[at]
        candidates = waiting.get(line, []) if tries[line] < MOST_TRIES else []
        tries[line] += bool(candidates)
        if candidates and lines[at : at + len(candidates[0][0])] == candidates[0][0]:
            tries[line] = 0
            expected, table = candidates.pop(0)
            yield table, ""
            at += len(expected)
        else:
            yield None, line
            at += 1


def _table(rows: list[tuple[str, ...]]) -> Passage:
    """Take the rows above a table that have one cell, the first, for its heading: merged cells stand once, at their first place."""
    wide = next((at for at, row in enumerate(rows) if any(row[1:])), 0)
    return Passage(rows=rows[wide:], headings=[row[0] for row in rows[:wide]])


def _add_row(out: list[Passage], row: tuple[str, ...]) -> None:
    if not (out and out[-1].rows):
        out.append(Passage())
    out[-1].rows.append(row)


def _add_line(out: list[Passage], line: str) -> None:
    if not (out and out[-1].lines):
        out.append(Passage())
    out[-1].lines.append(line)


def _plain(passage: Passage) -> Passage:
    """Take one row alone for a line with gaps in it, as under a signature."""
    return Passage(["　".join(passage.rows[0])]) if len(passage.rows) == 1 and not passage.headings else passage
