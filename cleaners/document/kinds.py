"""文种: the kind of document a title ends in, and the organ it begins with.

The fifteen kinds are those of 《党政机关公文处理工作条例》 article 8; what else pages publish stands beside them in official.toml.
"""

from __future__ import annotations

import re
from functools import cache

from cleaners.characters.fold import fold_aligned
from cleaners.document.docnumbers import find_numbers
from cleaners.document.signature import is_organ, words

LONGEST_TITLE = 400
"""Characters of a title that are read."""
ABOUT_OTHERS = frozenset({"解读", "问答", "讲话", "简报", "答复"})
"""Kinds that tell of other documents: what they say of coming into force, or of numbers, is not about themselves."""

_TAIL_BRACKETS = re.compile(
    r"\s{0,9}(?:[(（【\[][^()（）【】\[\]]{1,40}[)）】\]]|[(（]?第[一二三四五六七八九十百零〇\d]{1,9}号[)）]?)\s{0,9}$"
)
_FILE_ENDING = re.compile(r"\.(?:pdf|docx?|wps|ofd|xlsx?)$", re.IGNORECASE)
_NEWS = re.compile(r"(?:印发|下发|出台|发出|召开|公布|推出|开展|强化|做好|接到|收到)$")  # 示例县出台规定 is news of one
_MARK = re.compile(r"^\s*[【\[][^】\]]{1,10}[】\]]")
_OWN_TITLES = frozenset({"令", "命令", "公告", "通告", "公报", "通知", "决定"})
_AND_OTHERS = re.compile(r"等(?:[一二三四五六七八九十百\d]{1,3}(?:个)?(?:部门|单位|机关|部委|厅局|委办局|家单位))?$")


def title_type(title: str) -> str | None:
    """Give the kind of document (文种) a title ends in, brackets and numbers behind it left aside; 复函 is a 函."""
    bare = bare_title(title[:LONGEST_TITLE])
    found = next((kind for kind in kinds() if bare.endswith(kind)), None)
    if found is None:
        return "法" if bare.startswith("中华人民共和国") and bare.endswith("法") else None
    before = bare[: -len(found)]
    if not before or (_NEWS.search(before) and "关于" not in before):
        return None
    if found == "讲话" and not bare.endswith(("的讲话", "上讲话", "重要讲话")):
        return None  # 出席并讲话 is news of a speech
    return found


def title_organ(title: str) -> str | None:
    """Give the organ a title begins with: what stands before the first 关于, or before the kind of document; several as they stand."""
    before, about, _ = _MARK.sub("", title).partition("关于")
    if not about:
        before, _, traditional = _MARK.sub("", title).partition("關於")
        before = before if traditional else _before_kind(title)
    organ = before.strip()
    parts = [part for part in re.split(r"[\s、，,]+", _AND_OTHERS.sub("", organ)) if part]
    return organ if parts and len(organ) >= 3 and all(map(is_organ, parts)) else None


def bare_title(title: str) -> str:
    """Give a title without what stands in brackets behind it, its number, a file's ending and the marks of a book around it."""
    bare, before = _FILE_ENDING.sub("", fold_aligned(title).strip()), ""
    while bare != before:
        before = bare
        bare = _TAIL_BRACKETS.sub("", bare).strip()
        for number in find_numbers(bare)[-1:]:
            bare = bare[: number.start].strip() if number.end == len(bare) and number.start else bare
    return bare.removesuffix("》") if bare.startswith("《") and bare.count("》") == 1 else bare


@cache
def kinds() -> tuple[str, ...]:
    """Give every kind of document known, the longest names first."""
    return tuple(sorted((*words()["types"], *words()["other_types"]), key=len, reverse=True))


def _before_kind(title: str) -> str:
    bare = bare_title(title)
    kind = title_type(title)
    return bare[: -len(kind)] if kind in _OWN_TITLES else ""
