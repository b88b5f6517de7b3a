"""Reading any file: in a child that ends when it must, and never an error for a bad file."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners.attachments import FLAGS, FileText, read, read_here
from cleaners.attachments import reading as module
from cleaners.attachments.kinds import KINDS, Kind

SHARED = Path(__file__).parents[3].parent / "shared" / "attachments"


def exploding(body: bytes) -> FileText:
    """Behave as the reader that the file's second word names."""
    if body.endswith(b"memory"):
        raise MemoryError
    raise {b"key": KeyError("word/document.xml"), b"deep": RecursionError("maximum depth")}[body.split()[-1]]


@pytest.mark.parametrize(("word", "flag"), [("key", "damaged"), ("deep", "damaged"), ("memory", "memory_limit")])
def test_what_a_reader_raises_becomes_a_record(word, flag, monkeypatch):
    monkeypatch.setattr(module, "_reader", lambda kind, bounds: exploding)
    found = read_here(f"text {word}".encode(), name="a.txt")
    assert found.flags == (flag,)
    assert found.media_type == "text/plain"
    assert found.reason.endswith(".")


def test_every_kind_that_is_read_has_its_reader():
    from cleaners.attachments.bounds import starting_now

    assert all(callable(module._reader(kind, starting_now())) for kind in KINDS.values() if kind.reader)


@pytest.mark.parametrize(
    "kind", [name for name, kind in KINDS.items() if kind.reader and name not in {"png", "jpeg", "gif", "bmp", "tiff", "webp"}]
)
def test_no_bytes_at_all_give_a_record_in_every_reader(kind, monkeypatch):
    monkeypatch.setattr(module, "sniff", lambda *_: kind)
    for body in (b"\0", b"PK\x03\x04", b"<html>", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100)):
        found = read_here(body)
        assert set(found.flags) <= FLAGS.keys()
        assert found.text or found.flags


def test_what_is_too_large_is_refused(monkeypatch):
    monkeypatch.setattr(module, "LARGEST", 10)
    for reader in (read, read_here):
        found = reader("很长的正文。".encode(), name="a.txt")
        assert (found.text, found.flags) == ("", ("too_large",))
        assert "not read" in found.reason


def test_what_cannot_be_stored_is_not_in_the_text():
    found = read_here(b"a\x08b\x0cc\r\nd\re" + b" text" * 100)
    assert found.text.startswith("a\ufffdb\nc\nd\ne text")


def test_a_text_beyond_all_measure_is_cut_and_says_so(monkeypatch):
    monkeypatch.setattr(module, "LONGEST", 5)
    found = read_here("很长很长的正文。".encode())
    assert found.text == "很长很长的"
    assert found.flags == ("partial", "too_large")


def test_kinds_that_are_not_read_say_what_to_do():
    for body in (b"7z\xbc\xaf\x27\x1c", bytes(range(256)), b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)):
        found = read(body)
        assert (found.text, found.flags) == ("", ("unsupported",))
        assert found.reason


def test_every_flag_of_a_record_is_a_known_word():
    assert FileText().flagged("damaged", reason="One.").flagged("partial", "damaged", reason="Two.") == FileText(
        flags=("damaged", "partial"), reason="One. Two."
    )
    assert all(isinstance(kind, Kind) for kind in KINDS.values())


@given(
    st.binary(max_size=400),
    st.sampled_from([b"", b"%PDF-1.4\n", b"PK\x03\x04", b"\x1f\x8b\x08\0", b"{\\rtf1", b"<html>", b"Rar!\x1a\x07\0"]),
)
def test_any_bytes_give_a_record(body, start):
    found = read_here(start + body)
    assert found.text or found.flags
    assert set(found.flags) <= FLAGS.keys()
    assert bool(found.reason) or set(found.flags) <= {"mislabelled", "macro"}


@pytest.mark.skipif(not SHARED.is_dir(), reason="the collection of attachments is not here")
@pytest.mark.parametrize("path", sorted(SHARED.glob("*.json")), ids=lambda path: path.stem)
def test_a_real_file_is_read_whole(path):
    gold = json.loads(path.read_text("utf-8"))
    file = path.with_suffix("")
    found = read(file.read_bytes(), name=file.name)
    text, place = re.sub(r"\s", "", found.text), 0
    for phrase in (re.sub(r"\s", "", phrase) for phrase in gold["must_contain"]):
        at = text.find(phrase, place if gold.get("order_strict", True) else 0)
        assert at >= 0, phrase
        place = at
    assert found.media_type == gold["media_type"]
    assert found.pages == gold.get("pages", found.pages)
    assert not any(phrase in text for phrase in gold.get("not_in_body", ()))
    assert ("scanned" in found.flags) == ("image_only_pages" in gold)


def test_every_flag_is_documented():
    page = (Path(__file__).parents[3] / "docs" / "attachments.md").read_text("utf-8")
    assert re.findall(r"^\| `(\w+)` \| (.*) \|$", page, re.MULTILINE) == list(FLAGS.items())
