"""What a file that a notice links to says: its text, what it is, and what could not be read of it."""

from __future__ import annotations

from dataclasses import dataclass, replace

Table = tuple[tuple[str, ...], ...]
"""Rows of cells."""

FLAGS = {
    "damaged": "broken: cut off, overwritten or not what its first bytes promise",
    "empty": "holds no text",
    "encrypted": "asks for a password",
    "garbled": "its text layer holds glyph numbers instead of characters",
    "hidden": "holds text or sheets that are hidden; they are left out",
    "macro": "holds macros; they are never run",
    "memory_limit": "took more memory than one file may",
    "mislabelled": "is of another kind than its name or the server says",
    "ocr": "some of the text was read from pictures, with mistakes",
    "partial": "some of it was not read; the reason says what",
    "revisions": "holds text deleted under tracked changes; it is left out",
    "scanned": "pages are pictures of text",
    "signed": "carries an electronic seal or signature; it is not verified",
    "time_limit": "took more time than one file may",
    "too_large": "larger than what is read",
    "unsupported": "of a kind that is not read",
}
"""Every flag a reader of files may give, and what it says."""

_SHORTFALLS = ("encrypted", "too_large", "time_limit", "memory_limit", "unsupported", "damaged", "garbled", "scanned", "partial", "empty")
"""Flags of a file whose text is not all there is, the cause before its consequences."""


@dataclass(frozen=True, slots=True)
class FileText:
    """The text of one file.

    `pages` is 0 where the format has none; `media_type` is what the bytes are, whatever they were called; `flags` are sorted words of
    `FLAGS`; `reason` is one sentence for people: what went wrong and the next step, empty where nothing did. `tables` are those of a
    document or the sheets of a workbook, in order. `files` are the files inside an archive, each with its `name` and `size` (bytes).
    """

    text: str = ""
    pages: int = 0
    media_type: str = ""
    flags: tuple[str, ...] = ()
    reason: str = ""
    files: tuple[FileText, ...] = ()
    tables: tuple[Table, ...] = ()
    name: str = ""
    size: int = 0

    @property
    def shortfall(self) -> str:
        """The flag that says why its text is not all there is; empty where it is."""
        return next((flag for flag in _SHORTFALLS if flag in self.flags), "")

    def flagged(self, *flags: str, reason: str = "") -> FileText:
        """Give the same with more flags; a reason is put behind the one there is."""
        reasons = " ".join(filter(None, (self.reason, reason)))
        return replace(self, flags=tuple(sorted({*self.flags, *flags})), reason=reasons)


def damaged(reason: str, **fields: object) -> FileText:
    """Give the record of a file that is broken, for example `damaged("The directory is missing: ask the office for the file again.")`."""
    return FileText(**fields).flagged("damaged", reason=reason)  # type: ignore[arg-type]


def unsupported(reason: str, **fields: object) -> FileText:
    """Give the record of a file of a kind that is not read."""
    return FileText(**fields).flagged("unsupported", reason=reason)  # type: ignore[arg-type]
