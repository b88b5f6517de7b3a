"""What the readers of office files have in common when a file fails: the error becomes a record with its flag and reason."""

from __future__ import annotations

import functools
from collections.abc import Callable

from cleaners.attachments.records import FileText
from cleaners.errors import FileError

Reader = Callable[[bytes], FileText]


def recorded(media_type: str) -> Callable[[Reader], Reader]:
    """Make a reader give a record, with what its `FileError` says, instead of raising it."""

    def wrap(reader: Reader) -> Reader:
        @functools.wraps(reader)
        def read(body: bytes) -> FileText:
            try:
                return reader(body)
            except FileError as error:
                return FileText(media_type=media_type).flagged(error.flag, reason=f"{str(error).rstrip('.')}.")

        return read

    return wrap
