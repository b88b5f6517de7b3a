"""What is fuzzed: for each target how an input becomes a call, what must hold afterwards, and the inputs to start from.

A target raises on a find: an error that is none of the project's promises, or a promise broken. `make fuzz` looks for such inputs,
and every test run replays those that were found (tests/cleaners/test_finds.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

from cleaners.clean import clean
from cleaners.decoding.decode import decode
from cleaners.document.dates import find_dates, parse_date, url_date
from cleaners.document.docnumbers import find_numbers
from cleaners.noise.boilerplate import restore
from cleaners.pages.markup import strip_tags
from cleaners.records import Capture
from cleaners.urls import canonical_url, join
from tests.fuzz import files

WHEN = datetime(2031, 6, 1, tzinfo=UTC)
LABELS = ("", "gb2312", "gbk", "gb18030", "big5", "utf-8", "utf-16", "iso-8859-1", "windows-1251", "hz", "no-such-charset")
HANS = "关于做好汛期安全生产工作的通知　各镇人民政府，河口区应急管理局：经研究，现将有关事项通知如下。请遵照执行。"
HANT = "關於做好汛期安全生產工作的通知　各鎮人民政府，河口區應急管理局：經研究，現將有關事項通知如下。請遵照執行。"


@dataclass(frozen=True)
class Target:
    """One thing that is fuzzed."""

    check: Callable[[bytes], None]
    seeds: Callable[[], Iterator[bytes]]
    words: tuple[str | bytes, ...] = ()
    largest: int = 4096  # bytes of an input


def check_decode(body: bytes) -> None:
    """The first byte chooses the header's label; no bytes are too broken, and what is whole is read as it is."""
    label, body = LABELS[body[0] % len(LABELS)] if body else "", body[1:]
    decoded = decode(body, (("Content-Type", f"text/html; charset={label}"),))
    decoded.text.encode("utf-8")
    assert "\x00" not in decoded.text
    assert decoded.replacements == decoded.text.count("\ufffd")
    assert decoded.method in {"bom", "utf-8", "declared", "detected", "lossy"}


def check_clean(body: bytes) -> None:
    """Nothing is lost without a record: kept and removed give the uncleaned text back; the tags come off any page."""
    notice = clean(Capture("", "https://www.linshui.gov.example/art/2031/5/7/t1.html", WHEN, 200, (), body))
    assert restore(notice.text, notice.removals) == notice.uncleaned
    for span in notice.spans:
        assert 0 <= span.start < span.end <= len(notice.paragraphs[span.paragraph].text)
    notice.text.encode("utf-8")
    strip_tags(decode(body).text)


def check_dates(body: bytes) -> None:
    """Every date is where it says it is, and from the founding of the republic on."""
    text = body.decode("utf-8", "surrogateescape")
    for found in find_dates(text, date(2031, 5, 7)):
        assert text[found.start : found.end] == found.text
        assert found.value is None or found.value.year >= 1949
    parse_date(text)
    url_date(text)


def check_numbers(body: bytes) -> None:
    """Every document number is where it says it is."""
    text = body.decode("utf-8", "surrogateescape")
    for number in find_numbers(text):
        assert text[number.start : number.end] == number.text
        assert number.value


def check_urls(body: bytes) -> None:
    """A canonical address stays what it is, and joining never raises."""
    url, _, href = body.decode("utf-8", "surrogateescape").partition("\n")
    once = canonical_url(url)
    assert canonical_url(once) == once
    joined = join(url, href)
    assert joined is None or joined.startswith(("http://", "https://"))


def seeds_of_decode() -> Iterator[bytes]:
    """Both scripts in every encoding, whole, labelled otherwise, cut and with a byte lost."""
    for text, encodings in ((HANS, ("utf-8", "gb18030", "utf-16-le", "utf-16-be")), (HANT, ("utf-8", "big5hkscs", "utf-16", "gb18030"))):
        for number, encoding in enumerate(encodings):
            body = f"<meta charset={LABELS[number + 1]}><p>{text}㼆𠮷</p>".replace("㼆𠮷" if "big5" in encoding else "\0", "").encode(
                encoding
            )
            for damaged in (body, body[: len(body) // 2 + 1], body[:40] + body[41:], body[40:]):
                yield bytes([number]) + damaged


def seeds_of_clean() -> Iterator[bytes]:
    """Pages of several shapes, in several encodings, and plain text."""
    row = "<tr><td colspan=2>索引号</td><td>000000000/2031-00001</td><th>发文字号</th><td>临政办〔2031〕5号</td></tr>"
    body = f"<h1>{HANS[:15]}</h1><div class=info>发布时间：2031-05-07 来源：临水市应急局 浏览次数：<span>12</span></div>"
    text = "".join(
        f"<p>{line}</p>" for line in (HANS, "一、加强领导", "（一）落实责任。", "联系人：王小明 13800000000", "二〇三一年五月七日")
    )
    links = "<a href='P020310507.pdf'>附件1：名单.pdf</a><img src=a.jpg alt=图><a href='javascript:;'>打印</a><a>关闭窗口</a>"
    foot = "<div class=footer>主办：临水市人民政府 临ICP备00000000号</div><script>var t='<p>x</p>'</script><!-- c --><style>p{}</style>"
    head = (
        f"<meta charset=utf-8><meta name=ArticleTitle content='{HANS[:15]}'><meta name=PubDate content='2031-05-07 08:00'><title>x</title>"
    )
    for middle in (text, f"<table>{row * 3}</table>{text}", text.replace("<p>", "").replace("</p>", "<br>"), "", f"<font><b>{text}"):
        yield f"<html><head>{head}</head><body>{body}<div class=TRS_Editor>{middle}{links}</div>{foot}".encode()
    yield f"{HANS}\n来源：临水市应急局\n2031-05-07\n\n{HANS}\n打印 关闭".encode("gb18030")
    yield f"<div style='display:none'>{text}</div><iframe src=a.pdf></iframe><div hidden>{text}</div>#PAGE_BREAK#{text}".encode("utf-16")


def seeds_of_dates() -> Iterator[bytes]:
    """Dates in every way they are written."""
    for text in (
        "2031年5月7日", "二〇三一年五月七日", "二○三一年元月三十一日 08:30:05", "2031-05-07T08:30:00+08:00", "2031.5.7 至 5.9", "07.05.2031",
        "五月七日", "民國一百年五月七日", "20310507", "1935858600000", "2031/05/07 24:00", "2031年5月", "31-05-07", "2031年5月7日至9日 上午8时",
        "https://www.linshui.gov.example/art/2031/5/7/t20310507_1.html", "发布时间：２０３１年５月７日", "十二月三十一日", "廿三日", "2000年2月29日",
    ):  # fmt: skip
        yield text.encode()


def seeds_of_numbers() -> Iterator[bytes]:
    """Document numbers in every way they are written."""
    for text in (
        "临政办发〔2031〕5号", "临政发[2031]第005号", "（2031）临字第7号", "临水市人民政府令第12号", "〔91〕新出图字第990号", "临政函【2031】5－7號",
        "根据《通知》（国发〔2030〕1号、临政〔2031〕2号）", "〔203146", "二〇三一年第5号公告", "临 政 发 〔 2031 〕 5 号",
    ):  # fmt: skip
        yield text.encode()


def seeds_of_urls() -> Iterator[bytes]:
    """Addresses and links of every kind."""
    for text in (
        "https://www.Linshui.gov.example:443/a/../b//c;jsessionid=1?x=%e4%b8%ad&spm=1#f\n../t1.html", "http://用户:p@例子.example/路径\n//h/p?q",
        "HTTP:\\\\a.example\\b\n\t x.html", "//[::1]:80/%zz%2F%2e\nhttp://[::1", "javascript:void(0)\nmailto:a@b.example", "http://a.example:99999/\n?",
        "http://xn--a.example/%41%\n;a=b", "\nhttp:///p",
    ):  # fmt: skip
        yield text.encode()


TAGS = "<div> </div> <p> </p> <table> <tr> <td colspan=9> <br> <script> </script> <style> <!-- --> <![CDATA[ ]]> <a href= <img src="
HTML = (
    *TAGS.split(),
    "display:none",
    "class=TRS_Editor",
    "id=zoom",
    "<meta name=",
    "<iframe",
    "&nbsp;",
    "&#12345;",
    "来源：",
    "附件：",
    "\x00",
)
GLYPHS = tuple("年月日号號第〔〕〇一二十廿卅元民國至－/:令字函发　０")
TARGETS = {
    "decode": Target(
        check_decode, seeds_of_decode, (b"\x84\x31\x95\x33", b"\x81\x30\x81\x30", b"\xff\xfe", b"\xef\xbb\xbf", "<meta charset=")
    ),
    "clean": Target(check_clean, seeds_of_clean, HTML),
    "dates": Target(check_dates, seeds_of_dates, GLYPHS, 512),
    "numbers": Target(check_numbers, seeds_of_numbers, GLYPHS, 512),
    "urls": Target(check_urls, seeds_of_urls, ("://", "..", "%2e", "xn--", "[::1]", "@", "\\", "＃", "\u3002"), 512),
}
TARGETS |= {name: Target(check, seeds, words, 1 << 16) for name, (check, seeds, words) in files.TARGETS.items()}
