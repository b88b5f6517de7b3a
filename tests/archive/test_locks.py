import errno
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from archive.locks import hold, is_held
from cleaners.errors import ArchiveError

HOLDER = "import sys, time\nfrom archive.locks import hold\nwith hold(sys.argv[1], 'site:linshui', 'dibao crawl linshui'):\n    print('held', flush=True)\n    time.sleep(600)"


def test_a_second_holder_is_told_who_the_first_is(tmp_path):
    first, second = hold(tmp_path / "a.db", "site:linshui", "dibao crawl linshui"), hold(tmp_path / "a.db", "site:linshui")
    with first, pytest.raises(ArchiveError) as refused, second:
        pass
    assert f"process {os.getpid()} (dibao crawl linshui) since 20" in str(refused.value)


def test_locks_of_other_names_are_free(tmp_path):
    with hold(tmp_path / "a.db", "site:linshui"), hold(tmp_path / "a.db", "host:www.linshui.gov.example:80/../x"):
        assert {file.parent for file in tmp_path.rglob("*.lock")} <= {tmp_path / "a.db-locks", tmp_path / "dibao-locks"}


def test_archives_beside_each_other_share_the_locks_of_hosts_and_no_others(tmp_path):
    with hold(tmp_path / "a.db", "site:linshui"), hold(tmp_path / "b.db", "site:linshui"), hold(tmp_path / "a.db", "host:linshui.gov.cn"):
        second = hold(tmp_path / "b.db", "host:linshui.gov.cn")
        with pytest.raises(ArchiveError, match=r"'host:linshui\.gov\.cn' is held by process"), second:
            pass


def test_a_lock_goes_with_its_holder_even_by_kill_9(tmp_path):
    path = tmp_path / "a.db"
    process = subprocess.Popen([sys.executable, "-c", HOLDER, path], cwd=Path(__file__).parents[2], stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "held\n"
    with pytest.raises(ArchiveError, match=f"process {process.pid} "), hold(path, "site:linshui"):
        pass
    process.send_signal(signal.SIGKILL)
    process.communicate()
    with hold(path, "site:linshui"):
        pass


def test_a_domain_another_process_crawls_into_another_archive_is_taken(tmp_path):
    code = HOLDER.replace("site:linshui", "host:linshui.gov.cn")
    process = subprocess.Popen(
        [sys.executable, "-c", code, tmp_path / "a.db"], cwd=Path(__file__).parents[2], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout.readline() == "held\n"
        with pytest.raises(ArchiveError, match=f"process {process.pid} "), hold(tmp_path / "b.db", "host:linshui.gov.cn"):
            pass
    finally:
        process.kill()
        process.communicate()


def test_a_lock_is_free_after_an_error(tmp_path):
    with pytest.raises(ZeroDivisionError), hold(tmp_path / "a.db", "archive"):
        raise ZeroDivisionError
    with hold(tmp_path / "a.db", "archive"):
        pass


def test_a_disk_that_refuses_is_told_and_leaves_no_lock(tmp_path, monkeypatch):
    def full(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_text", full)
        first = hold(tmp_path / "a.db", "site:linshui")
        with pytest.raises(ArchiveError, match="No space left on device"), first:
            pass
    with hold(tmp_path / "a.db", "site:linshui"):
        pass


def test_whether_a_lock_is_held_can_be_asked_without_taking_it(tmp_path):
    assert not is_held(tmp_path / "a.db", "site:linshui")
    assert list(tmp_path.iterdir()) == []
    with hold(tmp_path / "a.db", "site:linshui"):
        assert is_held(tmp_path / "a.db", "site:linshui")
    assert not is_held(tmp_path / "a.db", "site:linshui")
