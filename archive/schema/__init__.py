"""The archive's tables, one migration a function, applied through sqlite-utils.

Times are ISO 8601 text in UTC with a trailing Z and microseconds; digests are `sha256:<hex>`; JSON columns hold UTF-8 text.
Captures are the record (WARC 1.1); readings, versions, notices and the search index are derived from them and can be
rebuilt. `addresses` are canonical URLs; a notice is the work that addresses point to.

A visit that says the same as the one before costs little: what came around the page stands in `envelopes`, once for all
captures it is the same for (`archive.record.envelopes`), a payload is named by its number, a `record_id` of the form urn:uuid: is
kept as the 16 bytes of the UUID, and a reading that says the same as another (`same_as`) holds nothing of its own but when,
by which rules and for which version it was read. `readings.read_at` is in seconds since 1970, as is `file_texts.read_at`.

Each module holds the migrations of one part; they are applied in the order imported here, and none is ever changed once released.
"""

# ruff: noqa: I001 - the order in which migrations are applied
from archive.schema.base import APPLICATION_ID, PAGE_SIZE, migrations
from archive.schema import records, derived, filetexts, crawling, takedowns, fixity, life, works, rebuilding, imported, relations, search
from archive.schema import lookups

__all__ = [
    "APPLICATION_ID",
    "PAGE_SIZE",
    "crawling",
    "derived",
    "filetexts",
    "fixity",
    "imported",
    "life",
    "lookups",
    "migrations",
    "rebuilding",
    "records",
    "relations",
    "search",
    "takedowns",
    "works",
]
