"""Scrapy settings, the same for `dibao crawl` and `scrapy crawl|shell|list`; every line says why it is not the default.

The operator's wishes come in as environment variables, set by the command line's options or by hand: `DIBAO_CONTACT`,
`DIBAO_DB`, `DIBAO_SITES` (folders of site files, joined by the system's path separator), `DIBAO_RECHECK`, `DIBAO_FULL`, `DIBAO_BUDGET`,
`DIBAO_DAILY_BUDGET`, `DIBAO_GONE_FAILURES`, `DIBAO_GONE_HOURS`, `DIBAO_CHROMIUM`, `DIBAO_RENDER_SECONDS`, `DIBAO_LOG`.
"""

import os
from importlib.metadata import version

from crawler.exchanges.transfer import ACCEPT_ENCODING
from crawler.rendering.chromium import launch_options

BOT_NAME = "dibao"
DIBAO_CONTACT = os.environ.get("DIBAO_CONTACT", "").strip()
DIBAO_DB = os.environ.get("DIBAO_DB", "") or "archive.db"
DIBAO_RECHECK = os.environ.get("DIBAO_RECHECK", "") or "due"
DIBAO_FULL = os.environ.get("DIBAO_FULL", "") or "0"
DIBAO_GONE_FAILURES = int(os.environ.get("DIBAO_GONE_FAILURES", "") or 0)  # from which on a page is gone; 0: as the archive has it (3)
DIBAO_GONE_HOURS = float(os.environ.get("DIBAO_GONE_HOURS", "") or 0)  # between the first and the last of them; 0: as it has it (48)
DIBAO_BLOCKED_MAX = 5  # answers in a row that refuse or fail, after which a host is left alone for the rest of the run
DIBAO_DAILY_BUDGET = int(os.environ.get("DIBAO_DAILY_BUDGET", "") or 5000)  # requests a registered domain in 24 hours, over all runs
DIBAO_RETRY_AFTER_MAX = 300  # seconds a server may ask us to wait within a run; longer, and its host waits for the next one

# Sites are data: the loader makes one spider class of each site file.
SPIDER_LOADER_CLASS = "spiders.loader.SiteLoader"
SITE_FOLDERS = [folder for folder in os.environ.get("DIBAO_SITES", "").split(os.pathsep) if folder]

# An honest crawler says who it is and whom to write to; the guard refuses to start without a contact.
USER_AGENT = f"dibao/{version('dibao')} (+{DIBAO_CONTACT})"
ROBOTSTXT_OBEY = True  # off in the library; crawler.manners.robots obeys it whatever stands here
ROBOTSTXT_USER_AGENT = "dibao"
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/json;q=0.9,*/*;q=0.8",
    "Accept-Language": "zh-CN,zh;q=0.9,en;q=0.3",  # the default asks for English pages
    "Accept-Encoding": ACCEPT_ENCODING,
}

# Both can run code inside the process, and both listen by default.
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False

# A site file may turn cookies on (crawler.network.cookies does, without the suffix-list download Scrapy's own would start).
COOKIES_ENABLED = False
HTTPPROXY_ENABLED = False  # a proxy would connect for us, past the guard's resolver
METAREFRESH_ENABLED = False  # a page's script or meta tag does not steer the crawler; a redirect of the server's does
COMPRESSION_ENABLED = False  # bodies are decoded strictly by crawler.exchanges.capture; Scrapy's decoder keeps quiet about damage
REFERER_ENABLED = True
WARN_ON_GENERATOR_RETURN_VALUE = False  # it reads the source of the callback again for every response

# Only the web, only public addresses, and the address that was checked is the one connected to.
DOWNLOAD_HANDLERS = {
    "http": "crawler.network.download.TimedHandler",
    "https": "crawler.network.download.TimedHandler",
    "file": None,
    "data": None,
    "ftp": None,
    "s3": None,
}
DOWNLOAD_VERIFY_CERTIFICATES = True  # off in the library; crawler.network.tls verifies unless a site file says otherwise for its own hosts
TWISTED_DNS_RESOLVER = "crawler.network.guard.GuardedResolver"
DOWNLOADER_MIDDLEWARES = {
    "crawler.network.guard.Guard": 40,  # before everything: what may not be reached is not even asked for its robots.txt
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,  # drops unseen what Offsite refuses and records
    "crawler.manners.never.Never": 45,
    "crawler.network.offsite.Offsite": 50,
    "crawler.manners.shared.SharedSlots": 60,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,  # lets all but one of several waiting requests pass
    "crawler.manners.robots.Robots": 100,
    "scrapy.downloadermiddlewares.cookies.CookiesMiddleware": None,  # SiteCookies stands in its place
    "crawler.network.cookies.SiteCookies": 700,
    "crawler.rendering.middleware.Rendering": 893,  # puts the page a script made in the place of the server's empty one
    "crawler.exchanges.capture.CaptureMiddleware": 895,  # nearest the network: sees what was transferred
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,  # no site is given a password
    "scrapy.downloadermiddlewares.stats.DownloaderStats": None,  # see STATS_CLASS
}
SPIDER_MIDDLEWARES = {
    "scrapy.spidermiddlewares.start.StartSpiderMiddleware": None,  # tells Scrapy's own scheduler what to ask for first
    "scrapy.spidermiddlewares.httperror.HttpErrorMiddleware": None,  # what an error status means is decided by crawler.exchanges.challenge
    "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": None,  # drops unseen what nothing records
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,  # columns are as deep as they are; the page budget stops one without end
    "scrapy.spidermiddlewares.metacopy.MetaCopyDetectionMiddleware": None,  # looks for a slip of the programmer's in every request
}
SCHEDULER = "crawler.frontier.Frontier"  # the default forgets what it was to ask for, with JOBDIR, too, where a run is killed
ITEM_PIPELINES = {"crawler.pipelines.ReadingPipeline": 300}
EXTENSIONS = {"crawler.manners.pace.Pace": 0}
EXTENSIONS_BASE = {  # of Scrapy's own only these: the others count what nobody asks for, and are loaded at a price even where off
    "scrapy.extensions.memusage.MemoryUsage": 0,
    "scrapy.extensions.closespider.CloseSpider": 0,
    "scrapy.extensions.feedexport.FeedExporter": 0,
}
STATS_CLASS = "scrapy.statscollectors.DummyStatsCollector"  # a run's counts are kept in the archive (crawler.monitor)

# One request at a time to a host, two seconds or more apart: county servers share one gateway.
CONCURRENT_REQUESTS = 4  # over the hosts of one site; a killed run has to ask for no more than these again
CONCURRENT_REQUESTS_PER_DOMAIN = 1
DOWNLOAD_DELAY = 2.0
DOWNLOAD_DELAY_JITTER = 0.2
CONCURRENT_ITEMS = 1  # pages are written one after the other; the default starts 100 tasks a response

# Limits: a slow, endless or swollen answer is cut and recorded as such.
DOWNLOAD_TIMEOUT = 60  # seconds, from sending to the last byte
DOWNLOAD_MAXSIZE = 32 * 1024 * 1024  # of the body, as transferred and as decoded
DIBAO_FILE_MAXSIZE = 64  # MiB of an attached file, held in memory whole, as a capture's body is one value; max_file_size asks for more
DIBAO_FILE_MAXSIZE_ALLOWED = 200  # MiB, whatever a site file asks for
DOWNLOAD_WARNSIZE = 0  # the capture says how long it is
DOWNLOAD_FAIL_ON_DATALOSS = False  # a cut body is recorded as damaged and asked for again, not lost
REDIRECT_MAX_TIMES = 10
CLOSESPIDER_PAGECOUNT = int(os.environ.get("DIBAO_BUDGET", "") or 5000)
MEMUSAGE_LIMIT_MB = 1024

# 412 and 521 are challenges: asking again is pushing. 429 and 503 are waited out as the server asks (crawler.exchanges.capture).
RETRY_TIMES = 2
RETRY_HTTP_CODES = [408, 500, 502, 504, 522, 524]
RETRY_GIVE_UP_LOG_LEVEL = "WARNING"  # it is in the archive

# The extra js, for sites with javascript = true: scrapy-playwright and a Chromium without a network of its own (crawler.rendering).
PLAYWRIGHT_LAUNCH_OPTIONS = launch_options()
PLAYWRIGHT_DEFAULT_NAVIGATION_TIMEOUT = 0  # its clock runs while requests wait for their turn; ours does not
DIBAO_RENDER_SECONDS = float(os.environ.get("DIBAO_RENDER_SECONDS", "") or 30)  # of a page's own time, its requests' waiting not counted

LOG_LEVEL = os.environ.get("DIBAO_LOG", "") or "WARNING"
LOG_FORMATTER = "scrapy.logformatter.LogFormatter" if LOG_LEVEL == "DEBUG" else "crawler.quiet.Quiet"
FEED_EXPORT_ENCODING = "utf-8"
