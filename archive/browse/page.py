"""One page being made: its language, its links, its words, and how times and addresses are shown."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from archive.browse.words import Words, words

_SENTENCES = re.compile(r"(?<=\.) (?=[A-Z])")
BEIJING = timezone(timedelta(hours=8))
MOMENTS = frozenset({"issued", "created", "printed", "effective", "repealed"})
"""The fields of a notice that hold a day or a moment."""


class QueryError(ValueError):
    """Says that a parameter of the address is missing or not of its form; the page answers 400 and names it."""


@dataclass(frozen=True)
class Page:
    """What every template is given as `page`: links that keep the language, words, and safe forms of times and addresses."""

    datasette: Any
    request: Any
    database: Any

    @property
    def words(self) -> Words:
        """The words of the page's language."""
        return words(self.arg("lang"))

    @property
    def lang(self) -> str:
        """The BCP 47 tag for the page's own words."""
        return "en" if self.words.lang == "en" else "zh-Hans"

    def arg(self, name: str) -> str:
        """Give a parameter of the address, empty where it is absent."""
        return str(self.request.args.get(name) or "")

    def number(self, name: str) -> int | None:
        """Give a whole number from the address, None where it is absent; QueryError where it is no number of 64 bits."""
        text = self.arg(name)
        if not text:
            return None
        if not text.lstrip("-").isdecimal() or not text.isascii() or not -(2**63) <= int(text) < 2**63:
            raise QueryError(f"{name}={text}")
        return int(text)

    def t(self, key: str) -> str:
        """Give a word of the interface."""
        return self.words.word("ui", key)

    def word(self, group: str, key: object) -> str:
        """Give the word for a value, by group."""
        return self.words.word(group, key)

    def reason(self, text: object) -> str:
        """Give a stored reason, or a remark's evidence, in the page's language as far as it is known."""
        return self.words.reason(str(text or ""))

    def file_reason(self, text: str) -> str:
        """Give what a reader of files says, sentence by sentence, in the page's language as far as it is known."""
        return "".join(map(self.reason, _SENTENCES.split(text))) if self.words.reasons else text

    def field(self, name: str, value: str) -> str:
        """Show the value of a field of a notice: a moment as all moments are shown, a word of ours in the page's language."""
        return self.moment(value) if name in MOMENTS else self.word("values", value)

    def url(self, path: str, **params: object) -> str:
        """Make a link within the archive, in the page's language; empty parameters are left out."""
        if self.words.lang == "en":
            params.setdefault("lang", "en")
        query = urlencode({name: value for name, value in params.items() if value not in (None, "")})
        return str(self.datasette.urls.path(path)) + ("?" + query if query else "")

    def here(self, **changes: object) -> str:
        """Make a link to this page with some parameters changed; None or empty takes one away."""
        kept = dict(parse_qsl(self.request.query_string))
        query = urlencode({name: value for name, value in (kept | changes).items() if value not in (None, "")})
        return str(self.request.path) + ("?" + query if query else "")

    @property
    def other_language(self) -> str:
        """The same page in the other language."""
        return self.here(lang=None if self.words.lang == "en" else "en")

    def place(self, place: str) -> str:
        """Say in words where a value was read: `meta:PubDate` is the page's metadata, PubDate."""
        kind, _, name = place.partition(":")
        return " ".join(filter(None, (self.word("places", kind), name)))

    def table(self, name: str, **params: object) -> str:
        """Make a link to one of Datasette's own table pages."""
        path = str(self.datasette.urls.table(self.database.name, name))
        return path + ("?" + urlencode(params) if params else "")

    def static(self, name: str) -> str:
        """Make a link to one of our static files."""
        return str(self.datasette.urls.static_plugins("dibao", name))

    @staticmethod
    def external(url: object) -> str:
        """Give an address back when it is one to link to (http or https with a host), empty otherwise."""
        try:
            split = urlsplit(str(url or ""))
        except ValueError:
            return ""
        return str(url) if split.scheme in {"http", "https"} and split.netloc and str(url)[:4].lower() == "http" else ""

    @staticmethod
    def moment(value: object) -> str:
        """Show a time in Beijing time: what a page says to the minute, what we stored (it ends in Z) to the second.

        Two visits of one minute are told apart by it. A day, or what is no time, is shown as it stands.
        """
        text = str(value or "")
        if len(text) <= len("2026-03-01"):
            return text
        try:
            when = datetime.fromisoformat(text)
        except ValueError:
            return text
        form = "%Y-%m-%d %H:%M:%S" if text.endswith("Z") else "%Y-%m-%d %H:%M"
        return (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(BEIJING).strftime(form)
