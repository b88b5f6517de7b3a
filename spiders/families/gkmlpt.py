"""广东 gkmlpt: the index page holds no rows but the number of its JSON lists."""

from __future__ import annotations

import re

from spiders.paging import Page, Turn, to


def config_index(page: Page) -> Turn | None:
    """Go from a gkmlpt page (`/gkmlpt/index`, `window._CONFIG` with SID) to the first page of its API; category 0 is everything."""
    if "/gkmlpt/index" not in page.url or "_CONFIG" not in page.text:
        return None
    sid = re.search(r"SID[\"']?\s*[:=]\s*[\"']?(\w+)", page.text)
    category = re.search(r"#(\d{1,9})$", page.url)
    return to(page.url, f"/gkmlpt/api/all/{category.group(1) if category else 0}?page=1&sid={sid.group(1) if sid else ''}")
