"""What came of a run: its counts, and the verdict complete, incomplete or failed. Pure; sources that went quiet are failures.

`complete`: every column was read to its end and every page asked for was answered. `incomplete`: something was left for the
next run, the reason says what. `failed`: what came cannot be trusted to be all there is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from cleaners.errors import YieldError
from cleaners.records import Capture
from spiders.site import Site

FAILED_SHARE = 0.2
FAILED_LEAST = 5  # fewer failures than this are an accident, not a pattern
_FAILURES = frozenset({"failed", "damaged", "blocked"})
_NEVER_CAME = frozenset({"failed", "not_content", "missing", "needs_js"})  # ends of a channel that say more than an empty list
_ANSWERS = frozenset({"notice", "part", "listing", "attachment"})
_SCRIPTS = {
    False: "its list is filled by scripts; `dibao probe --js URL` shows the addresses they ask, one of which may do as its url; "
    "else set javascript = true in the site file and install dibao[js]",
    True: "its list stays empty in the browser, too; `dibao probe --js URL` shows what its scripts ask for",
}


@dataclass
class Tally:
    """Counts what a run did.

    `answered` counts the pages that came or are known not to be there, `failing` holds those that did not (a failure that is made
    good by asking again is none). `listed` is how many entries each column's first page gave, `ended` whether its list was read to
    the end, and why not. `files` are attached files by the flag that says why not all of their text was read, empty where it was.
    """

    captures: Counter[str] = field(default_factory=Counter)
    answered: int = 0
    failing: set[tuple[str, str]] = field(default_factory=set)
    changes: Counter[str] = field(default_factory=Counter)
    files: Counter[str] = field(default_factory=Counter)
    listed: dict[str, int] = field(default_factory=dict)
    ended: dict[str, tuple[bool, str]] = field(default_factory=dict)
    held: int = 0  # requests not sent because their host was left alone
    unread: int = 0  # pages kept that the cleaner failed on
    identified: int = 0  # notices whose tags were held against the site file
    strangers: Counter[str] = field(default_factory=Counter)  # what they contradicted in it
    list_trouble: str = ""  # why the last list page that did not come did not

    def add(self, capture: Capture) -> None:
        """Count one exchange or failure."""
        absent = capture.role == "robots" and capture.outcome in {"missing", "gone"}  # as good as an empty one (RFC 9309, section 2.3.1.3)
        self.captures["ok" if absent else capture.outcome] += 1
        if capture.role in _ANSWERS:
            self._note(capture)
        if capture.role == "listing" and capture.outcome not in {"ok", "unchanged", "redirected"}:
            self.list_trouble = capture.reason or capture.outcome

    def identify(self, contradictions: Iterable[str]) -> None:
        """Count a notice and what the tags of its page contradict in the site file."""
        self.identified += 1
        self.strangers.update(contradictions)

    @property
    def failures(self) -> int:
        """How many pages were asked for and did not come as they are."""
        return len(self.failing)

    @property
    def asked(self) -> int:
        """How many pages were asked for."""
        return self.answered + len(self.failing)

    def _note(self, capture: Capture) -> None:
        page = (capture.method, capture.url)
        if capture.outcome in _FAILURES:
            self.failing.add(page)
        else:
            self.failing.discard(page)
            self.answered += 1

    def counts(self) -> dict[str, int]:
        """Give all counts as one flat mapping, as it is kept with the run."""
        changes = {f"change/{kind}": number for kind, number in self.changes.items()}
        files = {f"file/{flag or 'read'}": number for flag, number in sorted(self.files.items())}
        rare = (("held", self.held), ("unread", self.unread), ("strangers", self.strangers.total()))
        held = {name: number for name, number in rare if number}
        return {"captures": self.captures.total(), **dict(sorted(self.captures.items())), **changes, **files, **held}


def check_yield(site: Site, tally: Tally) -> None:
    """Raise YieldError where a column's list came and gave fewer entries than the site file expects of a full one."""
    for channel, entries in tally.listed.items():
        came = tally.ended.get(channel, (True, ""))[1] not in _NEVER_CAME or entries
        if came and entries < site.expect.min_entries:
            raise YieldError(
                f"site {site.name}, channel {channel}: its list gave {entries} entries, expected at least {site.expect.min_entries}. "
                "Look at the channel's page: it may have moved or changed its markup."
            )


def verdict(
    site: Site, tally: Tally, closed: str, stopped: Mapping[str, str], channels: Collection[str] | None = None, *, waiting: int = 0
) -> tuple[str, str]:
    """Give (outcome, reason) of a run closed for the reason Scrapy gives (`finished`, `shutdown`, ...).

    `channels` names the columns the run was to read; all of the site's by default. `waiting` counts the requests left in the frontier.
    """
    try:
        check_yield(site, tally)
    except YieldError as error:
        return "failed", str(error)
    asked = [channel.name for channel in site.channels if channels is None or channel.name in channels]
    troubles = _troubles(asked, tally, closed, stopped, _SCRIPTS[site.javascript])
    if waiting:
        troubles.append(f"{waiting} requests are left for the next run")
    if tally.failures >= FAILED_LEAST and tally.failures > FAILED_SHARE * tally.asked:
        return "failed", "; ".join(troubles)
    return ("incomplete", "; ".join(troubles)) if troubles else ("complete", "")


def _troubles(channels: Iterable[str], tally: Tally, closed: str, stopped: Mapping[str, str], scripts: str) -> list[str]:
    """List what was left undone, the cause before its consequences; `scripts` says what to do about a list that only scripts fill."""
    troubles = [] if closed == "finished" else [f"stopped: {closed}"]
    troubles += stopped.values()
    for channel in channels:
        complete, reason = tally.ended.get(channel, (False, ""))
        if reason == "failed" and (closed != "finished" or stopped) and (not tally.list_trouble or closed in tally.list_trouble):
            reason = ""  # its next page was not asked for: the run ended, or its host was left alone
        if not complete:
            why = f" ({tally.list_trouble})" if reason in _NEVER_CAME and tally.list_trouble and not stopped else ""
            next_step = f": {scripts}" if reason == "needs_js" else ""
            troubles.append(f"channel {channel}: {reason or 'was not read to its end'}{why}{next_step}")
    if tally.failures:
        troubles.append(f"{tally.failures} of {tally.asked} pages failed")
    if tally.unread:
        troubles.append(f"{tally.unread} pages are kept unread: the cleaner failed on them")
    return troubles + [
        f"{number} of {tally.identified} notices are not of this site: {told}"
        for told, number in tally.strangers.items()
        if number > FAILED_SHARE * tally.identified
    ]
