"""Which addresses may be reached: pure rules over URLs, host names and IP addresses; nothing here connects.

Only public unicast addresses are allowed (IANA special-purpose registries, RFC 6890, through `ipaddress`), and an IPv4
address inside an IPv6 one (mapped, compatible, 6to4, Teredo, NAT64 of RFC 6052) is judged as itself. Hosts written as
numbers are read the way a browser reads them (WHATWG URL, section 3.5, the IPv4 parser), because the system resolver does.
"""

from __future__ import annotations

import json
import os
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from pathlib import Path
from unicodedata import normalize
from urllib.parse import unquote, urlsplit

from cleaners.errors import NoticeError

MODEL_WEB = "DIBAO_MODEL_WEB"
_NAT64 = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"))
_COMPATIBLE = IPv6Network("::/96")
_OTHER_PORTS = frozenset({
    0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109, 110, 111, 113,
    115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526, 530, 531, 532, 540, 548, 554, 556, 563,
    587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6379, 6566, 6665, 6666, 6667,
    6668, 6669, 6679, 6697, 10080, 11211,
})  # fmt: skip
"""Ports of other services, to which no browser sends a request (Fetch, section 2.9, port blocking), and of two open caches."""
_LOCAL_NAMES = ("localhost", "local", "internal", "intranet", "lan", "home.arpa", "onion", "arpa", "invalid", "test")


def refuse_address(address: str) -> str:
    """Say why an IP address may not be reached; empty when it is public. Scope ids (`%eth0`) make an address local."""
    try:
        found = ip_address(address)
    except ValueError:
        return f"{address!r} is not an IP address"
    inner = _embedded(found) if isinstance(found, IPv6Address) else None
    if inner is not None:
        return refuse_address(str(inner))
    if not found.is_global or found.is_multicast or found.is_reserved or found.is_unspecified:
        return f"{address} is not a public address"
    return ""


def _embedded(address: IPv6Address) -> IPv4Address | None:
    """Give the IPv4 address an IPv6 address carries and packets would be translated or tunnelled to."""
    if address.teredo is not None:
        return address.teredo[1]
    if any(address in network for network in _NAT64):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    if address in _COMPATIBLE and int(address) > 1:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour


@lru_cache(1024)
def read_literal(host: str) -> str:
    """Give the IP address a host is written as (decimal, hex, octal, short forms, IPv6), or empty for a name."""
    plain = normalize("NFKC", unquote(host)).replace("。", ".").strip("[]")
    try:
        return str(ip_address(plain))
    except ValueError:
        pass
    return _read_numbers(plain.rstrip("."))


def _read_numbers(host: str) -> str:
    numbers = [_number(part) for part in host.split(".")]
    if not 0 < len(numbers) <= 4 or any(number is None for number in numbers):
        return ""
    *head, last = [number or 0 for number in numbers]
    if any(number > 255 for number in head) or last >= 256 ** (4 - len(head)):
        return "0.0.0.0"  # noqa: S104 - out of range: refused as unspecified, never taken for a name
    return str(IPv4Address(sum(number << (24 - 8 * place) for place, number in enumerate(head)) + last))


def _number(part: str) -> int | None:
    try:
        if part[:2].lower() == "0x":
            return int(part[2:] or "0", 16)
        return int(part, 8 if len(part) > 1 and part.startswith("0") else 10) if part.isdigit() else None
    except ValueError:
        return None


def refuse_url(url: str) -> str:
    """Say why a URL may not be requested: its scheme, its shape, or a host that is not public; empty when it may."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        return f"not a URL: {error}"
    if parts.scheme not in {"http", "https"}:
        return f"scheme {parts.scheme or '(none)'!r} is not http or https"
    if "@" in parts.netloc or "\\" in parts.netloc or "%5c" in parts.netloc.lower():
        return "the address carries a user name or a backslash"
    if port in _OTHER_PORTS:
        return f"port {port} belongs to another service than the web"
    return refuse_host(host)


def refuse_host(host: str) -> str:
    """Say why a host may not be reached by what it is called; empty for a public name (its addresses are checked later)."""
    literal = read_literal(host) if host else ""
    if literal:
        return refuse_address(literal)
    name = normalize("NFKC", unquote(host)).lower().rstrip(".")
    if "." not in name:
        return f"{host!r} is not a public host name"
    if any(name.endswith("." + suffix) for suffix in _LOCAL_NAMES):
        return f"{host!r} is a local name"
    return ""


def model_hosts() -> dict[str, tuple[str, int]]:
    """Read the model web's addresses, host to loopback (ip, port), from the file named by `DIBAO_MODEL_WEB`.

    Only names ending in `.example` (RFC 2606, section 2: never delegated) and only loopback addresses are taken.
    """
    path = os.environ.get(MODEL_WEB)
    if not path:
        return {}
    try:
        pairs = json.loads(Path(path).read_text("utf-8")).items()
        return {host.lower(): _model_address(host, address) for host, address in pairs}
    except (OSError, ValueError, AttributeError) as error:
        message = f"{MODEL_WEB} names {path}, which cannot be used: {error}. Write a JSON object host -> ip:port, or unset {MODEL_WEB}."
        raise NoticeError(message) from error


def _model_address(host: str, address: str) -> tuple[str, int]:
    ip, _, port = address.rpartition(":")
    if not is_model_host(host) or not ip_address(ip).is_loopback:
        raise ValueError(f"{host} -> {address} is not an .example name on a loopback address")
    return ip, int(port)


@lru_cache(1024)
def is_model_host(host: str) -> bool:
    """Say whether a host name can only be a model's (RFC 2606)."""
    return host.lower().rstrip(".").endswith(".example")
