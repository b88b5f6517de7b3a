"""Serves the scripted model site until it is stopped: `python -m crawler.demo.scripted HOSTS`, the file to write its address to."""

import sys
from contextlib import suppress
from threading import Event

from crawler.demo.scripted import HOST, ScriptedWeb

with ScriptedWeb() as web, suppress(KeyboardInterrupt):
    web.write_hosts(sys.argv[1])
    print(f"ready: {HOST}, {sys.argv[1]}", flush=True)
    Event().wait()
