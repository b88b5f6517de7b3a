"""The keeping: every capture as it came, what was read in it, its versions, search, and export.

`Archive` (`archive.store`) is the way in; the tables are described in `archive.schema`.
"""

from archive.readings import Change
from archive.rebuilding.rebuild import Rebuild
from archive.search import Hit
from archive.store import Archive
from archive.views import KeptNotice, KeptVersion

__all__ = ["Archive", "Change", "Hit", "KeptNotice", "KeptVersion", "Rebuild"]
