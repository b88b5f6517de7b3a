"""What Datasette is told about an archive: descriptions, facets, labels, the search table and the tables to hide.

Source: Datasette 0.65 documentation, "Metadata"; the same mapping is `config` in 1.0 but for descriptions and units.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def _tables() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("tables.toml").read_text("utf-8"))


def metadata(name: str) -> dict[str, Any]:
    """Give the metadata of an archive whose database name (the stem of its file) is `name`."""
    return {
        "title": "邸报 dibao",
        "description": "政府公开信息存档：每一次采集、每一个版本 / an archive of what governments publish: every capture, every version",
        "databases": {name: {"description": "本存档的全部数据表 / all tables of this archive", "tables": _tables()}},
    }
