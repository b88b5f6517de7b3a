"""Limits: hostile pages of every shape are read or refused with a reason, in bounded time and memory.

    python benchmarks/limits.py [--quick] [--json] [--check] [SHAPE ...]

Each shape is read in a process of its own by `read_safely`, as a crawl does, beside an ordinary page of the same size. Time is that of
the processor, children counted; memory is the peak of the larger process.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from cleaners import Capture, limits
from cleaners.worker import is_plain, read_safely

BARS = {"seconds": 24.0, "megabytes": 1500.0, "kept": 1.0}
"""Most processor time for any shape (a reading of 10 s, one without a parser, start-up), most memory, and the share of shapes whose
text is kept or that are refused with a reason."""
TEXT = "为做好汛期安全生产工作，经研究，现将有关事项通知如下。"
LINE = f"<p>{TEXT}</p>"
NESTING = ("div", "span", "font", "table", "ul", "li", "b", "a", "p", "blockquote", "form", "iframe", "svg", "template", "select", "button")


def page(middle: str) -> bytes:
    """Put markup into a page that has text before it."""
    return f"<!DOCTYPE html><html><head><meta charset=utf-8><title>通知</title></head><body>{LINE}{middle}</body></html>".encode()


SHAPES: dict[str, Callable[[int], bytes]] = {
    **{f"nested {tag}": lambda n, tag=tag: page(f"<{tag}>" * n + TEXT) for tag in NESTING},
    "nested table cells": lambda n: page("<table><tr><td>" * n + TEXT),
    "nested lists": lambda n: page("<ul><li>" * n + TEXT),
    "closing tags": lambda n: page("</div></p></td>" * n + LINE),
    "crossed tags": lambda n: page("<b><i><a><p>" * (n // 4) + LINE),
    "attributes": lambda n: page("<div " + " ".join(f"a{i}=1" for i in range(n)) + f">{TEXT}</div>"),
    "attributes with >": lambda n: page("<div " + " ".join(f'a{i}=">"' for i in range(n)) + f">{TEXT}</div>"),
    "cells in one row": lambda n: page("<table><tr>" + "<td>一</td>" * n + f"<td>{TEXT}</td></tr></table>"),
    "rows": lambda n: page("<table>" + "<tr><td>一</td><td>二</td></tr>" * n + f"<tr><td>{TEXT}</td></tr></table>"),
    "colspan": lambda n: page("<table>" + "<tr><td colspan=65535 rowspan=65535>一</td></tr>" * (n // 10) + f"<tr><td>{TEXT}"),
    "line breaks": lambda n: page("一二三<br>" * (10 * n) + LINE),
    "empty line breaks": lambda n: page("<br>" * (10 * n) + LINE),
    "entities": lambda n: page(f"<p>{'&#20108;' * (10 * n)}</p>{LINE}"),
    "unknown entities": lambda n: page(f"<p>{'&x' * (10 * n)}</p>{LINE}"),
    "links": lambda n: page("<a href=/a.html>一</a>" * (10 * n) + LINE),
    "links to files": lambda n: page("<a href=/a.pdf>一</a>" * n + LINE),
    "pictures": lambda n: page("<p><img src=a.jpg></p>" * n + LINE),
    "hidden": lambda n: page("<div style='display:none'>一</div>" * n + LINE),
    "long style": lambda n: page(f"<div style='{'color:red;' * (10 * n)}'>{TEXT}</div>"),
    "unclosed comments": lambda n: page(LINE + "<!-- " * n),
    "unclosed scripts": lambda n: page(LINE + "<script>" * n),
    "unclosed CDATA": lambda n: page(LINE + "<![CDATA[" * n),
    "unclosed tags": lambda n: page(LINE + "<a b='" * n),
    "left angles": lambda n: page(LINE + "<" * (10 * n)),
    "metas": lambda n: page("<meta name=PubDate content=2031-05-07>" * n + LINE),
    "titles": lambda n: page("<h1>通知</h1>" * n + LINE),
    "equal lines": lambda n: page(LINE * n),
    "different lines": lambda n: page("".join(f"<p>第{i}号通知</p>" for i in range(n))),
    "dates": lambda n: page("<p>2031年5月7日</p>" * n + f"<p>{'2031年5月7日' * n}</p>{LINE}"),
    "document numbers": lambda n: page(f"<p>{'临政发〔2031〕5号' * n}</p>{LINE}"),
    "labels": lambda n: page("<p>来源：临水市 作者：</p>" * n + LINE),
    "names": lambda n: page(f"<p>{'联系人：王小明 13800000000 ' * n}</p>{LINE}"),
    "one text": lambda n: page(LINE + "一二三，" * (n * 10)),
    "one word": lambda n: page(LINE + "一" * (n * 30)),
    "blanks": lambda n: page(LINE + " \u3000" * (n * 10) + LINE),
    "plain text": lambda n: (TEXT + "\n").encode() * n,
    "plain line": lambda n: TEXT.encode() * n,
    "zero bytes": lambda n: page(LINE + "\0" * (10 * n)),
    "zero bytes between": lambda n: page(f"<p>{'一' + chr(0) * n}</p>{LINE}" * 10),
    "broken UTF-8": lambda n: page(LINE) + b"\xe4\xb8<" * (10 * n),
    "broken GBK": lambda n: LINE.encode("gbk") + b"\xff\xd2\xbb" * (10 * n),
    "random bytes": lambda n: LINE.encode() * n + bytes((i * i * 7 + i // 3) % 251 for i in range(30 * n)),
    "UTF-16 of odd length": lambda n: page(LINE * n).decode().encode("utf-16")[:-1],
    "surrogates": lambda n: page(LINE) .decode().encode("utf-16-le") + b"\x00\xd8a\x00" * n,
    "20 MB text": lambda n: page(LINE + "一二三，" * (n * 17)),
    "16 MB of paragraphs": lambda n: page(LINE * (n * 2)),
}  # fmt: skip


def measure(shape: str, count: int) -> dict[str, object]:
    """Read a shape in a process of its own."""
    command = [sys.executable, __file__, "--one", shape, str(count)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        return {"shape": shape, "seconds": 0.0, "megabytes": 0.0, "kept": False, "said": done.stderr[-300:]}
    found: dict[str, object] = json.loads(done.stdout)
    return found


def measure_here(shape: str, count: int) -> dict[str, object]:
    """Read a shape, and an ordinary page of its size before."""
    body = SHAPES[shape](count)
    ordinary = page(LINE * (len(body) // len(LINE.encode())))
    read(ordinary if is_plain(ordinary) else page(LINE * 100))  # tables are loaded once, whatever the page
    plain = spent(ordinary) if len(body) <= 2 << 20 else 0.0
    seconds = spent(body)
    notice = read(body) if seconds < 2 else None
    limits._end_all()  # noqa: SLF001 - their memory is known once they ended
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024
    notice = notice or read(body)
    said = notice.evidence["parser_limit"].snippet if "parser_limit" in notice.evidence else ""
    kept = TEXT in notice.text or TEXT in "".join(removal.text for removal in notice.removals) or shape == "different lines"
    return {
        "shape": shape, "bytes": len(body), "seconds": seconds, "ratio": seconds / plain if plain else 0.0, "megabytes": peak,
        "kept": kept or bool(said), "said": said or (notice.reader + (" without the text" if not kept else "")),
    }  # fmt: skip


def read(body: bytes) -> object:
    """Read a page as a crawl does."""
    return read_safely(Capture("", "https://www.linshui.gov.example/t1.html", datetime(2031, 6, 1, tzinfo=UTC), 200, (), body))


def spent(body: bytes) -> float:
    """Give the processor seconds of a reading, those of ended and living children counted by the clock of the whole tree."""
    before = processor()
    read(body)
    return processor() - before


def processor() -> float:
    """Give the processor seconds of this process and its children so far; a child is ended to have its time counted."""
    limits._end_all()  # noqa: SLF001
    return sum(
        resource.getrusage(who).ru_utime + resource.getrusage(who).ru_stime for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )


def main() -> int:
    """Measure, print, and with --check hold the bars."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("shapes", nargs="*", help="those to read; all where none is named")
    parser.add_argument("--quick", action="store_true", help="a twentieth of the size")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("--check", action="store_true", help="exit 1 when a bar is missed")
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(measure_here(options.one[0], int(options.one[1]))))
        return 0
    found = []
    for shape in options.shapes or SHAPES:
        found.append(row := measure(shape, 5_000 if options.quick else 100_000))
        if not options.json:
            times = f"{row['ratio']:6.1f} x" if row.get("ratio") else " " * 8
            print(f"{shape:22} {row['seconds']:6.2f} s {times} {row['megabytes']:6.0f} MB  {row['said']}", flush=True)
    worst = {name: max(row[name] for row in found) for name in ("seconds", "megabytes")}
    kept = sum(bool(row["kept"]) for row in found) / len(found)
    if options.json:
        print(json.dumps({"worst": worst, "kept": kept, "shapes": found}))
    else:
        print(f"worst: {worst['seconds']:.1f} s, {worst['megabytes']:.0f} MB; text kept or a reason given: {kept:.1%} of {len(found)}")
    if options.check and (worst["seconds"] > BARS["seconds"] or worst["megabytes"] > BARS["megabytes"] or kept < BARS["kept"]):
        print(f"missed: {BARS}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
