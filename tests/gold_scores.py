"""How a reading of a page is scored against its gold: the same figures for our cleaner, for others beside it, and for CI.

Texts are compared as multisets of runs of four characters, after NFKC and without white space, list bullets and the bars of tables; a
line that only repeats the title counts neither for nor against. Fields are compared whole. What the keys of a gold file mean is said
in tests/gold/README.md.
"""

import json
import re
import statistics
import unicodedata
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff\ufffc\ue000-\uf8ff]")
BULLET = re.compile(r"(?m)^[ \t\u3000]*[-*•·○●■◆▪][ \t\u3000]+")
DAY = re.compile(r"((?:19|20)\d\d)[-/.年 ]*(\d{1,2})[-/.月 ]*(\d{1,2})")
SOURCE_LABEL = re.compile(r"^(?:信息来源|稿件来源|文章来源|来源于?|发布机构|发布单位|供稿单位)[:：]?")
READ_AT = datetime(2026, 1, 1, tzinfo=UTC)
"""When the gold pages count as captured: a page cannot be of a later day."""
NO_NOTICE = {"listing", "soft_404", "challenge", "template_document", "doc_sharing_site"}
"""Flags that say of a page that it is no notice, or none of its own: never given where the gold does not give them."""
FIELDS = ("source", "author", "doc_number", "issuer")
MEANS = {
    "body_f1": "body",
    "lines_f1": "lines",
    "title": "title",
    "date": "date",
    "attachments_p": "attachments_p",
    "attachments_r": "attachments_r",
} | {name: name for name in FIELDS}


def squeeze(text):
    """Give a text as it is compared: NFKC, nothing that is not seen, no bullets, bars or white space."""
    text = UNSEEN.sub("", unicodedata.normalize("NFKC", text or ""))
    return "".join(BULLET.sub("", text).replace("|", " ").split())


def grams(text, size=4):
    """Count the runs of `size` characters of a squeezed text; one shorter than that is a run of its own."""
    if len(text) < size:
        return Counter([text] if text else [])
    return Counter(text[start : start + size] for start in range(len(text) - size + 1))


def overlap(found, wanted):
    """Give the F1 of two multisets; two empty ones agree."""
    if not found and not wanted:
        return 1.0
    return 2 * (found & wanted).total() / (found.total() + wanted.total())


def as_day(value):
    """Give a date as YYYY-MM-DD, whatever it is given as; '' where there is none."""
    found = DAY.search(unicodedata.normalize("NFKC", str(value or "")))
    return f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}" if found else ""


def as_field(value):
    """Give a field as it is compared: no label, quotes or brackets around it."""
    return SOURCE_LABEL.sub("", squeeze(value)).strip("“”\"'《》【】[]()（）:：")


@dataclass(frozen=True)
class Gold:
    """A page and what a careful reader takes from it."""

    path: Path

    @cached_property
    def facts(self):
        return json.loads(self.path.read_text("utf-8"))

    @property
    def id(self):
        return self.path.stem

    @property
    def url(self):
        return self.facts.get("url") or "http://www.example.gov.cn/"

    @cached_property
    def page(self):
        return self.path.with_suffix(".html").read_bytes()

    @property
    def parts(self):
        """The bytes of the further pages of a notice split over several."""
        return tuple((self.path.parent / name).read_bytes() for name in self.facts.get("parts", ()))

    @cached_property
    def titles(self):
        return {squeeze(title) for title in (self.facts.get("title"), *self.facts.get("title_alt", ())) if title}

    def lines(self, text):
        """Give the lines of a text as they are compared, those that repeat the title left out."""
        return [line for line in map(squeeze, (text or "").split("\n")) if line and line not in self.titles]


def gold_in(folder):
    """Give the gold of a folder, in order of names; empty where the folder is not there."""
    return [Gold(path) for path in sorted(Path(folder).glob("*.json")) if path.with_suffix(".html").exists()]


def score(gold, read):
    """Score what was read against the gold: a figure from 0 to 1 for everything the gold says something about.

    `read` is a dict with title, date, source, author, doc_number, issuer, body, attachments ({name, href}) and flags; nothing has to be
    there. `invented` is 1 where a date was given and there is none, `number_extra` where a number was given and none is the notice's own.
    """
    return dict(_text_scores(gold, read)) | dict(_field_scores(gold.facts, read)) | dict(_attachment_scores(gold.facts, read))


def _text_scores(gold, read):
    facts, body = gold.facts, read.get("body") or ""
    if facts.get("body") is not None:
        found, wanted = gold.lines(body), gold.lines(facts["body"])
        yield "body", overlap(grams("".join(found)), grams("".join(wanted)))
        yield "lines", overlap(Counter(found), Counter(wanted))
    spoken = squeeze(body)
    wanted = [squeeze(one) in spoken for one in facts.get("with", ())] + [squeeze(one) not in spoken for one in facts.get("without", ())]
    if wanted:
        yield "phrases", statistics.fmean(wanted)
    if gold.titles:
        yield "title", float(squeeze(read.get("title")) in gold.titles)


def _field_scores(facts, read):
    day = as_day(read.get("date"))
    if facts.get("date"):
        yield "date", float(day in {as_day(one) for one in (facts["date"], *facts.get("date_alt", ()))})
    elif "date" in facts:
        yield "invented", float(day != "")
    for name in FIELDS:
        if facts.get(name):
            known = facts[name] if isinstance(facts[name], list) else [facts[name]]
            yield name, float(as_field(read.get(name)) in {as_field(one) for one in known})
    if facts.get("set") == "hand" and not facts.get("doc_number"):
        yield "number_extra", float(bool(read.get("doc_number")))
    if "flags" in facts:
        found, wanted = set(read.get("flags", ())), set(facts["flags"])
        yield "flags", float(wanted <= found and not (found - wanted) & NO_NOTICE)


def _attachment_scores(facts, read):
    if facts.get("attachments"):
        wanted = [_names(one) for one in facts["attachments"]]
        found = [_names(one) for one in read.get("attachments") or ()]
        yield "attachments_r", statistics.fmean(any(one & other for other in found) for one in wanted)
        yield "attachments_p", statistics.fmean(any(one & other for other in wanted) for one in found) if found else 0.0


def _names(attachment):
    """What an attachment is known by: its name, and its address where the page has one."""
    href = attachment.get("href") or ""
    return {name for name in (squeeze(attachment.get("name")), "" if href.startswith("javascript") else href) if name}


def summary(rows):
    """Sum up the scores of pages: the mean of each, the share of texts at .95, the worst text, and counts of what was invented."""
    column = lambda name: [row[name] for row in rows if name in row]  # noqa: E731 - one word for it, three times
    bodies = column("body")
    means = {measure: statistics.fmean(column(name)) for measure, name in MEANS.items() if column(name)}
    return means | {
        "share_95": statistics.fmean(one >= 0.95 for one in bodies),
        "worst_body": min(bodies),
        "invented_dates": sum(column("invented")),
        "invented_numbers": sum(column("number_extra")),
    }


def read_by_us(gold, *, parts=()):
    """Read a gold page with the cleaner."""
    from cleaners import Capture, clean

    capture = Capture(site="", url=gold.url, captured_at=READ_AT, status=200, headers=(), body=gold.page, parts=parts)
    notice = clean(capture)
    return {
        "title": notice.title,
        "date": notice.issued,
        "source": notice.source,
        "author": notice.author,
        "doc_number": notice.document_number,
        "issuer": notice.creator,
        "body": notice.text,
        "attachments": [{"name": one.title, "href": one.url} for one in notice.attachments],
        "flags": notice.flags,
    }
