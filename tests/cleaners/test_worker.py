"""Reading within limits: hostile pages end, and their text is not lost."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from cleaners import Capture, clean, plain, worker
from cleaners.noise.boilerplate import restore
from cleaners.worker import is_plain, read_safely

TEXT = "为做好汛期安全生产工作，经研究，现将有关事项通知如下。"
WHEN = datetime(2031, 5, 7, tzinfo=UTC)


def capture(page: str) -> Capture:
    return Capture(site="", url="https://www.linshui.gov.example/t1.html", captured_at=WHEN, status=200, headers=(), body=page.encode())


def test_a_plain_page_is_read_in_this_process_and_alike() -> None:
    page = capture(f"<html><body><div id=zoom><p>{TEXT}</p></div></body></html>")
    assert is_plain(page.body)
    assert read_safely(page) == clean(page)


ATTRIBUTES = " ".join(f'a{number}="1"' for number in range(60_000))
HOSTILE = {
    "attributes": f"<div {ATTRIBUTES}>{TEXT}</div>",
    "attributes with >": f"<div {ATTRIBUTES.replace('1', '>')}>{TEXT}</div>",
    "cells": f"<p>{TEXT}</p><table><tr>" + "<td>一</td>" * 60_000 + "</tr></table>",
}


@pytest.mark.parametrize("page", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_page_that_takes_too_long_gives_its_bare_text_and_says_so(page: str, encoding: str) -> None:
    hostile = replace(capture(""), body=f"<html><body>{page}</body></html>".encode(encoding))
    assert not is_plain(hostile.body)
    notice = read_safely(hostile, seconds=0.05)
    assert "parser_limit" in notice.flags
    assert notice.evidence["parser_limit"].snippet == "time: more than 0.05 s of processor time"
    assert notice.evidence["encoding"].value.startswith(encoding)
    assert TEXT in notice.text
    assert restore(notice.text, notice.removals) == notice.uncleaned


def test_a_page_that_takes_too_much_memory_says_so() -> None:
    page = capture(f"<html><body><p>{TEXT}</p>" + "<p>一二三</p>" * 100_000)
    notice = read_safely(page, memory=24 << 20)
    assert "parser_limit" in notice.flags
    assert notice.evidence["parser_limit"].snippet.startswith("memory: more than 24 MiB of memory")


def test_of_a_page_beyond_the_largest_the_beginning_is_read_and_the_rest_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain, "LARGEST", 100)
    monkeypatch.setattr(worker, "LARGEST_READ", 5_000)
    page = capture(f"<html><body><div id=zoom><p>{TEXT}</p><p>{TEXT[:-1] * 300}</p></div></body></html>")
    notice = read_safely(page)
    assert notice.paragraphs[0].text == TEXT
    assert "parser_limit" in notice.flags
    assert notice.evidence["parser_limit"].snippet == f"size: {len(page.body)} bytes, of which the first 5000 were read"


def test_a_child_reads_what_is_large_but_harmless() -> None:
    rows = "".join(f"<tr><td>{number}</td><td>设备</td></tr>" for number in range(2_600))
    page = capture(f"<html><body><div id=zoom><p>{TEXT}</p><table>{rows}</table></div></body></html>")
    assert not is_plain(page.body)
    notice = read_safely(page, seconds=60)
    assert "parser_limit" not in notice.flags
    assert notice.paragraphs[-1].cells == ("2599", "设备")


@pytest.mark.parametrize("tag", ["div", "span", "ul", "table", "font", "blockquote"])
def test_depth_costs_neither_text_nor_a_child(tag: str) -> None:
    page = capture("<html><body>" + f"<{tag}>" * 20_000 + TEXT + f"</{tag}>" * 20_000)
    assert is_plain(page.body)
    notice = read_safely(page)
    assert TEXT in notice.text
    assert "parser_limit" in notice.flags
    assert notice.evidence["parser_limit"].snippet.startswith("depth: ")
