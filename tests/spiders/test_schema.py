"""The published JSON Schema: up to date, and of one mind with the model where a schema can be."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from spiders.schema import schema_text, site_schema
from spiders.site import SHIPPED

ROOT = Path(__file__).parents[2]
PUBLISHED = ROOT / "docs" / "site.schema.json"


def test_the_published_schema_is_that_of_the_model():
    assert PUBLISHED.read_text("utf-8") == schema_text(), "run: dibao check --schema > docs/site.schema.json"


def test_every_key_but_the_name_is_there_and_says_what_it_is():
    schema = site_schema()
    assert schema["additionalProperties"] is False
    assert "name" not in schema["properties"]
    tables = [schema, *schema["$defs"].values()]
    assert [key for table in tables for key, value in table["properties"].items() if not {"description", "$ref"} & set(value)] == []


def test_it_speaks_of_nothing_that_toml_has_not():
    assert "null" not in schema_text()
    window = site_schema()["properties"]["crawl_window"]
    assert (window["type"], "anyOf" in window) == ("string", False)
    assert {"$ref", "description"} <= set(site_schema()["$defs"]["Channel"]["properties"]["paging"])


@pytest.mark.parametrize("path", sorted(SHIPPED.rglob("*.toml")), ids=lambda path: path.stem)
def test_shipped_files_point_editors_at_it(path: Path):
    first = path.read_text("utf-8").splitlines()[0]
    assert first.startswith("#:schema ")
    assert (path.parent / first.removeprefix("#:schema ")).resolve() == PUBLISHED


def test_its_keys_allow_what_shipped_files_hold():
    properties = json.loads(PUBLISHED.read_text("utf-8"))["properties"]
    for path in SHIPPED.rglob("*.toml"):
        table = tomllib.loads(path.read_text("utf-8"))
        assert set(table) <= set(properties)
        assert table.get("family", "generic") in properties["family"]["enum"]
        assert table["level"] in properties["level"]["enum"]
