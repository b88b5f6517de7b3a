"""Who wrote under a document number: the number alone does not tell, for 汕府 is written in 汕头 and in 汕尾.

An authority is a short word that is equal for copies of one document wherever they stand: `cn` for the nation's organs, `cn-44` for a
province's (GB/T 2260), the name of the place for all others (汕头市), and the site's division code where no place is named. Where
it was read is said with it. The rule and its limits: `docs/works.md`; the codes: `authorities.toml`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from cleaners.characters.fold import fold
from cleaners.document.docnumbers import DocumentKey, parse_key

NATION = "cn"

_UNITS = r"(?:特别行政区|自治区|自治州|自治县|自治旗|地区|省|市(?![场容级])|县(?!级)|州(?![市区县府])|盟(?!市)|旗|区(?![域划]))"
_PLACE = re.compile(rf"(?:中国共产党|中共)?((?:[\u4e00-\u9fff]{{1,9}}?{_UNITS}){{1,4}})")
_PARTS = re.compile(rf"[\u4e00-\u9fff]{{1,9}}?{_UNITS}")
_OWN_NAMES = ("自治区", "行政区", "地区")
_KINDS = ("令", "公告", "通告", "通报", "公报")


@dataclass(frozen=True, slots=True)
class Publisher:
    """The site a page stands on: its title, its level (central, province, city, county) and its division code (GB/T 2260)."""

    title: str = ""
    level: str = ""
    division_code: str = ""


@dataclass(frozen=True, slots=True)
class Identity:
    """A document's key and the authority that wrote it; `basis` is code, issuer or site, empty where nobody is known."""

    key: DocumentKey
    authority: str
    basis: str


@lru_cache(maxsize=1024)
def identify(number: str, creator: str = "", genre: str = "", site: Publisher | None = None) -> Identity | None:
    """Give the identity of a document from its own number, its issuer (发文机关), its 文种 and its site; None without a number."""
    key, site = parse_key(number), site or Publisher()
    if key is None:
        return None
    issuer = _issuer(creator)
    if not issuer and site.level == "central":
        issuer = _issuer(site.title)
    key = _complete(key, issuer, genre)
    return Identity(key, *_authority(key, issuer, site))


def _complete(key: DocumentKey, issuer: str, genre: str) -> DocumentKey:
    """Give what is called 公告2019年第1号 or only 第九号 its issuer: 商务部公告2019年第1号."""
    if key.code not in {"", *_KINDS} or not issuer:
        return key
    word = key.code or ("令" if genre in {"令", "命令"} else "公告")
    return replace(key, code=f"{issuer}{word}", kind="order" if word == "令" else "announcement")


def _authority(key: DocumentKey, issuer: str, site: Publisher) -> tuple[str, str]:
    facts = _facts()
    named = _issuer(next((key.code.removesuffix(kind) for kind in _KINDS if key.code.endswith(kind)), ""))
    if key.code in facts["national"]["codes"] or key.code.startswith(facts["national"]["starts"]) or _is_national(named):
        return NATION, "code"
    if province := facts["provinces"].get(key.code[:2]):
        return f"{NATION}-{province}", "code"
    if place := _place(named):
        return place, "code"
    if _is_national(issuer):
        return NATION, "issuer"
    if place := _place(issuer):
        return place, "issuer"
    here = NATION if site.level == "central" else _place(_issuer(site.title)) or site.division_code
    return here, "site" if here else ""


def _issuer(name: str) -> str:
    """Give an issuer's name folded, without the republic, by the name it is short for."""
    short = fold(name).removeprefix("中华人民共和国")
    for full, common in _facts()["names"].items():
        short = short.replace(full, common)
    return short


def _is_national(issuer: str) -> bool:
    return issuer.startswith(tuple(_facts()["national"]["bodies"]))


def _place(name: str) -> str:
    """Give the place an organ belongs to: 汕头市 of 广东省汕头市人民政府办公室; a district with the city it lies in, where that is said."""
    match = _PLACE.match(name)
    if not match or _is_national(name):
        return ""
    parts = _PARTS.findall(match[1])
    last = str(parts[-1])
    if province := _facts()["province_names"].get(last):
        return f"{NATION}-{province}"
    return f"{parts[-2]}{last}" if last.endswith("区") and not last.endswith(_OWN_NAMES) and len(parts) > 1 else last


@cache
def _facts() -> Mapping[str, Any]:
    facts = tomllib.loads(files("cleaners.document").joinpath("authorities.toml").read_text(encoding="utf-8"))
    national = facts["national"]
    national["codes"], national["starts"] = frozenset(national["codes"]), tuple(national["starts"])
    return facts
