"""The values that stand in site files, each checked on its own: the message of a ValueError says what is allowed."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from ipaddress import IPv4Address
from typing import Annotated
from urllib.parse import SplitResult, urlsplit

from cronsim import CronSim, CronSimError
from pydantic import AfterValidator, StringConstraints, WithJsonSchema

from cleaners.errors import LayoutError
from cleaners.pages.layout import selector
from spiders.families import families

WORDS = ("hourly", "daily", "weekly", "monthly", "never")
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_SITE_ID_CODE = re.compile("[0-9]{10}|bm[0-9]{8}")
_WINDOW = re.compile("([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9]")


def near(word: str, allowed: Iterable[str]) -> str:
    """Say what may have been meant, as the end of a message; empty where nothing is near."""
    match = difflib.get_close_matches(word, list(allowed), n=1)
    return f", did you mean {match[0]!r}?" if match else ""


def _frequency(value: str) -> str:
    if value in WORDS:
        return value
    try:
        CronSim(value, datetime(2024, 1, 1, tzinfo=UTC))
    except CronSimError:
        allowed = f"{', '.join(WORDS)}, or a cron expression of five fields such as '30 6 * * 1-5'"
        raise ValueError(f"allowed are {allowed}{near(value, WORDS)}") from None
    return value


def _family(value: str) -> str:
    known = [family.id for family in families()]
    if value not in known:
        raise ValueError(f"allowed are {', '.join(known)}{near(value, known)}")
    return value


def _address(value: str) -> str:
    split = _split(value)
    if split is None or split.scheme not in {"http", "https"} or not split.hostname:
        raise ValueError("must be an absolute http or https address")
    if split.username is not None or split.password is not None:
        raise ValueError("must not hold a user name or password")
    if any(letter.isspace() for letter in value):
        raise ValueError("must not hold white space; write it as %20")
    if not _is_host(split.hostname):
        raise ValueError(f"{split.hostname!r} is no full host name (in ASCII: a Chinese one is written xn--…)")
    return value


def _split(value: str) -> SplitResult | None:
    """Split an address; None where it, or its port, cannot be read."""
    try:
        split, port = urlsplit(value), urlsplit(value).port
    except ValueError:
        return None
    return split if port != 0 else None


def _is_host(host: str) -> bool:
    """Say whether this is a full host name in ASCII (RFC 1123; `_` is met in practice), or an IPv4 address as usually written.

    Whether the address may be reached is not told here: the crawler looks where the connection is made.
    """
    labels = host.split(".")
    if labels[-1][:1].isdigit():
        return _is_ipv4(host)
    return len(labels) > 1 and len(host) <= 253 and all(_LABEL.fullmatch(label) for label in labels)


def _is_ipv4(host: str) -> bool:
    try:
        IPv4Address(host)
    except ValueError:
        return False
    return True


def _host(value: str) -> str:
    if not _is_host(value):
        raise ValueError("must be a bare host name in lower case, such as 'm.example.gov.cn'")
    return value


def _css(value: str) -> str:
    try:
        if value:
            selector(value)
    except LayoutError as error:
        raise ValueError(f"not a CSS selector: {error.__cause__}") from None
    return value


def _window(value: str) -> str:
    if not _WINDOW.fullmatch(value) or value[:5] == value[6:]:
        raise ValueError("must be two different times of the day in China, such as '22:00-06:00'")
    return value


def _site_id_code(value: str) -> str:
    if not _SITE_ID_CODE.fullmatch(value):
        raise ValueError("must be a 网站标识码: ten digits, or 'bm' and eight digits for a department of the State Council")
    return value


def _string(**more: object) -> WithJsonSchema:
    """Say in the JSON Schema what a string may be."""
    return WithJsonSchema({"type": "string", **more})


Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Sentence = Annotated[str, StringConstraints(min_length=1, max_length=300, strip_whitespace=True)]
Frequency = Annotated[str, AfterValidator(_frequency), _string(anyOf=[{"enum": WORDS}, {"pattern": r"^\S+( \S+){4}$"}])]
FamilyId = Annotated[str, AfterValidator(_family), _string(enum=[family.id for family in families()])]
Address = Annotated[str, AfterValidator(_address), _string(pattern="^https?://")]
Host = Annotated[str, AfterValidator(_host), _string(pattern="^[a-z0-9_-]+([.][a-z0-9_-]+)+$")]
Selector = Annotated[str, AfterValidator(_css)]
DivisionCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]
SiteIdCode = Annotated[str, AfterValidator(_site_id_code), _string(pattern=f"^({_SITE_ID_CODE.pattern})$")]
Window = Annotated[str, AfterValidator(_window), _string(pattern=f"^{_WINDOW.pattern}$")]
