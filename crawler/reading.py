"""The one way a capture is read, a page or an attached file, in a crawl, an import and a rebuild alike."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote, urlsplit

from cleaners import attachments
from cleaners.attachments import FileText
from cleaners.errors import LayoutError
from cleaners.records import Capture, Notice
from cleaners.rules import Rules
from cleaners.worker import read_safely
from crawler.rules import rules_for
from spiders.site import Site

MISTAKES = (ArithmeticError, AssertionError, AttributeError, LookupError, MemoryError, RuntimeError, TypeError, ValueError)
"""What a mistake in a cleaner looks like: it costs the one page it was made on."""


def read(capture: Capture, rules: Rules) -> Notice:
    """Read a capture where it cannot hurt: in this process when small and plain, in a limited child otherwise.

    LayoutError where the cleaner itself failed: the capture is kept, unread, and is read again by the next run or rebuild.
    """
    try:
        return read_safely(capture, rules)
    except MISTAKES as error:
        told = f"{type(error).__name__}: {error}"
        raise LayoutError(f"{capture.url}: the cleaner failed on this page ({told}). The page is kept; please report it.") from error


@dataclass(frozen=True)
class PageReader:
    """Reads the captures of any site by the site's rules; can be sent to another process (`archive.rebuilding.rebuild.SiteReader`)."""

    sites: Mapping[str, Site]
    lines: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __call__(self, capture: Capture) -> tuple[Notice, str]:
        """Give the notice in a capture, and the fingerprint of the rules of its site."""
        rules = self._rules(capture.site)
        return read(capture, rules), rules.fingerprint

    def fingerprint(self, site: str) -> str:
        """Give the fingerprint of a site's rules."""
        return self._rules(site).fingerprint

    def learned(self, site: str) -> tuple[str, ...]:
        """Give the learned lines among a site's rules."""
        return self.lines.get(site, ())

    def _rules(self, site: str) -> Rules:
        return rules_for(self.sites.get(site), self.learned(site))


def reader_for(sites: Mapping[str, Site], learned: Mapping[str, tuple[str, ...]] | None = None) -> PageReader:
    """Make what rebuild and import read with; `learned` are the lines of sites' templates (`archive.rebuilding.learned`)."""
    return PageReader(sites, learned or {})


def read_file(capture: Capture) -> FileText:
    """Read an attached file in a limited child; a bad file gives flags and a reason and is never an error."""
    return attachments.read(capture.body, header(capture, "content-type") or None, file_name(capture))


def header(capture: Capture, name: str) -> str:
    """Give the first response header of a name (in small letters), empty where there is none."""
    return next((value for key, value in capture.headers if key.lower() == name), "")


def file_name(capture: Capture) -> str:
    """Give what the server calls a file (Content-Disposition, RFC 6266), or else the name in its address."""
    said = header(capture, "content-disposition")
    if found := _EXTENDED_NAME.search(said):  # RFC 8187; the encoding matters only to people, and a suffix is ASCII
        return unquote(found[1]).strip()
    if found := _NAME.search(said):
        return unquote(found[1]).strip()
    address = urlsplit(capture.url)
    asked = [value for key, value in parse_qsl(address.query) if "name" in key.lower() and "." in value]  # download.jsp?filename=list.xls
    return asked[-1] if asked else unquote(address.path.rsplit("/", 1)[-1])


_EXTENDED_NAME = re.compile(r"filename\*=[\w-]{1,20}'[\w-]{0,20}'([^;]{1,500})", re.IGNORECASE)
_NAME = re.compile(r'filename="?([^";]{1,500})', re.IGNORECASE)
