"""trafilatura as the reader of last resort, for pages on which nothing looks like a text.

Without its metadata (half its time, and its dates are not ours) and without `favor_precision`, which loses whole notices.
"""

from __future__ import annotations

from cleaners.pages.page import Page
from cleaners.text import Line, flat_lines

LARGEST = 2_000_000
"""Characters; trafilatura's time grows faster than a page does."""


def fallback_lines(text: str, page: Page) -> tuple[Line, ...]:
    """Give the lines trafilatura takes for the text of a page, as `page` knows them (links, headings); none when it finds none."""
    if len(text) > LARGEST:
        return ()
    from trafilatura import bare_extraction  # noqa: PLC0415 - a second of imports that few pages need

    document = bare_extraction(text, include_comments=False, include_tables=True, with_metadata=False)
    if document is None or isinstance(document, dict):
        return ()
    known = {line.text: line for line in page.lines}
    return tuple(known.get(line.text, line) for line in flat_lines(document.text or ""))
