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
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "dibao site file"}


def schema_text() -> str:
    """Give the schema as the text that is published."""
    return json.dumps(site_schema(), ensure_ascii=False, indent=2) + "\n"
