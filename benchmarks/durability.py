"""Durability: an archive that is killed, cut off, refused by its disk, read, copied and gnawed at; nothing acknowledged may be lost.

    python benchmarks/durability.py [--only kills cuts writes writers readers flips backups] [--seed 1] [--quick] [--json] [--check]

Bars, checked with --check (in brackets what --quick does):
    kills     500 [20] SIGKILLs, at every named statement of the commit path and at random: nothing acknowledged lost, nothing damaged
    cuts      1,000 [45] simulated power cuts (nothing, some sectors, torn sectors of what was not synced): the same
    writes    the Nth write failing for N in 1..300 [every 30th]: one clear error, the same, and work goes on afterwards
    writers   two processes, 10,000 [200] pages between them: no error on either side, nothing lost
    readers   10 minutes [10 s] of Datasette readers beside a writer: 0 errors on either side, 99 of 100 answers within 500 ms
    flips     1,000 [40] single bits turned over where something stands: all in the rows of records found and named; all in what is
              derived found or harmless; 200 [10] more where nothing does: harmless
    backups   100 [2] copies of an archive that is written to, restored: exports the same byte for byte

What is lost or damaged is looked for by `dibao verify` and by the record ids that were acknowledged (`tests/commit_path.py`).
"""

from __future__ import annotations

import argparse
import io
import json
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

sys.path[0] = str(Path(__file__).resolve().parents[1])
sys.path.insert(1, str(Path(__file__).resolve().parents[1] / "tests"))

import bit_flips  # noqa: E402
import failing_writes  # noqa: E402
import power_cuts  # noqa: E402
import statement_kills  # noqa: E402
import under_load  # noqa: E402

from archive import Archive  # noqa: E402
from archive.export import export  # noqa: E402
from archive.preservation.backup import backup, restore  # noqa: E402
from archive.preservation.verify import verify  # noqa: E402

Found = dict[str, Any]


def kills(folder: Path, random: Random, *, quick: bool) -> Found:
    """Kill at statements and at random moments; each archive is killed ten times over."""
    most = 20 if quick else 500
    at_random = most // 5
    chosen = statement_kills.places(folder, random, most - at_random)
    bad: list[str] = []
    for number, (name, at) in enumerate(chosen):
        path = folder / f"kills{number // 10}.db"
        bad += [f"{name} ({at}): {fault}" for fault in statement_kills.check(path, statement_kills.kill_at_statement(path, at))]
    for number in range(at_random):
        path = folder / f"moments{number // 10}.db"
        bad += statement_kills.check(path, statement_kills.kill_after(path, random.random() * 0.5))
    return {"kills": len(chosen) + at_random, "steps": len({name for name, _ in chosen}), "at_random": at_random, "bad": bad}


def cuts(folder: Path, random: Random, *, quick: bool) -> Found:
    """Cut the power at random moments of the tape, in each mode as often as in the others."""
    statements, acknowledged = power_cuts.record(folder)
    tape = power_cuts.replay(statements, folder)
    number, bad, lost = 45 if quick else 1000, [], 0
    for turn in range(number):
        mode, at = power_cuts.MODES[turn % len(power_cuts.MODES)], random.randrange(len(tape.events) + 1)
        files, kept = tape.cut(at, mode, random)
        found = power_cuts.check(power_cuts.restart(files, folder), acknowledged[:kept])
        bad += [f"{mode} at {at}: {fault}" for fault in found]
        lost += bool(found)
    modes = dict(Counter(power_cuts.MODES[turn % len(power_cuts.MODES)] for turn in range(number)))
    return {"cuts": number, "modes": modes, "statements": len(statements), "events": len(tape.events), "bad": bad}


def writes(folder: Path, _random: Random, *, quick: bool) -> Found:
    """Let the Nth write fail."""
    found = list(failing_writes.run(folder, range(1, 301, 30 if quick else 1)))
    bad = [f"N={row['n']}: {fault}" for row in found for fault in row["bad"]]  # type: ignore[attr-defined]
    unclear = [f"N={row['n']}: {row['error']}" for row in found if not str(row["error"]).startswith("ArchiveError")]
    return {"tried": len(found), "how": dict(Counter(str(row["how"]) for row in found)), "bad": bad + unclear}


def writers(folder: Path, _random: Random, *, quick: bool) -> Found:
    """Have two processes write as fast as they can."""
    path, wanted = folder / "writers.db", 200 if quick else 10_000
    Archive.open(path).close()
    with under_load.writer(path, 0, 0) as one, under_load.writer(path, 1000, 0) as other:
        while _captures(path) < wanted:
            time.sleep(0.5)
    bad = [each.error for each in (one, other) if each.error]
    commits = len(one.commits) + len(other.commits)
    bad += [] if commits == _captures(path) else [f"{commits} pages were acknowledged, {_captures(path)} are kept"]
    return {"pages": commits, "bad": bad + [str(damage) for damage in verify(path).damages]}


def readers(folder: Path, _random: Random, *, quick: bool) -> Found:
    """Read through Datasette beside a writer."""
    path = folder / "readers.db"
    Archive.open(path).close()
    with under_load.writer(path) as writing:
        while _captures(path) < 50:
            time.sleep(0.1)
        answers = under_load.read_for(path, 10 if quick else 600)
        writing.stop()
    log = path.with_name(f"{path.name}-wal")
    commits = sorted(writing.commits)
    return {
        "answers": len(answers.seconds),
        "p99_read_ms": round(answers.p99 * 1000),
        "commits": len(commits),
        "p99_commit_ms": round(commits[int(len(commits) * 0.99)] * 1000),
        "log_bytes": log.stat().st_size if log.exists() else 0,
        "bad": answers.errors[:20] + ([writing.error] if writing.error else []) + [str(damage) for damage in verify(path).damages],
    }


def flips(folder: Path, random: Random, *, quick: bool) -> Found:
    """Turn bits over anywhere in the file."""
    path = bit_flips.make(folder)
    tally: Counter[str] = Counter()
    bad = []
    used, unused = (40, 10) if quick else (1000, 200)
    # most of a small archive's file is unused, so that is tried apart
    for flip in (*bit_flips.flips(path, used, random, used=True), *bit_flips.flips(path, unused, random, used=False)):
        said = "found and named" if flip.found and flip.named else "found" if flip.found else "harmless" if flip.harmless else "harmful"
        tally[f"{flip.kind}: {said}"] += 1
        if (flip.kind == bit_flips.RECORD and not flip.named) or not (flip.found or flip.harmless):
            bad.append(str(flip))
    return {"flips": sum(tally.values()), "bytes": path.stat().st_size, "tally": dict(sorted(tally.items())), "bad": bad}


def backups(folder: Path, _random: Random, *, quick: bool) -> Found:
    """Copy an archive that is written to, and restore each copy."""
    path, number, bad = folder / "copied.db", 2 if quick else 100, []
    Archive.open(path).close()
    with under_load.writer(path, 0, 0.005) as writing:
        while _captures(path) < 50:
            time.sleep(0.1)
        for turn in range(number):
            before = _captures(path)
            copy = backup(path, folder / "copies", keep=3).path
            back = folder / "back.db"
            restore(copy, back, replace=back.exists())
            for left in folder.glob("back.db.replaced-*"):
                left.unlink()
            if _exported(copy) != _exported(back):
                bad.append(f"backup {turn}: exports differ")
            if _captures(back) < before:
                bad.append(f"backup {turn}: {before} were acknowledged, {_captures(back)} are in it")
        writing.stop()
    last = backup(path, folder / "copies").path
    bad += [] if _exported(last) == _exported(path) else ["the last one: exports differ from the archive's"]
    return {"backups": number, "pages": len(writing.commits), "bad": bad + ([writing.error] if writing.error else [])}


def _captures(path: Path) -> int:
    with Archive.open(path, for_reading=True) as archive, archive.reading() as connection:
        return int(connection.execute("select count(*) from captures").fetchone()[0])


def _exported(path: Path) -> bytes:
    out = io.BytesIO()
    with Archive.open(path, for_reading=True) as archive:
        export(archive, "jsonl", out)
    return out.getvalue()


PARTS: dict[str, Callable[..., Found]] = {
    "kills": kills,
    "cuts": cuts,
    "writes": writes,
    "writers": writers,
    "readers": readers,
    "flips": flips,
    "backups": backups,
}
SLOWEST_READ = 500  # milliseconds


def main() -> int:
    """Measure as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", choices=list(PARTS), default=list(PARTS))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--check", action="store_true", help="exit with 1 where a bar is missed")
    given = parser.parse_args()
    found: dict[str, Found] = {}
    for part in given.only:
        begun = time.monotonic()
        with TemporaryDirectory() as folder:
            found[part] = PARTS[part](Path(folder), Random(given.seed), quick=given.quick)
        found[part]["seconds"] = round(time.monotonic() - begun, 1)
        print(f"{part}: {found[part]}", file=sys.stderr, flush=True)
    if given.json:
        print(json.dumps(found, indent=2, ensure_ascii=False))
    else:
        print("\n".join(f"{part}: " + ", ".join(f"{name} {value}" for name, value in told.items()) for part, told in found.items()))
    slow = found.get("readers", {}).get("p99_read_ms", 0) > SLOWEST_READ
    return int(given.check and (slow or any(told["bad"] for told in found.values())))


if __name__ == "__main__":
    sys.exit(main())
