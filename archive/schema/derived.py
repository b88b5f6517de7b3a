"""What is derived from the record and can be rebuilt: readings, versions, links to files, removals, search."""

from __future__ import annotations

from sqlite_utils import Database

from archive.schema.base import migrations, run

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


@migrations()
def derived(db: Database) -> None:
    """Create what is derived: readings, versions, attachments, removals, the pointer log and the search index."""
    run(db, _DERIVED)
