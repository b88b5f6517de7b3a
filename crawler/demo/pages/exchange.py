"""A request as the model sites see it and their reply: plain values, so that pages are drawn without a server."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode


@dataclass(frozen=True, slots=True)
class Request:
    """One request: `target` is path and query as sent, `query` the parameters of address and form together."""

    host: str
    path: str
    target: str = ""
    method: str = "GET"
    query: Mapping[str, str] = field(default_factory=dict)

    @property
    def page(self) -> str:
        """What tells the page asked for from others: path and parameters, those of a form too."""
        return f"{self.path}?{urlencode(sorted(self.query.items()))}"


@dataclass(frozen=True, slots=True)
class Reply:
    """One reply, before any content-encoding; `validator` says whether it carries Last-Modified and ETag, `listing` whether it lists."""

    body: bytes
    status: int = 200
    media_type: str = "text/html"
    headers: tuple[tuple[str, str], ...] = ()
    validator: str = ""
    listing: bool = False


def form(body: bytes, media_type: str = "") -> dict[str, str]:
    """Read the parameters of a POST: a form, or a JSON object."""
    text = body.decode("utf-8", "replace")
    if "json" not in media_type:
        return dict(parse_qsl(text, keep_blank_values=True))
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return {key: str(value) for key, value in found.items()} if isinstance(found, dict) else {}
