"""Fuzzes targets one after the other: `make fuzz MINUTES=10 ARGS="dates clean"`, all of them where none is named.

Each runs in a process of its own (tests/fuzz/engine.py). The corpus grows in .fuzz/ and is used again by the next run; new finds go
to tests/fuzz/finds/TARGET/, where every test run replays them: mend the cause, then commit both.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from pathlib import Path

from tests.fuzz.targets import TARGETS

ROOT = Path(__file__).parents[2]
FINDS = Path(__file__).parent / "finds"
STATUS = re.compile(r"^#(\d+)\s+\S+\s+cov: (\d+) ft: (\d+) corp: (\d+)", re.MULTILINE)


def main() -> int:
    """Fuzz, print executions and coverage of each target, and give 1 where anything new was found."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("targets", nargs="*", help=f"of {', '.join(TARGETS)}")
    parser.add_argument("--minutes", type=float, default=10.0, help="for each target")
    parser.add_argument("--corpus", type=Path, default=ROOT / ".fuzz", help="folder of the growing corpora")
    options = parser.parse_args()
    if unknown := set(options.targets) - set(TARGETS):
        parser.error(f"no such target: {', '.join(unknown)}; there are {', '.join(TARGETS)}")
    before = _finds()
    for name in options.targets or TARGETS:
        print(name, _fuzz(name, options.corpus / name, options.minutes), flush=True)
    new = sorted(_finds() - before)
    for path in new:
        print(f"new find: {path}")
    return 1 if new else 0


def _fuzz(name: str, corpus: Path, minutes: float) -> str:
    corpus.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "tests.fuzz.engine", name, str(corpus), str(FINDS / name), f"-max_total_time={round(minutes * 60)}"]
    with (corpus.parent / f"{name}.log").open("w", encoding="utf-8") as log:
        code = subprocess.run(command, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT, check=False).returncode
    text = (corpus.parent / f"{name}.log").read_text("utf-8", "replace")
    counts = STATUS.findall(text)
    executions, edges, features, kept = counts[-1] if counts else ("0", "0", "0", "0")
    ended = "ended well" if code == 0 else f"ended with {code}: see {corpus.parent / (name + '.log')}"
    found = text.count("FIND ")
    return f"executions={executions} edges={edges} features={features} corpus={kept} finds={found} {ended}"


def _finds() -> set[Path]:
    return {path for path in FINDS.rglob("*") if path.is_file()}


if __name__ == "__main__":
    sys.exit(main())
