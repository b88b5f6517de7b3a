"""The exception tree of the whole project.

::

    NoticeError                anything dibao raises on purpose
    ├── SiteError              a site file is wrong: names the file and the key
    ├── BlockedError           a host refuses or challenges us: reported, never worked around
    ├── FileError              an attached file that cannot be read: names what is wrong with it
    ├── LayoutError            a page no reader could make sense of, or a rule that cannot be used
    ├── LimitError             a reading took more time or memory than is spent on one input
    ├── YieldError             a source gave fewer entries than its site file expects
    └── ArchiveError           the archive cannot do what was asked: missing, locked, of another version

Every message names the file, key or URL it is about and what to do next.
"""


class NoticeError(Exception):
    """Is the base of every error dibao raises on purpose; the command line prints it without a traceback."""


class SiteError(NoticeError):
    """Says that a site file is not valid; raised by `spiders.site`. Mend the key it names, then run `dibao check`."""


class BlockedError(NoticeError):
    """Says that a host refuses or challenges the crawler; raised by `crawler`. Ask the operator of the site, or import saved pages."""


class FileError(NoticeError):
    """Says that an attached file cannot be read; raised by the readers of `cleaners.attachments`. The capture is kept as it is.

    `flag` is the word of `cleaners.attachments.records.FLAGS` that the file's record gets.
    """

    def __init__(self, reason: str, flag: str = "damaged") -> None:
        super().__init__(reason)
        self.flag = flag


class LayoutError(NoticeError):
    """Says that a page or a rule could not be used; raised by `cleaners`. Give the site a layout, or mend the rule it names."""


class LimitError(NoticeError):
    """Says that a reading took more than is spent on one input; raised by `cleaners.limits`. The capture is kept as it is.

    `limit` is "time", "memory" or "died" (the process that read it ended, as when a parser crashes).
    """

    def __init__(self, limit: str, message: str) -> None:
        super().__init__(message)
        self.limit = limit


class YieldError(NoticeError):
    """Says that a listing gave fewer entries than expected; raised by `crawler.monitor`. Look at the channel's page: it may have moved."""


class ArchiveError(NoticeError):
    """Says that the archive cannot do what was asked; raised by `archive`. The message names the file and its holder."""
