"""One archive, everything that can happen to it in any order, and what has to hold whatever happened: for tests/archive/test_together.py.

A history is a list of steps, each a name and numbers, chosen from a seed before anything is done, so that any of them can be left out:
`shortest` finds the few steps a failure takes.
"""

import gzip
import io
import json
import shutil
import tempfile
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

from archive import Archive
from archive.export import export
from archive.export.warc import export_captures
from archive.life.kinds import EventKind
from archive.preservation.backup import backup
from archive.preservation.verify import verify
from archive.rebuilding import learned
from archive.relations import relate
from archive.search import scan
from archive.takedowns.acts import lift, take_down, takedowns
from archive.warc.keeping import keep_records
from archive.warc.reading import read_records
from archive.works.byhand import merge, split, undo
from archive.works.naming import name, resolve, versions_of
from cleaners.attachments.records import FileText
from cleaners.characters.fold import squeeze
from cleaners.errors import ArchiveError
from cleaners.records import Attachment, Capture, Entry, Notice, Paragraph, Removal

START = datetime(2024, 1, 1, tzinfo=UTC)
SITES = {"linshui": "https://www.linshui.gov.example", "heyuan": "https://www.heyuan.gov.example"}
PAGES = [f"{root}/{folder}/{number}.html" for root in SITES.values() for folder, number in (("a", 1), ("a", 2), ("a", 3), ("b", 4))]
TWIN = "https://m.linshui.gov.example/a/1.html"
HOMES = [f"{root}/" for root in SITES.values()]
URLS = [*PAGES, TWIN]
FILES = [f"{root}/file/{number}.txt" for root in SITES.values() for number in (1, 2)]
OWN = {PAGES[1]: "甲某某住东街十七号", PAGES[2]: "乙某某住西街二十九号", PAGES[6]: "丙某某住南门三十一号"}
"""What only one page says, so that it can be looked for when the page is withheld."""
LONG = "各乡镇人民政府，县政府各部门：为做好精准扶贫资金的管理，现将2024年有关事项通知如下。请各单位认真组织实施，按季度上报进展情况，并于年底以前完成验收工作。"
TEXTS = [
    LONG * 2,
    LONG * 2 + "补充说明：经费由县财政列支。",
    "根据《临水县扶贫资金管理办法》（临政发〔2024〕1号）的规定，现将第二批名单公示如下，公示期为七天，如有异议请以书面形式反映。" * 2,
    "经研究，废止《临水县扶贫资金管理办法》（临政发〔2024〕1号），自发布之日起施行。原有规定与本通知不一致的，以本通知为准。" * 2,
    "各鄉鎮人民政府，縣政府各部門：為做好精準扶貧資金的管理，現將2024年有關事項通知如下。請各單位認真組織實施，按季度上報進展情況，並於年底以前完成驗收工作。"
    * 2,
    "见附件。",
]
TITLES = ["临水县扶贫资金管理办法", "关于公示名单的通知", "转发《临水县扶贫资金管理办法》的通知", "《临水县扶贫资金管理办法》解读"]
NUMBERS = [None, None, "临政发〔2024〕1号", "临政发〔2024〕2号", "临政发〔2024〕4号"]
MENU = "便民服务直通车"
QUERIES = ["扶贫", "经费", "贫 -公示", "临政发〔2024〕1号", "街十七号", "名单甲", "浏览", "验收 OR 名单", MENU]


def site_of(url):
    return "heyuan" if "heyuan" in url else "linshui"


@dataclass(frozen=True)
class Reader:
    """A toy cleaner: pages are JSON. `rules` by site: letters, b leaves the counter out, c sees no soft 404, d leaves footers out."""

    rules: tuple[tuple[str, str], ...] = (("heyuan", "a"), ("linshui", "a"))
    lines: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def fingerprint(self, site):
        return f"{dict(self.rules).get(site, 'a')} {dict(self.lines).get(site, ())}"

    def learned(self, site):
        return dict(self.lines).get(site, ())

    def __call__(self, capture):
        page, rules = json.loads(capture.body), dict(self.rules).get(capture.site, "a")
        menus = {squeeze(line) for line in self.learned(capture.site)}
        kept, removals, uncleaned = [], [], [*page["lines"], page["footer"]]
        uncleaned += [page["counter"]] if page["counter"] else []
        for part in capture.parts:
            uncleaned += json.loads(part)["lines"]
        for at, line in enumerate(uncleaned):
            rule = "counter" if line == page["counter"] and "b" in rules else "footer" if line == page["footer"] and "d" in rules else ""
            rule = rule or ("learned" if squeeze(line) in menus else "")
            if rule:
                removals.append(Removal(rule, rule, (at, 0, len(line)), line))
            else:
                kept.append(Paragraph(line))
        files = tuple(Attachment(url, title) for url, title in page["files"])
        flags = ("soft_404",) if page["soft"] and "c" not in rules else ()
        issued = date(2024, 1, 1 + page["day"]) if page["day"] else None
        notice = Notice(
            title=page["title"],
            issued=issued,
            document_number=page["number"],
            paragraphs=tuple(kept),
            removals=tuple(removals),
            attachments=files,
            flags=flags,
            uncleaned="\n".join(uncleaned),
            reader="density",
        )
        return notice, self.fingerprint(capture.site)


def read_file(capture):
    return FileText(capture.body.decode(), media_type="text/plain")


WEIGHTS = {
    "page": 30, "unread": 2, "leftovers": 2, "same": 4, "fail": 9, "redirect": 4, "home": 1, "file": 7, "unread_file": 3, "read_files": 2,
    "listing": 3, "walk": 2, "run": 5, "merge": 2, "split": 2, "undo": 2, "takedown": 2, "lift": 2, "rules": 2, "rebuild": 2, "learn": 1,
    "relate": 1, "carry": 1, "old": 1, "policy": 1, "dictionary": 1,
}  # fmt: skip


def history(seed, length):
    """Choose the steps of a history."""
    random = Random(seed)
    names = random.choices([*WEIGHTS], [*WEIGHTS.values()], k=length)
    return [(step, tuple(random.randrange(1 << 16) for _ in range(9))) for step in names]


@dataclass
class World:
    """The archive and what the test knows of it."""

    folder: Path
    reader: Reader = Reader()
    hours: float = 0.0
    counter: int = 0
    run: int | None = None
    run_site: str = "linshui"
    moves: list[int] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    withheld: dict[int, set[str]] = field(default_factory=dict)
    removed: bool = False
    captured: list[str] = field(default_factory=list)

    def __post_init__(self):
        self.archive = Archive.open(self.folder / "a.db")
        for site, root in SITES.items():
            self.archive.keep_site(site, f"{site}县人民政府", root, "county", channels=[("tz", f"{root}/tz/", "daily")])

    @property
    def store(self):
        return self.archive._store

    def do(self, step, numbers):
        getattr(self, f"do_{step}")(*numbers)

    # captures

    def _moment(self, when):
        """Mostly later than all before, sometimes long ago."""
        if when % 6 == 0:
            return START + timedelta(hours=self.hours * (when % 97) / 97, seconds=self.counter % 59 + 1)
        self.hours += (0.01, 0.5, 5, 30, 80)[when % 5]
        return START + timedelta(hours=self.hours)

    def _capture(self, url, when, body=b"", **fields):
        self.counter += 1
        run = self.run if self.run is not None and site_of(url) == self.run_site else None
        fields = {"status": 200, "headers": (("Content-Type", "text/html"),)} | fields
        record = f"urn:uuid:00000000-0000-4000-8000-{self.counter:012d}"
        capture = Capture(site_of(url), url, self._moment(when), body=body, record_id=record, **fields)
        self.captured.append(record)
        return self.archive.add(capture, run)

    def _body(self, url, text, title, number, files, cosmetic, counter, soft):  # noqa: PLR0917 - the choices of a step
        lines = [TEXTS[text % len(TEXTS)]] + (
            [OWN[url] + "，为低保对象，公示期内如有异议请向本局反映，逾期不再受理，特此公示并请各单位互相转告。"] if url in OWN else []
        )
        if cosmetic % 5 == 0:
            lines = [line.replace("，", "， ") for line in lines]
        if cosmetic % 7 == 0:
            lines.insert(0, MENU)
        own = [FILES[PAGES.index(url) % len(FILES)]] if url in PAGES else FILES[:1]
        chosen = [own, [], FILES[:2], own][files % 4]
        page = {
            "lines": lines,
            "title": "页面不存在" if soft % 15 == 0 else TITLES[title % len(TITLES)],
            "number": NUMBERS[number % len(NUMBERS)],
            "files": [(file, f"附件{FILES.index(file)}") for file in chosen],
            "footer": f"版权所有{site_of(url)}",
            "counter": f"浏览次数：{counter % 3}" if counter % 4 == 0 else "",
            "soft": soft % 15 == 0,
            "day": number % 9,
        }
        return json.dumps(page, ensure_ascii=False).encode()

    def _page(self, url, when, *variant):
        return self._capture(URLS[url % len(URLS)], when, self._body(URLS[url % len(URLS)], *variant))

    def _read(self, capture):
        if capture.outcome != "ok":
            return
        notice, fingerprint = self.reader(capture)
        for before in self.archive.stale(capture, fingerprint):
            self.archive.read(before, self.reader(before)[0], fingerprint=fingerprint)
        principal = (PAGES[0], "mobile twin") if capture.url == TWIN else None
        self.archive.read(capture, notice, fingerprint=fingerprint, principal=principal)

    def do_page(self, url, when, *variant):
        self._read(self._page(url, when, *variant))

    def do_unread(self, url, when, *variant):
        self._page(url, when, *variant)

    def do_leftovers(self, *_):
        for capture in list(self.archive.unread()):
            self._read(capture)
        for site in SITES:
            for capture in list(self.archive.unattached(site)):
                self.archive.attach(capture)

    def do_carry(self, url, when, *variant):
        capture = self._page(url, when, *variant)
        if capture.outcome == "ok":
            capture = self.archive.carry(capture, (json.dumps({"lines": ["第二页的正文。"]}).encode(),))
        self._read(capture)

    def do_same(self, url, when, *_):
        self._capture(URLS[url % len(URLS)], when, status=304, outcome="unchanged")

    def do_fail(self, url, when, kind, file, *_):
        status, outcome = [(404, "missing"), (404, "missing"), (410, "gone"), (403, "blocked"), (200, "challenge"), (None, "failed")][
            kind % 6
        ]
        target, role = (FILES[file % len(FILES)], "attachment") if file % 5 == 0 else (URLS[url % len(URLS)], "notice")
        self._capture(target, when, b"" if status is None else b"<p>no</p>", status=status, outcome=outcome, role=role)

    def do_redirect(self, url, when, to, *variant):
        target = URLS[to % len(URLS)]
        if target == URLS[url % len(URLS)]:
            return
        self._capture(URLS[url % len(URLS)], when, status=302, outcome="redirected", redirected_to=target)
        if to % 3:
            self._read(self._capture(target, 1 if when % 6 else when, self._body(target, *variant[:-1], *variant[-2:])))

    def do_home(self, url, when, *_):
        url = URLS[url % len(URLS)]
        self._capture(url, when, status=302, outcome="missing", redirected_to=HOMES[site_of(url) == "heyuan"])

    def _file(self, file, when, content):
        url = FILES[file % len(FILES)]
        return self._capture(url, when, f"名单{'甲乙丙'[content % 3]} 档案{FILES.index(url)}".encode(), role="attachment")

    def do_file(self, file, when, content, *_):
        capture = self._file(file, when, content)
        self.archive.attach(capture, None if self.archive.has_text(capture) or capture.outcome != "ok" else read_file(capture))

    def do_unread_file(self, file, when, content, *_):
        self.archive.attach(self._file(file, when, content))

    def do_read_files(self, *_):
        for capture in list(self.archive.unread_files()):
            self.archive.attach(capture, read_file(capture))

    # runs and lists

    def do_run(self, site, kind, *_):
        if self.run is None:
            self.run_site = [*SITES][site % 2]
            self.run = self.archive.start_run(self.run_site, "crawl" if kind % 3 else "import")
        else:
            run, self.run = self.run, None
            self.archive.end_run(run, "complete")
        if kind % 11 == 0:
            self.archive.interrupt_runs(self.run_site)
            self.run = None

    def do_listing(self, site, which, title, *_):
        if self.run is None:
            return
        urls = [url for number, url in enumerate(URLS) if site_of(url) == self.run_site and which >> number & 1]
        entries = [Entry(url, TITLES[title % len(TITLES)], date(2024, 1, 2), "tz") for url in urls]
        self.archive.list_entries(self.run, self.run_site, "tz", entries)

    def do_walk(self, site, which, title, full, *_):
        self.do_listing(site, which, title)
        if self.run is not None:
            self.archive.end_channel(
                self.run, self.run_site, "tz", bool(full % 4), None if full % 4 else {"url": HOMES[0]}, full=bool(full % 3)
            )

    # works

    def _works(self, where="version is not null"):
        with self.archive.reading() as connection:
            return [row[0] for row in connection.execute(f"select id from notices where {where} order by id")]

    def do_merge(self, one, into, *_):
        works = self._works()
        if len(works) > 1:
            with suppress(ArchiveError):
                moved = merge(self.archive, works[one % len(works)], works[into % len(works)], "同一份")
                self.moves += [each.number for each in moved]

    def do_split(self, url, *_):
        with suppress(ArchiveError):
            self.moves.append(split(self.archive, URLS[url % len(URLS)], "另一份").number)

    def do_undo(self, which, *_):
        with self.archive.reading() as connection:
            moves = [row[0] for row in connection.execute("select id from moves order by id desc limit 4")]
        try:
            if moves:
                undo(self.archive, moves[which % len(moves)])
        except ArchiveError:
            pass

    def do_takedown(self, work, mode, titled, *_):
        works = self._works()
        if works:
            work = works[work % len(works)]
            with self.archive.reading() as connection:
                urls = {row[0] for row in connection.execute("select url from addresses where notice = ?", (work,))}
            try:
                taken = take_down(self.store, work, "要求", mode="removed" if mode % 3 == 0 else "sealed", titled=bool(titled % 2))
            except ArchiveError:
                return
            self.withheld[taken.id] = urls

    def do_lift(self, which, *_):
        with self.archive.reading() as connection:
            sealed = [each for each in takedowns(connection) if each.mode == "sealed" and not each.lifted_at]
        if sealed:
            number = sealed[which % len(sealed)].id
            try:
                lift(self.store, number, "误报")
            except ArchiveError:
                return
            self.withheld.pop(number)

    # reading again

    def do_rules(self, site, rules, rebuild_it, *_):
        site = [*SITES][site % 2]
        self.reader = replace(
            self.reader, rules=tuple(sorted((dict(self.reader.rules) | {site: ["a", "b", "c", "d", "bd"][rules % 5]}).items()))
        )
        if rebuild_it % 2:
            self._rebuild(site=site)

    def do_rebuild(self, which, *_):
        if which % 3 == 0:
            self._rebuild(everything=True)
        else:
            self._rebuild(site=None if which % 3 == 1 else [*SITES][which % 2])

    def _rebuild(self, **asked):
        with self.archive.reading() as connection:
            self.reader = replace(self.reader, lines=tuple(sorted(learned.planned(connection, asked.get("site")).items())))
        return self.archive.rebuild(self.reader, read_file, **asked)

    def do_learn(self, site, state, *_):
        site = [*SITES][site % 2]
        learned.learn(self.store)
        with self.archive.reading() as connection:
            known = learned.lines(connection, site)
        learned.decide(self.store, site, MENU, "unpinned" if known and state % 3 == 0 else "pinned")

    def do_relate(self, every, *_):
        relate(self.store, every=bool(every % 2))

    def do_policy(self, failures, hours, *_):
        self.archive.keep_policy(2 + failures % 2, 24 + hours % 2 * 24)

    def do_dictionary(self, site, *_):
        with suppress(ArchiveError):
            self.archive.train_dictionary([*SITES][site % 2])

    def do_old(self, *_):
        """What spiders and schedulers ask."""
        archive = self.archive
        history, frontier = archive.history("linshui"), archive.frontier("linshui")
        history.known(URLS), history.pending(), history.due(datetime.now(UTC)), history.files(), history.missing_files(), frontier.count()
        history.checked(), history.last_complete_run(), history.resume_point("tz"), archive.status(), archive.due_channels()
        archive.validators(URLS[0])
        for capture in archive.captures():
            assert capture.record_id in self.captured

    # what has to hold

    def settle(self):
        """Bring everything to rest, as the end of a run does."""
        for capture in list(self.archive.unread()):
            self._read(capture)
        for site in SITES:
            for capture in list(self.archive.unattached(site)):
                self.archive.attach(capture)
        self.archive.catch_up_search()
        relate(self.store)

    def check(self, *, deep=True):
        self.archive.catch_up_search()
        report = verify(self.archive.path)
        assert report.sound, [str(damage) for damage in report.damages][:5]
        self._check_pointers()
        self._check_names()
        self._check_search()
        self._check_withheld()
        self._check_events()
        if deep:
            self._check_again()

    def _check_pointers(self):
        with self.archive.reading() as connection:
            lost = "select url from addresses a where notice is null and exists (select 1 from versions where address = a.id)"
            assert not connection.execute(lost).fetchall()
            wrong = (
                "select id from notices n where version is not null and addresses <> (select count(*) from addresses where notice = n.id)"
            )
            assert not connection.execute(wrong).fetchall()
            hidden = (
                "select n.id from notices n where version is null and exists (select 1 from addresses a join versions v on v.address = a.id"
                " and v.merged_into is null where a.notice = n.id)"
            )
            assert not connection.execute(hidden).fetchall()

    def _check_names(self):
        with self.archive.reading() as connection:
            for work in self._works():
                self.names |= {name(work, version) for version in versions_of(connection, work)}
            for citation in self.names:
                assert resolve(connection, citation)

    def _texts(self, notice, version_files):
        return "\n".join(filter(None, (notice.title, notice.document_number))), notice.text, version_files

    def _check_search(self):
        with self.archive.reading() as connection:
            shown, said = {}, {}
            for row in connection.execute(_SHOWN):
                files = _files_of(connection, row["version"])
                fields = _said(row["document"], files)
                said.setdefault(row["notice"], []).append(fields)
                if row["version"] == row["shown"]:
                    shown[row["notice"]] = fields
        assert {notice.id for notice in self.archive.notices()} == set(shown)
        for query in QUERIES:
            wanted = {work for work, fields in shown.items() if scan(query, *fields)}
            found = {hit.notice for hit in self.archive.search(query, limit=100)}
            assert found == wanted, (query, found, wanted)
            assert int(self.archive.count(query)) == len(wanted)
            wanted = {work for work, versions in said.items() if any(scan(query, *fields) for fields in versions)}
            found = {hit.notice for hit in self.archive.search(query, limit=100, history=True)}
            assert found == wanted, ("history", query, found, wanted)

    def _check_withheld(self):
        withheld = {url for urls in self.withheld.values() for url in urls}
        secrets = [OWN[url] for url in withheld if url in OWN]
        if not secrets:
            return
        with self.archive.reading() as connection:
            tables = [row[0] for row in connection.execute("select name from sqlite_master where type = 'table'")]
            held = {
                table: repr([[_open(value) for value in row] for row in connection.execute(f"select * from {table}")])
                for table in tables
                if (table != "sealed" and not table.startswith("search_")) or table == "search_stale"
            }
            held["search_rows"] = repr([bytes(row[0]).decode("utf-16-le") for row in connection.execute("select said from search_rows")])
        held["captures"] += repr(
            [capture.body.decode() + repr([part.decode() for part in capture.parts]) for capture in self.archive.captures()]
        )
        for form in ("jsonl", "text"):
            out = io.BytesIO()
            export(self.archive, form, out)
            held[form] = out.getvalue().decode()
        held["warc"] = self._warc().decode("utf-8", "replace")
        for secret in secrets:
            assert not [table for table, text in held.items() if secret in text], secret
            assert not self.archive.search(secret, history=True)

    def _warc(self):
        out = io.BytesIO()
        export_captures(self.archive, "warc", out)
        data = out.getvalue()
        return gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data

    def _check_events(self):
        """Whatever is told as changed at the source is another text or other parts, read by the same rules in both captures."""
        told = [event for event in self.archive.events() if event.kind in {EventKind.SUBSTANTIVE, EventKind.METADATA, EventKind.ATTACHMENT}]
        with self.archive.reading() as connection:
            for event in told:
                rows = [
                    connection.execute(_VERSION, (event.evidence[name],)).fetchone()
                    for name in ("before", "version")
                    if event.evidence.get(name)
                ]
                assert len(rows) == 2, event
                assert rows[0]["payload"] != rows[1]["payload"] or event.kind is not EventKind.SUBSTANTIVE, event

    def _check_again(self):
        """Reading all again by the same rules changes nothing."""
        self.settle()
        self._rebuild()
        before = dump(self.archive)
        self._rebuild(everything=True)
        assert_equal(before, dump(self.archive))
        report = verify(self.archive.path)
        assert report.sound, [str(damage) for damage in report.damages][:5]

    def check_copies(self):
        """A backup is the same; what comes of the exported captures, in whatever order they come in, is the same."""
        copy = backup(self.archive.path, self.folder / "copy.db")
        with Archive.open(copy.path) as other:
            assert_equal(dump(self.archive), dump(other))
        with self.archive.reading() as connection:
            simple = not connection.execute("select 1 from outages union select 1 from takedowns").fetchone()
        kept = list(self.archive.captures()) if simple else []
        again = [self._taken_in(captures) for captures in (kept, kept[::-1], Random(1).sample(kept, len(kept)))]
        if simple:
            with self.archive.reading() as connection:
                policy = connection.execute("select failures, hours from life_policy").fetchone()
            if policy is None:
                assert_equal(again[0], again[1])
                assert_equal(again[0], again[2])
                own = told(self.archive)
                assert_equal({"states": own["states"]}, {"states": again[0]["states"]})
        self._check_export()

    def _taken_in(self, captures):
        with tempfile.TemporaryDirectory() as folder, Archive.open(Path(folder) / "b.db") as other:
            mine, self.archive = self.archive, other
            try:
                for capture in captures:
                    outcome = {"outcome": "ok", "reason": ""} if capture.reason == "as read" else {}
                    kept = other.add(replace(capture, **outcome))
                    if kept.role == "attachment" and kept.outcome == "ok":
                        other.attach(kept, None if other.has_text(kept) else read_file(kept))
                    elif kept.role == "notice":
                        self._read(kept)
                other.catch_up_search()
                report = verify(other.path)
                assert report.sound, [str(damage) for damage in report.damages][:5]
                return told(other)
            finally:
                self.archive = mine

    def _check_export(self):
        path = self.folder / "out.warc.gz"
        export_captures(self.archive, "warc", path)
        with tempfile.TemporaryDirectory() as folder, Archive.open(Path(folder) / "b.db") as other:
            for found in read_records(path):
                if found.capture is not None:
                    with other.write() as connection:
                        keep_records(connection, found, other.add(found.capture))
            mine = {c.record_id: c for c in self.archive.captures() if c.outcome != "withheld"}
            theirs = {c.record_id: c for c in other.captures()}
            assert mine.keys() == theirs.keys(), mine.keys() ^ theirs.keys()
            for record, capture in mine.items():
                outcome = {"outcome": "ok", "reason": ""} if capture.reason == "as read" else {}
                assert replace(capture, **outcome) == theirs[record], (capture, theirs[record])


_SHOWN = """
    select n.id as notice, n.version as shown, v.id as version, coalesce(r.document, s.document) as document
    from notices n join addresses a on a.notice = n.id join versions v on v.address = a.id and v.merged_into is null
    join readings r on r.id = v.reading left join readings s on s.id = r.same_as
    where n.takedown is null and n.version is not null
"""
_VERSION = "select c.payload from versions v join captures c on c.id = v.capture where v.id = ?"


def _said(document, files):
    document = json.loads(document)
    text = "\n".join(paragraph["text"] if isinstance(paragraph, dict) else paragraph for paragraph in document.get("paragraphs", ()))
    return "\n".join(filter(None, (document.get("title"), document.get("document_number")))), text, files


def _files_of(connection, version):
    """What files of a version say, from the payloads and texts, as the tables' description has it."""
    address, parts = connection.execute("select address, parts from versions where id = ?", (version,)).fetchone()
    found = []
    for url, digest in json.loads(parts)["files"]:
        title = connection.execute("select title from attachments where address = ? and url = ?", (address, url)).fetchone()
        text = connection.execute(
            "select t.text from payloads p join file_texts t on t.payload = p.id where p.digest = ?", (digest,)
        ).fetchone()
        found.append(f"{title[0] if title else ''}\n{text[0] if text else ''}")
    return "\n".join(found)


def _open(value):
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value


LOGS = {"rebuilds", "related_until", "_sqlite_migrations", "runs", "sqlite_stat1", "sqlite_sequence"}
VOLATILE = {"found_at"}


def dump(archive):
    """Give all rows of all tables, but for logs of what was done here, in an order that their numbers do not make."""
    with archive.reading() as connection:
        names = [row[0] for row in connection.execute("select name from sqlite_master where type = 'table' order by 1")]
        names = [
            each
            for each in names
            if each not in LOGS and not each.startswith("rebuild") and (each == "search_rows" or not each.startswith("search"))
        ]
        tables = {}
        for table in names:
            rows = [dict(row) for row in connection.execute(f"select * from {table}")]
            kept = [{key: value for key, value in row.items() if key not in VOLATILE and (key, table) not in _NUMBERED} for row in rows]
            tables[table] = sorted((tuple(sorted(row.items())) for row in kept), key=repr)
    return tables


_NUMBERED = {
    ("row", "search_rows"),
    ("search_row", "notices"),
    ("version", "profiles"),
    ("id", "citations"),
    ("id", "validities"),
    ("id", "removals"),
    ("id", "attachments"),
}


def told(archive):
    """Give what is told of each address, with no number that the order of coming makes."""
    with archive.reading() as connection:
        versions = connection.execute("""
            select a.url, v.captured_at, v.number, v.class, v.text_digest, v.parts from versions v join addresses a on a.id = v.address
            where v.merged_into is null order by 1, 2""").fetchall()
        states = connection.execute("""
            select a.url, s.number, s.state, s.last_before, s.first_seen, s.last_seen, s.ended, s.confirmed from address_states s
            join addresses a on a.id = s.address order by 1, 2""").fetchall()
        addresses = connection.execute("""
            select url, first_seen, last_checked, last_seen, state, state_seen, next_check from addresses
            where exists (select 1 from captures where address = addresses.id) order by 1""").fetchall()
        links = connection.execute(
            "select a.url, f.url, f.title, f.payload from attachments f join addresses a on a.id = f.address order by 1, 2"
        )
        return {
            "versions": [tuple(row) for row in versions],
            "states": [tuple(row) for row in states],
            "addresses": [tuple(row) for row in addresses],
            "links": [tuple(row) for row in links],
        }


def assert_equal(before, after):
    """Compare two dumps, and say in few words where they differ."""
    for table in before.keys() | after.keys():
        gone = [row for row in before.get(table, ()) if row not in after.get(table, ())]
        come = [row for row in after.get(table, ()) if row not in before.get(table, ())]
        assert (gone, come) == ([], []), (table, gone[:2], come[:2])


def play(steps, *, every=0, copies=True):
    """Do some steps in a new archive and check what has to hold, also after each `every` steps."""
    folder = Path(tempfile.mkdtemp())
    world = None
    try:
        world = World(folder)
        for number, (step, numbers) in enumerate(steps, 1):
            world.do(step, numbers)
            if every and number % every == 0:
                world.check(deep=False)
        world.check()
        if copies:
            world.check_copies()
    finally:
        if world:
            world.archive.close()
        shutil.rmtree(folder)


def shortest(steps, **asked):
    """Give the fewest steps found that still fail in the same way, and how they fail."""

    def failure(chosen):
        try:
            play(chosen, **asked)
        except Exception as error:  # noqa: BLE001 - whatever it is
            import traceback

            frame = traceback.extract_tb(error.__traceback__)[-1]
            return f"{type(error).__name__} {frame.name}", error
        return None

    found = failure(steps)
    if found is None:
        return steps, None
    size = len(steps) // 2
    while size:
        start = 0
        while start < len(steps):
            fewer = steps[:start] + steps[start + size :]
            other = failure(fewer)
            if other and other[0] == found[0]:
                steps, found = fewer, other
            else:
                start += size
        size //= 2
    return steps, found[1]
