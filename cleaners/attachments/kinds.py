"""What a file is, by its bytes: what it is called is asked only where bytes leave it open, between one text and another."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

import olefile

_WORD = "application/msword"
_EXCEL = "application/vnd.ms-excel"
_POWERPOINT = "application/vnd.ms-powerpoint"
_OPENXML = "application/vnd.openxmlformats-officedocument"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of file: its media type, its reader as "module:function", the suffixes it may have, other media types it goes by.

    A bounded reader is called with (body, bounds), any other with (body); a kind without one is not read.
    """

    media_type: str
    reader: str
    suffixes: tuple[str, ...] = ()
    bounded: bool = False
    also: tuple[str, ...] = ()


def _picture(media_type: str, *suffixes: str) -> Kind:
    return Kind(media_type, "pictures:read_picture", suffixes, bounded=True)


def _unread(media_type: str, *suffixes: str) -> Kind:
    return Kind(media_type, "", suffixes)


KINDS = {
    "pdf": Kind("application/pdf", "pdf:read_pdf", ("pdf",), bounded=True),
    "docx": Kind(f"{_OPENXML}.wordprocessingml.document", "docx:read_docx", ("docx", "docm", "dotx", "wps"), also=(_WORD,)),
    "doc": Kind(_WORD, "doc:read_doc", ("doc", "dot", "wps", "wpt"), also=("application/vnd.ms-works", "application/wps-writer")),
    "xlsx": Kind(f"{_OPENXML}.spreadsheetml.sheet", "sheets:read_sheets", ("xlsx", "xlsm", "xlsb", "et"), also=(_EXCEL,)),
    "xls": Kind(_EXCEL, "sheets:read_sheets", ("xls", "xlt", "et", "ett"), also=("application/wps-office.et",)),
    "ods": Kind("application/vnd.oasis.opendocument.spreadsheet", "sheets:read_sheets", ("ods",)),
    "html_table": Kind("text/html", "sheets:read_sheets", ("html", "htm")),
    "csv": Kind("text/csv", "sheets:read_sheets", ("csv", "tsv", "txt"), also=("text/plain", "text/tab-separated-values")),
    "ofd": Kind("application/ofd", "ofd:read_ofd", ("ofd",)),
    "html": Kind("text/html", "html:read_html", ("html", "htm", "shtml", "xhtml"), also=("application/xhtml+xml",)),
    "word_xml": Kind("application/xml", "flatxml:read_word_xml", ("xml", "doc", "wps"), also=("text/xml", _WORD)),
    "excel_xml": Kind("application/xml", "sheets:read_sheets", ("xml", "xls", "et"), also=("text/xml", _EXCEL)),
    "mhtml": Kind("multipart/related", "mhtml:read_mhtml", ("mht", "mhtml"), bounded=True),
    "rtf": Kind("application/rtf", "rtf:read_rtf", ("rtf",), bounded=True, also=("text/rtf",)),
    "txt": Kind("text/plain", "txt:read_txt", ("txt", "text", "md", "log")),
    "zip": Kind("application/zip", "zips:read_zip", ("zip",), bounded=True, also=("application/x-zip-compressed",)),
    "rar": Kind("application/vnd.rar", "rars:read_rar", ("rar",), bounded=True, also=("application/x-rar-compressed",)),
    "gzip": Kind("application/gzip", "gzips:read_gzip", ("gz", "tgz"), bounded=True, also=("application/x-gzip",)),
    "png": _picture("image/png", "png"),
    "jpeg": _picture("image/jpeg", "jpg", "jpeg", "jpe"),
    "gif": _picture("image/gif", "gif"),
    "bmp": _picture("image/bmp", "bmp"),
    "tiff": _picture("image/tiff", "tif", "tiff"),
    "webp": _picture("image/webp", "webp"),
    "ppt": _unread(_POWERPOINT, "ppt", "pps", "dps"),
    "pptx": Kind(f"{_OPENXML}.presentationml.presentation", "pptx:read_pptx", ("pptx", "ppsx", "pptm", "dps"), also=(_POWERPOINT,)),
    "odt": _unread("application/vnd.oasis.opendocument.text", "odt"),
    "7z": _unread("application/x-7z-compressed", "7z"),
    "ole2": _unread("application/x-ole-storage", "msi", "msg", "vsd"),
    "locked": _unread("application/x-ole-storage", "docx", "xlsx", "pptx", "wps", "et"),
    "ceb": _unread("application/x-ceb", "ceb", "cebx"),
    "empty": _unread("application/x-empty"),
    "unknown": _unread("application/octet-stream"),
}
"""Every kind by its name."""
_SUFFIXES = frozenset(suffix for kind in KINDS.values() for suffix in kind.suffixes)
_MEDIA_TYPES = frozenset(name for kind in KINDS.values() for name in (kind.media_type, *kind.also)) - {"application/octet-stream"}

_MAGIC = tuple(
    (re.compile(pattern, re.DOTALL), kind)
    for pattern, kind in (
        (rb"PK(?:\x03\x04|\x05\x06)", "zip"),
        (rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole2"),
        (rb"7z\xbc\xaf\x27\x1c", "7z"),
        (rb"Rar!\x1a\x07", "rar"),
        (rb"\x1f\x8b", "gzip"),
        (rb"\x89PNG\r\n\x1a\n", "png"),
        (rb"\xff\xd8\xff", "jpeg"),
        (rb"GIF8", "gif"),
        (rb"II\*\0|MM\0\*", "tiff"),
        (rb"BM.{4}\0{4}", "bmp"),
        (rb"RIFF.{4}WEBP", "webp"),
        (rb"\{\\rtf", "rtf"),
    )
)
_PARTS = (
    ("word/", "docx"),
    ("xl/", "xlsx"),
    ("ppt/", "pptx"),
    ("ofd.xml", "ofd"),
)
"""First letters of a name in a ZIP's directory that say what the ZIP is: OPC (ISO/IEC 29500-2), GB/T 33190-2016."""
_STREAMS = (
    ("worddocument", "doc"),
    ("workbook", "xls"),
    ("book", "xls"),
    ("powerpoint document", "ppt"),
    ("encryptedpackage", "locked"),
)
"""Streams at the root of an OLE2 file: [MS-DOC], [MS-XLS], [MS-PPT], [MS-OFFCRYPTO]."""
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|meta|table|title|script|style|div|p|font)\b", re.IGNORECASE)
_SHEET = re.compile(rb"urn:schemas-microsoft-com:office:(?:excel|spreadsheet)", re.IGNORECASE)
_XML = (
    (b"schemas.microsoft.com/office/word/2003/wordml", "word_xml"),
    (b"urn:schemas-microsoft-com:office:spreadsheet", "excel_xml"),
)
"""Namespaces of Office 2003 (Office 2003 XML Reference Schemas)."""
_TABLE = re.compile(rb"<table\b", re.IGNORECASE)
_MHTML = re.compile(rb"^(?:mime-version:|content-type:\s*multipart/related)", re.IGNORECASE | re.MULTILINE)
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\r\f\x1b\x1a"))
_SHEET_SUFFIXES = frozenset({"xls", "xlsx", "et"})
_HEAD = 4096
_DIRECTORY = 4 << 20


def sniff(body: bytes, media_type: str | None = None, name: str | None = None) -> str:
    """Name the kind of a file, a key of `KINDS`; media type and name only tell a table from a text.

    PDF readers look for the mark in the first kilobyte (ISO 32000-1, implementation note 13), so it is looked for there.
    """
    kind = first_kind(body)
    if kind in _CONTAINERS:
        return _CONTAINERS[kind](body)
    return kind or _sniff_text(body, media_type, suffix_of(name))


def first_kind(body: bytes) -> str:
    """Name the kind that the first bytes of a file say, for a container that of the container; empty where they are those of a text."""
    if not body.strip(b"\0 \t\r\n"):
        return "empty"
    if b"%PDF-" in body[:1024]:
        return "pdf"
    return next((kind for mark, kind in _MAGIC if mark.match(body)), "")


def _sniff_zip(body: bytes) -> str:
    """Look into the directory of a ZIP; where that is lost, at the names in front of its first files."""
    try:
        names = zip_names(body)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, struct.error):
        names = [part.decode("latin-1") for part in re.findall(rb"PK\x03\x04.{26}(?=([\x20-\x7e]{5,40}))", body[: 1 << 20], re.DOTALL)]
    lowered = [name.lower().lstrip("/") for name in names]
    if "mimetype" in lowered:
        return "ods" if b"opendocument.spreadsheet" in body[:200] else "odt" if b"opendocument.text" in body[:200] else "zip"
    return next((kind for first, kind in _PARTS if any(name.startswith(first) for name in lowered)), "zip")


def zip_names(body: bytes) -> list[str]:
    """Give the names in a ZIP's directory; none of one too large to be that of a document, so that none is ever built."""
    if zip_directory(body) > _DIRECTORY:
        return []
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        return archive.namelist()


def zip_directory(body: bytes) -> int:
    """Give the size of a ZIP's directory in bytes; 0 where it is missing (APPNOTE 4.3.16)."""
    end = body.rfind(b"PK\x05\x06")
    return int(struct.unpack_from("<L", body, end + 12)[0]) if 0 <= end <= len(body) - 16 else 0


def _sniff_ole2(body: bytes) -> str:
    """Look at the streams of an OLE2 file; where its directory is lost, for their names in UTF-16."""
    try:
        with olefile.OleFileIO(io.BytesIO(body)) as storage:
            streams = {path[0].lower() for path in storage.listdir() if len(path) == 1}
    except (OSError, ValueError, LookupError, struct.error, AttributeError, TypeError, RecursionError):
        lowered = body.lower()
        streams = {name for name, _ in _STREAMS if name.encode("utf-16-le") + b"\0\0" in lowered}
    return next((kind for name, kind in _STREAMS if name in streams), "ole2")


def _sniff_text(body: bytes, media_type: str | None, suffix: str) -> str:
    head = body[:_HEAD].removeprefix(b"\xef\xbb\xbf")
    plain = head.decode("utf-16", "replace").encode() if head.startswith((b"\xff\xfe", b"\xfe\xff")) else head
    if len(plain.translate(None, _CONTROLS)) < len(plain) * 0.995:
        return "ceb" if suffix in KINDS["ceb"].suffixes else "unknown"
    if _MHTML.search(plain[:1024]) and b"multipart/" in plain.lower():
        return "mhtml"
    if plain.lstrip().startswith(b"<?xml") and (kind := next((kind for mark, kind in _XML if mark in plain), "")):
        return kind
    if _HTML.search(plain[:1024]):
        is_sheet = suffix in _SHEET_SUFFIXES or _SHEET.search(plain)
        return "html_table" if is_sheet and _TABLE.search(body) else "html"
    is_csv = suffix in {"csv", "tsv", *_SHEET_SUFFIXES} or (not suffix and (media_type or "").startswith("text/csv"))
    return "csv" if is_csv else "txt"


_CONTAINERS: dict[str, Callable[[bytes], str]] = {"zip": _sniff_zip, "ole2": _sniff_ole2}


def suffix_of(name: str | None) -> str:
    """Give what stands behind the last dot of a file's name or address, in small letters; empty where it is no suffix."""
    match = re.search(r"\.([A-Za-z0-9]{1,5})$", (name or "").split("?")[0].strip())
    return match[1].lower() if match else ""


def is_mislabelled(kind: Kind, media_type: str | None, name: str | None) -> bool:
    """Say whether a file goes by the suffix of another kind or, having none, by the media type of another."""
    if (suffix := suffix_of(name)) in _SUFFIXES:
        return suffix not in kind.suffixes
    said = (media_type or "").split(";")[0].strip().lower()
    return said in _MEDIA_TYPES and said not in {kind.media_type, *kind.also}
