"""Whether pages are of the site its file means: SiteName and SiteIDCode (国办发〔2017〕47号, annex) held against the file. Pure.

Domains of counties change hands, and the obvious one may be another county's; the first six digits of the code are the division.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from cleaners.characters.fold import fold
from spiders.site import Site

_CODE = re.compile(r"[0-9]{10}|bm[0-9]{8}")


def strangers(site: Site, url: str, meta: Mapping[str, str]) -> list[str]:
    """Say what a page's tags contradict in the site file; nothing for a page of another host that the file allows."""
    own = {urlsplit(address).hostname for address in (site.homepage, *(channel.url for channel in site.channels))}
    if urlsplit(url).hostname not in own | {*site.twins}:
        return []
    said = {name.lower(): value for name, value in meta.items()}
    return contradictions(site, said.get("sitename", ""), said.get("siteidcode", ""))


def contradictions(site: Site, name: str, code: str) -> list[str]:
    """Say what in the site file does not agree with the name and code of a page; what a page leaves empty contradicts nothing."""
    return [told for told in (_name_told(site, name.strip()), _code_told(site, code.strip().lower())) if told]


def _name_told(site: Site, name: str) -> str:
    expected = site.expect.site_name
    if not name or not expected or fold(name) == fold(expected):
        return ""
    return f"SiteName is {name[:80]!r}, the site file expects {expected!r}"


def _code_told(site: Site, code: str) -> str:
    expected = site.expect.site_id_code
    if expected:
        return f"SiteIDCode is {code[:20]!r}, the site file expects {expected!r}" if code not in {"", expected} else ""
    if site.division_code and _CODE.fullmatch(code) and not code.startswith(site.division_code):
        return f"SiteIDCode is {code!r}, which is not of division_code {site.division_code!r}"
    return ""
