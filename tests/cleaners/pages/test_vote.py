"""The vote on a page's text: who won, how sure that is, and what is missing."""

from datetime import UTC, datetime

from cleaners import Capture, clean

SENTENCES = "各单位要落实责任，按时报送进展情况。经研究，现将有关事项通知如下。"


def read(body: str):
    page = f"<html><head><title>关于防汛工作的通知</title></head><body>{body}</body></html>"
    url = "https://www.linshui.gov.example/t1.html"
    return clean(Capture(site="", url=url, captured_at=datetime(2031, 6, 1, tzinfo=UTC), status=200, headers=(), body=page.encode()))


def test_a_layout_and_density_that_agree_are_sure() -> None:
    notice = read(f"<div class='TRS_Editor'><p>{SENTENCES}</p><p>{SENTENCES}特此通知。</p></div>")
    assert (notice.reader, notice.confidence) == ("layout:.TRS_Editor", 1.0)
    assert notice.evidence["text"].candidates == (("density .TRS_Editor", "page"),)


def test_a_text_among_others_is_less_sure() -> None:
    other = "".join(f"<li>第{number}号公告说明了有关事项的办理时间和地点。</li>" for number in range(2))
    notice = read(f"<div class='box'><p>{SENTENCES * 3}</p><p>{SENTENCES * 2}特此通知。</p></div><div class='list'><ul>{other}</ul></div>")
    assert notice.reader == "density"
    assert 0.3 < notice.confidence < 0.9


def test_a_page_that_holds_far_more_prose_than_its_text_is_flagged() -> None:
    other = "".join(f"<p>第{number}号公告说明了有关事项的办理时间和地点，请予配合。</p>" for number in range(18))
    notice = read(f"<div class='TRS_Editor'><p>{SENTENCES * 11}</p></div><div>{other}</div>")
    assert "little_of_page" in notice.flags
    assert "characters of prose" in notice.evidence["little_of_page"].snippet


def test_text_said_twice_counts_once() -> None:
    copy = f"<p>{SENTENCES}</p><p>{SENTENCES}特此通知。</p>"
    notice = read(f"<div class='TRS_Editor'>{copy}</div><div class='print'>{copy}</div>")
    assert "little_of_page" not in notice.flags
