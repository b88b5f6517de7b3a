"""The record: sites, runs, what lists said, every exchange with its payload, and the works addresses point to."""

from __future__ import annotations

from sqlite_utils import Database

from archive.schema.base import migrations, run

_RECORDS = """
    create table sites (
        name text primary key, title text not null default '', homepage text not null default '',
        level text not null default '', division_code text not null default '', family text not null default '',
        definition text not null default '{}', definition_digest text not null default '', updated_at text not null
    );
    create table channels (
        id integer primary key, site text not null references sites(name), name text not null, url text not null,
        frequency text not null default '', next_due text, last_run integer references runs(id),
        last_complete integer references runs(id), resume text, unique (site, name)
    );
    create table runs (
        id integer primary key, site text references sites(name), kind text not null, started_at text not null,
        ended_at text, outcome text not null default 'running', reason text not null default '',
        counts text not null default '{}', version text not null default '', pid integer
    );
    create table entries (
        id integer primary key, channel integer not null references channels(id), url text not null,
        title text not null default '', issued text, position integer, pinned integer not null default 0,
        first_run integer references runs(id), last_run integer references runs(id),
        first_seen text not null, last_seen text not null, unique (channel, url)
    );
    create table dictionaries (
        id integer primary key, site text not null default '', digest text not null unique, created_at text not null,
        pages integer not null default 0, body blob not null
    );
    create table payloads (
        id integer primary key, digest text not null unique, size integer not null,
        dictionary integer references dictionaries(id), body blob not null, stored_at text not null
    );
    create table envelopes (
        id integer primary key, digest blob not null unique, url text not null, method text not null, headers text not null,
        request_headers text not null, content_encoding text not null, wire_length integer, wire_digest text not null,
        protocol text not null, ip text not null, tls text not null, truncated text not null, redirected_to text not null,
        vantage text not null, entry text
    );
    create table notices (
        id text primary key, address integer not null, version integer, site text not null default '',
        title text, issued text, created text, effective text, document_number text, creator text, publisher text,
        source text, type text, validity text, script text not null default '', first_seen text not null,
        last_changed text, versions integer not null default 0, addresses integer not null default 0,
        state text not null default 'unknown', search_row integer unique
    );
    create table addresses (
        id integer primary key, url text not null unique, site text not null default '',
        notice text references notices(id), pointer_reason text not null default '',
        pointer_evidence text not null default '{}', first_seen text not null, last_seen text,
        last_checked text, state text not null default 'unknown'
    );
    create table captures (
        id integer primary key, record_id not null, address integer not null references addresses(id),
        envelope integer not null references envelopes(id), site text not null default '', run integer references runs(id),
        role text not null, captured_at text not null, time_known integer not null default 1, imported_at text,
        status integer, outcome text not null, reason text not null default '', phase text not null default '', elapsed real,
        payload integer references payloads(id), varying text, request_body blob, parts text, read integer not null default 0
    );
    create index captures_address on captures (address);
    create index captures_record on captures (substr(record_id, -4));
    create index captures_run on captures (run, outcome);
    create index captures_unread on captures (id) where read = 0 and role = 'notice' and outcome = 'ok';
    create index envelopes_redirected on envelopes (redirected_to) where redirected_to <> '';
    create index entries_url on entries (url);
    create index addresses_notice on addresses (notice);
    create index addresses_site on addresses (site);
    create index notices_address on notices (address);
    create index notices_site on notices (site, search_row);
    """


@migrations()
def records(db: Database) -> None:
    """Create what is kept: sites, runs, entries, captures and their payloads."""
    run(db, _RECORDS)


@migrations()
def full_walks(db: Database) -> None:
    """Keep when the whole list of a channel was last read to its end."""
    run(db, "alter table channels add column last_full text")
