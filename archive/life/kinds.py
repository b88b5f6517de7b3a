"""What an address can be, and what can happen to a notice: the words of states and events, as they stand in tables and in JSON."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """What an address is; `addresses.state`, `notices.state` and `address_states.state`."""

    LIVE = "live"  # 在网
    CHANGED = "changed"  # 在网，已改动: it answers, and does not say any more what it said when this stretch of answering began
    FAILING = "failing"  # 待确认: it says it is not there, which is not confirmed yet
    MOVED = "moved"  # 已迁移: it leads to another page of content
    GONE = "gone"  # 已下线: confirmed by failures enough, over hours enough
    BLOCKED = "blocked"  # 被挡住: we are not shown it; never a word about the page itself
    UNKNOWN = "unknown"  # 未核实: nothing that counts has been seen, or the whole site was out


ALIVE = frozenset({State.LIVE, State.CHANGED})
"""States in which an address answers with what it is for."""


class EventKind(StrEnum):
    """What happened; one kind for each thing that can happen to a notice, a list entry or a site."""

    FIRST_SEEN = "first_seen"  # a notice was captured for the first time
    SUBSTANTIVE = "substantive"  # its title or text changed
    METADATA = "metadata"  # 文号, issuer, dates, validity or the list of files changed
    ATTACHMENT = "attachment"  # a file under the same address is another file now
    COSMETIC = "cosmetic"  # the form changed, and nothing it says
    FAILING = "failing"  # a check found it missing; to be confirmed
    GONE = "gone"  # confirmed; with the last moment it answered and the first it did not
    MOVED = "moved"  # it leads to another address now
    BLOCKED = "blocked"  # we are refused
    RECOVERED = "recovered"  # it answers again, having failed, been blocked or led elsewhere, and never been gone
    REAPPEARED = "reappeared"  # it answers again, having been gone
    UNLISTED = "unlisted"  # a full walk of the list did not show it any more
    RELISTED = "relisted"  # the list shows it again
    OUTAGE = "outage"  # a site failed as a whole in one run
    REPOST = "repost"  # a copy on another site was found
    TAKEDOWN = "takedown"  # sealed or removed here, by us
    CLEANER = "cleaner"  # our reading changed, the source did not; given only where asked for
