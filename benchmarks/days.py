"""Thirty days of the model web: every edit, copy, move, takedown, block and return is told as what it is, and nothing else is told.

    python benchmarks/days.py [--days 30] [--quick] [--json] [--check] [--keep FOLDER]

Five model sites are crawled once a day at simulated times, as `dibao crawl --recheck all` does, and again an hour later where something
waits to be confirmed. What the archive then tells (events, relations, gaps in series) is compared with what happened
(`crawler.demo.month`). Bars, with `--check`: nothing missed, nothing told that did not happen. `--quick` ends after ten days;
`--keep` leaves the archive in a folder.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from month_judge import Judgement, compare, show
from month_run import Month

from crawler.demo.month.story import DAYS


def measure(days: int, folder: Path) -> tuple[Judgement, float]:
    """Crawl so many days into a folder; gives what was told of them, and the seconds they took."""
    month = Month(folder)
    for day in month.run(days):
        print(f"day {day}: {month.seconds:.0f} s", file=sys.stderr)
    return compare(month.db, days), month.seconds


def report(found: Judgement, seconds: float) -> dict[str, object]:
    """Put the figures together."""
    return {
        "events": sum(found.due.values()),
        "missed": [f"day {event.day}: {event.name[0]} {event.name[1]} {event.kind} ({event.row})" for event in found.missed],
        "false": list(map(str, found.false)),
        "seconds": round(seconds, 1),
        "table": {row: dict(counts) for row, counts in found.table.items()},
    }


def main() -> int:
    """Measure as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--days", type=int, default=DAYS)
    parser.add_argument("--quick", action="store_true", help="ten days")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--check", action="store_true", help="exit with 1 where the bar is missed")
    parser.add_argument("--keep", type=Path, help="a folder to leave the archive in")
    given = parser.parse_args()
    days = min(given.days, 10) if given.quick else given.days
    with TemporaryDirectory() as place:
        folder = given.keep or Path(place)
        folder.mkdir(parents=True, exist_ok=True)
        found, seconds = measure(days, folder)
    figures = report(found, seconds)
    if given.json:
        print(json.dumps(figures, ensure_ascii=False, indent=1))
    else:
        print(show(found))
        for event in figures["missed"]:
            print(f"missed: {event}")
        for event in figures["false"]:
            print(f"false: {event}")
        print(f"{figures['events']} events, {len(found.missed)} missed, {len(found.false)} false, {figures['seconds']} s")
    return int(given.check and not found.right)


if __name__ == "__main__":
    sys.exit(main())
