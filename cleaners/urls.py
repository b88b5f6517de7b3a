"""Addresses in one canonical form, so that one page has one address whatever link led to it.

Follows RFC 3986 section 6.2 (syntax-based normalisation) and drops what only counts visits. What belongs to one CMS
(mobile twins, Traditional gates) stands as rules in `urls.toml`.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from urllib.parse import quote, urldefrag, urljoin, urlsplit, urlunsplit

_BLANK = "".join(map(chr, range(0x21))) + "\x7f\xa0\u3000\u200b\ufeff"
_DEFAULT_PORTS = {"http": 80, "https": 443}
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_PATH_SAFE = "/:@!$&'()*+,;=~%"
_QUERY_SAFE = _PATH_SAFE + "?"
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_BARE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_SESSION = re.compile(r";(?:jsessionid|phpsessid)=[^/;]*", re.IGNORECASE)
_TRACKING = frozenset(
    [
        "_",
        "_t",
        "spm",
        "scm",
        "fbclid",
        "gclid",
        "jsessionid",
        "phpsessid",
        "isappinstalled",
        "share_token",
        "sharetoken",
        "clicktime",
        "enterid",
        "wxshare_count",
        "nsukey",
    ]
)
_TWINNED = re.compile(r"_m\.s?html?|/BIG5/|/gate/big5/|/content\.jsp\?|\.s?html?\?|/\d{12,25}/$")  # what no rule fits shows none of these
_USUAL = re.compile(r"https?://[a-z0-9-]+(?:\.[a-z0-9-]+)+(?:/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+/?")  # the general form of it is itself
_LONGEST = 4000  # characters: no notice has such an address, and twins of twins of twins would take long to undo


@dataclass(frozen=True, slots=True)
class UrlRule:
    """What one CMS family adds to the canonical form: `pattern` becomes `replacement`; `example` and what it `gives` show it."""

    family: str
    says: str
    pattern: re.Pattern[str]
    replacement: str
    example: str
    gives: str


@cache
def url_rules() -> tuple[UrlRule, ...]:
    """Give the rules of `urls.toml` in their order."""
    table = tomllib.loads((files("cleaners") / "urls.toml").read_text("utf-8"))
    return tuple(UrlRule(**{**rule, "pattern": re.compile(rule["pattern"])}) for rule in table["rules"])


def canonical_url(url: str) -> str:
    """Give the canonical form of an http(s) address; anything else, and what cannot be parsed, comes back stripped.

    Scheme and host are lower case (IDNA), default port, fragment and tracking parameters are gone, dot segments are
    resolved, slashes and percent-encoding are normalised; other parameters keep their order. Then the rules of the CMS families
    hold: a mobile or Traditional twin has the address of the page itself. Idempotent, never raises.
    """
    return _known(url) if len(url) <= _LONGEST else _canonical(url)


def _canonical(url: str) -> str:
    form = _general(url)
    while len(form) <= _LONGEST and _TWINNED.search(form) and (ruled := _ruled(form)) != form:
        form = ruled
    return form


_known = lru_cache(4096)(_canonical)  # a crawl asks of each address a dozen times


def _ruled(form: str) -> str:
    for rule in url_rules():
        form = rule.pattern.sub(rule.replacement, form, count=1)
    return _general(form)


def _general(url: str) -> str:
    if _USUAL.fullmatch(url):
        return url
    stripped = url.strip(_BLANK)
    try:
        parts = urlsplit(stripped.replace("\\", "/"))
        port, host = parts.port, parts.hostname
    except ValueError:
        return stripped
    scheme = parts.scheme.lower()
    if scheme not in _DEFAULT_PORTS or not host:
        return stripped
    authority = _authority(parts.username, parts.password, _host(host), None if port == _DEFAULT_PORTS[scheme] else port)
    return urlunsplit((scheme, authority, _path(parts.path), _query(parts.query), ""))


def join(base: str, href: str) -> str | None:
    """Resolve a link on a page to an absolute http(s) address without fragment; None for any other kind of link.

    Scripts, mail, data and file links, links within the page and links that cannot be parsed all give None.
    """
    link = re.sub(r"[\t\r\n]", "", href.strip(_BLANK)).replace("\\", "/")
    if not link or link.startswith("#"):
        return None
    try:
        address = urldefrag(urljoin(base, link)).url
        parts = urlsplit(address)
        usable = parts.scheme in _DEFAULT_PORTS and bool(parts.hostname)
    except ValueError:
        return None
    return parts.scheme + address[len(parts.scheme) :] if usable else None  # the scheme in lower case


def _authority(user: str | None, password: str | None, host: str, port: int | None) -> str:
    login = "" if user is None else user + ("" if password is None else f":{password}") + "@"
    return login + host + ("" if port is None else f":{port}")


def _host(host: str) -> str:
    host = host.lower().rstrip(".。．｡") or host
    if ":" in host:
        return f"[{host}]"
    if host.isascii():
        return host
    try:
        return host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return host


def _path(path: str) -> str:
    path = _normal(_SESSION.sub("", path), _PATH_SAFE)
    kept: list[str] = []
    for segment in (segments := path.split("/")):
        if segment == "..":
            kept = kept[:-1]
        elif segment not in {"", "."}:
            kept.append(segment)
    ends_open = segments[-1] in {"", ".", ".."}
    return "/" + "/".join(kept) + ("/" if kept and ends_open else "")


def _query(query: str) -> str:
    return "&".join(_normal(pair, _QUERY_SAFE) for pair in query.split("&") if pair and not _tracks(pair))


def _tracks(pair: str) -> bool:
    name, _, value = pair.partition("=")
    name = _normal(name, "%").lower()
    # "from=timeline" says who shared the link; "from=20" is an offset or a day
    return name in _TRACKING or name.startswith("utm_") or (name == "from" and not value.isdigit())


def _normal(text: str, safe: str) -> str:
    """Normalise percent-encoding: unreserved characters stand bare, the rest is encoded as UTF-8, digits are upper case."""
    bare = _BARE_PERCENT.sub("%25", text)
    return quote(_ESCAPE.sub(_unescape, bare), safe=safe, errors="replace")


def _unescape(match: re.Match[str]) -> str:
    character = chr(int(match[1], 16))
    return character if character in _UNRESERVED else match[0].upper()
