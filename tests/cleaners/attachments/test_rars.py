"""RAR: listed always, read where no unpacker is needed, and a word on what to install where one is."""

from __future__ import annotations

import struct
import zlib

from hypothesis import given
from hypothesis import strategies as st

from cleaners.attachments import read, read_here

STORED, BEST = 0x30, 0x35


def rar(*files: tuple[str, bytes], method: int = STORED, flags: int = 0) -> bytes:
    """Write a RAR 2.9 archive of stored files (technote: marker, archive header, a header for each file)."""
    body = b"Rar!\x1a\x07\x00" + header(0x73, 0, b"\0" * 6)
    for name, content in files:
        raw = name.encode("utf-8")
        fields = (
            struct.pack("<LLBLLBBHL", len(content), len(content), 0, zlib.crc32(content), 0x5BA7_0000, 29, method, len(raw), 0x20) + raw
        )
        body += header(0x74, 0x8000 | flags, fields) + content
    return body + header(0x7B, 0x4000, b"")


def header(kind: int, flags: int, fields: bytes) -> bytes:
    rest = struct.pack("<BHH", kind, flags, 7 + len(fields)) + fields
    return struct.pack("<H", zlib.crc32(rest) & 0xFFFF) + rest


def test_stored_files_are_read():
    found = read(rar(("附件1.txt", "第一份".encode()), ("附件2.txt", "第二份".encode("gb18030"))), name="附件.rar")
    assert found.media_type == "application/vnd.rar"
    assert [(file.name, file.text, file.size) for file in found.files] == [("附件1.txt", "第一份", 9), ("附件2.txt", "第二份", 6)]
    assert found.flags == ()


def test_compressed_files_are_listed_and_the_reason_names_the_program(monkeypatch):
    import rarfile

    def none(**_):
        raise rarfile.RarCannotExec("no tool")

    monkeypatch.setattr(rarfile, "tool_setup", none)
    found = read_here(rar(("名单.txt", b"\x01\x02\x03"), method=BEST))
    assert found.text == "名单.txt"
    assert found.flags == ("partial",)
    assert found.files[0].flags == ("unsupported",)
    assert "unrar" in found.files[0].reason


def test_a_password_costs_its_own_record():
    assert read_here(rar(("名单.txt", b"text"), flags=0x4)).files[0].flags == ("encrypted",)


def test_a_wrong_checksum_is_damage():
    body = rar(("a.txt", b"text of the file"))
    assert read_here(body.replace(b"text of", b"text or")).files[0].flags == ("damaged",)


def test_a_cut_archive_says_so():
    body = rar(("a.txt", b"text of the file"))
    assert read(body[:30]).flags == ("damaged",)


@given(st.binary(max_size=200), st.integers(7, 60))
def test_any_bytes_give_a_record(body, place):
    whole = rar(("a.txt", b"text"))
    for hostile in (b"Rar!\x1a\x07\x00" + body, b"Rar!\x1a\x07\x01\x00" + body, whole[:place] + body[:3] + whole[place + 3 :]):
        assert isinstance(read_here(hostile).flags, tuple)
