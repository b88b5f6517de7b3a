"""The JSON Schema of a site file, for editors: published as docs/site.schema.json."""

from __future__ import annotations

import json
from typing import Any

from spiders.site import Site


def site_schema() -> dict[str, Any]:
    """Give the JSON Schema (draft 2020-12) of a site file; what only the whole file shows (an order, a pair of keys) is not in it."""
    schema = Site.model_json_schema()
    del schema["properties"]["name"]
    schema["required"].remove("name")
    told: dict[str, Any] = _as_toml(schema)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **told, "title": "dibao site file"}


def _as_toml(part: Any) -> Any:
    """Take away what TOML cannot say: null. A key that may be absent stays one that is not required."""
    if isinstance(part, list):
        return [_as_toml(one) for one in part if one != {"type": "null"}]
    if not isinstance(part, dict):
        return part
    kept = {key: _as_toml(value) for key, value in part.items() if value is not None}
    only = kept["anyOf"][0] if len(kept.get("anyOf", ())) == 1 else {}
    return {key: value for key, value in kept.items() if key != "anyOf" or not only} | only


def schema_text() -> str:
    """Give the schema as the text that is published."""
    return json.dumps(site_schema(), ensure_ascii=False, indent=2) + "\n"
