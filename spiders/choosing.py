"""Which of the known sites somebody means: by status, level, family, place, host and words. Pure."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from cleaners.errors import SiteError
from spiders.site import Site
from spiders.values import near


@dataclass(frozen=True, slots=True)
class Wish:
    """What the sites must be; empty fields ask for nothing.

    Of `statuses`, `levels` and `families` one must be met; `divisions` are beginnings of the division code that must all be met, as must
    `words`.
    """

    statuses: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    families: tuple[str, ...] = ()
    divisions: tuple[str, ...] = ()
    host: str = ""
    words: tuple[str, ...] = ()

    def fits(self, site: Site) -> bool:
        """Say whether a site is all that is wished."""
        among = ((self.statuses, site.status), (self.levels, site.level), (self.families, site.family))
        return (
            all(not allowed or value in allowed for allowed, value in among)
            and all((site.division_code or "").startswith(digits) for digits in self.divisions)
            and any(self.host.lower() in host for host in site.hosts)
            and all(word.casefold() in _text(site) for word in self.words)
        )


def choose(sites: Iterable[Site], wish: Wish) -> list[Site]:
    """List the sites that fit, central ones first, then by division code and name."""
    return sorted(filter(wish.fits, sites), key=lambda site: (site.division_code or "", site.name))


def _text(site: Site) -> str:
    """Give what words are looked for in: names, titles and addresses of the site and its columns."""
    columns = (f"{channel.name} {channel.url}" for channel in site.channels)
    return " ".join((site.name, site.title, site.homepage, province_of(site), *columns)).casefold()


@cache
def provinces() -> Mapping[str, tuple[str, str]]:
    """Give (Chinese name without its ending, pinyin) by the first two digits of a division code."""
    table = tomllib.loads((files("spiders") / "provinces.toml").read_text("utf-8"))
    return {digits: (name, pinyin) for digits, (name, pinyin) in table.items()}


def province_of(site: Site) -> str:
    """Name the province of a site; empty for central ones."""
    return provinces().get((site.division_code or "")[:2], ("", ""))[0]


def find_province(word: str) -> str:
    """Give the two digits of a province named in Chinese (陕西, 陕西省), in pinyin or by its code; SiteError for any other word."""
    plain = word.strip().lower()
    for digits, (name, pinyin) in provinces().items():
        if plain in {digits, pinyin} or plain.startswith(name):
            return digits
    known = [name for pair in provinces().values() for name in pair]
    raise SiteError(f"there is no province {word!r}{near(plain, known)}; give it as 陕西, shaanxi or 61")
