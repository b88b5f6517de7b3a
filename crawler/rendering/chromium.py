"""The system's Chromium as scrapy-playwright starts it: one that can reach nothing.

Every request of a page is answered by `crawler.rendering.page` with what the crawl's own stack was answered. Whatever is not asked
for that way (a WebSocket, a peer connection, a prefetch, a redirect) goes to a proxy whose name does not resolve.
"""

from __future__ import annotations

import os
import shutil
from importlib.util import find_spec
from typing import Any

from cleaners.errors import NoticeError

CHROMIUM = "DIBAO_CHROMIUM"
NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
EXTRA = "pip install 'dibao[js]'"
NO_NETWORK = (
    "--proxy-server=socks5://nowhere.invalid:9",  # RFC 2606: never resolves
    "--proxy-bypass-list=<-loopback>",  # the default lets loopback addresses pass it
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-quic",
)


def chromium_path() -> str:
    """Give the path of the system's Chromium, or of what DIBAO_CHROMIUM names; empty where there is none."""
    named = os.environ.get(CHROMIUM, "")
    return next((path for name in ([named] if named else NAMES) if (path := shutil.which(name))), "")


def launch_options() -> dict[str, Any]:
    """Give what Playwright is to start: no downloaded browser, no network, 512 MiB for scripts.

    The sandbox is on but for root, for whom Chromium refuses it.
    """
    return {
        "executable_path": chromium_path(),
        "headless": True,
        "chromium_sandbox": os.geteuid() != 0,
        "args": [*NO_NETWORK, "--disable-gpu", "--js-flags=--max-old-space-size=512"],
        "handle_sigint": False,  # a run that is told to stop finishes the page in hand
        "handle_sigterm": False,
        "handle_sighup": False,
    }


def context_options(agent: str) -> dict[str, Any]:
    """Give what a page may know and do: our own name, China's clock; no service workers and no downloads."""
    return {
        "user_agent": agent,
        "locale": "zh-CN",
        "timezone_id": "Asia/Shanghai",  # scripts print dates with it
        "service_workers": "block",
        "accept_downloads": False,
    }


def why_no_browser() -> str:
    """Say what is missing for rendering, and how it is installed; empty where nothing is."""
    if find_spec("scrapy_playwright") is None:
        return f"pages that scripts fill need the extra js: {EXTRA}"
    if not chromium_path():
        return f"pages that scripts fill need a Chromium: install the system's (Debian: apt-get install chromium) or name one in {CHROMIUM}"
    return ""


def require_browser(site: str) -> None:
    """Raise NoticeError where a site, by name or address, is to be rendered and cannot be."""
    if missing := why_no_browser():
        raise NoticeError(f"{site} is to be read in a browser, and {missing}")
