"""The names a document goes by when others speak of it: its title without brackets, issuer and marks, and what it issues."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from cleaners.characters.fold import fold_search
from cleaners.document.docnumbers import find_numbers

LONGEST = 300
"""Characters of a title that are looked at."""
SHORTEST = 6
"""Characters of a name that can tell documents apart: 《办法》 and 《通知》 are words of one text for another."""

_TAIL = re.compile(r"(?:\((?P<round>[^()]{1,60})\)|\[(?P<square>[^\[\]]{1,60})\]|【(?P<full>[^【】]{1,60})】)\s{0,9}$")
_SAYS_LITTLE = re.compile(
    r"(?:试行|暂行|修订|修正|修改|全文|最新|附[^批期]{0,20}|(?:已|现已?)?(?:被)?(?:废止|失效|有效|修改|修订)|.{0,40}号"
    r"|.{0,20}(?:修订|修正|修改|公布|发布|施行|通过|废止|失效).{0,20}|(?:19|20)\d\d(?:年)?(?:版|本)?)"
)
_LAW = re.compile(r"(?:中华人民共和国)?[\u4e00-\u9fff]{2,30}(?<![办方做执司立违合依非用看想手])法典?")
_BLANK = re.compile(r"(?:工作报告|承诺书|承诺函|申请[书表]|申报[书表]|报名表|登记表|通知书|决定书|委托书|声明|启事)$")
_NOT_WORDS = re.compile(r"[\W_]+")
_ISSUED = re.compile(r"印发(?:《|〈)(?P<marked>[^《》]{3,150})(?:》|〉)|印发(?P<bare>[^《》]{6,150}?)的?通知$")
_STATE = "中华人民共和国"


class Names(NamedTuple):
    """Names of a document, folded to letters and digits: of the whole title, from 关于 on, and of what it issues; empty where none."""

    whole: str
    about: str
    issued: str


def is_law(title: str) -> bool:
    """Say whether a title is that of a law: those are known by short names, and few share one."""
    return _LAW.fullmatch(title.strip()) is not None


def can_be_cited(title: str) -> bool:
    """Say whether a title can tell a document from others: long enough or a law's, and no form to be filled in or yearly report."""
    core = title_core(title)
    return is_law(title) or (len(core) >= SHORTEST and not _BLANK.search(core))


@lru_cache(maxsize=4096)
def title_core(title: str) -> str:
    """Fold a title to the letters and digits that tell it from others: no brackets that say 试行 or a number, no 的, no 中华人民共和国."""
    return _NOT_WORDS.sub("", _bare(title)).replace("的", "").removeprefix(_STATE)


def names(title: str) -> Names:
    """Give the names a document of this title goes by."""
    whole = title_core(title)
    place = whole.find("关于")
    found = _ISSUED.search(_bare(title))
    issued = title_core(found["marked"] or found["bare"] or "") if found else ""
    return Names(whole, whole[place:] if place > 0 else "", issued if len(issued) >= SHORTEST else "")


def _bare(title: str) -> str:
    bare = fold_search(title[:LONGEST]).strip()
    if bare.startswith("《") and bare.endswith("》") and bare.count("《") == 1:
        bare = bare[1:-1]
    while (found := _TAIL.search(bare)) and _SAYS_LITTLE.fullmatch((found["round"] or found["square"] or found["full"]).strip()):
        bare = bare[: found.start()].strip()
    for number in find_numbers(bare)[-1:]:
        if number.end == len(bare) and number.start:
            bare = bare[: number.start].strip()
    return bare
