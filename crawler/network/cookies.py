"""Cookies, for the few sites whose file asks for them: Scrapy's own jar, without its download of the public suffix list."""

from __future__ import annotations

from typing import Self

from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares import cookies
from scrapy.exceptions import NotConfigured
from tldextract import TLDExtract


class SiteCookies(cookies.CookiesMiddleware):
    """Is enabled by `cookies = true` in a site file; executes nothing, keeps the cookies for one run."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build for a crawler, or step aside where the site does without cookies."""
        site = getattr(crawler.spidercls, "site", None)
        if not getattr(site, "cookies", False):
            raise NotConfigured
        # the extractor's default fetches the list from two hosts on the first Set-Cookie, synchronously; the bundled copy will do
        cookies._split_domain = TLDExtract(suffix_list_urls=(), include_psl_private_domains=True)  # noqa: SLF001
        made = cls()
        made.crawler = crawler
        return made
