"""An account as a page of its own: nothing is loaded from anywhere, no script; the language and what is shown are chosen in CSS."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from crawler.explain.account import Account
from crawler.explain.terminal import place_of
from crawler.explain.words import flag_pair, method_pair, pair, place_pair, reader_pair


def draw(accounts: Sequence[Account]) -> str:
    """Write accounts as one HTML document, in the order given."""
    return _environment().get_template("account.html").render(accounts=accounts)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("crawler.explain"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.globals.update(
        t=lambda key: _spans(pair("ui", key)),
        word=lambda group, key: _spans(pair(group, str(key))),
        place=lambda key: _spans(place_pair(key)),
        reader=lambda key: _spans(reader_pair(key)),
        method=lambda key: _spans(method_pair(key)),
        flag_word=lambda key: _spans(flag_pair(key)),
        outside_word=lambda account, number: _spans(pair("ui", place_of(account, number))),
        external=external,
    )
    return environment


def _spans(words: tuple[str, str]) -> Markup:
    """Write a word in both languages, of which the page shows one; once where they are the same."""
    chinese, english = words
    if chinese == english:
        return escape(chinese)
    return Markup('<span class="zh">{}</span><span class="en" lang="en">{}</span>').format(chinese, english)


def external(url: str) -> str:
    """Give an address back when it is one to link to (http or https with a host), empty otherwise."""
    try:
        split = urlsplit(url)
    except ValueError:
        return ""
    return url if split.scheme in {"http", "https"} and split.netloc else ""
