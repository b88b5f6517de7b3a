"""The Nth write of a real process fails: by a shim before the C library's calls, or, without a compiler, by a limit on the size of files.

Run as a program inside the shim (`python failing_writes.py FOLDER FIRST LAST STEP`), it works on an archive once for each N in a child of its
own, and prints what came of each as a line of JSON.
"""

from __future__ import annotations

import ctypes
import errno
import json
import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
SOURCE = HERE / "failing_writes.c"
SHIM, LIMIT = "preload shim", "RLIMIT_FSIZE"


def run(folder: Path, numbers: range) -> Iterator[dict[str, object]]:
    """Let the Nth write fail for each N; gives how, N, and what came of it: the error, what was lost, what is damaged."""
    library = build(folder)
    environment = os.environ | {"PYTHONPATH": os.pathsep.join((str(HERE.parent), str(HERE)))}
    if library:
        environment |= {"LD_PRELOAD": str(library), "DIBAO_FAIL": "failing.db"}
    arguments = (sys.executable, __file__, folder, numbers.start, numbers.stop, numbers.step)
    with subprocess.Popen([*map(str, arguments)], env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield from map(json.loads, process.stdout)
    assert process.returncode == 0


def build(folder: Path) -> Path | None:
    """Compile the shim; None where there is no compiler."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None or sys.platform != "linux":
        return None
    library = folder / "failing_writes.so"
    done = subprocess.run([compiler, "-shared", "-fPIC", "-o", library, SOURCE, "-ldl"], capture_output=True, check=False)
    return library if done.returncode == 0 else None


def main() -> None:
    """Work once for each N, half of them with one write that fails, half with all after it failing too."""
    from commit_path import begin, faults, missing

    from archive import Archive

    folder, numbers = Path(sys.argv[1]), range(*map(int, sys.argv[2:5]))
    base = folder / "base.db"
    with Archive.open(base) as archive:
        begin(archive)
    for number in numbers:
        path = folder / "failing.db"
        for name in ("", "-wal", "-shm", "-journal"):
            path.with_name(path.name + name).unlink(missing_ok=True)
        shutil.copy(base, path)
        told = folder / "told"
        told.write_text("")
        error = _in_child(path, number, told)
        acknowledged = told.read_text().splitlines()
        bad = missing(path, acknowledged) + faults(path)
        bad += _goes_on(path)
        how = SHIM if "LD_PRELOAD" in os.environ else LIMIT
        print(json.dumps({"how": how, "n": number, "error": error, "kept": len(acknowledged), "bad": bad}), flush=True)


def _goes_on(path: Path) -> list[str]:
    """Do the whole work once there is room again."""
    from commit_path import faults, work

    from archive import Archive

    with Archive.open(path) as archive:
        work(archive, lambda _: None, pages=2, turns=1)
    return faults(path)


def _in_child(path: Path, number: int, told: Path) -> str:
    """Work in a fork until a write fails; gives the error as it was told, nothing where none came so far."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        try:
            os.write(write, _until_it_fails(path, number, told).encode())
        finally:  # whatever else is raised is printed by nobody: the parent sees that nothing was told
            os._exit(0)
    os.close(write)
    with os.fdopen(read, encoding="utf-8") as pipe:
        error = pipe.read()
    _, status = os.waitpid(child, 0)
    return error if status == 0 and error else f"ended with status {status} and said nothing"


def _until_it_fails(path: Path, number: int, told: Path) -> str:
    from commit_path import work

    from archive import Archive
    from cleaners.errors import ArchiveError

    _arm(path, number)
    try:
        with told.open("a") as out, Archive.open(path) as archive:
            work(archive, lambda said: print(said, file=out, flush=True))
    except ArchiveError as error:
        return f"ArchiveError: {error}"
    return "no write failed"


def _arm(path: Path, number: int) -> None:
    if "LD_PRELOAD" in os.environ:
        code = errno.ENOSPC if number % 4 < 2 else errno.EIO
        ctypes.CDLL(None).dibao_arm(ctypes.c_long(number), code, number % 2)
    else:
        resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + number * 4096, resource.RLIM_INFINITY))


if __name__ == "__main__":
    main()
