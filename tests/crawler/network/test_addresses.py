"""What may be reached: a table of hostile addresses, and properties that no spelling gets around. Nothing here connects."""

import json
from ipaddress import IPv4Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners.errors import NoticeError
from crawler.network.addresses import model_hosts, read_literal, refuse_address, refuse_host, refuse_url

HOSTILE = [
    "http://127.0.0.1/",
    "http://127.0.0.2:8080/a",
    "http://127.1/",
    "http://127.2/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0x7f.1/",
    "http://0177.0.0.1/",
    "http://017700000001/",
    "http://0x7F.0x0.0x0.0x1/",
    "http://127.0.0.1./",
    "http://127。0。0。1/",
    "http://１２７.0.0.1/",
    "http://%31%32%37.0.0.1/",
    "http://0/",
    "http://0.0.0.0/",
    "http://10.0.0.1/",
    "http://172.16.5.4/",
    "http://192.168.1.1/",
    "http://169.254.169.254/latest/meta-data/",
    "http://0xa9fea9fe/",
    "http://100.100.100.200/",
    "http://100.64.0.1/",
    "http://192.0.2.1/",
    "http://198.18.0.1/",
    "http://203.0.113.9/",
    "http://224.0.0.1/",
    "http://239.255.255.250/",
    "http://240.0.0.1/",
    "http://255.255.255.255/",
    "http://256.1.1.1/",
    "http://[::1]/",
    "http://[::]/",
    "http://[fe80::1]/",
    "http://[fe80::1%25eth0]/",
    "http://[fc00::1]/",
    "http://[ff02::1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://[::127.0.0.1]/",
    "http://[64:ff9b::127.0.0.1]/",
    "http://[64:ff9b::a9fe:a9fe]/",
    "http://[2002:7f00:1::]/",
    "http://[2001:0:7f00:1::80ff:fffe]/",
    "http://[2001:db8::1]/",
    "http://localhost/",
    "http://LOCALHOST./",
    "http://a.localhost/",
    "http://printer.local/",
    "http://metadata.google.internal/",
    "http://intranet/",
    "http://router.lan/",
    "http://www.gov.cn@127.0.0.1/",
    "http://user:secret@www.gov.cn/",
    "http://www.gov.cn\\@127.0.0.1/",
    "http://www.gov.cn%5c@127.0.0.1/",
    "http:///a",
    "http://www.gov.cn:99999/",
    "http://[::1/",
    "file:///etc/hostname",
    "data:text/html,x",
    "ftp://ftp.gov.cn/a",
    "s3://bucket/a",
    "javascript:alert(1)",
    "gopher://www.gov.cn/",
    "//www.gov.cn/a",
    "",
]
PUBLIC = [
    "http://www.gov.cn/zhengce/a.htm",
    "https://www.beijing.gov.cn:8443/a?b=c",
    "http://114.114.114.114/",
    "http://[2400:3200::1]/",
    "http://www.linshui.gov.example/",
    "http://www.政府.cn/",
    "http://0x.example.org/",
]


def test_the_table_is_long_enough():
    assert len(HOSTILE) >= 40


@pytest.mark.parametrize("url", HOSTILE)
def test_hostile_addresses_are_refused_with_a_reason(url):
    assert refuse_url(url)


@pytest.mark.parametrize("url", PUBLIC)
def test_public_addresses_pass(url):
    assert refuse_url(url) == ""


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::c0a8:101", "64:ff9b:1::a00:1", "not an address", "fe80::1%eth0"]
)
def test_resolved_addresses_that_are_not_public_are_refused(address):
    assert refuse_address(address)


@pytest.mark.parametrize("address", ["114.114.114.114", "2400:3200::1", "64:ff9b::7272:7272"])
def test_resolved_public_addresses_pass(address):
    assert refuse_address(address) == ""


@given(st.integers(0, 2**32 - 1), st.sampled_from(["{}", "0x{:x}", "0{:o}"]))
def test_a_number_is_judged_as_the_address_it_is(number, form):
    host = form.format(number)
    assert read_literal(host) == str(IPv4Address(number))
    assert bool(refuse_host(host)) == bool(refuse_address(str(IPv4Address(number))))


@given(st.integers(0, 2**32 - 1))
def test_an_ipv4_address_within_ipv6_is_judged_as_itself(number):
    inner = refuse_address(str(IPv4Address(number)))
    for prefix in ("::ffff:", "64:ff9b::"):
        assert bool(refuse_address(f"{prefix}{IPv4Address(number)}")) == bool(inner)


@given(st.text(max_size=30))
def test_any_text_is_judged_without_an_error(text):
    assert isinstance(refuse_url("http://" + text), str)
    assert isinstance(refuse_url(text), str)


def test_without_a_model_there_are_no_hosts(monkeypatch):
    monkeypatch.delenv("DIBAO_MODEL_WEB", raising=False)
    assert model_hosts() == {}


def test_the_model_takes_example_names_on_loopback(monkeypatch, tmp_path):
    file = tmp_path / "hosts.json"
    file.write_text(json.dumps({"WWW.linshui.gov.example": "127.0.0.2:8001"}))
    monkeypatch.setenv("DIBAO_MODEL_WEB", str(file))
    assert model_hosts() == {"www.linshui.gov.example": ("127.0.0.2", 8001)}


@pytest.mark.parametrize(
    "pairs",
    [
        {"www.gov.cn": "127.0.0.1:80"},
        {"a.example": "10.0.0.1:80"},
        {"a.example": "8.8.8.8:80"},
        {"a.example.com": "127.0.0.1:80"},
        [],
        {"a.example": "x"},
    ],
)
def test_the_model_takes_nothing_else(monkeypatch, tmp_path, pairs):
    file = tmp_path / "hosts.json"
    file.write_text(json.dumps(pairs))
    monkeypatch.setenv("DIBAO_MODEL_WEB", str(file))
    with pytest.raises(NoticeError, match=r"hosts\.json"):
        model_hosts()
