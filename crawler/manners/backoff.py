"""How slowly a host is asked: pure rules over seconds, from what site files, robots.txt and answers ask for."""

from __future__ import annotations

from crawler.network.addresses import is_model_host

LONGEST = 60.0  # seconds between two requests: what robots.txt or refusals ask for beyond this would make a run endless
LONGEST_WAIT = 3600.0  # seconds


def delay_for(host: str, default: float, asked: float | None) -> float:
    """Give the seconds between two requests to a host: `asked` by the site file may only raise it, but for a model's hosts."""
    if asked is None:
        return default
    return asked if is_model_host(host) else max(default, asked)


def doubled(delay: float) -> float:
    """Give the delay after a refusal: twice the one before, a minute at most; a longer one stays."""
    return max(delay, min(LONGEST, 2 * delay))


def halved(delay: float, floor: float) -> float | None:
    """Give the delay to remember after a run without a refusal; None where that is no more than the host's own (`floor`)."""
    return delay / 2 if delay / 2 > floor else None


def eased(delay: float, latency: float, floor: float) -> float:
    """Give the delay after an answer that took `latency` seconds: as long as the server took, never below `floor`.

    This is the rule of Scrapy's AutoThrottle with a target concurrency of 1: down by halves, up at once.
    """
    return max(floor, min(LONGEST, max(latency, (delay + latency) / 2)))


def wait_for(delay: float, refusals: int, asked: float | None) -> float:
    """Give the seconds to wait after the n-th refusal in a row: what the server asks (Retry-After), else `delay` doubled n times."""
    return asked if asked is not None else min(LONGEST_WAIT, delay * 2.0 ** min(refusals, 30))


def asked_delay(crawl_delay: float | None, requests: int = 0, seconds: float = 0) -> float:
    """Give the delay that a robots.txt asks for by Crawl-delay and by Request-rate (`requests` every `seconds`); 0 for none."""
    rate = seconds / requests if requests > 0 else 0.0
    return min(LONGEST, max(crawl_delay or 0.0, rate, 0.0))
