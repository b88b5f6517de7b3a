"""Labelled values on the lines above and below a text: 来源：… 发布时间：…, split at known labels, for many pages set nothing between."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cleaners.fold import fold_aligned

FIELDS = {
    "issued": (
        *("发布时间", "发布日期", "发表时间", "发表日期", "发文时间", "公开日期", "上载日期", "上传时间"),
        *("录入时间", "信息时间", "添加时间", "发布于", "日期", "时间"),
    ),
    "updated": ("更新时间", "更新日期", "最后更新", "修改时间"),
    "source": (
        *("信息来源", "稿件来源", "文章来源", "新闻来源", "资料来源", "消息来源", "转载来源"),
        *("文章出处", "来源于", "来源", "稿源", "出处", "供稿单位"),
    ),
    "author": ("文章作者", "作者", "撰稿人", "撰稿"),
    "publisher": ("发布机构", "发布单位", "发布部门", "发布人", "发布者", "信息提供"),
}  # fmt: skip
_OTHERS = (
    "责任编辑 责编 编辑 审核 审签 签发 校对 浏览次数 浏览量 浏览 点击数 点击量 点击率 点击次数 点击 阅读次数 阅读量 阅读"
    " 访问量 访问次数 字体大小 字体 文章字号 字号 打印 分享到 分享 保护视力色 视力保护色 背景颜色 录入 关闭 收藏 人气 供稿 摄影"
    " 查看 栏目 类别 索引号 文号 扫一扫 我要 大中小 发布时间 发布日期 文字 图片 已有 文章类型"
)
OTHERS = _OTHERS.split()
AMBIGUOUS = frozenset({"时间", "日期", "来源", "作者"})
INSIDE = re.compile(r"[\u4e00-\u9fff]$")
LONGEST_LINE = 200
LONGEST_VALUE = 60
_NAMES = dict.fromkeys(OTHERS, "") | {label: name for name, labels in FIELDS.items() for label in labels}
_LABEL = re.compile(rf"({'|'.join(' ?'.join(label) for label in sorted(_NAMES, key=len, reverse=True))}) {{0,3}}(?P<colon>[:丨|])?")
_EDGES = " \t\u3000\xa0|丨,;:：·[]【】()（）<>《》-—/、。"


@dataclass(frozen=True, slots=True)
class Labelled:
    """One labelled value: `name` is a field of Notice (or updated), `value` as it stands, `snippet` the line."""

    name: str
    value: str
    snippet: str


def read_labels(line: str) -> Iterator[Labelled]:
    """Give the labelled values of a line in order; a label without a colon only ends the value before it."""
    folded = fold_aligned(line)
    found = [match for match in _LABEL.finditer(folded) if match["colon"] or not _NAMES[_plain(match)]]
    for label, following in zip(found, [*found[1:], None], strict=False):
        name = _NAMES[_plain(label)]
        value = line[label.end() : following.start() if following else len(line)].strip(_EDGES)
        inside = _plain(label) in AMBIGUOUS and INSIDE.search(folded[: label.start()])
        if label["colon"] and name and value and len(value) <= LONGEST_VALUE and not inside:
            yield Labelled(name, value, line[:120])


def _plain(label: re.Match[str]) -> str:
    return label[1].replace(" ", "")


def labels_of(lines: Iterable[str]) -> tuple[Labelled, ...]:
    """Give the labelled values of several lines; long lines are text."""
    return tuple(labelled for line in lines if len(line) <= LONGEST_LINE for labelled in read_labels(line))
