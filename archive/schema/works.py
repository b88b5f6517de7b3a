"""Works: the keys of official documents, and what the log of moves needs to be undone to the letter (`archive.works`).

`document_keys` holds the key of each notice that bears a number of its own, derived from what the notice shows: `key` is the number in
canonical form, `authority` who wrote under it (`basis` is code, issuer or site: where that was read), `code`, `year` (null where the
number has none), `serial` and `kind` its parts. Notices of different sites with one key and authority are copies of one document.
In `moves`, `hand` is 1 for what a person decided, and `reason_before` and `evidence_before` are what an address said of its pointer before.
"""

from __future__ import annotations

from sqlite_utils import Database

from archive.schema.base import migrations, run

_WORKS = """
    create table document_keys (
        notice text primary key references notices(id), key text not null, authority text not null, basis text not null,
        code text not null, year integer, serial integer not null, kind text not null
    ) without rowid;
    create index document_keys_key on document_keys (key);
    create index document_keys_series on document_keys (authority, code, year, serial);
    create table unfilled (part text primary key, after text not null) without rowid;
    insert into unfilled (part, after) select 'document_keys', '' where exists (select 1 from notices);
    alter table moves add column hand integer not null default 0;
    alter table moves add column reason_before text;
    alter table moves add column evidence_before text;
    update moves set hand = 1 where notice_before is not null;
    create index moves_address on moves (address);
    create index notices_several on notices (site) where addresses > 1
    """


@migrations()
def works(db: Database) -> None:
    """Create the keys of documents; those of notices kept before are filled in at the end of the next runs, or with `dibao rebuild`."""
    run(db, _WORKS)
