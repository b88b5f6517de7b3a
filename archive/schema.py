"""The archive's tables, one migration a function, applied through sqlite-utils.

Times are ISO 8601 text in UTC with a trailing Z and microseconds; digests are `sha256:<hex>`; JSON columns hold UTF-8 text.
Captures are the record (WARC 1.1); readings, versions, notices and the search index are derived from them and can be
rebuilt. `addresses` are canonical URLs; a notice is the work that addresses point to.

A visit that says the same as the one before costs little: what came around the page stands in `envelopes`, once for all
captures it is the same for (`archive.envelopes`), a payload is named by its number, a `record_id` of the form urn:uuid: is
kept as the 16 bytes of the UUID, and a reading that says the same as another (`same_as`) holds nothing of its own but when,
by which rules and for which version it was read. `readings.read_at` is in seconds since 1970, as is `file_texts.read_at`.
"""

from __future__ import annotations

from sqlite_utils import Database, Migrations

APPLICATION_ID = 0x64696261  # "diba": what `file` and PRAGMA application_id tell a dibao archive by
PAGE_SIZE = 16384

migrations = Migrations("dibao")

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

# pgsz: one page of the index fills one of the file; usermerge: at the end of a run two segments are enough to be merged
_DERIVED = """
    create table rulesets (id integer primary key, fingerprint text not null unique);
    create table readings (
        id integer primary key, capture integer not null references captures(id), rules integer not null references rulesets(id),
        cause text not null, read_at integer not null, text_digest text, parts_digest text, exact_digest text,
        fields_digest text, flags text, document text, same_as integer references readings(id),
        version integer references versions(id), cosmetic integer not null default 0, unique (capture, rules)
    );
    create table versions (
        id integer primary key, address integer not null references addresses(id), captured_at text not null,
        capture integer not null references captures(id), number integer not null, class text not null,
        reading integer not null references readings(id), text_digest text not null, parts_digest text not null,
        parts text not null default '{}', merged_into integer references versions(id), unique (address, captured_at)
    );
    create table attachments (
        id integer primary key, address integer not null references addresses(id), url text not null,
        title text not null default '', media_type text not null default '', position integer not null,
        capture integer references captures(id), payload text references payloads(digest),
        first_version integer references versions(id), last_version integer references versions(id),
        unique (address, url)
    );
    create table removals (
        id integer primary key, reading integer not null references readings(id) on delete cascade,
        line integer not null, "start" integer not null, "end" integer not null, rule text not null,
        category text not null, text text not null
    );
    create table moves (
        id integer primary key, address integer not null references addresses(id), notice_before text,
        notice_after text not null, reason text not null, evidence text not null default '{}', moved_at text not null,
        undone integer references moves(id)
    );
    create table search_rows (
        row integer primary key, notice text not null unique references notices(id), title text not null, body text not null
    );
    create virtual table search using fts5 (title, body, content='', tokenize='ascii');
    insert into search (search, rank) values ('pgsz', 16000);
    insert into search (search, rank) values ('usermerge', 2);
    create index versions_address on versions (address, number);
    create index versions_text on versions (text_digest);
    create index removals_reading on removals (reading);
    create index removals_rule on removals (category, rule);
    create index attachments_url on attachments (url);
    create index notices_issued on notices (issued);
    """

_FILE_TEXTS = """
    create table file_texts (
        payload integer primary key references payloads(id), fingerprint text not null, media_type text not null, pages integer not null,
        flags text not null, reason text not null, text text not null, contents blob, read_at integer not null
    );
    create index captures_files on captures (payload) where role = 'attachment' and outcome = 'ok';
    """


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


def _run(db: Database, script: str) -> None:
    """Run a script's statements one by one: `executescript` would first commit the transaction a migration stands in."""
    for statement in filter(str.strip, script.split(";")):
        db.conn.execute(statement)


@migrations()
def records(db: Database) -> None:
    """Create what is kept: sites, runs, entries, captures and their payloads."""
    _run(db, _RECORDS)


@migrations()
def derived(db: Database) -> None:
    """Create what is derived: readings, versions, attachments, removals, the pointer log and the search index."""
    _run(db, _DERIVED)


@migrations()
def file_texts(db: Database) -> None:
    """Create the texts of attached files, one a payload; `contents` is JSON by Zstandard: tables, and the files inside an archive."""
    _run(db, _FILE_TEXTS)


@migrations()
def full_walks(db: Database) -> None:
    """Keep when the whole list of a channel was last read to its end."""
    _run(db, "alter table channels add column last_full text")


@migrations()
def host_pace(db: Database) -> None:
    """Create what is remembered of domains that asked us to slow down (`archive.manners`); `delay` is in seconds."""
    columns = "domain text primary key, delay real not null, not_before text, reason text not null, noted_at text not null"
    _run(db, f"create table host_pace ({columns})")


@migrations()
def frontier(db: Database) -> None:
    """Create the frontier: what is still to be asked for (`archive.frontier`)."""
    _run(db, _FRONTIER)
