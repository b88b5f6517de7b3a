"""施行, 有效, 废止: from when and until when a document says it is in force, and what it says of that in words.

Nothing is computed that is not certain: 自发布之日起30日后施行 gives words and no day, as does 有效期五年.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from cleaners.document.dates import parse_date
from cleaners.records import Moment

_IN_FORCE = r"起\s?(?:正式)?(?:施行|实施|执行|生效|试行)"
_SELF = r"(?:^|[，,。；;]|本[^，。；：“”《]{1,30}?)"
_FROM_DAY = re.compile(rf"{_SELF}\s{{0,4}}(?:将)?[自从于]\s?(?P<day>[^，。；自从]{{4,20}}?[日号])\s?{_IN_FORCE}")
_FROM_ISSUE = re.compile(
    rf"{_SELF}\s{{0,4}}[自从]\s?(?:发布|公布|印发|下发|发文|颁布|签发)之日\s?(?:起\s?(?P<later>[满第]?[\d一二三四五六七八九十]{{1,4}}\s?(?:个)?(?:工作)?[日天月年](?:后|起|之?日起)?)\s?(?:正式)?(?:施行|实施|执行|生效|试行)|{_IN_FORCE})"
)
_TERM = re.compile(r"有效期(?:限)?(?:为|至|到|自)?[^，。；“”]{1,30}")
_UNTIL = re.compile(r"(?:有效期|施行期|试行期|执行期)[^，。；“”]{0,20}?(?:截至|截止|至|到)\s?(?P<day>\S{4,20}?[日号])")
_ENDS = re.compile(
    r"(?:^|[，。；（(])\s{0,4}本[^，。；：《》“”]{1,20}?[自于从]\s?(?P<day>[^，。；自从]{4,20}?[日号])\s?(?:起\s?)?(?:自动|同时|自行)?(?:废止|失效|终止|停止执行)"
)
_STATE = re.compile(r"(?:已经?|现已|现行)?(?:被)?(?:废止|失效|有效|修改|修订)(?:或失效)?")
_TITLE_STATE = re.compile(rf"[(（【\[](?P<state>{_STATE.pattern}|(?:已于|自|于)[^()（）【】]{{4,20}}(?:废止|失效))[)）】\]]")
_LINE_STATE = re.compile(
    rf"[(（【\[]?\s?(?:(?:本|该|此)(?:文件|文|法规|规章|办法|规定|通知|规范性文件)|(?:文件)?(?:有效性|效力状态|时效性)\s?[:：])\s?"
    rf"(?P<state>{_STATE.pattern}|(?:已于|自|于)[^()（）【】，。]{{4,20}}(?:废止|失效))\s?[)）】\]]?[。.]?"
)
_LONGEST_STATE = 50
_EDGE_LINES = 6


class Term(NamedTuple):
    """What a clause says: its words, the day where it names one, and whether it counts from the day of issue."""

    snippet: str
    day: Moment | None = None
    from_issue: bool = False


def in_force(lines: Sequence[str]) -> Iterator[Term]:
    """Give the clauses that say from when a document is in force: with a day, from its issue, or some time after that (no day)."""
    for line in lines:
        if "起" not in line:
            continue
        for match in _FROM_DAY.finditer(line):
            if (day := parse_date(match["day"])) is not None:
                yield Term(match[0].strip("，,。；; "), day)
        if issue := _FROM_ISSUE.search(line):
            yield Term(issue[0].strip("，,。；; "), from_issue=not issue["later"])


def until(lines: Sequence[str]) -> Iterator[Term]:
    """Give the clauses that name the day on which a document ceases: 有效期至…, 本办法自…起废止; what repeals others does not count."""
    for line in lines:
        if "期" not in line and "废止" not in line and "失效" not in line and "停止执行" not in line and "终止" not in line:
            continue
        for pattern in (_UNTIL, _ENDS):
            for match in pattern.finditer(line):
                if (day := parse_date(match["day"])) is not None:
                    yield Term(match[0].strip("，,。；;（( "), day)


def state_of_title(title: str) -> str | None:
    """Give what the brackets behind a title say of its validity: 已废止, 失效, 已于…废止."""
    found = _TITLE_STATE.search(title)
    return found["state"] if found else None


def stated(lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Give what lines of their own at the head or the end of a text say of its validity, with the line: （本文件已废止）."""
    edges = {*range(min(_EDGE_LINES, len(lines))), *range(max(0, len(lines) - _EDGE_LINES), len(lines))}
    for index in sorted(edges):
        text = lines[index].strip()
        if len(text) <= _LONGEST_STATE and (match := _LINE_STATE.fullmatch(text)):
            yield match["state"], text


def term(lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Give how long a document says it is in force (有效期五年), with the sentence."""
    for line in lines:
        if "有效期" in line and re.search(_IN_FORCE, line) and (match := _TERM.search(line)):
            yield match[0].strip(), line[:200]
