"""Keeps a spider on its site, hop by hop; what it was sent off to is recorded as refused."""

from __future__ import annotations

from typing import Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.offsite import OffsiteMiddleware
from scrapy.exceptions import IgnoreRequest


class Offsite(OffsiteMiddleware):
    """Refuses requests to hosts the site file does not name.

    Scrapy's own drops them when they are scheduled, where nothing can record it, and lets pass what is exempt from the
    duplicate filter, as list pages are: a list that redirects elsewhere would take the spider along.
    """

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build and listen for the spider only."""
        made = cls(crawler.stats)
        made.crawler = crawler
        crawler.signals.connect(made.spider_opened, signal=signals.spider_opened)
        return made

    def process_request(self, request: Request) -> None:  # type: ignore[override]  # Scrapy's has an argument it warns about
        """Let the request pass or raise IgnoreRequest."""
        spider = self.crawler.spider
        assert spider is not None
        if not request.meta.get("allow_offsite") and not self.should_follow(request, spider):
            raise IgnoreRequest(f"offsite: {request.url} is on no host of the site {spider.name}")
