"""Certificates are verified; old protocols and broken certificates need the site file's word, and what happened is on record."""

import ssl
import warnings
from contextlib import ExitStack

import pytest
import tls_servers

from crawler.network.tls import TlsPolicy

HOME = "hao.gov.example"  # its certificate is good
TROUBLES = {
    "ziqian.gov.example": "self-signed certificate",
    "guoqi.gov.example": "certificate has expired",
    "mingcuo.gov.example": "certificate is not for mingcuo.gov.example",
    "ruo.gov.example": "its key is too weak",
    "tls10.gov.example": "",
    "tls11.gov.example": "",
    "dh1024.gov.example": "",
}
OLD = {host for host, fault in TROUBLES.items() if not fault} | {"ruo.gov.example"}


def contexts(authority):
    certify, context = authority.certify, tls_servers.context
    # a default server of OpenSSL 3 speaks no TLS below 1.2, ours does with security level 0
    return {
        HOME: context(certify(HOME)),
        "ziqian.gov.example": context(certify("ziqian.gov.example", own=True)),
        "guoqi.gov.example": context(certify("guoqi.gov.example", days=-1)),
        "mingcuo.gov.example": context(certify("mingcuo.gov.example", name="bieren.gov.example")),
        "ruo.gov.example": context(certify("ruo.gov.example", bits=1024)),
        "tls10.gov.example": context(certify("tls10.gov.example"), highest=ssl.TLSVersion.TLSv1),
        "tls11.gov.example": context(certify("tls11.gov.example"), highest=ssl.TLSVersion.TLSv1_1),
        "dh1024.gov.example": context(
            certify("dh1024.gov.example"), highest=ssl.TLSVersion.TLSv1_2, ciphers="DHE-RSA-AES128-SHA:@SECLEVEL=0", short_dh=True
        ),
    }


@pytest.fixture(scope="module")
def servers(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tls")
    authority = tls_servers.Authority(folder)
    with ExitStack() as stack, warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # TLS 1.0 and 1.1, on purpose
        yield authority, {host: stack.enter_context(tls_servers.serve(tls, answer)) for host, tls in contexts(authority).items()}


def answer(path):
    return b"HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


ONCE = "from crawler import settings, run; settings.RETRY_TIMES = 0; raise SystemExit(run.main())"


@pytest.fixture
def robots_of(servers, crawl, http):
    """Crawl a site with one column on each host and give the capture of each host's robots.txt."""

    def run(level):
        authority, addresses = servers
        columns = "".join(f'[[channels]]\nname = "{host}"\nurl = "https://{host}/tzgg/"\n' for host in addresses)
        site = http.site.split("[[channels]]")[0].replace(f"http://{http.host}/", f"https://{HOME}/")
        ran = crawl(site=f'{site}tls = "{level}"\n{columns}', hosts=addresses, code=ONCE, SSL_CERT_FILE=str(authority.root))
        return {capture.url.split("/")[2]: capture for capture in ran.captures() if capture.role == "robots"}

    return run


def reached(captures):
    return {host for host, capture in captures.items() if capture.status == 404}


def test_by_default_only_what_is_sound_is_reached_and_the_reason_names_the_key(robots_of):
    captures = robots_of("default")
    assert reached(captures) == {HOME}
    for host, fault in TROUBLES.items():
        assert (captures[host].outcome, captures[host].phase) == ("failed", "tls")
        assert f'tls = "{"legacy" if host in OLD else "unverified"}" in the site file' in captures[host].reason
        assert fault in captures[host].reason
    assert captures[HOME].tls.items() >= {"verified": "yes", "level": "default", "version": "TLSv1.3", "issuer": "Ceshi Root"}.items()
    assert captures["guoqi.gov.example"].tls.items() >= {"verified": "no", "fault": "certificate has expired"}.items()
    assert len(captures["guoqi.gov.example"].tls["sha256"]) == 64


def test_legacy_reaches_old_servers_and_still_verifies(robots_of):
    captures = robots_of("legacy")
    assert reached(captures) == {HOME} | OLD
    spoken = {host: captures[host].tls["version"] for host in ("tls10.gov.example", "tls11.gov.example", "dh1024.gov.example")}
    assert list(spoken.values()) == ["TLSv1", "TLSv1.1", "TLSv1.2"]
    assert {captures[host].tls["verified"] for host in OLD} == {"yes"}
    assert captures["ziqian.gov.example"].tls["level"] == "legacy"


def test_unverified_reaches_all_and_says_what_was_wrong(robots_of):
    captures = robots_of("unverified")
    assert reached(captures) == {HOME, *TROUBLES}
    for host, fault in TROUBLES.items():
        wrong = fault if host not in OLD else ""
        assert (captures[host].tls["verified"], captures[host].tls.get("fault", "")) == ("no" if wrong else "yes", wrong)


def test_the_word_of_a_site_file_is_for_its_own_hosts():
    policy = TlsPolicy("unverified", {"www.ceshi.gov.example"})
    assert [policy.level(host) for host in ("www.ceshi.gov.example", "bieren.gov.example")] == ["unverified", "default"]
    assert policy.account("http://www.ceshi.gov.example/") == policy.account("https://www.ceshi.gov.example/") == {}
