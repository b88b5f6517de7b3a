"""Pictures: addresses and captions kept, icons and spacers left out."""

from datetime import UTC, datetime

import pytest

from cleaners import Capture, Picture, clean

TEXT = "<p>临水市举行防汛演练，二百余人参加了演练。</p>"


def pictures(body: str) -> tuple[Picture, ...]:
    page = f"<html><head><title>防汛演练</title></head><body><div class='TRS_Editor'>{body}</div><div><img src='/logo.png'></div></body></html>"
    url = "https://www.linshui.gov.example/yl/t1.html"
    return clean(Capture(site="", url=url, captured_at=datetime(2031, 6, 1, tzinfo=UTC), status=200, headers=(), body=page.encode())).images


def test_a_picture_stands_before_its_paragraph_with_its_caption() -> None:
    found = pictures(
        f"{TEXT}<p><img src='a.jpg' alt='演练现场'></p>{TEXT}<figure><img src='/b.jpg'><figcaption>指挥部</figcaption></figure>"
    )
    assert found == (
        Picture("https://www.linshui.gov.example/yl/a.jpg", "演练现场", 1),
        Picture("https://www.linshui.gov.example/b.jpg", "指挥部", 2),
    )


@pytest.mark.parametrize(
    "image", ["<img src='icon_doc.gif'>", "<img src='x.gif' width=16>", "<img src='data:image/gif;base64,AA'>", "<img>"]
)
def test_what_is_no_picture_of_the_text(image: str) -> None:
    assert pictures(f"<p>{image}附件：名单</p>{TEXT}") == ()


def test_a_picture_loaded_late_and_a_name_that_is_no_caption() -> None:
    found = pictures(f"{TEXT}<p><img src='/images/loading.gif' data-src='c.png' alt='c.png'></p>")
    assert found == (Picture("https://www.linshui.gov.example/yl/c.png", "", 1),)


def test_a_page_that_is_one_picture_gives_it() -> None:
    (picture,) = pictures("<p><img src='notice.jpg'></p>")
    assert picture.url.endswith("/notice.jpg")
