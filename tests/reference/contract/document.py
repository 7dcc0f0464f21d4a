"""The OpenAPI document as tests read it: operations, bodies, and what fits its schemas."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import msgspec
import yaml  # type: ignore[import-untyped]

_FILE = Path(__file__).parents[3] / "reference" / "contract" / "portal.openapi.yaml"
TEXT = _FILE.read_text(encoding="utf-8")
#: The parser in C, where PyYAML was built with it: the other takes a second, in every worker.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
DOCUMENT: dict[str, Any] = yaml.load(TEXT, Loader=_LOADER)  # noqa: S506  both are safe
SCHEMAS: dict[str, Any] = DOCUMENT["components"]["schemas"]
_METHODS = ("get", "post", "put", "patch", "delete")
_TYPES = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "boolean": bool,
    "null": type(None),
}


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Walk over method, path and operation."""
    for path, item in DOCUMENT["paths"].items():
        for method in _METHODS:
            if method in item:
                yield method.upper(), path, item[method]


def resolved(value: dict[str, Any]) -> dict[str, Any]:
    """Follow a reference to where it leads; raises KeyError where that is nowhere."""
    while "$ref" in value:
        place: Any = DOCUMENT
        for part in value["$ref"].removeprefix("#/").split("/"):
            place = place[part]
        value = place
    return value


def contents(value: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Walk over every media type of a request body or a response."""
    yield from resolved(value).get("content", {}).values()


def misfit(schema: dict[str, Any], value: Any, where: str = "$") -> str:
    """Say where a value does not fit a schema, or ""."""
    return next(_misfits(resolved(schema), value, where), "")


def _misfits(schema: dict[str, Any], value: Any, where: str) -> Iterator[str]:
    for each in schema.get("allOf", ()):
        yield from _misfits(resolved(each), value, where)
    for key in ("anyOf", "oneOf"):
        if key in schema and all(misfit(each, value, where) for each in schema[key]):
            yield f"{where} fits none of {key}"
    if "type" in schema and not _has_type(schema["type"], value):
        yield f"{where} is not {schema['type']}"
    if ("enum" in schema and value not in schema["enum"]) or value != schema.get("const", value):
        yield f"{where} is {value!r}"
    if isinstance(value, str):
        yield from _text_misfits(schema, value, where)
    elif isinstance(value, list):
        for number, each in enumerate(value):
            yield from _misfits(resolved(schema.get("items", {})), each, f"{where}[{number}]")
    elif isinstance(value, dict):
        yield from _object_misfits(schema, value, where)


def _has_type(name: str, value: Any) -> bool:
    return isinstance(value, _TYPES[name]) and not (name == "integer" and isinstance(value, bool))


def _text_misfits(schema: dict[str, Any], value: str, where: str) -> Iterator[str]:
    if not schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value)):
        yield f"{where} has {len(value)} characters"
    kind = {"date-time": datetime, "date": date}.get(schema.get("format", ""), str)
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError:
        yield f"{where} is no {schema['format']}"


def _object_misfits(schema: dict[str, Any], value: dict[str, Any], where: str) -> Iterator[str]:
    known = schema.get("properties", {})
    yield from (f"{where} lacks {name}" for name in schema.get("required", ()) if name not in value)
    if schema.get("additionalProperties", True) is False and value.keys() - known.keys():
        yield f"{where} has more than is known"
    for name in known.keys() & value.keys():
        yield from _misfits(resolved(known[name]), value[name], f"{where}.{name}")
