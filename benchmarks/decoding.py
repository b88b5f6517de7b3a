"""Decoding: every encoding of Chinese pages, labelled right, wrong and not at all, whole and damaged, on texts written for this.

    python benchmarks/decoding.py [--quick] [--json] [--check] [--show]

A pair is a text, an encoding and a condition. It is exact when every Han character comes out as it went in, except the one a broken
byte itself stood in; it is right when a byte lost from or put into a two-byte encoding cost one neighbour of that one besides (half a
character may as well belong to either side). `--show` prints the pairs that are not right.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from cleaners.decoding.decode import Headers, decode

BARS = {"right": 0.995, "exact": 0.988, "pairs": 200}
"""Share of pairs that are right and exact at least, of at least so many."""
QUICK = 2
"""Every so many-th pair is tried with --quick."""

HANS = (
    ("临水市人民政府办公室关于印发《临水市农村公路管理办法》的通知\n各镇人民政府，市直有关单位：\n为进一步加强农村公路管理，"
    "保障农村公路完好畅通，根据有关法律法规，结合我市实际，制定本办法，请认真贯彻执行。\n二〇三一年五月七日"),
    ("青石镇拟录用人员公示（第3批）\n序号 姓名 单位\n1 欧阳堃 河口区水务局\n2 诸葛喆 青石镇卫生院\n3 闫镕 北岸县档案馆\n"
    "4 亓晔 洺州小学\n公示期7天，电话：0000-0000000"),
    "啊，这里的芦苇荡真美！退休职工老魏撰写的《滹沱河畔》获得市级奖励，颁奖仪式将于12月1日上午9:00在文化馆举行，欢迎广大市民届时参加。",
    ("示例县2031年一般公共预算收支决算表\n项目\t预算数\t决算数\n税收收入\t12,345\t12,001\n其中：增值税\t6,000\t5,998\n"
    "城市维护建设税\t320\t318\n单位：万元"),
)  # fmt: skip
RARE = (
    "关于表彰先进个人的决定\n经研究，决定授予王䶮、李㼆、陈𠮷三名同志“优秀工作者”称号，并颁发证书。\n临水市人民政府",
    "𠮷祥街道办事处地名公告：将原㙍头村更名为䃅头村，涉及䴙䴘湖自然保护区的地名一并调整，自公布之日起施行。",
    "公安局户政通知：姓名含㛃、㳚、䲟、𫖯、𬭎等生僻字的居民，可持证件到窗口办理登记。",
)
HANT = (
    "臨水市政府關於農村道路管理辦法的公告\n各鄉鎮公所及有關單位：\n為加強農村道路管理，保障道路暢通，依據有關法令訂定本辦法，請查照辦理。\n中華民國一百二十年五月七日",
    "本府訂於六月一日（星期日）上午九時，假河口區圖書館舉行藏書票展覽開幕典禮，歡迎市民踴躍參加。聯絡人：歐陽小姐，電話：00-0000000。",
    "教育局公布國民中小學暑期活動計畫，報名表請於期限內逕送承辦學校彙整，逾期不予受理；錄取名單將刊登於網站。",
    "功蓋許愛蓋國軍銜牆裏粧恆銹嫺：本表所列各單位名稱，業經核定，自即日起實施，特此公告周知。",
)
HONG_KONG = (
    "香港特別行政區政府新聞公報：運輸署喺深水埗、大角咀及𨋢架維修期間實施臨時交通安排，市民如有查詢，請致電熱線。",
    "屋邨管理處通告：本邨各座𨋢機將於五月七日進行檢查，住戶如發現滲漏，請即通知管理處，多謝合作。冚唪唥費用由業主支付。",
)
TITLES_HANS = (
    "关于做好防汛工作的通知",
    "市政府常务会议召开",
    "人事任免",
    "公示",
    "招标公告",
    "王小明同志简历",
    "示例县统计局",
    "第十二届运动会开幕",
)
TITLES_HANT = ("關於道路施工的公告", "市府會議紀錄", "人事任免令", "公告", "徵才啟事", "衛生局新聞稿", "臨水市議會")
WRONG = ("gb2312", "big5", "utf-8", "iso-8859-1", "windows-1252", "shift_jis", "euc-kr", "utf-16", "no-such-charset")
NAMES = {
    "gbk": "gbk",
    "gb18030": "gb18030",
    "big5": "big5",
    "big5hkscs": "big5-hkscs",
    "utf-8": "utf-8",
    "utf-16-le": "utf-16",
    "utf-16-be": "utf-16",
}
ASCII = (
    "<script>var list = [];function show(i) { return list[i] || 0; }</script><a href='/art/2031/5/7/t1.html' class=\"nav on\">Home</a>\n"
    * 30
)


@dataclass(frozen=True)
class Pair:
    """One try: the bytes, the headers, and the text with the place and length of what a broken byte destroyed."""

    name: str
    encoding: str
    condition: str
    body: bytes
    headers: Headers
    text: str
    lost: tuple[int, int] = (0, 0)


def markup(text: str, label: str = "") -> str:
    """Put a text into a page that may name an encoding."""
    meta = f'<meta http-equiv="Content-Type" content="text/html; charset={label}">' if label else ""
    lines = "".join(f"<p>{line}</p>\n" for line in text.split("\n"))
    return f"<html><head>{meta}<title>{text.splitlines()[0]}</title></head><body>{lines}</body></html>"


def header(label: str) -> Headers:
    """Name an encoding in a header; none where the label is empty."""
    return (("Content-Type", f"text/html; charset={label}"),) if label else ()


def pairs() -> Iterator[Pair]:
    """Make every pair, always the same."""
    for name, text, encodings in texts():
        for encoding in encodings:
            chance = random.Random(f"{name} {encoding}")
            for condition, page, labels in conditions(text, encoding, chance):
                yield Pair(name, encoding, condition, page.encode(encoding), labels, page)
            yield from damaged(name, text, encoding, chance)


def texts() -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Give every text with the encodings it can be written in."""
    wide = ("utf-8", "utf-16-le", "utf-16-be")
    for group, rows, narrow in (
        ("hans", HANS, ("gbk",)), ("rare", RARE, ("gb18030",)), ("hant", HANT, ("big5", "gbk")), ("hong kong", HONG_KONG, ("big5hkscs",)),
        ("title hans", TITLES_HANS, ("gbk",)), ("title hant", TITLES_HANT, ("big5", "gbk")),
    ):  # fmt: skip
        for number, text in enumerate(rows):
            fits = tuple(encoding for encoding in narrow if text.encode(encoding, "replace").decode(encoding) == text)
            yield f"{group} {number}", text, (*fits, *wide)


def conditions(text: str, encoding: str, chance: random.Random) -> Iterator[tuple[str, str, Headers]]:
    """Give pages and headers that say the truth, nothing, and something else."""
    right, wrong = NAMES[encoding], [label for label in WRONG if label != NAMES[encoding]]
    yield "no label", markup(text), ()
    yield "right label", markup(text, right), header(right)
    short = text.splitlines()[0][:20]
    if not short.encode(encoding).isascii():  # as UTF-16 公告 is "QlTJ" to the letter: only a mark or markup can tell
        yield "short", short, ()
        yield "short, wrong header", short, header(chance.choice(wrong))
    yield "short, in markup", f"<p>{short}</p>", ()
    yield "ascii-heavy", ASCII + markup(text[:20]) + ASCII, ()
    yield "ascii-heavy, wrong meta", markup(text[:20], chance.choice(wrong)) + ASCII, ()
    for label in chance.sample(wrong, 3):
        yield f"wrong meta {label}", markup(text, label), ()
    for label in chance.sample(wrong, 2):
        yield f"wrong header {label}", markup(text), header(label)
    one, other = chance.sample(wrong, 2)
    yield f"header {one}, meta {other}", markup(text, one), header(other)
    yield f"header {one}, meta right", markup(text, right), header(one)


def damaged(name: str, text: str, encoding: str, chance: random.Random) -> Iterator[Pair]:
    """Give pages cut in the middle of a character, and with one byte deleted, inserted and replaced, right labelled and not."""
    page = markup(text)
    characters = [match.start() for match in re.finditer(r"[^\x00-\x7f]", page)]
    for label in ("", NAMES[encoding]):
        at = chance.choice(characters[len(characters) // 2 :])
        start, end = span(page, at, encoding)
        yield Pair(name, encoding, "cut", page.encode(encoding)[: chance.randrange(start + 1, end)], header(label), page[: at + 1], (at, 1))
        for condition in ("deleted", "inserted", "replaced"):
            at = chance.choice(characters)
            start, end = span(page, at, encoding)
            where, byte = chance.randrange(start, end), chance.choice((0xFF, 0x80, 0x3F, 0x20, chance.randrange(0x81, 0xFE)))
            body = page.encode(encoding)
            body = body[:where] + (b"" if condition == "deleted" else bytes([byte])) + body[where + (condition != "inserted") :]
            lost = (at, 0) if condition == "inserted" and where == start else (at, 1)
            yield Pair(name, encoding, condition if condition == "deleted" else f"{condition} {byte:#x}", body, header(label), page, lost)


def span(page: str, at: int, encoding: str) -> tuple[int, int]:
    """Give where the bytes of a character begin and end."""
    start = len(page[:at].encode(encoding))
    return start, start + len(page[at].encode(encoding))


def han(text: str) -> str:
    """Keep the Han characters."""
    return "".join(re.findall(r"[\u3400-\u9fff\U00020000-\U0003ffff]", text))


def is_exact(pair: Pair, text: str, around: int = 0) -> bool:
    """Say whether all Han characters up to so many around what was destroyed are there, in order, with at most two between."""
    at, length = pair.lost
    before, after, found = han(pair.text[: max(0, at - around)]), han(pair.text[at + length + around :]), han(text)
    between = len(found) - len(before) - len(after)
    return found.startswith(before) and found.endswith(after) and 0 <= between <= (2 + 2 * around if length or at else 0)


def is_right(pair: Pair, text: str) -> bool:
    """Say whether a pair is right: see above."""
    shifts = pair.condition.startswith(("deleted", "inserted")) and pair.encoding != "utf-8"
    return is_exact(pair, text) or (shifts and is_exact(pair, text, 1))


def measure(*, quick: bool, show: bool) -> dict[str, object]:
    """Decode every pair and count."""
    tried, right, missed = Counter[str](), Counter[str](), list[Pair]()
    spent, exact = 0.0, 0
    for number, pair in enumerate(pairs()):
        if quick and number % QUICK:
            continue
        start = time.process_time()
        decoded = decode(pair.body, pair.headers)
        spent += time.process_time() - start
        tried[pair.encoding] += 1
        exact += is_exact(pair, decoded.text)
        if is_right(pair, decoded.text):
            right[pair.encoding] += 1
        else:
            missed.append(pair)
            if show:
                print(f"{pair.name} {pair.encoding} {pair.condition} {pair.headers[:1]}: {decoded.encoding} {decoded.method}")
                print("  ", han(pair.text)[:100], "\n  ", han(decoded.text)[:100])
    return {
        "pairs": tried.total(), "right": right.total() / tried.total(), "exact": exact / tried.total(),
        "milliseconds": 1000 * spent / tried.total(),
        "by_encoding": {name: [right[name], tried[name]] for name in tried},
        "missed": dict(Counter(pair.condition.split(" 0x")[0] for pair in missed)),
    }  # fmt: skip


def main() -> int:
    """Measure, print, and with --check hold the bars."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help=f"one pair in {QUICK}")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("--check", action="store_true", help="exit 1 when a bar is missed")
    parser.add_argument("--show", action="store_true", help="print what was not right")
    options = parser.parse_args()
    found = measure(quick=options.quick, show=options.show)
    if options.json:
        print(json.dumps(found))
    else:
        print(f"{found['right']:.2%} of {found['pairs']} pairs right, {found['exact']:.2%} exact, {found['milliseconds']:.2f} ms each")
        print(f"  not right: {found['missed']}")
        for name, (right, tried) in found["by_encoding"].items():
            print(f"  {name:10} {right} of {tried}")
    if options.check and any(found[name] < bar for name, bar in BARS.items()):
        print(f"missed: {BARS}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
