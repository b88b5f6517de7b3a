"""The page templates, one file a family: its furniture, its list and its article."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from crawler.demo.records import ModelNotice, ModelSite


@cache
def _environment() -> Environment:
    loader = PackageLoader("crawler.demo.pages")
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters.update(relative=_relative, short=_short)
    return environment


def draw(template: str, site: ModelSite, **values: object) -> str:
    """Draw a template; what is not given is empty: notice, part, column."""
    defaults: dict[str, object] = {"notice": None, "part": None, "column": None, "home": None}
    return _environment().get_template(f"{template}.html").render({**defaults, "site": site, **values})


def _relative(notice: ModelNotice, folder: str) -> str:
    """Give the notice's path as written on a list page in `folder`: ./ and the rest, or from the root where it is elsewhere."""
    path = "/" + notice.url.split("/", 3)[3]
    return f"./{path.removeprefix(folder)}" if path.startswith(folder) else path


def _short(title: str, length: int = 28) -> str:
    """Cut a title as lists do."""
    return title if len(title) <= length else f"{title[: length - 1]}..."
