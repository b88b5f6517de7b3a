"""WACZ packages: what is written stands as the specification has it and replays by its index; what is read is checked first."""

import gzip
import hashlib
import json
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from warc_files import SITE, checked

from archive import Archive
from archive.export.warc import Wish, export_captures
from archive.warc.cdxj import surt
from archive.warc.package import read_wacz
from archive.warc.reading import read_records
from archive.warc.record import parse_record
from cleaners.errors import ArchiveError
from cleaners.records import Capture, Notice, Paragraph

START = datetime(2024, 1, 2, 3, 4, 5, 678000, tzinfo=UTC)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Make an archive and a package of it, once."""
    folder = tmp_path_factory.mktemp("made")
    with Archive.open(folder / "own.db") as archive:
        archive.keep_site("linshui", "临水市人民政府")
        with archive.write():
            for number in range(320):
                at = START + timedelta(hours=number)
                body = f"<html>通知{number % 310}</html>".encode()
                url = f"{SITE}/{number % 310}.html?b=1&A=2"
                headers = (("Content-Type", "text/html; charset=utf-8"),)
                capture = archive.add(Capture("linshui", url, at, 200, headers, body, wire_digest="sha256:0"))
                if number < 3:
                    archive.read(capture, Notice(title=f"通知{number}", paragraphs=(Paragraph("请遵照执行。"),)), fingerprint="f")
        export_captures(archive, "wacz", folder / "a.wacz", most=20_000)
    return folder


@pytest.fixture
def archive(made):
    with Archive.open(made / "own.db") as archive:
        yield archive


@pytest.fixture
def package(made, tmp_path):
    (tmp_path / "a.wacz").write_bytes((made / "a.wacz").read_bytes())
    return tmp_path / "a.wacz"


def test_a_package_has_what_the_specification_asks_for(archive, package, tmp_path):
    with zipfile.ZipFile(package) as file:
        manifest = json.loads(file.read("datapackage.json"))
        assert (manifest["profile"], manifest["wacz_version"]) == ("data-package", "1.1.1")
        assert {"title", "description", "created", "modified", "software"} <= set(manifest)
        listed = {row["path"]: row for row in manifest["resources"]}
        assert set(listed) | {"datapackage.json", "datapackage-digest.json"} == set(file.namelist())
        for path, row in listed.items():
            content = file.read(path)
            assert (row["hash"], row["bytes"]) == (f"sha256:{hashlib.sha256(content).hexdigest()}", len(content))
            assert row["name"] == path.rpartition("/")[2]
        assert {told.compress_type for told in file.infolist() if told.filename.endswith(".gz")} == {zipfile.ZIP_STORED}
        digest = json.loads(file.read("datapackage-digest.json"))
        assert digest == {"path": "datapackage.json", "hash": f"sha256:{hashlib.sha256(file.read('datapackage.json')).hexdigest()}"}
        head, *pages = map(json.loads, file.read("pages/pages.jsonl").decode().splitlines())
        assert head == {"format": "json-pages-1.0", "id": "pages", "title": "All Pages"}
        assert min((page["url"], page["ts"], page["title"], page["text"]) for page in pages) == (
            f"{SITE}/0.html?b=1&A=2",
            "2024-01-02T03:04:05.678000Z",
            "通知0",
            "请遵照执行。",
        )
        assert len([name for name in file.namelist() if name.startswith("archive/")]) > 1
        for name in file.namelist():
            if name.startswith("archive/"):
                (tmp_path / "one.warc.gz").write_bytes(file.read(name))
                assert checked(tmp_path / "one.warc.gz") == 0
    export_captures(archive, "wacz", tmp_path / "b.wacz", most=20_000)
    assert (tmp_path / "b.wacz").read_bytes() == package.read_bytes()


def test_every_page_is_found_through_the_index_as_replay_finds_it(package):
    with zipfile.ZipFile(package) as file:
        meta, *leads = file.read("indexes/index.idx").decode().splitlines()
        blocks = file.read("indexes/index.cdx.gz")
        assert meta == '!meta 0 {"format": "cdxj-gzip-1.0", "filename": "index.cdx.gz"}'
        lines = []
        for lead in leads:
            key, _, told = lead.partition(" {")
            row = json.loads("{" + told)
            block = blocks[row["offset"] : row["offset"] + row["length"]]
            found = gzip.decompress(block).decode().splitlines()
            assert found[0].startswith(f"{key} {{")
            assert row["digest"] == f"sha256:{hashlib.sha256(block).hexdigest()}"
            lines += found
        assert len(leads) == 2
        assert lines == sorted(lines, key=str.encode)
        assert len(lines) == 320
        for line in lines:
            key, moment, told = line.split(" ", 2)
            row = json.loads(told)
            with file.open(f"archive/{row['filename']}") as warc:
                warc.seek(row["offset"])
                raw = gzip.decompress(warc.read(row["length"])).removesuffix(b"\r\n\r\n")
            record = parse_record(raw)
            assert (record.url, surt(record.url)) == (row["url"], key)
            assert moment == record.date.strftime("%Y%m%d%H%M%S") + f"{record.date.microsecond // 1000:03d}"
            assert record.field("WARC-Payload-Digest") == row["digest"]
            assert (row["status"], row["mime"]) == (200, "warc/revisit" if record.kind == "revisit" else "text/html")


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://www.example.org/index.html", "org,example)/index.html"),
        ("HTTP://WWW2.Example.org:80", "org,example)/"),
        ("https://a.b.example:8443/X?c=2&A=1&b", "example,b,a:8443)/x?a=1&b&c=2"),
        ("https://example.org/?", "org,example)/"),
        ("urn:sha256:00", "urn:sha256:00"),
        ("http://[bad/x y", "http://[bad/x%20y"),
    ],
)
def test_the_key_of_an_address(url, key):
    assert surt(url) == key


def test_a_package_is_taken_in_again(archive, package):
    found = [found for _, file in read_wacz(package) for found in read_records(file)]
    waiting = [found.capture.url for found in found if found.unresolved]
    assert [replace(each.capture, body=b"") if each.unresolved else each.capture for each in found] == [
        replace(capture, body=b"") if capture.url in waiting and place >= 310 else capture
        for place, capture in enumerate(archive.captures())
    ]
    # a revisit in a later file may be of what stands in an earlier one: an import has it then
    assert 0 < len(waiting) <= 10


def test_a_choice_of_days_lists_its_own_pages_only(archive, tmp_path):
    export_captures(archive, "wacz", tmp_path / "b.wacz", Wish("linshui", date(2024, 1, 4)))
    with zipfile.ZipFile(tmp_path / "b.wacz") as file:
        assert len(file.read("pages/pages.jsonl").splitlines()) == 1


def rebuilt(package, change):
    """Write a package again with its files changed: `change` gets them by name and may give back other names."""
    with zipfile.ZipFile(package) as file:
        files = {name: file.read(name) for name in file.namelist()}
    with zipfile.ZipFile(package, "w") as file:
        for name, content in change(files).items():
            file.writestr(name, content)


HARM = {
    "another digest": lambda files: files | {"archive/data.warc.gz": files["archive/data.warc.gz"][:-9] + b"x" * 9},
    "a file too short": lambda files: files | {"archive/data.warc.gz": b""},
    "a file gone": lambda files: {name: content for name, content in files.items() if name != "indexes/index.idx"},
    "no manifest": lambda files: {name: content for name, content in files.items() if name != "datapackage.json"},
    "another manifest": lambda files: files | {"datapackage.json": files["datapackage.json"] + b" "},
    "no JSON": lambda files: {"datapackage.json": b"[" * 100_000},
    "no resources": lambda files: {"datapackage.json": b"{}", "archive/data.warc.gz": b""},
    "odd resources": lambda files: {"datapackage.json": b'{"resources": [{"path": 7}]}'},
    "an unlisted file": lambda files: files | {"archive/more.warc.gz": b""},
    "an unlisted path": lambda files: files | {"archive/../../../tmp/x.warc.gz": b""},
}


@pytest.mark.parametrize("harm", HARM)
def test_a_package_that_is_not_as_it_says_is_refused_by_name_and_leaves_nothing(package, harm, tmp_path):
    rebuilt(package, HARM[harm])
    before = set(tmp_path.rglob("*"))
    with pytest.raises(ArchiveError, match=r"a\.wacz: .*(;|,) "):
        list(read_wacz(package))
    assert set(tmp_path.rglob("*")) == before


def test_bombs_and_doubled_files_are_refused(tmp_path, monkeypatch):
    path = tmp_path / "a.wacz"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("datapackage.json", "{}")
        file.writestr("archive/a.warc", b"\0" * 5_000_000)
    monkeypatch.setattr("archive.warc.package.MOST_UNPACKED", 1_000_000)
    with pytest.raises(ArchiveError, match="would unpack to 5000002 bytes"):
        list(read_wacz(path))
    monkeypatch.setattr("archive.warc.package.MOST_FILES", 1)
    with pytest.raises(ArchiveError, match="holds 2 files"):
        list(read_wacz(path))
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("datapackage.json", "{}")
        with pytest.warns(UserWarning, match="Duplicate"):
            file.writestr("datapackage.json", "{}")
    monkeypatch.undo()
    with pytest.raises(ArchiveError, match="same name"):
        list(read_wacz(path))


def test_an_encrypted_package_is_refused(tmp_path):
    path = tmp_path / "a.wacz"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("datapackage.json", "{}")
    content = bytearray(path.read_bytes())
    content[content.find(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)
    with pytest.raises(ArchiveError, match="is encrypted"):
        list(read_wacz(path))


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x05\x06" + b"\0" * 18])
def test_what_is_no_package_is_refused(tmp_path, content):
    path = tmp_path / "a.wacz"
    path.write_bytes(content)
    with pytest.raises(ArchiveError, match=r"a\.wacz"):
        list(read_wacz(path))


def test_any_flipped_byte_is_refused_or_gives_what_was_there(package, tmp_path):
    with zipfile.ZipFile(package) as file:
        files = {name: file.read(name) for name in file.namelist()}
    whole = package.read_bytes()
    for place in range(0, len(whole), max(1, len(whole) // 60)):
        package.write_bytes(whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1 :])
        out = {}
        try:
            for name, copy in read_wacz(package):
                copy.seek(0)
                out[name] = copy.read()
        except ArchiveError:
            continue
        assert all(files[name] == content for name, content in out.items())
