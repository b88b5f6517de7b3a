"""What every answer carries so that archived text stays text, and which of Datasette's own pages stay closed.

Sources: W3C Content Security Policy Level 3; HTML Living Standard 7.1.5 (sandboxing); RFC 7034 (X-Frame-Options).
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

PAGE_POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
"""For our own pages: no script at all."""

RAW_POLICY = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)
"""For stored pages: an opaque origin, no script, no plug-in, no form, no request to anywhere."""

_TABLE_POLICY = (
    "default-src 'none'; script-src 'self'{hashes}; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
)

# They show the path of the file, the threads and the settings of the machine
_CLOSED = re.compile(r"/-/(databases|threads|settings|config|plugins|versions|metadata|patterns|permissions|allow-debug)(\.json)?/?$")

_CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9_.:-]{1,40})", re.IGNORECASE)
_HTML = re.compile(rb"\s{0,200}<(?:!doctype html|html|head|body|meta|div|p|table)\b", re.IGNORECASE)
_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)


def inline_scripts(sources: list[str]) -> tuple[str, ...]:
    """Give the CSP hashes of the inline scripts in Datasette's own templates; one with variables is given for true and false."""
    bodies = [body for source in sources for body in _SCRIPT.findall(source)]
    plain = [body for body in bodies if "{{" not in body and "{%" not in body]
    switches = [
        re.sub(r"\{\{.*?\}\}", value, body) for body in bodies if body.count("{{") == 1 and "{%" not in body for value in ("true", "false")
    ]
    return tuple(_hash(body) for body in plain + switches)


def _hash(body: str) -> str:
    return "'sha256-" + base64.b64encode(hashlib.sha256(body.encode()).digest()).decode() + "'"


def raw_type(headers: Sequence[tuple[str, str]], body: bytes) -> str:
    """Choose the type stored bytes are given back with: HTML and plain text as they were, all else as bytes to download."""
    kind, parameters = declared_type(headers)
    charset = _CHARSET.search(parameters)
    suffix = f"; charset={charset[1]}" if charset else ""
    if kind in {"text/html", "application/xhtml+xml"} or (not kind and _HTML.match(body)):
        return "text/html" + suffix
    return "text/plain" + suffix if kind == "text/plain" else "application/octet-stream"


def declared_type(headers: Sequence[tuple[str, str]]) -> tuple[str, str]:
    """Give the media type a response declares, in lower case and empty where it declares none, and its parameters."""
    declared = next((value for name, value in headers if name.lower() == "content-type"), "")
    kind, _, parameters = declared.partition(";")
    return kind.strip().lower(), parameters


def raw_headers(kind: str, name: str) -> dict[str, str]:
    """Give the headers stored bytes go out with: the sandbox always, and a file name for what is downloaded."""
    headers = {"content-security-policy": RAW_POLICY}
    if kind == "application/octet-stream":
        headers["content-disposition"] = f'attachment; filename="{name}.bin"'
    return headers


def table_policy(hashes: tuple[str, ...]) -> str:
    """Give the policy for Datasette's own pages: its script files and the inline scripts it came with, nothing else."""
    return _TABLE_POLICY.format(hashes="".join(" " + value for value in hashes))


def closed(path: str) -> bool:
    """Say whether a path is one of Datasette's pages about the machine it runs on."""
    return bool(_CLOSED.search(path))


def guard(app: App, policy: str) -> App:
    """Wrap an ASGI application: security headers on every answer, 404 for the closed paths; `policy` where a page sets none."""

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            await send(_with_headers(message, policy))

        if closed(scope["path"]):
            await _refuse(send_guarded)
        else:
            await app(scope, receive, send_guarded)

    return guarded


def _with_headers(message: Message, policy: str) -> Message:
    if message["type"] != "http.response.start":
        return message
    headers = list(message.get("headers", []))
    present = {bytes(name).lower() for name, _ in headers}
    wanted = (*_HEADERS, (b"content-security-policy", policy.encode()))
    return {**message, "headers": headers + [pair for pair in wanted if pair[0] not in present]}


async def _refuse(send: Send) -> None:
    await send({"type": "http.response.start", "status": 404, "headers": [(b"content-type", b"text/plain; charset=utf-8")]})
    await send({"type": "http.response.body", "body": "不对外显示 / not shown here\n".encode()})
