"""Hosts are resolved once, and share a slot by what is found."""

import asyncio
from types import SimpleNamespace

import pytest
from scrapy import Request

from crawler.manners.domains import Gateways
from crawler.manners.shared import SharedSlots

FOUND = {
    "www.jia.gov.cn": ["2001:db8::9", "203.0.113.9"],
    "www.yi.gov.cn": ["203.0.113.9"],
    "www.bing.gov.cn": [],
}


class Resolver:
    def __init__(self):
        self.asked = []

    def resolveHostName(self, receiver, host):
        self.asked.append(host)
        receiver.resolutionBegan(None)
        for address in FOUND[host]:
            receiver.addressResolved(SimpleNamespace(host=address))
        asyncio.get_running_loop().call_later(0.01, receiver.resolutionComplete)


@pytest.fixture
def resolver(monkeypatch):
    made = Resolver()
    monkeypatch.setattr("crawler.manners.shared.name_resolver", lambda: made)
    return made


def slots_of(*addresses):
    slots = SharedSlots.__new__(SharedSlots)
    slots._pace, slots._asked = Gateways(), {}

    async def ask():
        requests = [Request(address, meta={"download_slot": "of the hop before"}) for address in addresses]
        await asyncio.gather(*map(slots.process_request, requests))
        return [(request.meta["download_slot"], request.meta["address"]) for request in requests]

    return asyncio.run(ask())


def test_hosts_with_one_address_share_a_slot(resolver):
    found = slots_of("http://www.jia.gov.cn/1", "http://www.yi.gov.cn/", "http://www.jia.gov.cn/2", "http://www.bing.gov.cn/")
    assert found == [
        ("jia.gov.cn", "203.0.113.9"),
        ("jia.gov.cn", "203.0.113.9"),
        ("jia.gov.cn", "203.0.113.9"),
        ("bing.gov.cn", ""),
    ]
    assert sorted(resolver.asked) == sorted(FOUND)


def test_a_model_host_and_a_literal_are_not_resolved(resolver):
    assert slots_of("http://www.ceshi.gov.example/", "http://203.0.113.9/") == [
        ("www.ceshi.gov.example", ""),
        ("203.0.113.9", "203.0.113.9"),
    ]
    assert resolver.asked == []
