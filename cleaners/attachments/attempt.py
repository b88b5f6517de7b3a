"""One attempt at bytes from strangers: whatever error they cause is kept, so that a bad file is never an error of a run."""

from __future__ import annotations

from typing import Self


class Attempt:
    """A context that takes any error but those of this installation (ImportError) and of the person at the keyboard.

    Parsers raise errors of every kind on broken files, their libraries' own among them, which no list can keep up with.
    """

    def __init__(self) -> None:
        self.error: Exception | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        if isinstance(error, Exception) and not isinstance(error, ImportError):
            self.error = error.with_traceback(None)
        return self.error is not None
