"""TLS: certificates are verified and nothing below TLS 1.2 is spoken, unless a site file says otherwise for its own hosts (`tls`).

`default`: as said. `legacy`: TLS 1.0 and weak ciphers, keys and digests too; the certificate is still verified. `unverified`: as
`legacy`, and any certificate is accepted; who may show any can choose the ciphers as well. What happened is recorded.

`DOWNLOADER_CLIENT_TLS_CIPHERS` does not do: Twisted expands the list and drops its `@SECLEVEL`
(https://github.com/twisted/twisted/issues/11903), so the list is given to OpenSSL itself.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509 import Certificate, Name
from cryptography.x509.oid import NameOID
from OpenSSL import SSL
from OpenSSL.crypto import X509
from service_identity import VerificationError
from service_identity.exceptions import CertificateError
from service_identity.hazmat import DNS_ID, verify_service_identity
from service_identity.pyopenssl import extract_patterns
from twisted.internet._sslverify import ClientTLSOptions
from twisted.internet.ssl import CertificateOptions, TLSVersion, platformTrust
from twisted.web.iweb import IPolicyForHTTPS
from zope.interface import implementer

DEFAULT, LEGACY, UNVERIFIED = "default", "legacy", "unverified"
_OP_LEGACY_SERVER_CONNECT = 0x4  # servers without RFC 5746
_WEAK = "too weak"
FAULTS = {
    9: "certificate is not yet valid",
    10: "certificate has expired",
    18: "self-signed certificate",
    19: "self-signed certificate in its chain",
    20: "its issuer is not known",
    21: "its issuer is not known",
    66: f"its key is {_WEAK}",
    67: f"the key of its issuer is {_WEAK}",
    68: f"its signature is {_WEAK}",
}
"""What OpenSSL's verification errors mean (x509_vfy.h, X509_V_ERR_*)."""


@dataclass
class Handshake:
    """One TLS connection: what its certificate was, and what was wrong with it; `level` is what the site file allows."""

    host: str
    level: str
    connection: SSL.Connection
    certificate: Certificate | None = None
    faults: list[str] = field(default_factory=list)

    def check(self, _connection: SSL.Connection, shown: X509, error: int, depth: int, good: int) -> bool:
        """Judge one certificate of the chain, the server's own last (OpenSSL's verify callback)."""
        if not good:
            self.faults.append(FAULTS.get(error, f"OpenSSL verification error {error}"))
        if depth:
            return True
        self.certificate = shown.to_cryptography()
        if good:
            self.faults += _wrong_name(shown, self.host)
        return self.level == UNVERIFIED or not self.faults

    def account(self) -> dict[str, str]:
        """Say what happened, as it is kept with a capture."""
        known = {"level": self.level}
        if cipher := self.connection.get_cipher_name():  # none: the two did not agree
            known |= {"version": self.connection.get_protocol_version_name(), "cipher": cipher}
        if self.certificate is None:
            return known
        known |= {"subject": _name(self.certificate.subject), "issuer": _name(self.certificate.issuer)}
        known["sha256"] = self.certificate.fingerprint(SHA256()).hex()
        known["verified"] = "no" if self.faults else "yes"
        return known | ({"fault": "; ".join(dict.fromkeys(self.faults))} if self.faults else {})


def _wrong_name(shown: X509, host: str) -> list[str]:
    try:
        verify_service_identity(extract_patterns(shown), [DNS_ID(host)], [])
    except (VerificationError, CertificateError, ValueError):
        return [f"certificate is not for {host}"]
    return []


def _name(name: Name) -> str:
    """Give the common name, or the whole name where there is none."""
    common = name.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(common[0].value) if common else name.rfc4514_string()


class _Options(CertificateOptions):
    """Twisted's settings of a connection; for `weak` ones the list of ciphers goes to OpenSSL as it is."""

    def __init__(self, *, weak: bool) -> None:
        lowest = {"insecurelyLowerMinimumTo": TLSVersion.TLSv1_0} if weak else {}
        super().__init__(trustRoot=platformTrust(), fixBrokenPeers=True, **lowest)  # type: ignore[no-untyped-call]
        self._weak = weak

    def _makeContext(self, skipCiphers: bool = False) -> SSL.Context:  # noqa: N802, N803 - the names are Twisted's
        context = super()._makeContext(skipCiphers)
        if self._weak:
            context.set_options(_OP_LEGACY_SERVER_CONNECT)
            context.set_cipher_list(b"DEFAULT:@SECLEVEL=0")
        return context


class _Watched(ClientTLSOptions):
    """Makes connections whose certificates a `Handshake` judges."""

    def __init__(self, policy: TlsPolicy, options: _Options, host: str, port: int) -> None:
        super().__init__(options._makeTLSConnection, host)  # noqa: SLF001 - as Twisted's own function does
        self._policy, self._host, self._port = policy, host, port

    def clientConnectionForTLS(self, protocol: Any) -> SSL.Connection:  # noqa: N802 - the name is Twisted's
        """Make one connection."""
        connection: SSL.Connection = super().clientConnectionForTLS(protocol)
        check = self._policy.begin(self._host, self._port, connection).check
        connection.set_verify(SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT, check)
        return connection


@implementer(IPolicyForHTTPS)
class TlsPolicy:
    """Is how Twisted's agent connects: by a site file's `level` to the site's own `hosts`, strictly to any other."""

    def __init__(self, level: str = DEFAULT, hosts: Collection[str] = ()) -> None:
        self._level, self._hosts = level, frozenset(hosts)
        self._options: dict[bool, _Options] = {}
        self._last: dict[tuple[str, int], Handshake] = {}

    def level(self, host: str) -> str:
        """Give the level for a host."""
        return self._level if host in self._hosts else DEFAULT

    def creatorForNetloc(self, hostname: bytes, port: int) -> _Watched:  # noqa: N802 - the name is Twisted's
        """Give what makes the connections to a host."""
        host = hostname.decode("ascii")
        weak = self.level(host) != DEFAULT
        if weak not in self._options:
            self._options[weak] = _Options(weak=weak)  # one context for all: to load the roots takes a while
        return _Watched(self, self._options[weak], host, port)

    def begin(self, host: str, port: int, connection: SSL.Connection) -> Handshake:
        """Note that a connection begins."""
        made = Handshake(host, self.level(host), connection)
        self._last[host, port] = made
        return made

    def account(self, url: str) -> dict[str, str]:
        """Say what the last handshake with the server of a URL was like; empty where there was none."""
        split = urlsplit(url)
        made = self._last.get((split.hostname or "", split.port or 443)) if split.scheme == "https" else None
        return made.account() if made else {}


def explain(host: str, account: dict[str, str], error: str) -> str:
    """Say why a handshake failed, and which key of the site file would change that; `error` is OpenSSL's."""
    if faults := account.get("fault"):
        first, *more = faults.split("; ")
        needed = LEGACY if all(_WEAK in fault for fault in (first, *more)) else UNVERIFIED
        return f'the certificate of {host} is not trusted ({first}): tls = "{needed}" in the site file accepts it'
    hint = "" if account.get("level", DEFAULT) != DEFAULT else f': tls = "{LEGACY}" in the site file allows old protocols and ciphers'
    return f"no TLS connection with {host} ({_words(error)}){hint}"


def _words(error: str) -> str:
    """Give the words of an OpenSSL error, `[('SSL routines', '', 'unsupported protocol')]`."""
    return error.rsplit("'", 2)[1] if error.count("'") >= 2 else error
