"""Property tests have no deadline: the first example of a run loads tables, and a busy machine is no bug."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("cleaners", deadline=None)
settings.load_profile("cleaners")
