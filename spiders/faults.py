"""What is wrong with a site file, in lines for people: which key, what is allowed there, and what was perhaps meant."""

from __future__ import annotations

import re
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from spiders.values import near


def faults(error: ValidationError, model: type[BaseModel]) -> list[str]:
    """Tell each fault in one line; `model` is the one whose table was checked."""
    details = error.errors()
    return [_fault(detail, model) for detail in details if not _follows_from_another(detail, details)]


def _follows_from_another(detail: ErrorDetails, details: list[ErrorDetails]) -> bool:
    """Say whether a list is called too short only because its parts were not valid."""
    loc = detail["loc"]
    return detail["type"] == "too_short" and any(other["loc"][: len(loc)] == loc for other in details if other != detail)


def _fault(detail: ErrorDetails, model: type[BaseModel]) -> str:
    loc = detail["loc"]
    key = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in loc).lstrip(".") or "the file"
    if detail["type"] == "extra_forbidden":
        allowed = sorted(_keys(loc[:-1], model))
        return f"unknown key {key!r}: allowed are {', '.join(allowed)}{near(str(loc[-1]), allowed)}"
    if detail["type"] == "missing":
        return f"key {key!r} is missing"
    if detail["type"] == "literal_error":
        allowed = re.findall(r"'([^']*)'", detail["ctx"]["expected"])
        return f"key {key!r} is {detail['input']!r}: allowed are {', '.join(allowed)}{near(str(detail['input']), allowed)}"
    message = detail["msg"].removeprefix("Value error, ")
    return f"{key}: {message}" if key == "the file" else f"key {key!r} is {detail['input']!r}: {message}"


def _keys(loc: tuple[int | str, ...], model: type[BaseModel]) -> set[str]:
    """List the keys allowed in the table at `loc`."""
    table = model
    for part in loc:
        if isinstance(part, str) and part in _fields(table):
            table = _table_of(_fields(table)[part]) or table
    return set(_fields(table)) - {"name" if table is model else ""}


def _fields(model: type[BaseModel]) -> dict[str, Any]:
    return {field.alias or name: field.annotation for name, field in model.model_fields.items()}


def _table_of(annotation: Any) -> type[BaseModel] | None:
    """Find the table model inside an annotation such as `tuple[Channel, ...]` or `Paging | None`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    if get_origin(annotation) in {tuple, Union, UnionType, Annotated}:
        return next((found for part in get_args(annotation) if (found := _table_of(part))), None)
    return None
