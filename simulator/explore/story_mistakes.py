"""Says what a story file may have where it has a mistake: the fields, or the values of a field.

msgspec names the place and what is wrong there. A person who edits a story needs the choice too.
"""

import re
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.inspect import (
    DateTimeType,
    DateType,
    ListType,
    LiteralType,
    StructType,
    Type,
    UnionType,
    VarTupleType,
    type_info,
)

_SAID = re.compile(r"(?P<what>.*?)(?: - at `\$\.?(?P<where>.*)`)?", re.DOTALL)
_PART = re.compile(r"([^.\[\]]+)|\[([0-9]+)\]")
_WRITTEN: dict[type[Type], str] = {
    DateType: "a day such as 2027-06-14",
    DateTimeType: "a time such as 2027-06-14T07:30:00Z",
}


def mistake_in(raw: Any, error: msgspec.ValidationError, kind: type[Struct]) -> str:
    """Say in one sentence where the mistake is, what is wrong, and what may stand there.

    `raw` is what the file holds, and `kind` what it should hold. Steps are counted from 1.
    """
    said = _SAID.fullmatch(str(error))
    assert said is not None
    path = [name or int(number) for name, number in _PART.findall(said["where"] or "")]
    there: Type | None = type_info(kind)
    value = raw
    for part in path:
        there = _inside(there, part, value)
        value = _at(value, part)
    what = said["what"]
    is_shown = not isinstance(value, dict | list) and repr(value) not in what
    shown = f" (it is {value!r:.80})" if is_shown else ""
    choice = _choice(there, value) or "give a file that explore wrote"
    return f"{_named(path, raw)}: {what[0].lower()}{what[1:]}{shown}; {choice}"


def _named(path: list[Any], raw: Any) -> str:
    if not path:
        return "the story"
    if path[0] == "steps" and len(path) > 1:
        step = _at(_at(raw, "steps"), path[1])
        kind = step.get("step", "") if isinstance(step, dict) else ""
        rest = ".".join(map(str, path[2:]))
        return (
            f"step {path[1] + 1}" + (f" ({kind})" if kind else "") + (f": {rest}" if rest else "")
        )
    return ".".join(str(each + 1) if isinstance(each, int) else each for each in path)


def _inside(there: Type | None, part: Any, value: Any) -> Type | None:
    if isinstance(there, UnionType) and part in (e.tag_field for e in _structs(there)):
        return there
    there = _chosen(there, value)
    if isinstance(there, ListType | VarTupleType):
        return there.item_type
    if isinstance(there, StructType):
        return next((e.type for e in there.fields if e.encode_name == part), None)
    return None


def _chosen(there: Type | None, value: Any) -> Type | None:
    if not isinstance(there, UnionType):
        return there
    tagged = _structs(there)
    if len(tagged) == 1:
        return tagged[0]
    named = value.get(tagged[0].tag_field) if tagged and isinstance(value, dict) else None
    found = next((each for each in tagged if each.tag == named), None)
    plain = (each for each in there.types if isinstance(each, LiteralType))
    return found or next(plain, there)


def _structs(there: UnionType) -> list[StructType]:
    return [each for each in there.types if isinstance(each, StructType)]


def _choice(there: Type | None, value: Any) -> str:
    there = _chosen(there, value)
    match there:
        case LiteralType():
            return f"give one of {', '.join(map(str, there.values))}"
        case StructType():
            tag = [there.tag_field] if there.tag_field is not None else []
            return f"its fields are {', '.join([*tag, *(e.encode_name for e in there.fields)])}"
        case UnionType():
            kinds = ", ".join(str(each.tag) for each in _structs(there))
            return f"give one of {kinds}" if kinds else ""
        case DateType() | DateTimeType():
            return f"give {_WRITTEN[type(there)]}"
        case _:
            return ""


def _at(value: Any, part: Any) -> Any:
    if isinstance(value, dict):
        return value.get(part)
    if isinstance(value, list) and isinstance(part, int) and part < len(value):
        return value[part]
    return None
