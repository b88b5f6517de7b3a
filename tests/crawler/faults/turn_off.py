"""Turns each guard off in turn and runs the test that has to miss it: `python tests/crawler/faults/turn_off.py`, some minutes.

A guard whose test passes without it is told, and makes the exit code 1.
"""

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
EXCHANGE, GUARD = "import crawler.exchanges.exchange as m; ", "import crawler.network.guard as m; "
GUARDS = {
    "url check of every request": (GUARD + "m.refuse_url = lambda url: ''", "test_reach.py", "every_redirect"),
    "address check in the resolver": (GUARD + "m.refuse_address = lambda address: ''", "test_reach.py", "nothing_but_the_site"),
    "scope": (
        "import crawler.network.offsite as m; m.Offsite.process_request = lambda made, request: None",
        "test_reach.py",
        "nothing_but_the_site",
    ),
    "scheme of a redirect": (EXCHANGE + "old = m._location; m._location = lambda *a: (old(*a)[0], '')", "test_reach.py", "every_redirect"),
    "links of a spider": (
        "import spiders.spider as m; m.SiteSpider.follows = lambda made, url: url[:4] == 'http'",
        "test_reach.py",
        "links_that_lead",
    ),
    "pages that only send on": (EXCHANGE + "m.classify = lambda capture: capture", "test_reach.py", "refresh"),
    "strict decoding": (
        EXCHANGE
        + "from dataclasses import replace; old = m.decode_transfer; m.decode_transfer = lambda *a, **k: replace(old(*a, **k), damaged='')",
        "test_damage.py",
        "gzip-cut-50",
    ),
    "end of the connection": (EXCHANGE + "m._cut = lambda *a: ''", "test_damage.py", "chunk-cut"),
    "end marks": (EXCHANGE + "m.broken_off = lambda body: ''; m.lacks_end = lambda body: False", "test_damage.py", "fin-at-60"),
    "bytes left over": (EXCHANGE + "m.left_over = lambda surplus: ''", "test_damage.py", "at-a-tag"),
    "comparison with the last good page": (EXCHANGE + "m.cut_short = lambda *a: ''", "test_damage.py", "lost_its_end"),
    "one more request for a damaged body": (
        "import crawler.exchanges.capture as m; m._direct = lambda *a: None",
        "test_damage.py",
        "chunk-cut",
    ),
    "bound of headers": ("import crawler.network.wire as m; m.MOST_HEADER_BYTES = 1 << 60", "test_traps.py", "endless-headers"),
    "bound of the decoded size": (
        EXCHANGE + "old = m.decode_transfer; m.decode_transfer = lambda wire, coding, limit, **k: old(wire, coding, 1 << 28, **k)",
        "test_traps.py",
        "bomb-br",
    ),
    "bound of the size": ("settings.DOWNLOAD_MAXSIZE = 1 << 40", "test_traps.py", "endless-length"),
    "bound of members": ("import crawler.exchanges.transfer as m; m.MOST_MEMBERS = 1 << 40", "test_traps.py", "bomb-members"),
    "redirect loops": (EXCHANGE + "m._looping = lambda request, capture, **k: capture", "test_traps.py", "loop-self"),
    "page budget": ("settings.CLOSESPIDER_PAGECOUNT = 0", "test_traps.py", "calendar"),
    "total deadline": ("settings.DOWNLOAD_TIMEOUT = 60", "test_traps.py", "drip-head"),
}


def main() -> int:
    """Run them all and print one line each."""
    kept = []
    for guard, (turned_off, module, test) in GUARDS.items():
        command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", str(HERE / module), "-k", test]
        done = subprocess.run(command, env=os.environ | {"FAULTS_OFF": turned_off}, capture_output=True, text=True, check=False)
        missed = done.returncode == 1
        print(f"{'missed' if missed else 'NOT MISSED'}  {guard}: {module} -k {test}", flush=True)
        kept += [] if missed else [guard]
    return 1 if kept else 0


if __name__ == "__main__":
    sys.exit(main())
