"""Writes what docs/drivers.md says of each message from the protocol itself.

`python -m tests.driver_messages` after a change to the protocol; a test holds the page to it.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from simulator.drivers.methods import FIRST_VERDICT, HELLO, METHODS, OPTIONAL, Method
from simulator.drivers.program import Answer, Refusal

PAGE = Path(__file__).parents[1] / "docs" / "drivers.md"
_MARK = "<!-- From here on written by python -m tests.driver_messages -->\n"
_COLUMNS = 96


def rewritten(page: str) -> str:
    """Give the page with its messages as they are."""
    by_hand, mark, _written = page.partition(_MARK)
    assert mark, "the page has lost its mark"
    return by_hand + mark + _messages()


def _messages() -> str:
    asked = [HELLO, *METHODS.values()]
    types = [each.takes for each in asked] + [each.gives for each in asked] + [Refusal]
    schemas, parts = msgspec.json.schema_components(types)
    takes, gives = schemas[: len(asked)], schemas[len(asked) : 2 * len(asked)]
    words = [_message(*each, parts) for each in zip(asked, takes, gives, strict=True)]
    inlined = {each.name for each in asked}
    shared = {name: schema for name, schema in parts.items() if name not in inlined}
    assert tuple(_ANSWER["properties"]) == Answer.__struct_fields__
    return "\n".join(
        [
            "\n## Every answer\n",
            block(_ANSWER),
            "## Every message\n",
            *words,
            "## What they are made of\n",
            *(f"### {name}\n\n{block(plain(shared[name]))}" for name in sorted(shared)),
        ]
    )


#: msgspec has no schema of what it keeps unread, which is what `gives` is at first.
_ANSWER: dict[str, Any] = {
    "type": "object",
    "properties": {"id": {"type": "integer"}, "gives": {}, "refused": {"$ref": "#/$defs/Refusal"}},
    "required": ["id"],
    "oneOf": [{"required": ["gives"]}, {"required": ["refused"]}],
    "additionalProperties": False,
}


def _message(
    method: Method, takes: Mapping[str, Any], gives: Mapping[str, Any], parts: Mapping[str, Any]
) -> str:
    whole = parts[takes["$ref"].rpartition("/")[2]]
    needed = " **The first verdict needs it.**" if method.name in ("hello", *FIRST_VERDICT) else ""
    optional = " Only where it is claimed." if method.name in OPTIONAL else ""
    schema = {
        "with": {key: whole[key] for key in ("type", "properties", "required") if key in whole},
        "gives": gives,
    }
    return f"### {method.name}\n\n{method.says}{optional}{needed}\n\n{block(schema)}"


def plain(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what the heading says, and what says how Python keeps it."""
    left = {key: value for key, value in schema.items() if key != "title"}
    if "description" in left:
        left["description"] = " ".join(left["description"].split())
    return left


def block(schema: Mapping[str, Any]) -> str:
    """Write a schema as a block of JSON."""
    return f"```json\n{_laid_out(schema, 0)}\n```\n"


def _laid_out(value: Any, indent: int) -> str:
    """Write JSON with as much on a line as goes on it."""
    short = json.dumps(value, ensure_ascii=False)
    if len(short) + indent <= _COLUMNS or not isinstance(value, dict | list) or not value:
        return short
    pad = " " * (indent + 2)
    if isinstance(value, dict):
        lines = [
            f"{pad}{json.dumps(key)}: {_laid_out(each, indent + 2)}" for key, each in value.items()
        ]
        return "{\n" + ",\n".join(lines) + "\n" + " " * indent + "}"
    lines = [pad + _laid_out(each, indent + 2) for each in value]
    return "[\n" + ",\n".join(lines) + "\n" + " " * indent + "]"


if __name__ == "__main__":
    PAGE.write_text(rewritten(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
