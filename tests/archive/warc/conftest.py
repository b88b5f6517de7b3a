import pytest
from warc_files import Writer

from archive import Archive


@pytest.fixture
def writer(tmp_path):
    return Writer(tmp_path / "made.warc")


@pytest.fixture(scope="session")
def blank(tmp_path_factory):
    """Give folders with an empty archive a.db in each: making one takes longer than a test does."""
    made = tmp_path_factory.mktemp("blank") / "a.db"
    Archive.open(made).close()
    content = made.read_bytes()

    def folder():
        place = tmp_path_factory.mktemp("round")
        (place / "a.db").write_bytes(content)
        return place

    return folder
