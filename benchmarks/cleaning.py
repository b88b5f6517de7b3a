"""Cleaning beside other extractors: speed page by page in turn, so that a busy machine hurts all; quality on pages with gold; memory.

    python benchmarks/cleaning.py [--quick] [--json] [--check]

Wall clock, child processes counted. trafilatura comes with dibao. Others are read beside it where they are installed: the extra `bench`
brings readability-lxml, resiliparse, gne, newspaper4k and jusText, some of them older than their newest, so that they go with Scrapy; the
newest go together in an environment of their own. magic-html needs Python 3.12 and is installed there by hand. What counts are the
ratios; pages a second depend on the machine. With `../shared/gold` beside the project its pages are measured too.
"""

from __future__ import annotations

import argparse
import importlib
import json
import logging
import random
import resource
import statistics
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

import lxml.html
from gold_scores import Gold, gold_in, read_by_us, score, summary
from lxml import etree

from cleaners import Capture, Notice, clean
from cleaners.decoding.decode import decode

ROOT = Path(__file__).resolve().parents[1]
BARS = {"known": 20.0, "unknown": 2.0, "table": 2.0, "gold": 8.0, "gov": 8.0, "gov, by family": 20.0}
"""Times as fast as trafilatura with metadata at least.

Pages made here: of a known CMS, of none, one large table. Then the mix of tests/gold, the pages of real sites, and those of them that the
rule of a CMS family decides.
"""
MEMORY = 150
"""Megabytes that reading all pages takes at most, Python and child processes included."""
EXACT = 1.0
"""Share of the pages made here whose text has to come out exactly as it was put in."""
PEERS = {
    "trafilatura": "trafilatura", "readability": "readability-lxml", "resiliparse": "resiliparse", "magic_html": "magic-html", "gne": "gne",
    "newspaper": "newspaper4k", "justext": "justext",
}  # fmt: skip
"""Modules of other extractors and the packages they come in."""
FAULTS = (ValueError, TypeError, AttributeError, LookupError, RecursionError, ArithmeticError, etree.LxmlError)
"""What a peer may raise on a page: it then read nothing."""

SENTENCES = (
    "为进一步做好{place}汛期安全生产工作，经研究，现将有关事项通知如下。", "各单位要高度重视，落实责任，于每月{number}日前报送进展情况。",
    "{place}应急管理局会同有关部门开展检查{number}次，发现隐患{number}处，已全部完成整改。", "本办法自印发之日起施行，有效期{number}年。",
    "会议强调，要坚持问题导向，完善长效机制，确保各项任务落到实处；要加强值班值守，及时报告重要情况。",
)  # fmt: skip
PLACES = ("临水市", "北岸县", "青石镇", "河口区")
WHEN = datetime(2031, 6, 1, tzinfo=UTC)
Reader = Callable[[bytes, str, str], dict[str, Any]]
"""Reads bytes, or the same page as text, at an address."""


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


def made(kind: str, count: int) -> Iterator[tuple[bytes, str]]:
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


# ---------------------------------------------------------------- speed: ours and trafilatura in turn


@dataclass(frozen=True)
class Turn:
    """One page read by both: wall-clock seconds, what ours read, and the text it had to be (None: not known to the letter)."""

    ours: float
    theirs: float
    notice: Notice
    text: str | None


def timed(call: Callable[[], Any]) -> tuple[float, Any]:
    """Give the wall-clock seconds of a call and what it gave."""
    start = time.perf_counter()
    given = call()
    return time.perf_counter() - start, given


def turns(pages: Iterator[tuple[bytes, str, str | None]]) -> Iterator[Turn]:
    """Read each page twice with both, turn about; the faster counts, since tables that a first page has loaded are not its time."""
    peer = trafilatura(importlib.import_module("trafilatura"))
    for body, url, text in pages:
        capture = Capture(site="", url=url, captured_at=WHEN, status=200, headers=(), body=body)
        calls = (lambda capture=capture: clean(capture), lambda body=body, url=url: peer(body, "", url))
        ours, theirs, ours_again, theirs_again = (timed(call) for call in calls * 2)
        yield Turn(min(ours[0], ours_again[0]), min(theirs[0], theirs_again[0]), ours[1], text)


def speed_of(read: list[Turn]) -> dict[str, float]:
    """Give pages a second of both, their ratio over all pages and in the middle, and the share of exact texts."""
    ours, theirs = sum(turn.ours for turn in read), sum(turn.theirs for turn in read)
    exact = [turn.notice.text == turn.text for turn in read if turn.text is not None]
    return {
        "pages": len(read), "ours_pages_s": len(read) / ours, "trafilatura_pages_s": len(read) / theirs, "ratio": theirs / ours,
        "median_ratio": statistics.median(turn.theirs / turn.ours for turn in read), "exact": statistics.fmean(exact) if exact else EXACT,
    }  # fmt: skip


def speeds(count: int, golds: dict[str, list[Gold]]) -> dict[str, dict[str, float]]:
    """Measure every kind of page there is."""
    found = {}
    for kind in ("known", "unknown", "table"):
        pages = ((body, f"https://www.linshui.gov.example/t{index}.html", text) for index, (body, text) in enumerate(made(kind, count)))
        found[kind] = speed_of(list(turns(pages)))
    for name, golden in golds.items():
        read = list(turns((gold.page, gold.url, None) for gold in golden))
        found[name] = speed_of(read)
        if name == "gov":
            found["gov, by family"] = speed_of([turn for turn in read if turn.notice.reader.startswith("layout")])
    return found


# ---------------------------------------------------------------- quality and speed of everyone, on pages with gold


def lines_of(markup: str) -> str:
    """Give the text of what a peer gives as HTML, a line for every block."""
    if not markup.strip():
        return ""
    root = lxml.html.fromstring(markup)
    for element in root.iter("p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "section", "table"):
        element.text, element.tail = "\n" + (element.text or ""), "\n" + (element.tail or "")
    return str(root.text_content())


def trafilatura(module: Any) -> Reader:
    """Read with trafilatura, metadata too."""

    def read(body: bytes, _: str, url: str) -> dict[str, Any]:
        document = module.bare_extraction(body, url=url, include_comments=False, with_metadata=True)
        return {"title": document.title, "date": document.date, "source": document.sitename, "body": document.text} if document else {}

    return read


def readability(module: Any) -> Reader:
    """Read with readability-lxml."""

    def read(_: bytes, text: str, __: str) -> dict[str, Any]:
        document = module.Document(text)
        return {"title": document.short_title(), "body": lines_of(document.summary(html_partial=True))}

    return read


def resiliparse(_: Any) -> Reader:
    """Read with resiliparse's main content (which drops characters that stand alone in an element)."""
    plain = importlib.import_module("resiliparse.extract.html2text").extract_plain_text
    parse = importlib.import_module("resiliparse.parse.html").HTMLTree.parse

    def read(_: bytes, text: str, __: str) -> dict[str, Any]:
        tree = parse(text)
        return {"title": tree.title, "body": plain(tree, main_content=True, preserve_formatting=True, list_bullets=False, alt_texts=False)}

    return read


def magic_html(module: Any) -> Reader:
    """Read with magic-html."""
    extractor = module.GeneralExtractor()

    def read(_: bytes, text: str, url: str) -> dict[str, Any]:
        found = extractor.extract(text, base_url=url)
        return {"title": found.get("title"), "body": lines_of(found.get("html") or "")}

    return read


def gne(module: Any) -> Reader:
    """Read with GNE."""
    extractor, nothing_found = module.GeneralNewsExtractor(), importlib.import_module("gne.exceptions").NoContentException

    def read(_: bytes, text: str, __: str) -> dict[str, Any]:
        try:
            found = extractor.extract(text)
        except nothing_found:
            return {}
        return {"title": found["title"], "date": found["publish_time"], "author": found["author"], "body": found["content"]}

    return read


def newspaper(module: Any) -> Reader:
    """Read with newspaper4k, told that the language is Chinese."""
    config = module.Config()
    config.language, config.fetch_images, config.memorize_articles = "zh", False, False

    def read(_: bytes, text: str, url: str) -> dict[str, Any]:
        article = module.Article(url, config=config)
        article.download(input_html=text)
        article.parse()
        return {"title": article.title, "date": article.publish_date, "body": article.text}

    return read


def justext(module: Any) -> Reader:
    """Read with jusText, by lengths that suit Chinese and without stop words."""

    def read(_: bytes, text: str, __: str) -> dict[str, Any]:
        found = module.justext(
            text, frozenset(), length_low=15, length_high=40, max_link_density=0.3, stopwords_low=0.0, stopwords_high=0.0
        )
        return {"body": "\n".join(one.text for one in found if not one.is_boilerplate)}

    return read


READERS: dict[str, Callable[[Any], Reader]] = {
    "trafilatura": trafilatura, "readability": readability, "resiliparse": resiliparse, "magic_html": magic_html, "gne": gne,
    "newspaper": newspaper, "justext": justext,
}  # fmt: skip


def peers() -> Iterator[tuple[str, Reader | None]]:
    """Give every peer with its version and how to read with it; None where it is not installed."""
    for module, package in PEERS.items():
        try:
            yield f"{package} {version(package)}", READERS[module](importlib.import_module(module))
        except (ImportError, PackageNotFoundError):
            yield package, None


def measured(read: Callable[[Gold], dict[str, Any]], golden: list[Gold]) -> dict[str, float]:
    """Read pages with gold and give the scores of all of them and the pages a second."""
    scored, spent = [], 0.0
    for gold in golden:
        first, found = timed(lambda gold=gold: read(gold))
        spent += min(first, timed(lambda gold=gold: read(gold))[0])
        scored.append(score(gold, found))
    return summary(scored) | {"pages_s": len(golden) / spent}


def with_peer(reader: Reader, texts: dict[str, str]) -> Callable[[Gold], dict[str, Any]]:
    """Read with a peer; a page it fails on is one it reads nothing in. Pages come decoded, which no peer pays for."""

    def read(gold: Gold) -> dict[str, Any]:
        try:
            return reader(gold.page, texts[gold.id], gold.url)
        except FAULTS:
            return {}

    return read


def qualities(golden: list[Gold]) -> dict[str, dict[str, float]]:
    """Give the scores of everyone on pages with gold, ours first; nothing for who is not installed."""
    texts = {gold.id: decode(gold.page).text for gold in golden}
    return {"dibao": measured(read_by_us, golden)} | {
        name: measured(with_peer(reader, texts), golden) if reader else {} for name, reader in peers()
    }


# ---------------------------------------------------------------- memory, the whole, and the table


def memory(folders: list[Path]) -> float:
    """Give the megabytes it takes to read the pages of folders, in a process of its own that has seen no peer."""
    run = subprocess.run([sys.executable, __file__, "--memory", *map(str, folders)], capture_output=True, text=True, check=True)
    return float(run.stdout)


def peak(folders: list[str]) -> float:
    """Read the pages of folders and give the most memory this process and its children took, in megabytes."""
    for folder in folders:
        for gold in gold_in(folder):
            read_by_us(gold)
    return sum(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024


def say(found: dict[str, Any]) -> None:
    """Print the tables."""
    print(f"{'pages':<16}{'ours/s':>8}{'trafilatura/s':>15}{'ratio':>8}{'median':>8}{'exact':>8}{'bar':>6}")
    for kind, row in found["speed"].items():
        print(
            f"{kind:<16}{row['ours_pages_s']:>8.0f}{row['trafilatura_pages_s']:>15.0f}{row['ratio']:>8.1f}{row['median_ratio']:>8.1f}"
            f"{row['exact']:>8.0%}{BARS[kind]:>6.1f}"
        )
    for folder, table in found["quality"].items():
        print(f"\n{folder:<28}{'body F1':>8}{'>=.95':>7}{'title':>7}{'date':>7}{'invented':>9}{'source':>8}{'number':>8}{'pages/s':>9}")
        for name, row in table.items():
            print(f"{name:<28}" + (shown(row) if row else "  not installed"))
    print(f"\npeak memory {found['memory']:.0f} MB, bar {MEMORY}")


def shown(row: dict[str, float]) -> str:
    """Write one row of the quality table."""
    share = lambda name: f"{row[name]:.0%}" if name in row else "-"  # noqa: E731 - as a column, five times
    return (
        f"{row['body_f1']:>8.3f}{share('share_95'):>7}{share('title'):>7}{share('date'):>7}{row['invented_dates']:>9.0f}"
        f"{share('source'):>8}{share('doc_number'):>8}{row['pages_s']:>9.0f}"
    )


def misses(found: dict[str, Any]) -> Iterator[str]:
    """Name the bars that are missed."""
    for kind, row in found["speed"].items():
        if row["ratio"] < BARS[kind] or row["exact"] < EXACT:
            yield f"{kind}: {row['ratio']:.1f} times, {row['exact']:.0%} exact"
    for folder, table in found["quality"].items():
        best = max(row["body_f1"] for name, row in table.items() if row and name != "dibao")
        if table["dibao"]["body_f1"] <= best:
            yield f"{folder}: body F1 {table['dibao']['body_f1']:.3f}, the best beside it {best:.3f}"
    if found["memory"] > MEMORY:
        yield f"memory: {found['memory']:.0f} MB"


def main() -> int:
    """Measure, print, and with --check hold the bars."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a few pages of each kind, and no pages of real sites")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("--check", action="store_true", help="exit 1 when a bar is missed")
    parser.add_argument("--memory", nargs="+", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.memory:
        print(peak(options.memory))
        return 0
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    shared = {name: ROOT.parent / "shared" / "gold" / name for name in ("gov", "zh")}
    folders = {"gold": ROOT / "tests" / "gold"} | ({} if options.quick else {name: path for name, path in shared.items() if path.is_dir()})
    golds = {name: gold_in(path) for name, path in folders.items()}
    found: dict[str, Any] = {
        "memory": memory(list(folders.values())),  # first: a process starts with its parent's peak
        "speed": speeds(12 if options.quick else 120, {name: golden for name, golden in golds.items() if name in BARS}),
        "quality": {name: qualities(golden) for name, golden in golds.items()},
    }
    print(json.dumps(found)) if options.json else say(found)
    missed = list(misses(found))
    if missed:
        print(f"missed: {'; '.join(missed)}", file=sys.stderr)
    return int(options.check and bool(missed))


if __name__ == "__main__":
    raise SystemExit(main())
