"""Scrapy's way to the site files: one spider class a site, so that `scrapy list`, `crawl` and `shell` work."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.settings import BaseSettings

from spiders.site import Site, load_sites
from spiders.spider import SiteSpider

Names = list[str]


class SiteLoader:
    """Loads spiders from the shipped site files and those in the folders of the setting `SITE_FOLDERS` (a list of paths)."""

    def __init__(self, sites: dict[str, Site]) -> None:
        self._spiders = {name: spider_class(site) for name, site in sites.items()}

    @classmethod
    def from_settings(cls, settings: BaseSettings) -> SiteLoader:
        """Make the loader; raises SiteError for a site file that is not valid."""
        return cls(load_sites(*(Path(folder) for folder in settings.getlist("SITE_FOLDERS"))))

    def load(self, spider_name: str) -> type[SiteSpider]:
        """Give the class of that name; raises KeyError when there is none, as Scrapy asks."""
        if spider_name not in self._spiders:
            raise KeyError(f"no site file named {spider_name}.toml; `scrapy list` shows the names")
        return self._spiders[spider_name]

    def list(self) -> Names:
        """List the spiders' names."""
        return sorted(self._spiders)

    def find_by_request(self, request: Request) -> Names:
        """List the spiders whose site has the request's host."""
        host = urlsplit(request.url).hostname
        return [name for name, spider in self._spiders.items() if host in spider.site.hosts]


def spider_class(site: Site) -> type[SiteSpider]:
    """Make the spider class of a site, with the settings its file asks for."""
    settings: dict[str, Any] = {"COOKIES_ENABLED": site.cookies}
    if site.delay is not None:
        settings["DOWNLOAD_DELAY"] = site.delay
    names = {"name": site.name, "site": site, "allowed_domains": sorted(site.hosts), "custom_settings": settings, "__module__": __name__}
    return type(f"{site.name.title().replace('-', '').replace('_', '')}Spider", (SiteSpider,), names)
