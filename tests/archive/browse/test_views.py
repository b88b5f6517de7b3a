"""What stands behind the pages' words."""

from __future__ import annotations

import pytest

from archive.browse.views import stored_as
from archive.browse.words import words


@pytest.mark.parametrize(
    ("role", "media_type", "said"),
    [
        ("notice", "text/html", "存档的原始网页"),
        ("notice", "", "存档的原始网页"),
        ("notice", "text/plain", "存档的原始文本"),
        ("notice", "application/pdf", "下载存档的文件"),
        ("attachment", "application/pdf", "下载存档的文件"),
        ("attachment", "", "下载存档的文件"),
        ("listing", "text/html", "存档的列表页"),
        ("listing", "application/json", "存档的列表页"),
        ("robots", "text/plain", "存档的 robots.txt"),
        ("redirect", "text/html", "存档的服务器答复"),
        ("other", "text/html", "存档的服务器答复"),
        ("other", "image/png", "下载存档的文件"),
    ],
)
def test_what_is_stored_is_called_what_it_is(role, media_type, said):
    assert words("zh").word("ui", stored_as(role, media_type)) == said
