"""An archive to put notices into."""

import pytest
from related import Kept

from archive.store import Archive


@pytest.fixture
def kept(tmp_path):
    with Archive.open(tmp_path / "a.db") as archive:
        yield Kept(archive)
