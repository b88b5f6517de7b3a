"""ZIP: every file listed under its own name, read within limits, nothing ever written."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners.attachments import bounds, read, read_here
from cleaners.attachments import members as module


def packed(files, compression=zipfile.ZIP_DEFLATED) -> bytes:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", compression) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return body.getvalue()


def by_hand(name: bytes, content: bytes, flags: int = 0, extra: bytes = b"") -> bytes:
    """Write an archive of one stored file, its name in any bytes."""
    checksum, size = zlib.crc32(content), len(content)
    common = struct.pack("<HHHHHLLLHH", 20, flags, 0, 0, 0, checksum, size, size, len(name), len(extra))
    local = b"PK\x03\x04" + common + name + extra + content
    directory = b"PK\x01\x02" + struct.pack("<H", 20) + common + struct.pack("<HHHLL", 0, 0, 0, 0, 0) + name + extra
    return local + directory + b"PK\x05\x06" + struct.pack("<HHHHLLH", 0, 0, 1, 1, len(directory), len(local), 0)


def test_files_are_listed_and_read_in_order():
    found = read(packed({"附件1.txt": "第一份", "表/附件2.txt": "第二份".encode("gb18030"), "空/": ""}))
    assert found.media_type == "application/zip"
    assert [(file.name, file.text, file.size) for file in found.files] == [("附件1.txt", "第一份", 9), ("表/附件2.txt", "第二份", 6)]
    assert found.text == "附件1.txt\n第一份\n表/附件2.txt\n第二份"
    assert found.flags == ()


@pytest.mark.parametrize("name", ["关于印发实施方案的通知.txt", "附件.txt", "报名表（2031年）.txt", "临水市水务局 报名表.txt"])
@pytest.mark.parametrize(("encoding", "flags"), [("gb18030", 0), ("utf-8", 0), ("utf-8", 0x800)])
def test_names_are_read_in_the_encoding_they_were_written_in(name, encoding, flags):
    found = read_here(by_hand(name.encode(encoding), b"text", flags))
    assert [file.name for file in found.files] == [name]


def test_a_name_in_utf_8_beside_another_one_wins():
    raw, name = b"GGZ~1.TXT", "公告栏.txt"
    field = b"\x01" + struct.pack("<L", zlib.crc32(raw)) + name.encode()
    extra = struct.pack("<HH", 0x7075, len(field)) + field
    assert read_here(by_hand(raw, b"text", extra=extra)).files[0].name == name


def test_archives_in_archives_are_read_two_deep():
    body = packed({"最里.txt": "最里的正文"})
    for level in (3, 2, 1):
        body = packed({f"第{level}层.zip": body})
    found = read_here(body)
    assert "最里的正文" not in found.text
    assert found.text.split("\n") == ["第1层.zip", "第2层.zip", "第3层.zip", "最里.txt"]
    assert found.flags == ("partial",)
    assert "最里的正文" in read_here(packed({"外.zip": packed({"里.zip": packed({"最里.txt": "最里的正文"})})})).text


def test_a_bomb_costs_its_own_record():
    found = read(packed({"bomb.txt": b"0" * (40 << 20), "说明.txt": "说明".encode()}))
    assert [file.flags for file in found.files] == [("too_large",), ()]
    assert found.files[1].text == "说明"
    assert found.flags == ("partial",)
    assert "bomb.txt" in found.reason


@pytest.mark.parametrize("compression", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_bomb_of_another_method_is_stopped_too(compression):
    assert read(packed({"a.txt": b"0" * (30 << 20)}, compression)).files[0].flags in {("too_large",), ("memory_limit",)}


def test_all_files_together_have_a_limit(monkeypatch):
    monkeypatch.setattr(bounds, "MOST_UNPACKED", 2000)
    found = read_here(packed({f"{number}.txt": b"1" * 900 for number in range(4)}))
    assert [file.flags for file in found.files] == [(), (), ("too_large",), ("too_large",)]


def test_so_many_files_are_looked_at_and_no_more(monkeypatch):
    monkeypatch.setattr(module, "MOST_FILES", 3)
    found = read_here(packed({f"{number}.txt": "1" for number in range(5)}))
    assert len(found.files) == 3
    assert found.flags == ("partial", "too_large")


def test_a_password_costs_its_own_record():
    found = read_here(by_hand("名单.txt".encode("gb18030"), b"text", flags=1))
    assert found.files[0].flags == ("encrypted",)
    assert found.files[0].name == "名单.txt"


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "/etc/passwd", "C:\\windows\\a.txt", "a\\..\\b.txt", "x" * 300, "\u202egpj.exe", ".."]
)
def test_names_are_names_and_never_paths(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    found = read_here(by_hand(name.encode(), b"text", 0x800))
    assert found.files[0].text == "text"
    assert list(tmp_path.rglob("*")) == []


def test_what_systems_keep_for_themselves_is_left_out():
    assert [
        file.name for file in read_here(packed({"__MACOSX/._a.txt": "x", "a.txt": "a", ".DS_Store": "x", "表/Thumbs.db": "x"})).files
    ] == ["a.txt"]


def test_a_file_that_does_not_fit_its_checksum_is_damaged_alone():
    body = bytearray(packed({"a.txt": "第一份" * 40, "b.txt": "第二份"}, zipfile.ZIP_STORED))
    body[60] ^= 0xFF
    found = read_here(bytes(body))
    assert [file.flags for file in found.files] == [("damaged",), ()]


def test_a_cut_archive_says_so():
    whole = packed({"a.txt": "第一份", "b.txt": "第二份"})
    found = read(whole[:-10])
    assert found.flags == ("damaged",)
    assert "directory" in found.reason


@given(st.binary(max_size=400), st.integers(0, 300), st.binary(min_size=1, max_size=4))
def test_any_bytes_give_a_record(body, place, patch):
    whole = packed({"a.txt": "第一份", "b.txt": "第二份"})
    for hostile in (b"PK\x03\x04" + body, b"PK\x05\x06" + body, whole[:place] + patch + whole[place + len(patch) :]):
        assert isinstance(read_here(hostile).flags, tuple)
