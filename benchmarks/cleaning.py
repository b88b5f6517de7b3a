"""Cleaning against trafilatura, on pages this script makes: CPU time page by page, interleaved, so that a busy machine hurts both.

    python benchmarks/cleaning.py [--quick] [--json] [--check]

Both read the text and the fields (title, date, source). What counts are the ratios; pages a second depend on the machine.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from trafilatura import bare_extraction

from cleaners import Capture, clean

BARS = {"known": 5.0, "unknown": 2.0, "table": 2.0}
"""Times as fast as trafilatura at least: pages of a known CMS, pages of none, pages that are one large table."""
EXACT = 1.0
"""Share of pages whose text has to come out exactly as it was put in."""

SENTENCES = (
    "为进一步做好{place}汛期安全生产工作，经研究，现将有关事项通知如下。", "各单位要高度重视，落实责任，于每月{number}日前报送进展情况。",
    "{place}应急管理局会同有关部门开展检查{number}次，发现隐患{number}处，已全部完成整改。", "本办法自印发之日起施行，有效期{number}年。",
    "会议强调，要坚持问题导向，完善长效机制，确保各项任务落到实处；要加强值班值守，及时报告重要情况。",
)  # fmt: skip
PLACES = ("临水市", "北岸县", "青石镇", "河口区")
WHEN = datetime(2031, 6, 1, tzinfo=UTC)


def paragraphs(chance: random.Random, count: int) -> list[str]:
    """Write running text."""
    return ["".join(sentence(chance) for _ in range(chance.randint(1, 5))) for _ in range(count)]


def sentence(chance: random.Random) -> str:
    """Write one sentence."""
    return chance.choice(SENTENCES).format(place=chance.choice(PLACES), number=chance.randint(2, 28))


def frame(chance: random.Random, title: str, middle: str) -> str:
    """Put a text into a page as sites do: menus above, side columns, footers, scripts."""
    menu = "".join(f'<li><a href="/c{number}/index.html">{chance.choice(PLACES)}栏目{number}</a></li>' for number in range(60))
    row = '<li><a href="t{number}.html">{place}召开第{number}次会议</a><span>05-{number:02}</span></li>'
    side = "".join(row.format(number=number, place=chance.choice(PLACES)) for number in range(1, 25))
    script = "<script>" + "var list = [];function show(i) { return list[i] || 0; }\n" * 60 + "</script>"
    return (
        f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>{title}_临水市人民政府</title>{script}</head><body>"
        f"<div class='header'><ul class='nav'>{menu}</ul></div><div class='crumb'>当前位置：<a href='/'>首页</a> &gt; 通知公告</div>"
        f"<div class='main'><h1>{title}</h1>"
        f"<div class='info'>发布时间：2031-05-07 来源：临水市应急局 浏览次数：<span>12</span></div>{middle}"
        f"<div class='tools'><a href='javascript:print()'>打印本页</a> <a href='javascript:close()'>关闭窗口</a></div></div>"
        f"<div class='side'><ul>{side}</ul></div>"
        f"<div class='footer'><p>主办单位：临水市人民政府办公室</p><p>临ICP备00000000号</p></div></body></html>"
    )


def pages(kind: str, count: int) -> Iterator[tuple[bytes, str]]:
    """Make pages of a kind with the text each holds."""
    chance = random.Random(f"{kind} 1")
    for number in range(count):
        title = f"关于印发临水市第{number + 1}号工作方案的通知"
        lines = paragraphs(chance, chance.randint(3, 40))
        if kind == "table":
            rows = [[str(row), chance.choice(PLACES), str(chance.randint(1, 900))] for row in range(300)]
            lines = [lines[0], *("\t".join(row) for row in rows)]
            table = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
            middle = f"<div class='TRS_Editor'><p>{lines[0]}</p><table>{table}</table></div>"
        else:
            text = "".join(f"<p style='text-indent:2em'><span>{line}</span></p>" for line in lines)
            middle = f"<div class='{'TRS_Editor' if kind == 'known' else 'box'}'>{text}</div>"
        yield frame(chance, title, middle).encode(), "\n".join(lines)


def timed(call: Callable[[], object]) -> tuple[float, object]:
    """Give the CPU seconds of a call and what it gave."""
    start = time.process_time()
    given = call()
    return time.process_time() - start, given


def measure(kind: str, count: int) -> dict[str, float]:
    """Read the pages of a kind with both, turn about, and give totals, their ratio and how many texts were exact."""
    ours, theirs, ratios, exact = 0.0, 0.0, [], 0
    for index, (body, text) in enumerate(pages(kind, count)):
        url = f"https://www.linshui.gov.example/t{index}.html"
        capture = Capture(site="", url=url, captured_at=WHEN, status=200, headers=(), body=body)
        spent, notice = timed(lambda capture=capture: clean(capture))
        peer, _ = timed(lambda body=body, url=capture.url: bare_extraction(body, url=url, include_comments=False, with_metadata=True))
        if index == 0:  # imports and tables are not a page's time
            continue
        ours, theirs = ours + spent, theirs + peer
        ratios.append(peer / spent)
        exact += notice.text == text
    return {
        "pages": count - 1, "ours_pages_s": (count - 1) / ours, "trafilatura_pages_s": (count - 1) / theirs,
        "ratio": theirs / ours, "median_ratio": statistics.median(ratios), "exact": exact / (count - 1),
    }  # fmt: skip


def main() -> int:
    """Measure, print, and with --check hold the bars."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a few pages of each kind")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("--check", action="store_true", help="exit 1 when a bar is missed")
    options = parser.parse_args()
    found = {kind: measure(kind, 12 if options.quick else 120) for kind in BARS}
    if options.json:
        print(json.dumps(found))
    else:
        print(f"{'pages':<10}{'ours/s':>10}{'trafilatura/s':>15}{'ratio':>8}{'median':>8}{'exact':>8}{'bar':>6}")
        for kind, row in found.items():
            print(
                f"{kind:<10}{row['ours_pages_s']:>10.0f}{row['trafilatura_pages_s']:>15.0f}{row['ratio']:>8.1f}{row['median_ratio']:>8.1f}"
                f"{row['exact']:>8.0%}{BARS[kind]:>6.1f}"
            )
    missed = [kind for kind, row in found.items() if row["ratio"] < BARS[kind] or row["exact"] < EXACT]
    if missed:
        print(f"missed: {', '.join(missed)}", file=sys.stderr)
    return int(options.check and bool(missed))


if __name__ == "__main__":
    raise SystemExit(main())
