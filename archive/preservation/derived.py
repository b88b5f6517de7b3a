"""What is derived, derived again and compared: with the very code that derives it, beside the archive and not in it.

Tables of that code's results are made a second time as temporary ones, which SQLite finds first by their name
(https://www.sqlite.org/lang_naming.html): what it writes goes there, what it reads of the record comes from the archive. A batch of notices
is shown again at a time, so memory does not grow with the archive.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping

from archive.documents import load_notice, storable
from archive.files import bound, link
from archive.life.keeping import derived as life_of
from archive.life.keeping import load
from archive.preservation.damage import REBUILD, SEARCH_ANEW, UNREADABLE, Damage, Report, Told
from archive.preservation.related import compare_related
from archive.preservation.searched import compare_index
from archive.preservation.standin import columns, stand_in
from archive.preservation.sweep import name_of, rows
from archive.rebuilding.derive import STANDING
from archive.search import DAY
from archive.sightings import NO_CONTENT
from archive.takedowns.acts import WITHHELD
from archive.timelines import load_timeline
from archive.versions import in_effect
from archive.works.notices import notice_id, refresh_notice

BATCH = 200


def compare(connection: sqlite3.Connection, report: Report, told: Told) -> None:
    """Compare what is derived with what would be derived again from the record as it stands."""
    for part in (_captures, _readings, _versions, _removals, _addresses, _notices, _links, compare_related):
        try:
            report.damages += part(connection, report, told)
        except UNREADABLE as error:
            report.damages.append(Damage(part.__name__.strip("_"), None, "", f"cannot be derived again ({error})", REBUILD))
    compare_index(connection, report, told)


def _damaged(connection: sqlite3.Connection, table: str, row: int, what: str) -> Damage:
    return Damage(table, row, name_of(connection, table, row), what, REBUILD)


def _captures(connection: sqlite3.Connection, _report: Report, _told: Told) -> Iterator[Damage]:
    for row in connection.execute(_READ):
        yield _damaged(connection, "captures", row[0], "`read` says otherwise than its readings do")
    for row in connection.execute(_AS_READ):
        yield _damaged(connection, "captures", row[0], "its outcome is none that was read in it")


_READ = "select id from captures c where read <> exists (select 1 from readings where capture = c.id)"
_AS_READ = """
    select id from captures c where reason = 'as read' and not exists (
        select 1 from readings r left join readings s on s.id = r.same_as
        where r.capture = c.id and instr(coalesce(r.flags, s.flags), '"' || c.outcome || '"'))
"""


def _readings(connection: sqlite3.Connection, _report: Report, _told: Told) -> Iterator[Damage]:
    for row in connection.execute(_STRANGE):
        yield _damaged(connection, "readings", row[0], "belongs to a version of another address, or to one that never stood then")


# the version in effect when it was captured, or the next one (a reading that came late and says the same), merged away or not
_STRANGE = """
    select r.id from readings r join captures c on c.id = r.capture join versions v on v.id = r.version
    where v.address <> c.address or r.cosmetic not in (0, 1)
"""


def _versions(connection: sqlite3.Connection, _report: Report, _told: Told) -> Iterator[Damage]:
    for row in connection.execute("select id, address, captured_at, merged_into from versions where merged_into is not null"):
        timeline = load_timeline(connection, row["address"])
        stood = (in_effect(timeline, row["captured_at"]) or timeline[0]) if timeline else None
        into = connection.execute("select captured_at, address, merged_into from versions where id = ?", (row["merged_into"],)).fetchone()
        if into is None or into["address"] != row["address"] or (into["merged_into"] is None and stood is None):
            yield _damaged(connection, "versions", row["id"], "is merged into no version of its address")
    for row in connection.execute(_ALONE):
        yield _damaged(connection, "versions", row[0], "no version of its address stands")


_ALONE = "select min(id) from versions group by address having sum(merged_into is null) = 0"


def _removals(connection: sqlite3.Connection, report: Report, told: Told) -> Iterator[Damage]:
    """Compare the removals with those in the document of their reading."""
    for reading in rows(connection, "readings", Report(), told):
        if reading["document"] is None:
            continue
        try:
            notice = load_notice(reading["document"])
        except UNREADABLE:
            continue  # the fixity of the reading tells
        if WITHHELD in notice.flags:
            continue
        wanted = sorted((*removal.position, removal.rule, removal.category, storable(removal.text)) for removal in notice.removals)
        found = [tuple(row) for row in connection.execute(_REMOVALS, (reading["row_"],))]
        report.looked_at["removals"] += len(found)
        if sorted(found) != wanted:
            yield _damaged(connection, "readings", reading["row_"], "its removals are not those it names")


_REMOVALS = 'select line, "start", "end", rule, category, text from removals where reading = ?'


def _addresses(connection: sqlite3.Connection, report: Report, told: Told) -> Iterator[Damage]:
    """Compare addresses with their captures, their pointers with the log of moves, and their states with those derived again."""
    seen = {row["address"]: row for row in connection.execute(_SEEN)}
    for row in rows(connection, "addresses", report, told):
        for what in _address(connection, row, seen.get(row["id"])):
            yield _damaged(connection, "addresses", row["id"], what)


_SEEN = "select address, min(captured_at) as first, max(captured_at) as last from captures group by address"
_MOVES = "select id, notice_after, undone from moves where address = ? order by id desc limit 1"


def _address(connection: sqlite3.Connection, row: sqlite3.Row, seen: sqlite3.Row | None) -> Iterator[str]:
    if seen and (row["first_seen"] > seen["first"] or row["last_checked"] != seen["last"]):
        yield "was seen at other times than its captures say"
    moved = connection.execute(_MOVES, (row["id"],)).fetchone()
    wanted = moved["notice_after"] if moved else notice_id(row["url"])
    if row["notice"] is not None and row["notice"] != wanted:
        yield "points to another notice than the log of moves says"
    life, columns = life_of(connection, row["id"])
    kept = load(connection, row["id"])
    if life and kept not in {life, ()}:
        yield "its states are not those its captures give"
    if kept and any(row[name] != value for name, value in columns.items()):
        yield "its state, or when it was seen or is due, is not what its captures give"


def _notices(connection: sqlite3.Connection, report: Report, told: Told) -> Iterator[Damage]:
    """Show every notice again, and compare its row, its key and what is searched of it."""
    last, number = "", connection.execute("select count(*) from main.notices").fetchone()[0]
    compared = {table: _compared_columns(connection, table) for table in _SHOWN_AGAIN}
    with stand_in(connection, *_SHOWN_AGAIN, "search_stale", "search"):
        while batch := connection.execute("select * from main.notices where id > ? order by id limit ?", (last, BATCH)).fetchall():
            yield from _shown_again(connection, batch)
            yield from _compared(connection, compared, last, batch[-1]["id"])
            last = batch[-1]["id"]
            report.looked_at["notices"] += len(batch)
            told("notices", report.looked_at["notices"], number)
        yield from _compared(connection, compared, last, "\U0010ffff")
    for row in connection.execute(_UNSEARCHED):
        yield Damage("notices", row[0], "", "its row in the search index is another notice's", SEARCH_ANEW)


def _shown_again(connection: sqlite3.Connection, batch: list[sqlite3.Row]) -> Iterator[Damage]:
    for row in batch:
        blank = dict(row) | {"search_row": None}
        connection.execute(f"insert into temp.notices values ({', '.join('?' * len(row))})", tuple(blank.values()))  # noqa: S608 - ours
        try:
            refresh_notice(connection, row["id"])
        except UNREADABLE as error:
            yield Damage("notices", row["id"], "", f"cannot be shown again ({error})", REBUILD)


def _compared_columns(connection: sqlite3.Connection, table: str) -> str:
    """Give the columns that are compared: a search row's number is its day and a sequence that nothing gives again."""
    names = [f'"{name}"' for name in columns(connection, table) if name not in {"search_row", "row"}]
    return ", ".join(names + ([f"row / {DAY} as day"] if table == "search_rows" else []))


def _compared(connection: sqlite3.Connection, compared: Mapping[str, str], after: str, until: str) -> Iterator[Damage]:
    """Compare the rows of some notices with those just made."""
    for table, key in _SHOWN_AGAIN.items():
        statement = _DIFFERENT.format(table=table, key=key, columns=compared[table])
        for found in connection.execute(statement, (after, until)).fetchall():
            remedy = SEARCH_ANEW if table == "search_rows" else REBUILD
            yield Damage(table, found[0], "", "is not what its address and readings give", remedy)
        connection.execute(f"delete from temp.{table}")  # noqa: S608 - the names are ours
    connection.execute("delete from temp.search")


_SHOWN_AGAIN = {"notices": "id", "document_keys": "notice", "search_rows": "notice"}
"""Tables made again with each notice, and the column that names it."""
# what waits to be brought up to date says nothing yet: texts in the search index, keys of an older archive's notices
_DIFFERENT = """
    with kept as (select * from main.{table} where {key} > ?1 and {key} <= ?2), different as (
        select {key} as work from (select {columns} from kept except select {columns} from temp.{table})
        union select {key} from (select {columns} from temp.{table} except select {columns} from kept)
    )
    select work from different where not ('{table}' = 'search_rows' and work in (select notice from main.search_stale))
        and not ('{table}' = 'document_keys' and exists (select 1 from main.unfilled where part = 'document_keys'))
"""
_UNSEARCHED = """
    select n.id from main.notices n left join main.search_rows s on s.row = n.search_row and s.notice = n.id
    where n.search_row is not null and s.row is null and n.id not in (select notice from main.search_stale)
"""


def _links(connection: sqlite3.Connection, report: Report, _told: Told) -> Iterator[Damage]:
    """Link every address that has files to them again, and compare."""
    with stand_in(connection, "attachments"):
        for (address,) in connection.execute("select distinct address from main.attachments").fetchall():
            read = connection.execute(_READ_OF, (address,)).fetchall()
            notices = [load_notice(connection.execute(STANDING, (row["id"],)).fetchone()["document"]) for row in read]
            if any(WITHHELD in notice.flags for notice in notices):  # a tombstone names no files
                continue
            for notice in notices:
                if not set(NO_CONTENT) & set(notice.flags):
                    link(connection, address, notice)
            bound(connection, address, load_timeline(connection, address))
            wrong = connection.execute(_LINKED_OTHERWISE, (address,)).fetchall()
            report.looked_at["attachments"] += 1
            connection.execute("delete from temp.attachments")
            for row in wrong:
                yield _damaged(connection, "attachments", row[0], "is not what its page and its file give")


_READ_OF = "select id from captures where address = ? and read = 1 order by captured_at, id"
# a file that a killed run captured and did not come to let count is no damage: the next run does; what stands must be a file's all the same
_LINKED_OTHERWISE = """
    select m.id from main.attachments m left join temp.attachments t on t.address = m.address and t.url = m.url
    left join captures c on c.id = m.capture left join payloads p on p.id = c.payload
    where m.address = ?1 and (
        t.id is null or m.title <> t.title or m.media_type <> t.media_type or m.position <> t.position
        or m.first_version is not t.first_version or m.last_version is not t.last_version
        or m.payload is not p.digest or c.captured_at > coalesce((select captured_at from captures where id = t.capture), '')
    ) union select t.id from temp.attachments t where t.address = ?1 and not exists (
        select 1 from main.attachments m where m.address = t.address and m.url = t.url)
"""
