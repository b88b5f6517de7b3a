"""When an address is looked at again, pure: by its age, sooner where something is to be confirmed."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import chain

from archive.life.kinds import State

AGES = tuple(timedelta(days=days) for days in (1, 7, 30, 90))
"""Ages of a notice at which it is looked at: pages change mostly soon after they appear."""
QUARTER = timedelta(days=91)
CONFIRMATIONS = (timedelta(hours=1), *(timedelta(days=days) for days in (1, 3, 7, 14)))
"""How long after its first failure a page is looked at again, whatever its age."""
AFTER_REFUSAL = CONFIRMATIONS[1:]
"""The same for a page we were refused: to ask again within the hour would be to push."""
AGAIN = CONFIRMATIONS[0]
"""How long after a look that said nothing (the network failed) the next one is due."""


def next_age(first_seen: datetime, checked: datetime) -> datetime:
    """Give the first moment after a check at which an address reaches one of the ages, or a quarter more."""
    by_age = (first_seen + age for age in AGES)
    quarters = max(0, (checked - first_seen - AGES[-1]) // QUARTER) + 1
    return next(moment for moment in chain(by_age, [first_seen + AGES[-1] + quarters * QUARTER]) if moment > checked)


def next_check(state: State, since: datetime, checked: datetime, first_seen: datetime, *, alive: bool) -> datetime | None:
    """Give when an address is looked at next; `since` is when its state began, `alive` whether it ever answered.

    One that never answered is looked at only to confirm that it fails: what was listed and never came is asked for as such.
    """
    waits = {State.FAILING: CONFIRMATIONS, State.GONE: CONFIRMATIONS, State.BLOCKED: AFTER_REFUSAL, State.UNKNOWN: CONFIRMATIONS}
    if not alive and state not in {State.FAILING, State.GONE}:
        return None
    soon = next((since + wait for wait in waits.get(state, ()) if since + wait > checked), None)
    return min(filter(None, (soon, next_age(first_seen, checked) if alive else None)), default=None)
