"""Indexes for what is looked up by something else than its own key, so that no page and no run reads a table that grows from end to end."""

from __future__ import annotations

from sqlite_utils import Database

from archive.schema.base import migrations, run

_LOOKUPS = """
    create index versions_capture on versions (capture);
    create index attachments_capture on attachments (capture) where capture is not null;
    create index moves_before on moves (notice_before) where notice_before is not null;
    create index moves_after on moves (notice_after);
    create index notices_states on notices (site, state);
    create index entry_intervals_again on entry_intervals (first_seen) where number > 1
    """


@migrations()
def lookups(db: Database) -> None:
    """Index versions and files by capture, moves by notice, notices by state, and what lists show again."""
    run(db, _LOOKUPS)
