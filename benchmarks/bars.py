"""The command line benchmarks have in common, and how their figures are told beside the bars."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping


def options(doc: str | None, quick: str = "a small run") -> argparse.ArgumentParser:
    """Make the parser of --json, --quick (which means what `quick` says) and --check."""
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, what in (("json", "print one JSON object"), ("quick", quick), ("check", "exit 1 where a bar is missed")):
        parser.add_argument(f"--{name}", action="store_true", help=what)
    return parser


def tell(
    asked: argparse.Namespace,
    figures: Mapping[str, float],
    at_least: Mapping[str, float] | None = None,
    at_most: Mapping[str, float] | None = None,
) -> int:
    """Print the figures with their bars, or all as JSON; give the exit code: 1 where --check finds a measured figure to miss its bar."""
    floors, ceilings = at_least or {}, at_most or {}
    missed = [
        name for name, value in figures.items() if value < floors.get(name, float("-inf")) or value > ceilings.get(name, float("inf"))
    ]
    if asked.json:
        print(json.dumps({**figures, "missed": missed}))
    else:
        for name, value in figures.items():
            bar = f"  at least {floors[name]:g}" if name in floors else f"  at most {ceilings[name]:g}" if name in ceilings else ""
            print(f"{name:>22} {value:>12.3f}{bar}")
    if asked.check and missed:
        print(f"missed: {', '.join(missed)}", file=sys.stderr)
    return int(bool(asked.check and missed))
