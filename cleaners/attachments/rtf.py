"""RTF (Rich Text Format 1.9.1): its text, in the code page of each font, without fields' instructions, pictures and tables of styles."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from cleaners.attachments.bounds import Bounds
from cleaners.attachments.records import FileText

_TOKEN = re.compile(
    rb"\\(?P<word>[A-Za-z]{1,32})(?P<number>-?\d{1,10})?[ ]?|\\'(?P<byte>[0-9A-Fa-f]{2})|\\(?P<symbol>[^A-Za-z'])"
    rb"|(?P<brace>[{}])|(?P<text>[^\\{}\r\n]+)|[\r\n]+|\\",
    re.DOTALL,
)
_SILENT = re.compile(
    "(?:fonttbl|colortbl|stylesheet|info|pict|object|themedata|colorschememapping|datastore|latentstyles|listtable|listoverridetable|rsidtbl"
    "|xmlnstbl|generator|fldinst|header[lrf]?|footer[lrf]?|filetbl|revtbl|template|bkmkstart|bkmkend|pgdsctbl|mmathPr|nonshppict"
    "|ftnsepc?|aftnsepc?|wgrffmtfilter)"
)
"""Destinations whose text is none of the document's."""
_SAID = (
    dict.fromkeys(("par", "line", "sect", "page", "row", "nestrow"), "\n")
    | dict.fromkeys(("tab", "cell", "nestcell"), "\t")
    | {"emdash": "—", "endash": "–", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”", "bullet": "•"}
    | {"emspace": "\u2003", "enspace": "\u2002", "qmspace": "\u2005"}
)
"""Words that say a character."""
_SYMBOLS = {b"~": "\u00a0", b"_": "-", b"-": "", b"\n": "\n", b"\r": "\n", b"\t": "\t"}
_CHARSETS = {0: 1252, 128: 932, 129: 949, 134: 936, 136: 950, 161: 1253, 162: 1254, 204: 1251, 238: 1250}
"""Charset of a font to code page."""
MOST_GROUPS = 2_000
"""Groups open at once: deeper is no document."""


@dataclass(frozen=True, slots=True)
class _Group:
    """What holds inside one pair of braces."""

    silent: bool = False
    codec: str = ""
    after: int = 1  # bytes that stand in for a character said by its number (uc)
    fonts: bool = False


@dataclass
class _Reading:
    """What was read so far."""

    codec: str = "cp936"
    groups: list[_Group] = field(default_factory=lambda: [_Group()])
    pieces: list[str] = field(default_factory=list)
    waiting: bytearray = field(default_factory=bytearray)  # bytes of the text not yet decoded: a character may be two of them
    fonts: dict[int, str] = field(default_factory=dict)
    font: int = 0
    skip: int = 0
    starred: bool = False

    @property
    def group(self) -> _Group:
        return self.groups[-1]

    def change(self, **changes: object) -> None:
        self.flush()
        self.groups[-1] = replace(self.group, **changes)  # type: ignore[arg-type]

    def flush(self) -> None:
        if self.waiting:
            self.pieces.append(self.waiting.decode(self.group.codec or self.codec, "replace"))
            self.waiting.clear()

    def say(self, text: str) -> None:
        self.flush()
        if not self.group.silent:
            self.pieces.append(text)

    def hear(self, some: bytes) -> None:
        skipped = min(self.skip, len(some))
        self.skip -= skipped
        if not self.group.silent:
            self.waiting += some[skipped:]


def read_rtf(body: bytes, bounds: Bounds) -> FileText:
    """Read an RTF file; one whose braces do not close is flagged `damaged` and gives what it holds."""
    reading = _Reading()
    for count, token in enumerate(_tokens(body)):
        _take(reading, token)
        if not reading.groups or len(reading.groups) > MOST_GROUPS:
            break
        if count % 4096 == 0 and bounds.over:
            return FileText(_text(reading)).flagged("partial", "time_limit", reason="Its end took too long: open the file itself.")
    open_groups = len(reading.groups)
    reading.groups = reading.groups or [_Group()]
    reading.flush()
    found = FileText(_text(reading))
    return found if open_groups == 1 else found.flagged("damaged", reason="Its end is missing or it is broken: fetch it again.")


def _text(reading: _Reading) -> str:
    text = "".join(reading.pieces).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return "\n".join(line.rstrip("\t ") for line in text.split("\n"))


def _tokens(body: bytes) -> Iterator[re.Match[bytes]]:
    """Give the tokens of a file, without the raw bytes that a picture may hold (bin)."""
    place = 0
    while token := _TOKEN.match(body, place):
        place = token.end()
        if token["word"] == b"bin":
            place += max(0, int(token["number"] or 0))
        yield token


def _take(reading: _Reading, token: re.Match[bytes]) -> None:
    """Take one token of the file."""
    if word := token["word"]:
        _take_word(reading, word.decode("ascii"), int(token["number"] or 0) if token["number"] else None)
    elif token["byte"]:
        reading.hear(bytes([int(token["byte"], 16)]))
    elif token["text"]:
        reading.hear(token["text"])
    elif brace := token["brace"]:
        _take_brace(reading, brace)
    elif symbol := token["symbol"]:
        _take_symbol(reading, symbol)


def _take_brace(reading: _Reading, brace: bytes) -> None:
    reading.flush()
    reading.starred = False
    reading.skip = 0
    if brace == b"{":
        reading.groups.append(reading.group)
    else:
        reading.groups.pop()


def _take_symbol(reading: _Reading, symbol: bytes) -> None:
    if symbol == b"*":
        reading.starred = True
    elif symbol in b"\\{}":
        reading.hear(symbol)
    elif symbol in _SYMBOLS:
        reading.say(_SYMBOLS[symbol])


def _take_word(reading: _Reading, word: str, number: int | None) -> None:
    """Obey a control word, where it is one that says or changes text."""
    if reading.starred or _SILENT.fullmatch(word):
        reading.change(silent=True, fonts=word == "fonttbl")
        reading.starred = False
    elif word in _SAID:
        reading.say(_SAID[word])
    elif number is None:
        return
    elif word == "u":
        reading.say(chr(number % 0x10000))
        reading.skip = reading.group.after
    elif word == "uc":
        reading.change(after=max(0, number))
    elif word == "ansicpg":
        reading.codec = _codec(number) or reading.codec
    else:
        _take_font(reading, word, number)


def _take_font(reading: _Reading, word: str, number: int) -> None:
    """Note a font's charset in the table of fonts; choose a font, and its code page with it, in the text."""
    if word == "f" and reading.group.fonts:
        reading.font = number
    elif word == "fcharset" and reading.group.fonts:
        reading.fonts[reading.font] = _codec(_CHARSETS.get(number, 0))
    elif word == "f":
        reading.change(codec=reading.fonts.get(number, ""))


def _codec(page: int) -> str:
    """Name the codec of a code page; empty where there is none. 936 is read as GB18030, which holds it."""
    if page == 936:
        return "gb18030"
    try:
        return codecs.lookup(f"cp{page}").name
    except LookupError:
        return ""
