"""Takedowns: what is withheld and why, what is barred from coming back, and what a seal put away."""

from __future__ import annotations

from sqlite_utils import Database

from archive.schema.base import migrations, run

_TAKEDOWNS = """
    create table takedowns (
        id integer primary key, notice text not null references notices(id), mode text not null, reason text not null,
        requester text not null, basis text not null default '', made_at text not null, lifted_at text,
        titled integer not null default 1, counts text not null default '{}'
    );
    create table takedown_acts (
        id integer primary key, takedown integer not null references takedowns(id), act text not null, reason text not null default '',
        acted_at text not null
    );
    create table barred (
        kind text not null, value text not null, takedown integer not null references takedowns(id),
        primary key (kind, value, takedown)
    ) without rowid;
    create table sealed (
        takedown integer not null references takedowns(id), "table" text not null, "row" integer not null, "column" text not null,
        value, primary key (takedown, "table", "row", "column")
    );
    alter table notices add column takedown integer references takedowns(id);
    alter table payloads add column takedown integer references takedowns(id);
    create index takedowns_notice on takedowns (notice);
    create index notices_takedown on notices (takedown) where takedown is not null;
    """


@migrations()
def takedowns(db: Database) -> None:
    """Create the list of takedowns, the log of acts, what is barred, and what seals put away (`archive.takedowns`)."""
    run(db, _TAKEDOWNS)
