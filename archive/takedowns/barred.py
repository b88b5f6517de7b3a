"""What must not come back: addresses, payloads and texts under a takedown, looked up whenever something arrives."""

from __future__ import annotations

import sqlite3

from archive.preservation.fixity import with_fixity
from archive.takedowns.log import log

ADDRESS, PAYLOAD, TEXT = "address", "payload", "text"

_BARRED = "select min(takedown) from barred where (kind = 'address' and value = ?) or (kind = 'payload' and value = ?)"


def barred_arrival(connection: sqlite3.Connection, url: str, payload_digest: str) -> int | None:
    """Give the number of the takedown that bars a capture of this canonical address or with these bytes, None where none does."""
    found = connection.execute(_BARRED, (url, payload_digest)).fetchone()[0]
    return None if found is None else int(found)


def barred_text(connection: sqlite3.Connection, text_digest: str) -> int | None:
    """Give the number of the takedown that bars a text, None where none does."""
    found = connection.execute("select min(takedown) from barred where kind = 'text' and value = ?", (text_digest,)).fetchone()[0]
    return None if found is None else int(found)


def hides_title(connection: sqlite3.Connection, url: str) -> bool:
    """Say whether a takedown withholds the title, too, of what stands at an address: then no list brings it back."""
    asked = "select 1 from barred b join takedowns t on t.id = b.takedown where b.kind = 'address' and b.value = ? and t.titled = 0"
    return connection.execute(asked, (url,)).fetchone() is not None


def bar(connection: sqlite3.Connection, takedown: int, kind: str, value: str) -> None:
    """Bar something; what is barred already stays so."""
    row = with_fixity("barred", {"kind": kind, "value": value, "takedown": takedown})
    connection.execute("insert or ignore into barred (kind, value, takedown, fixity) values (:kind, :value, :takedown, :fixity)", row)


def note_arrival(connection: sqlite3.Connection, takedown: int, url: str) -> None:
    """Log that something a takedown bars came again and was not kept."""
    log(connection, takedown, "barred", url)
