"""What notices have to do with one another: derived from what each says now, and derivable again (`archive.relations`).

`profiles` is what is compared of a notice: its bare text by number (0 where it has none to speak of), the canonical form of its own
文号 with the authority, and when it was published, by its own date or (`basis`) when it was first seen. `title_names` are the names it
goes by. `sketches` and `bands` find texts that are alike, `crowds` are bands too many share, `likenesses` pairs of texts that are, with
the Jaccard index of their shingles and the share of figures they have in common. `citations` is what a notice says of another document,
in place; those without a `target` name documents the archive does not have. `relations` are pairs of notices, and `validities` what a
notice says of its own force, `since` when.
"""

from __future__ import annotations

from sqlite_utils import Database

from archive.schema.base import migrations, run

_RELATIONS = """
    create table profiles (
        notice text primary key, version integer not null, reading integer not null, text integer not null, size integer not null,
        core text not null, key text not null, authority text not null, published text not null, basis text not null
    ) without rowid;
    create table title_names (name text not null, notice text not null, kind text not null, primary key (name, notice)) without rowid;
    create table sketches (text integer primary key, signature blob not null, keys blob not null);
    create table bands (key integer not null, text integer not null, primary key (key, text)) without rowid;
    create table crowds (key integer primary key);
    create table likenesses (
        text integer not null, other integer not null, jaccard real not null, figures real not null, primary key (text, other)
    ) without rowid;
    create table citations (
        id integer primary key, notice text not null, relation text not null, number text not null, title text not null,
        key text not null, core text not null, paragraph integer not null, "start" integer not null, "end" integer not null,
        sentence text not null, target text, how text not null default ''
    );
    create table relations (
        "from" text not null, "to" text not null, kind text not null, evidence text not null, found_at text not null,
        primary key ("from", "to", kind)
    ) without rowid;
    create table validities (
        id integer primary key, notice text not null, state text not null, since text, source text not null, evidence text not null
    );
    create table related_until (record text primary key, number integer not null) without rowid;
    create index profiles_text on profiles (text) where text <> 0;
    create index profiles_key on profiles (key) where key <> '';
    create index title_names_notice on title_names (notice);
    create index likenesses_other on likenesses (other);
    create index citations_notice on citations (notice);
    create index citations_key on citations (key) where key <> '';
    create index citations_core on citations (core) where core <> '';
    create index citations_wanted on citations (key, core) where target is null;
    create index relations_to on relations ("to", kind);
    create index validities_notice on validities (notice)
    """


@migrations()
def relations(db: Database) -> None:
    """Create copies, citations and validity; those of notices kept before are found at the end of the next runs, or by `dibao relate`."""
    run(db, _RELATIONS)
