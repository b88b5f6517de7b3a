"""What crawls leave for the next one: the frontier, and the pace hosts asked for."""

from __future__ import annotations

from sqlite_utils import Database

from archive.schema.base import migrations, run

_FRONTIER = """
    create table frontier (
        site text not null references sites(name), number integer not null, fingerprint blob not null, role text not null,
        channel text not null, host text not null, url text not null, method text not null, headers text, body blob,
        priority integer not null, filtered integer not null, callback text not null, errback text not null, kwargs text,
        meta text not null, run integer references runs(id), attempts integer not null, added text not null,
        primary key (site, number)
    ) without rowid;
    create index frontier_next on frontier (site, host, priority desc, number) where run is null;
    create unique index frontier_chains on frontier (site, channel) where role = 'listing';
    """


@migrations()
def host_pace(db: Database) -> None:
    """Create what is remembered of domains that asked us to slow down (`archive.record.manners`); `delay` is in seconds."""
    columns = "domain text primary key, delay real not null, not_before text, reason text not null, noted_at text not null"
    run(db, f"create table host_pace ({columns})")


@migrations()
def frontier(db: Database) -> None:
    """Create the frontier: what is still to be asked for (`archive.record.frontier`)."""
    run(db, _FRONTIER)
