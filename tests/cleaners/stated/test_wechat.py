"""The account of a WeChat article is its source, where nothing else is named."""

from datetime import UTC, datetime

import pytest

from cleaners import Capture, clean

TEXT = "<p>进入主汛期，请市民留意天气预报，不涉水通过低洼路段。</p><p>接到转移通知，请第一时间撤离。</p>"


def source(around: str, text: str = "js_content") -> str | None:
    markup = f"<html><body><h1>防汛避险指南</h1>{around}<div id={text}>{TEXT}</div></body></html>"
    return clean(Capture("", "https://mp.weixin.example/s/a", datetime(2031, 6, 1, tzinfo=UTC), 200, (), markup.encode())).source


@pytest.mark.parametrize(
    ("around", "name"),
    [
        ("<a id=js_name> 河口应急 </a>", "河口应急"),
        ('<a id=js_name></a><script>var nickname = htmlDecode("河口应急");</script>', "河口应急"),
        ("<script>window.cgiData={nick_name: '河口应急', x: 1}</script>", "河口应急"),
        ("<p>来源：临水日报</p><a id=js_name>河口应急</a>", "临水日报"),
    ],
)  # fmt: skip
def test_the_account_is_the_source(around, name):
    assert source(around) == name


def test_a_nickname_elsewhere_is_none():
    assert source("<script>var nickname = '访客';</script>", text="zoom") is None
