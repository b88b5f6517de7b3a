"""Life on the web: the states of addresses, what lists show, outages, and when an address is looked at next (`archive.life`).

`address_states` holds the intervals of an address in order, `number` from 1; the newest is open: its `ended` and `last_seen` are null,
and when it was last confirmed stands in `addresses.state_seen`. `last_before` is when the state before was last seen, `first_seen` when
this one first was, `confirmed` when a page that is gone was found to be (null in any other state). `evidence` is JSON.

The interval in which a list shows an entry stands in `entries` while it lasts (since `listed_since`, or `first_seen` where that is
null; `vanished` is null), and in `entry_intervals` once it ended; the view `entry_spans` gives both.
"""

from __future__ import annotations

from sqlite_utils import Database

from archive.schema.base import migrations, run

_LIFE = """
    alter table addresses add column state_seen text;
    alter table addresses add column next_check text;
    create table address_states (
        address integer not null references addresses(id), number integer not null, state text not null, last_before text,
        first_seen text not null, last_seen text, ended text, confirmed text, evidence text not null default '{}',
        primary key (address, number)
    ) without rowid;
    create table outages (
        run integer primary key references runs(id), site text not null, checked integer not null, failing integer not null,
        first_seen text not null, last_seen text not null, evidence text not null default '{}', fixity blob
    );
    create table life_policy (id integer primary key check (id = 1), failures integer not null, hours real not null, fixity blob);
    alter table entries add column listed_since text;
    alter table entries add column listed_run integer references runs(id);
    alter table entries add column vanished text;
    create table entry_intervals (
        id integer primary key, entry integer not null references entries(id), number integer not null,
        first_run integer references runs(id), first_seen text not null, last_run integer references runs(id), last_seen text not null,
        ended_run integer references runs(id), ended text not null, rolled_off integer not null default 0, fixity blob,
        unique (entry, number)
    );
    create index addresses_due on addresses (site, next_check) where next_check is not null;
    create index address_states_began on address_states (first_seen) where number > 1;
    create index address_states_confirmed on address_states (confirmed) where confirmed is not null;
    create index entry_intervals_ended on entry_intervals (ended);
    create index entries_relisted on entries (listed_since) where listed_since is not null;
    create index versions_captured on versions (captured_at);
    create index versions_changed on versions (captured_at) where number > 1;
    create index readings_cosmetic on readings (capture) where cosmetic = 1;
    create index readings_cleaner on readings (read_at) where cause = 'cleaner';
    create view entry_spans as
        select entry, number, first_run, first_seen, last_run, last_seen, ended_run, ended, rolled_off from entry_intervals union all
        select e.id, 1 + (select count(*) from entry_intervals i where i.entry = e.id), coalesce(e.listed_run, e.first_run),
            coalesce(e.listed_since, e.first_seen), e.last_run, e.last_seen, null, null, 0 from entries e where e.vanished is null;
    """

# what an older dibao called missing had failed once or more, and was not confirmed; ages as in archive.life.clock
_FILL = """
    update addresses set state = 'failing' where state = 'missing';
    update addresses set state = 'moved' where state = 'redirected';
    update notices set state = 'failing' where state = 'missing';
    update notices set state = 'moved' where state = 'redirected';
    update addresses set state_seen = coalesce(last_checked, first_seen);
    update addresses set next_check = strftime('%Y-%m-%dT%H:%M:%f', julianday(first_seen) + (
            select min(age) from (
                select 1 as age union all select 7 union all select 30 union all select 90
                union all select 90 + 91 * (1 + max(0, cast((julianday(state_seen) - julianday(first_seen) - 90) / 91 as integer)))
            ) where julianday(first_seen) + age > julianday(state_seen)
        )) || '000Z' where notice is not null
    """


@migrations()
def life(db: Database) -> None:
    """Create the states of addresses, list intervals and outages.

    What an older dibao kept gets its intervals when it is next captured, or with the next `dibao rebuild`.
    """
    run(db, _LIFE)
    run(db, _FILL)
