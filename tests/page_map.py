"""Where each byte of an SQLite file belongs, by the file format (https://www.sqlite.org/fileformat2.html): what the bit flips are told by.

Parsed by hand, since SQLite's own table of pages (dbstat) says which table a page is of, and not what a byte in it is.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Place:
    """What a byte belongs to: the table and the b-tree (itself or an index), and what it is there.

    `part` is cell (a row's header and values, on its page or on those it overflows to), structure (what leads to rows), unused, header.
    """

    table: str
    tree: str
    part: str


class PageMap:
    """The map of one file, which nobody writes to meanwhile and whose log is folded in."""

    def __init__(self, path: Path) -> None:
        self.content = path.read_bytes()
        size = int.from_bytes(self.content[16:18], "big")
        self.page_size = 65536 if size == 1 else size
        self.pages: dict[int, tuple[str, str, list[tuple[int, int, str]]]] = {}
        with closing(sqlite3.connect(path)) as connection:
            trees = connection.execute("select tbl_name, name, rootpage from sqlite_schema where rootpage > 0").fetchall()
        for table, name, root in [("sqlite_schema", "sqlite_schema", 1), *trees]:
            self._walk(table, name, root)

    def place(self, offset: int) -> Place:
        """Say what a byte of the file belongs to."""
        number, within = offset // self.page_size + 1, offset % self.page_size
        if offset < 100:
            return Place("", "", "header")
        table, tree, parts = self.pages.get(number, ("", "", []))
        part = next((part for start, end, part in parts if start <= within < end), "unused")
        return Place(table, tree, part if table else "unused")

    def _page(self, number: int) -> memoryview:
        return memoryview(self.content)[(number - 1) * self.page_size : number * self.page_size]

    def _walk(self, table: str, tree: str, number: int) -> None:
        page, at = self._page(number), 100 if number == 1 else 0
        kind, cells = page[at], int.from_bytes(page[at + 3 : at + 5], "big")
        inner = kind in {2, 5}
        head = at + (12 if inner else 8)
        parts = [(at, head + 2 * cells, "structure")]
        self.pages[number] = (table, tree, parts)
        for cell in range(cells):
            start = int.from_bytes(page[head + 2 * cell : head + 2 * cell + 2], "big")
            place = start
            if inner:
                self._walk(table, tree, int.from_bytes(page[place : place + 4], "big"))
                place += 4
            if kind == 5:
                end = _varint(page, place)[1]
                parts.append((start, end, "structure"))
                continue
            size, place = _varint(page, place)
            if kind == 13:
                _, place = _varint(page, place)
            local = self._local(kind, size)
            end = place + local
            if local < size:
                self._overflow(table, tree, int.from_bytes(page[end : end + 4], "big"), size - local)
                parts.append((end, end + 4, "structure"))
            parts.append((start, end, "cell"))
        if inner:
            self._walk(table, tree, int.from_bytes(page[at + 8 : at + 12], "big"))

    def _local(self, kind: int, size: int) -> int:
        """Give how many bytes of a payload stand on the page itself (section 1.6)."""
        usable = self.page_size
        most = usable - 35 if kind == 13 else (usable - 12) * 64 // 255 - 23
        least = (usable - 12) * 32 // 255 - 23
        if size <= most:
            return size
        kept = least + (size - least) % (usable - 4)
        return kept if kept <= most else least

    def _overflow(self, table: str, tree: str, number: int, left: int) -> None:
        while left > 0 and number:
            page = self._page(number)
            here = min(left, self.page_size - 4)
            self.pages[number] = (table, tree, [(0, 4, "structure"), (4, 4 + here, "cell")])
            left -= here
            number = int.from_bytes(page[:4], "big")


def _varint(page: memoryview, at: int) -> tuple[int, int]:
    """Give a number of up to nine bytes, and where it ends (section 1.6)."""
    value = 0
    for place in range(at, at + 8):
        value = value << 7 | page[place] & 0x7F
        if page[place] < 0x80:
            return value, place + 1
    return value << 8 | page[at + 8], at + 9
