"""What a reader sees of other notices: copies, citations, conflicts, series of numbers; each once."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from archive.relations.passes import relate
from archive.store import Archive
from cleaners.records import Capture, Notice, Paragraph

TEXT = "各乡镇人民政府：为做好今年防汛工作，请于五月底前完成河道清淤，逐级落实责任人，汛期二十四小时值班，险情随时报告县防汛办公室。" * 2
OTHER = "各乡镇人民政府：春季造林任务分解如下，苗木由县林业局统一调拨，验收合格后兑付补助，成活率低于八成的限期补植，逾期收回资金。" * 2


def _read(archive: Archive, site: str, path: str, text: str, day: int, **said) -> str:
    host = f"http://www.{site}.gov.example"
    archive.keep_site(site, site, host + "/", "county", "990124", "trs", [])
    when = datetime(2026, 5, day, tzinfo=UTC)
    kept = archive.add(Capture(site, host + path, when, 200, (("Content-Type", "text/html"),), f"<p>{path}{text}</p>".encode()))
    notice = Notice(issued=date(2026, 5, day), paragraphs=tuple(map(Paragraph, text.split("\n"))), **said)
    return archive.read(kept, notice, fingerprint="f").notice


@pytest.fixture
def shown(tmp_path, read_archive):
    """Give the pages of an archive with a notice, its repost, one that cites, one in conflict, and a gap in their numbers."""
    number = {"creator": "青禾县人民政府办公室", "document_number": "青政办发〔2026〕7号"}
    with Archive.open(tmp_path / "a.db") as archive:
        ids = {
            "own": _read(archive, "qinghe", "/7", TEXT, 1, title="关于做好防汛工作的通知", **number),
            "repost": _read(archive, "baisha", "/a", TEXT, 4, title="关于做好防汛工作的通知", **number),
            "conflict": _read(archive, "qinghe", "/9", OTHER, 5, title="关于春季造林的通知", **number),
            "cites": _read(
                archive, "qinghe", "/12", "各乡镇：\n根据青政办发〔2026〕7号和《青禾县河道管理办法》，现将检查安排通知如下。", 8,
                title="关于开展防汛检查的通知", creator="青禾县人民政府办公室", document_number="青政办发〔2026〕12号",
            ),
        }  # fmt: skip
        relate(archive._store)
    return read_archive(tmp_path / "a.db"), ids


def test_copies_and_conflicts_of_one_number_are_shown_once_each(shown):
    reader, ids = shown
    html = reader.text(f"/notice/{ids['own']}")
    assert "被转载" in html
    assert "晚 3 天" in html
    assert "已存副本中，本页最早发布。" in html
    for other in ("repost", "conflict"):
        assert html.count(f'href="/notice/{ids[other]}"') == 1
    assert "同号不同文" in html
    assert "同号不同文" in reader.text(f"/notice/{ids['conflict']}")
    assert "早 3 天" in reader.text(f"/notice/{ids['repost']}")


def test_what_is_cited_is_linked_where_it_is_here_and_listed_where_not(shown):
    reader, ids = shown
    html = reader.text(f"/notice/{ids['cites']}")
    assert f'href="/notice/{ids["own"]}"' in html or f'href="/notice/{ids["repost"]}"' in html
    assert "提到而本存档没有的文件" in html
    assert "《青禾县河道管理办法》" in html
    assert 'href="#p2"' in html
    assert 'id="p2"' in html


def test_the_page_of_series_lists_what_is_missing_between_which_notices(shown):
    reader, ids = shown
    html = reader.text("/series")
    assert "缺号 8–11" in html
    assert f'href="/notice/{ids["cites"]}"' in html
    assert 'href="/series"' in reader.text("/")
    assert "8–11" not in reader.text("/series?year=2025")


def test_documents_that_are_named_and_not_here_are_listed(shown):
    reader, ids = shown
    html = reader.text("/lacking")
    assert "《青禾县河道管理办法》" in html
    assert "1 件通知提到" in html
    assert f'href="/notice/{ids["cites"]}"' in html
    assert "青政办发〔2026〕7号" not in html
