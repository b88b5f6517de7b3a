"""What WARC files held beside the pages themselves, so that their records can be given back as they were (`archive.warc.keeping`)."""

from __future__ import annotations

from sqlite_utils import Database

from archive.schema.base import migrations, run

_IMPORTED = """
    create table imported_records (
        id integer primary key, record_id not null unique, kind text not null, capture integer references captures(id),
        warcinfo integer references imported_records(id), payload_digest text, dictionary integer references dictionaries(id),
        head blob not null, source text not null, payload integer references payloads(id), framing text, fixity blob
    );
    create index imported_capture on imported_records (capture) where capture is not null;
    create index imported_digest on imported_records (payload_digest) where payload_digest is not null;
    create index imported_payload on imported_records (payload) where payload is not null;
    create index imported_records_without_fixity on imported_records (fixity) where fixity is null;
    create index dictionaries_site on dictionaries (site, id);
    """


@migrations()
def imported_records(db: Database) -> None:
    """Create the records of imported WARC files.

    `head` is the record's header and that of its HTTP message, by Zstandard; `source` says where the bytes behind it come from:
    none, body (the capture's payload) or payload (one of its own); `framing` holds the lines of a chunked transfer.
    """
    run(db, _IMPORTED)


@migrations()
def waiting_payloads(db: Database) -> None:
    """Note with payloads kept before their site had a dictionary which site it is, until they are packed again with one."""
    run(
        db,
        "alter table payloads add column waiting text; create index payloads_waiting on payloads (waiting, id) where waiting is not null",
    )
