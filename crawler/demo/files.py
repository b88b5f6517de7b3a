"""Writers of the model web's attachments: PDF, DOCX, XLSX, OFD, ZIP and PNG that really open; pure, the same lines give the same bytes.

Sources: ISO 32000-1 (PDF; the CJK font STSong-Light with UniGB-UCS2-H of 9.7.5.2 is named, not embedded), ECMA-376 (DOCX, XLSX),
GB/T 33190-2016 (OFD), RFC 2083 (PNG).
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from xml.sax.saxutils import escape

Lines = Sequence[str]

MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ofd": "application/ofd",
    "zip": "application/zip",
    "png": "image/png",
}
WIDTH = 36  # characters a line in PDF and OFD
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_EPOCH = (2026, 1, 1, 0, 0, 0)


def write(kind: str, lines: Lines) -> bytes:
    """Give a file of the kind (a key of MEDIA_TYPES) that holds the lines."""
    return _WRITERS[kind](lines)


def wrap(lines: Iterable[str]) -> list[str]:
    """Cut lines at WIDTH characters."""
    return [line[k : k + WIDTH] for line in lines for k in range(0, max(1, len(line)), WIDTH)]


def pdf(lines: Lines) -> bytes:
    """Give a PDF 1.4 of A4 pages, forty lines each."""
    wrapped = wrap(lines)
    pages = [wrapped[k : k + 40] for k in range(0, max(1, len(wrapped)), 40)]
    kids = " ".join(f"{6 + 2 * k} 0 R" for k in range(len(pages)))
    system = b"/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >>"
    font = b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light " + system
    shape = b"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0 /Ascent 880"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [4 0 R] >>",
        font + b" /FontDescriptor 5 0 R /DW 1000 /W [1 95 500] >>",
        shape + b" /Descent -120 /CapHeight 880 /StemV 93 >>",
    ]
    for k, page in enumerate(pages):
        resources = f"/Resources << /Font << /F1 3 0 R >> >> /Contents {7 + 2 * k} 0 R"
        objects.append(f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] {resources} >>".encode())
        objects.append(_pdf_stream(page))
    return _pdf_file(objects)


def _pdf_stream(page: Lines) -> bytes:
    rows = " T* ".join(f"<{line.encode('utf-16-be').hex().upper()}> Tj" for line in page)
    content = f"BT /F1 13 Tf 18 TL 60 780 Td {rows} ET".encode()
    return b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content)


def _pdf_file(objects: Sequence[bytes]) -> bytes:
    """Write the objects with their numbers, the cross-reference table and the trailer."""
    out = io.BytesIO()
    out.write(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start = out.tell()
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out.write(b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table))
    out.write(b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start))
    return out.getvalue()


def docx(lines: Lines) -> bytes:
    """Give a WordprocessingML document, one paragraph a line."""
    word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    body = "".join(f'<w:p><w:r><w:t xml:space="preserve">{escape(line)}</w:t></w:r></w:p>' for line in lines)
    main = f"{MEDIA_TYPES['docx']}.main+xml"
    return _package(
        {
            "[Content_Types].xml": _types({"/word/document.xml": main}),
            "_rels/.rels": _relations({"rId1": ("officeDocument", "word/document.xml")}),
            "word/document.xml": f'{_XML}<w:document xmlns:w="{word}"><w:body>{body}<w:sectPr/></w:body></w:document>',
        }
    )


def xlsx(lines: Lines) -> bytes:
    """Give a SpreadsheetML workbook with one sheet: a row a line, cells divided by tabs, numbers as numbers."""
    sheet = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    rows = "".join(f'<row r="{r}">{_cells(r, line)}</row>' for r, line in enumerate(lines, 1))
    book = '<sheets><sheet name="附件" sheetId="1" r:id="rId1"/></sheets>'
    return _package(
        {
            "[Content_Types].xml": _types({"/xl/workbook.xml": f"{MEDIA_TYPES['xlsx']}.main+xml", "/xl/worksheets/sheet1.xml": _WORKSHEET}),
            "_rels/.rels": _relations({"rId1": ("officeDocument", "xl/workbook.xml")}),
            "xl/workbook.xml": f'{_XML}<workbook xmlns="{sheet}" xmlns:r="{relations}">{book}</workbook>',
            "xl/_rels/workbook.xml.rels": _relations({"rId1": ("worksheet", "worksheets/sheet1.xml")}),
            "xl/worksheets/sheet1.xml": f'{_XML}<worksheet xmlns="{sheet}"><sheetData>{rows}</sheetData></worksheet>',
        }
    )


_WORKSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"


def _cells(row: int, line: str) -> str:
    return "".join(_cell(f"{chr(65 + column)}{row}", text) for column, text in enumerate(line.split("\t")))


def _cell(place: str, text: str) -> str:
    if text.isdecimal() and text.isascii():
        return f'<c r="{place}"><v>{text}</v></c>'
    return f'<c r="{place}" t="inlineStr"><is><t>{escape(text)}</t></is></c>'


def _types(overrides: Mapping[str, str]) -> str:
    parts = "".join(f'<Override PartName="{part}" ContentType="{kind}"/>' for part, kind in overrides.items())
    rels = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    xml = '<Default Extension="xml" ContentType="application/xml"/>'
    return f'{_XML}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">{rels}{xml}{parts}</Types>'


def _relations(targets: Mapping[str, tuple[str, str]]) -> str:
    base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    parts = "".join(f'<Relationship Id="{key}" Type="{base}/{kind}" Target="{target}"/>' for key, (kind, target) in targets.items())
    return f'{_XML}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{parts}</Relationships>'


def ofd(lines: Lines) -> bytes:
    """Give an OFD of one A4 page, a TextObject a line (GB/T 33190-2016, chapters 7 and 11; millimetres)."""
    name = 'xmlns:ofd="http://www.ofdspec.org/2016"'
    objects = "".join(_ofd_text(k, line) for k, line in enumerate(wrap(lines)[:40]))
    area = "<ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea>"
    common = f"<ofd:CommonData><ofd:MaxUnitID>100</ofd:MaxUnitID>{area}<ofd:PublicRes>PublicRes.xml</ofd:PublicRes></ofd:CommonData>"
    pages = '<ofd:Pages><ofd:Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/></ofd:Pages>'
    head = f"<ofd:DocInfo><ofd:DocID>{zlib.crc32(chr(10).join(lines).encode()):032x}</ofd:DocID></ofd:DocInfo>"
    body = f"<ofd:DocBody>{head}<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody>"
    content = f'{area.replace("ofd:PageArea", "ofd:Area")}<ofd:Content><ofd:Layer ID="2">{objects}</ofd:Layer></ofd:Content>'
    font = '<ofd:Fonts><ofd:Font ID="3" FontName="宋体" FamilyName="SimSun"/></ofd:Fonts>'
    return _package(
        {
            "OFD.xml": f'{_XML}<ofd:OFD {name} Version="1.0" DocType="OFD">{body}</ofd:OFD>',
            "Doc_0/Document.xml": f"{_XML}<ofd:Document {name}>{common}{pages}</ofd:Document>",
            "Doc_0/PublicRes.xml": f'{_XML}<ofd:Res {name} BaseLoc="Res">{font}</ofd:Res>',
            "Doc_0/Pages/Page_0/Content.xml": f"{_XML}<ofd:Page {name}>{content}</ofd:Page>",
        }
    )


def _ofd_text(k: int, line: str) -> str:
    """Place a line: the Boundary box, then the characters 4.6 mm apart."""
    steps = f' DeltaX="g {len(line) - 1} 4.6"' if len(line) > 1 else ""
    code = f'<ofd:TextCode X="0" Y="4.2"{steps}>{escape(line)}</ofd:TextCode>'
    return f'<ofd:TextObject ID="{10 + k}" Boundary="20 {20 + 6.4 * k:.1f} 172 6" Font="3" Size="4.6">{code}</ofd:TextObject>'


def packed(lines: Lines) -> bytes:
    """Give a ZIP of two files, a document with the first half of the lines and a workbook with the rest."""
    half = (len(lines) + 1) // 2
    return _package({"1.正文.docx": docx(lines[:half]), "2.续表.xlsx": xlsx(lines[half:])})


def _package(parts: Mapping[str, str | bytes]) -> bytes:
    """Zip the parts in order with a fixed time, so that the bytes are the same on every run."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in parts.items():
            info = zipfile.ZipInfo(name, _EPOCH)
            info.compress_type = zipfile.ZIP_STORED
            archive.writestr(info, content)
    return out.getvalue()


def png(lines: Lines) -> bytes:
    """Give a grey picture of a paper: a white sheet with a bar of ink for every line."""
    wrapped = wrap(lines)
    width, height = 240, 40 + 12 * len(wrapped)
    rows = [bytearray(b"\x00" + b"\xff" * width) for _ in range(height)]
    for k, line in enumerate(wrapped):
        for y in range(20 + 12 * k, 26 + 12 * k):
            rows[y][21 : 21 + 5 * len(line)] = b"\x30" * (5 * len(line))
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(b"".join(rows), 9)) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


_WRITERS: Mapping[str, Callable[[Lines], bytes]] = {"pdf": pdf, "docx": docx, "xlsx": xlsx, "ofd": ofd, "zip": packed, "png": png}
