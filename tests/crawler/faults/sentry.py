"""Runs one site's crawl as `python -m crawler.run` does, with what lies outside this machine stubbed and watched.

`FAULTS` is JSON: `settings` to override, `names` (host -> answers of the system resolver, one list a question, the last for ever),
`open` (the addresses that may be connected to), `log` (a file, one JSON list a line: what was resolved and connected to). Any other
address is noted and answered by a closed port of this machine: nothing leaves it, whatever guard fails.
"""

import json
import os
import sys
from pathlib import Path

from twisted.internet import _resolver, posixbase
from twisted.internet.address import IPv4Address, IPv6Address

from crawler import run, settings
from crawler.network.addresses import read_literal

PLAN = json.loads(os.environ["FAULTS"])
answers = {name: list(given) for name, given in PLAN["names"].items()}
connect = posixbase.PosixReactorBase.connectTCP


def note(*what):
    with Path(PLAN["log"]).open("a", encoding="utf-8") as file:
        file.write(json.dumps(what) + "\n")


def resolve(_self, receiver, name, port=0, _types=None, _semantics="TCP"):
    """Answer as the system's resolver would, from the plan; a literal in any spelling is what getaddrinfo takes it for."""
    receiver.resolutionBegan(None)
    literal = read_literal(name)
    given = answers.get(name.lower(), [[]])
    for host in [literal] if literal else given.pop(0) if len(given) > 1 else given[0]:
        receiver.addressResolved((IPv6Address if ":" in host else IPv4Address)("TCP", host, port))
    note("resolve", name)
    receiver.resolutionComplete()


def watched(self, host, port, *args, **kwargs):
    """Note where a connection goes to, and let it go nowhere else than the plan allows."""
    note("connect", host, port)
    return connect(self, *((host, port) if [host, port] in PLAN["open"] else ("127.0.0.1", PLAN["closed"])), *args, **kwargs)


if __name__ == "__main__":
    _resolver.GAIResolver.resolveHostName = resolve
    posixbase.PosixReactorBase.connectTCP = watched
    for key, value in PLAN["settings"].items():
        setattr(settings, key, value)
    for guard in PLAN.get("off", ()):
        exec(guard)
    sys.exit(run.main())
