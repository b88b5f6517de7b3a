"""Fuzzes one target in this process (atheris, over libFuzzer) and keeps the first input of each new kind of error.

    python -m tests.fuzz.engine TARGET CORPUS FINDS [libFuzzer options]

An error does not end the run: its input is saved once for each place it is raised at. An input that takes too long does: libFuzzer
ends the process and leaves it as `timeout-...`.
"""

from __future__ import annotations

import hashlib
import sys
import traceback
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["cleaners"], enable_loader_override=False):
    from tests.fuzz.targets import TARGETS


def main() -> None:
    """Fuzz until libFuzzer's options say enough."""
    name, corpus, finds, *options = sys.argv[1:]
    target, folder, known = TARGETS[name], Path(finds), set()
    folder.mkdir(parents=True, exist_ok=True)

    def once(given: bytes) -> None:
        try:
            target.check(given)
        except Exception as error:  # noqa: BLE001 - any error is a find
            place = tuple((frame.filename, frame.lineno) for frame in traceback.extract_tb(error.__traceback__)[-2:])
            if (type(error), place) not in known:
                known.add((type(error), place))
                (folder / hashlib.sha256(given).hexdigest()[:12]).write_bytes(given)
                print(f"FIND {name}: {type(error).__name__}: {str(error)[:200]}", flush=True)
                traceback.print_exc()

    words = Path(corpus).with_suffix(".dict")
    words.write_text("".join(f'"{_escaped(word)}"\n' for word in target.words), "ascii")
    for seed in target.seeds():
        once(seed)  # what loads a library the first time takes no input's time
        (Path(corpus) / hashlib.sha256(seed).hexdigest()[:12]).write_bytes(seed)
    limits = [f"-max_len={target.largest}", "-timeout=10", "-rss_limit_mb=2048", f"-artifact_prefix={folder}/"]
    atheris.Setup([sys.argv[0], corpus, f"-dict={words}", *limits, *options], once)
    atheris.Fuzz()


def _escaped(word: str | bytes) -> str:
    return "".join(f"\\x{byte:02x}" for byte in (word.encode() if isinstance(word, str) else word))


if __name__ == "__main__":
    main()
