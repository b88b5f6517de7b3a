"""What the fork server of `month_run` imports once for all crawls; not `crawler.settings`, which reads each crawl's own environment."""

import scrapy.core.downloader.contextfactory  # noqa: F401 - early: see crawler.run

import archive.store
import crawler.batch
import crawler.frontier
import crawler.pipelines
import crawler.run
import crawler.site_run
import spiders.spider  # noqa: F401
