"""The one way a capture is read, in a crawl, an import and a rebuild alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping

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


def reader_for(sites: Mapping[str, Site]) -> Callable[[Capture], tuple[Notice, str]]:
    """Make the function that rebuild and import read with: the notice, and the fingerprint of the rules of its site."""

    def read_with_fingerprint(capture: Capture) -> tuple[Notice, str]:
        rules = rules_for(sites.get(capture.site))
        return read(capture, rules), rules.fingerprint

    return read_with_fingerprint
