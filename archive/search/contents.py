"""What is searched of a version of a notice: title and 发文字号, text, the texts of its attached files, and the facts filters ask for."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from archive.search.forms import searchable
from archive.search.terms import Facts, facts_of
from archive.versions import load_parts
from cleaners.records import Notice

MOST_OF_A_FILE = 100_000
MOST_OF_FILES = 300_000
"""Characters of one attached file, and of all those of a notice together, that are searched; `search_rows.cut` counts what is not."""


@dataclass(frozen=True, slots=True)
class Contents:
    """The searchable forms of a version, its facts, and `cut`, how many characters of its files were left out.

    `older` says that it is not what the notice says now, `source` from what it was read.
    """

    version: int
    title: str
    body: str
    files: str
    facts: Facts
    cut: int = 0
    older: bool = False
    source: str = ""


@dataclass(frozen=True, slots=True)
class SearchedFile:
    """An attached file as it is searched: its name and text as far as they are, and how many characters of the text are not."""

    name: str
    text: str
    cut: int = 0

    @property
    def field(self) -> str:
        """Name and text, parted by a line end."""
        return f"{self.name}\n{self.text}"


def heading(notice: Notice) -> str:
    """Give what is searched beside the text: the title and, as a paragraph of its own, the 发文字号 every reader goes by."""
    return "\n".join(filter(None, (notice.title, notice.document_number)))


def contents_of(connection: sqlite3.Connection, notice: Notice, site: str, version: int, day: int) -> Contents:
    """Gather what is searched of a version that says this."""
    files = list(searched_files(connection, version)) if notice.files else []
    return Contents(
        version,
        searchable(heading(notice)),
        searchable(notice.text),
        searchable("\n".join(file.field for file in files)),
        facts_of(site, notice.type, notice.creator, day),
        sum(file.cut for file in files),
    )


def searched_files(connection: sqlite3.Connection, version: int) -> Iterator[SearchedFile]:
    """Give the attached files of a version in order, each with its text as far as it is searched."""
    row = connection.execute("select address, parts from versions where id = ?", (version,)).fetchone()
    left = MOST_OF_FILES
    for url, digest in load_parts(row["parts"]).files if row else ():
        name = connection.execute("select title from attachments where address = ? and url = ?", (row["address"], url)).fetchone()
        found = connection.execute(_TEXT, (MOST_OF_A_FILE, digest)).fetchone() if digest else None
        text = found["text"][:left] if found else ""
        left -= len(text)
        yield SearchedFile(name[0] if name else "", text, found["characters"] - len(text) if found else 0)


_TEXT = """
    select substr(t.text, 1, ?) as text, length(t.text) as characters from payloads p join file_texts t on t.payload = p.id
    where p.digest = ?
"""
