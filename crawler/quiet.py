"""No line in the log for every page: the archive tells of each, and a record nobody is shown takes a tenth of a page's time."""

from __future__ import annotations

from typing import Any

from scrapy import Request, Spider
from scrapy.http import Response
from scrapy.logformatter import LogFormatter


class Quiet(LogFormatter):
    """Is Scrapy's, without its lines of level DEBUG; they come back with DIBAO_LOG=DEBUG."""

    def crawled(self, request: Request, response: Response, spider: Spider) -> Any:
        """Say nothing of a page that came."""

    def scraped(self, item: Any, response: Any, spider: Spider) -> Any:
        """Say nothing of a record the spider gave."""
