"""The one way a capture is read, in a crawl, an import and a rebuild alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from cleaners.worker import read_safely

from cleaners.records import Capture, Notice
from cleaners.rules import Rules
from crawler.rules import rules_for
from spiders.site import Site


def read(capture: Capture, rules: Rules) -> Notice:
    """Read a capture where it cannot hurt: in this process when small and plain, in a limited child otherwise."""
    return read_safely(capture, rules)


def reader_for(sites: Mapping[str, Site]) -> Callable[[Capture], tuple[Notice, str]]:
    """Make the function that rebuild and import read with: the notice, and the fingerprint of the rules of its site."""

    def read_with_fingerprint(capture: Capture) -> tuple[Notice, str]:
        rules = rules_for(sites.get(capture.site))
        return read(capture, rules), rules.fingerprint

    return read_with_fingerprint
