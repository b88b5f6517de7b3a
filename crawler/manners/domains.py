"""Which hosts share a place to be asked at: those of one registered domain, and those that resolve to one address. Pure.

`gov.cn` is a public suffix, so www.mot.gov.cn and xxgk.mot.gov.cn share mot.gov.cn, and a county's host under its prefecture's
domain shares with the prefecture. County servers of one gateway have one address. A model's hosts (`.example`) stand each for itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from tldextract import TLDExtract

from crawler.network.addresses import is_model_host, read_literal

# the bundled snapshot of the public suffix list (https://publicsuffix.org): the default would fetch it from two hosts
_extract = TLDExtract(cache_dir=None, suffix_list_urls=(), include_psl_private_domains=False)


@cache
def domain_of(host: str) -> str:
    """Give the registered domain of a host; an address, a model's host and a bare suffix stand for themselves."""
    name = host.lower().rstrip(".")
    if is_model_host(name) or read_literal(name):
        return name
    return _extract(name).top_domain_under_public_suffix or name


class Gateways:
    """Knows which download slot each host belongs to: hosts that share a domain or an address share one, named after the first domain."""

    def __init__(self) -> None:
        self._above: dict[str, str] = {}

    def slot(self, host: str, addresses: Iterable[str] = ()) -> str:
        """Give the slot of a host, whose IP addresses join it with the hosts that have them too."""
        domain = domain_of(host)
        if not is_model_host(domain):
            for address in addresses:
                self._join(address, domain)
        return self._top(domain)

    def _join(self, address: str, domain: str) -> None:
        mine, theirs = self._top(domain), self._top(address)
        if theirs == mine:
            return
        if theirs == address:
            self._above[address] = mine
        else:
            self._above[mine] = theirs

    def _top(self, name: str) -> str:
        while name in self._above:
            name = self._above[name]
        return name
