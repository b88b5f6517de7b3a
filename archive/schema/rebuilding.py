"""Rebuilds under way, and the lines learned from sites' templates."""

from __future__ import annotations

from sqlite_utils import Database

from archive.schema.base import migrations, run

_REBUILDING = """
    create table rebuilds (
        id integer primary key, started_at text not null, ended_at text, outcome text not null default 'running',
        site text, everything integer not null, rules text not null, tally text not null default '{}'
    );
    create table rebuilt_sites (
        rebuild integer not null references rebuilds(id), site text not null, reached integer not null default 0,
        ended integer not null default 0, primary key (rebuild, site)
    ) without rowid;
    create table learned_lines (
        id integer primary key, site text not null, template text not null, line text not null, folded text not null,
        pages_seen integer not null, pages_of integer not null, state text not null, in_force integer not null default 0,
        since text not null, by text not null, fixity blob, unique (site, folded)
    );
    create index learned_lines_without_fixity on learned_lines (fixity) where fixity is null;
    """


@migrations()
def rebuilding(db: Database) -> None:
    """Create what is remembered of rebuilds (`archive.rebuilding`) and what was learned of sites' templates.

    `reached` is the first capture of the last address of a site that was done. `state` is proposed, active, pinned or unpinned; a line
    is `in_force` from the rebuild on that took it into the site's rules.
    """
    run(db, _REBUILDING)
