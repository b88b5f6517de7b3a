"""What a title says of the document behind it: its core, and whether the page explains or forwards another document. Pure."""

from __future__ import annotations

import re
from functools import lru_cache

from cleaners.characters.fold import fold

_NUMBER = re.compile(
    r"[(\[【][^()\[\]〔〕【】]{0,30}[\[(〔【]\d{2,4}[\])〕】][^()]{0,12}号[)\]】]?|[(\[【](?:已废止|已失效|废止|失效|全文|图文|附图|转载)[)\]】]"
)
_NOT_WORDS = re.compile(r"[^\w]+")
_ISSUER = re.compile(r"[^《》]{2,40}?(?=关于)")
_EXPLAINS_FIRST = re.compile(
    r"[【\[(（]?(?:政策|文件|视频|图文|图片|部门|专家|漫画|动漫|文字)?(?:解读|图解|一图读懂|一图看懂|一张图读懂|简明问答|一问一答)"
)
_EXPLAINS_LAST = re.compile(
    r"(?:解读|图解|读懂|看懂|问答|答记者问|起草说明|编制说明|政策说明|(?:解读|图解|问答)[(（][^()（）]{1,20}[)）])$"
)
_CARRIES = re.compile(r"转发|批转|翻印")


@lru_cache(maxsize=1024)
def core(title: str) -> str:
    """Give what is left of a title without its issuer, number, punctuation and marks of validity: 关于印发示例办法的通知.

    （试行）, （暂行） and （征求意见稿） stay: a draft is another document.
    """
    folded = _NUMBER.sub("", fold(title))
    return _NOT_WORDS.sub("", _ISSUER.sub("", folded, count=1) if "关于" in folded else folded)


def explains(title: str) -> bool:
    """Say whether a page explains a document (解读, 图解, 答记者问), which it may name by title and number without being it."""
    folded = fold(title)
    return bool(_EXPLAINS_FIRST.match(folded) or _EXPLAINS_LAST.search(folded))


def forwards(title: str) -> bool:
    """Say whether a document forwards another one (转发, 批转), which it holds whole and is not."""
    return bool(_CARRIES.search(fold(title).partition("《")[0]))
