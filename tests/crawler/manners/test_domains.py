"""Hosts that are one server to be asked at share one place, and models' hosts never do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.manners.domains import Gateways, domain_of

HOSTS = st.sampled_from(
    ["www.mot.gov.cn", "xxgk.mot.gov.cn", "www.beijing.gov.cn", "hd.beijing.gov.cn", "203.0.113.1", "a.example", "b.example"]
)
ADDRESSES = st.lists(st.sampled_from(["203.0.113.1", "203.0.113.2", "2001:db8::1"]), max_size=2)


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("www.mot.gov.cn", "mot.gov.cn"),
        ("XXGK.mot.gov.cn.", "mot.gov.cn"),
        ("zwgk.hd.beijing.gov.cn", "beijing.gov.cn"),
        ("www.gov.cn", "www.gov.cn"),
        ("gov.cn", "gov.cn"),
        ("politics.people.com.cn", "people.com.cn"),
        ("www.ceshi.gov.example", "www.ceshi.gov.example"),
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8::7", "2001:db8::7"),
        ("", ""),
    ],
)
def test_a_registered_domain_is_what_stands_under_a_public_suffix(host, domain):
    assert domain_of(host) == domain


def test_hosts_of_one_gateway_share_a_slot_whatever_they_are_called():
    gateways = Gateways()
    first = gateways.slot("www.jia.gov.cn", ["203.0.113.9"])
    assert gateways.slot("www.yi.gov.cn", ["203.0.113.8"]) == "yi.gov.cn"
    assert gateways.slot("www.yi.gov.cn", ["203.0.113.8", "203.0.113.9"]) == first == "jia.gov.cn"
    assert gateways.slot("zwgk.yi.gov.cn") == "jia.gov.cn"
    assert gateways.slot("www.bing.gov.cn", ["203.0.113.7"]) == "bing.gov.cn"


def test_model_hosts_stand_each_for_itself():
    gateways = Gateways()
    assert gateways.slot("a.gov.example", ["127.0.0.1"]) != gateways.slot("b.gov.example", ["127.0.0.1"])


@given(st.lists(st.tuples(HOSTS, ADDRESSES)))
def test_one_domain_has_one_slot_and_one_address_too(seen):
    gateways = Gateways()
    for host, addresses in seen:
        gateways.slot(host, addresses)
    for host, addresses in seen:
        assert gateways.slot(host, addresses) == gateways.slot(domain_of(host))
        if not host.endswith(".example"):
            sharing = {gateways.slot(other) for other, others in seen if set(others) & set(addresses) and not other.endswith(".example")}
            assert sharing <= {gateways.slot(host)}
