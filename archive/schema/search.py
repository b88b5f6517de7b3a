"""The search index (`archive.search`): what its rows hold, and which notices wait to be brought up to date in it."""

from __future__ import annotations

from sqlite_utils import Database

from archive.schema.base import migrations, run

# body first: FTS5 writes down the column of whatever does not stand in the first one, two bytes for each pair of each row.
# pgsz: one page of the index fills one of the file; automerge: segments are merged in eights and so half as often as in fours;
# usermerge: at the end of a run two segments are enough to be merged
_SEARCH = """
    drop table search;
    drop table search_rows;
    create table search_rows (
        row integer primary key, notice text not null references notices(id), version integer not null, older integer not null default 0,
        source text not null, terms text not null, said blob not null, files blob, cut integer not null default 0
    );
    create index search_rows_notice on search_rows (notice, older);
    create table search_stale (notice text primary key) without rowid;
    create index attachments_payload on attachments (payload) where payload is not null;
    create virtual table search using fts5 (body, title, files, terms, content='', tokenize='ascii');
    insert into search (search, rank) values ('pgsz', 16000);
    insert into search (search, rank) values ('automerge', 8);
    insert into search (search, rank) values ('usermerge', 2);
    update notices set search_row = null;
    insert into search_stale select id from notices where version is not null;
    """


@migrations()
def search_of_everything(db: Database) -> None:
    """Index attached files, earlier versions, sites, 文种 and issuers too.

    The old index goes; every notice waits for the new one, which is filled in small transactions at the end of the next run, by
    `dibao search` or `dibao rebuild`; until then a search says how many notices it does not know yet.
    """
    run(db, _SEARCH)
