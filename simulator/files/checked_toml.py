"""Reads a TOML file into a typed struct; each mistake is one sentence that names file and field.

Orders, targets, scenarios and bursts are all read here: no other module of the suite reads TOML.
"""

import copy
import difflib
import re
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import msgspec

from simulator.errors import BadInput
from simulator.files.units import Rate, check_units

T = TypeVar("T", bound=msgspec.Struct)
FILE_BYTES_MAX = 1_000_000
#: How many tables may be inside one another; the files here have 6. The time and memory that a
#: dotted key takes grow with the square of its parts.
DEPTH_MAX = 32
_PART = r"""(?:[A-Za-z0-9_-]++|"(?:[^"\\\n]|\\.)*+"|'[^'\n]*+')"""
_TOO_MANY_PARTS = re.compile(
    rf"(?<![A-Za-z0-9_-]){_PART}(?:[ \t]*+\.[ \t]*+{_PART}){{{DEPTH_MAX}}}"
)
#: A word less alike than this is another word, not a misspelling.
_NEAR = 0.7
#: msgspec's names for the kinds of value in a file, and ours.
_PLAIN = {
    "array": "a list",
    "bool": "true or false",
    "date": "a day",
    "datetime": "a day with a time",
    "float": "a number",
    "int": "a whole number",
    "null": "nothing",
    "object": "a table",
    "str": "text",
    "time": "a time",
}


_PER_CENT = re.compile(r"\s*(%|per ?cent)", re.IGNORECASE)


class Strict(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of a file, in which an unknown key is a mistake."""


class Sourced(Strict, frozen=True, kw_only=True):
    """Numbers with their unit, and their `source`, or why they are `assumed`."""

    unit: str
    source: str = ""
    assumed: str = ""

    def __post_init__(self) -> None:
        if bool(self.source) == bool(self.assumed):
            raise ValueError("give either source or assumed, with a sentence in it")


class Share(Rate, frozen=True, forbid_unknown_fields=True):
    """A rate between 0 and 1."""

    def __post_init__(self) -> None:
        super().__post_init__()
        if _PER_CENT.match(self.unit):
            raise ValueError(
                f"unit is {self.unit!r:.80}; a share is between 0 and 1, so write 0.05 for 5%, and "
                "as the unit what it is a share of"
            )
        if not 0 <= self.value <= 1:
            raise ValueError(f"value is {self.value}; a share is between 0 and 1")


class Amount(Rate, frozen=True, forbid_unknown_fields=True):
    """A rate of 0 or more, or of `least` or more."""

    least: ClassVar[float] = 0.0

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.value == float("inf"):
            raise ValueError("value is inf; give a finite number")
        if not self.value >= self.least:
            raise ValueError(f"value is {self.value:g}; give a number of {self.least:g} or more")


class OneOrMore(Amount, frozen=True, forbid_unknown_fields=True):
    """A rate of 1 or more."""

    least: ClassVar[float] = 1.0


class Positive(Amount, frozen=True, forbid_unknown_fields=True):
    """A rate above 0."""

    def __post_init__(self) -> None:
        # Before the check of Amount: somebody who gave -1 would give 0 next.
        if not self.value > 0:
            raise ValueError(f"value is {self.value:g}; give a number above 0")
        super().__post_init__()


def read(path: Path, kind: type[T]) -> T:
    """Read `path` as a `kind`.

    Raises BadInput naming the file, the field, the value and how to fix it.
    """
    found: T = _converted(_text_of(path), kind, path)
    return found


@lru_cache(maxsize=128)
def _converted(text: str, kind: type[msgspec.Struct], path: Path) -> Any:
    """Read a file's text once: every part of a run asks for the order, and a plan many times.

    What is read is frozen, and nobody may change the lists and tables in it.
    """
    return convert(_parse(text, path), kind, path)


def read_changed(path: Path, kind: type[T], changes: Mapping[str, object], *, said_in: str) -> T:
    """Read `path` as a `kind` with other values in some fields, as the file `said_in` says.

    A field is named as `table.key`; entries of a list are counted from 0. Another number in place
    of a rate keeps its unit. A table that the file leaves out is made where there may be one; a
    number in it has the unit that the file gives in the table of that name. Raises BadInput naming
    the field.
    """
    if not changes:
        return read(path, kind)
    raw = copy.deepcopy(_parse(_text_of(path), path))
    for field, value in changes.items():
        _make_table(raw, _steps(field)[:-1], kind)
        _change(raw, field, value, path, said_in)
    try:
        return convert(raw, kind, path)
    except BadInput as error:
        raise BadInput(f"{said_in}: changed as it says, {error}") from None


def _change(raw: dict[str, Any], field: str, value: object, path: Path, said_in: str) -> None:
    *before, last = _steps(field)
    table: Any = _value_at(raw, ".".join(before)) if before else raw
    if isinstance(table, list) and last.isdigit() and int(last) < len(table):
        table[int(last)] = value
        return
    if not isinstance(table, dict):
        raise BadInput(f"{said_in}: {field}: no such field in {path}; check the spelling")
    old = table.get(last, _of_the_same_name(raw, [*before, last]))
    if isinstance(old, dict) and "value" in old and not isinstance(value, dict):
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise BadInput(f"{said_in}: {field}: it is {value!r:.80}; give a number")
        table[last] = {"value": value, "unit": old["unit"], "assumed": f"as {said_in} says"}
    else:
        table[last] = value


def _make_table(raw: dict[str, Any], steps: list[str], kind: type[msgspec.Struct]) -> None:
    """Make the table of these steps where the file leaves it out and `kind` has a place for it.

    A table inside it begins as the one that the file has of the same name.
    """
    table: Any = raw
    for place, step in enumerate(steps):
        if isinstance(table, dict) and step not in table and place:
            if step not in _names_at(kind, ".".join(steps[:place])):
                return
            inner = place and _of_the_same_name(raw, steps[: place + 1])
            is_inside = steps[place - 1] in raw
            table[step] = copy.deepcopy(inner) if is_inside and isinstance(inner, dict) else {}
        table = _value_at(table, step)


def _of_the_same_name(raw: dict[str, Any], steps: list[str]) -> Any:
    """Find what the file has under the last of these steps by themselves; None if it has not."""
    for place in range(1, len(steps) - 1):
        found = _value_at(raw, ".".join(steps[place:]))
        if found is not None:
            return found
    return None


def convert(raw: dict[str, Any], kind: type[T], path: Path) -> T:
    """Check the contents of a TOML file against the fields of `kind`; raises BadInput."""
    try:
        found = msgspec.convert(raw, kind, strict=True)
    except msgspec.ValidationError as error:
        raise BadInput(f"{path}: {_explain(str(error), raw, kind)}") from None
    check_units(found, path)
    return found


def _text_of(path: Path) -> str:
    """Read a file's text; raises BadInput."""
    try:
        if path.exists() and not (path.is_file() or path.is_dir()):
            raise BadInput(f"{path}: not a file; check the path")
        if path.stat().st_size > FILE_BYTES_MAX:
            raise BadInput(f"{path}: larger than {FILE_BYTES_MAX:,} bytes; is it the right file?")
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a readable text file"
        raise BadInput(f"{path}: {reason}; check the path") from None


def _parse(text: str, path: Path) -> dict[str, Any]:
    """Give a text's tables. Nobody may change them: the next reader of the same text gets them."""
    if found := _TOO_MANY_PARTS.search(text):
        line = text.count("\n", 0, found.start()) + 1
        raise BadInput(f"{path}: line {line}: a key of more than {DEPTH_MAX} parts; shorten it")
    try:
        tables = _tables_of(text)
    except RecursionError:
        raise BadInput(f"{path}: {_TOO_DEEP}") from None
    except ValueError as error:
        raise BadInput(f"{path}: not TOML: {error}") from None
    if _is_deep(tables):
        raise BadInput(f"{path}: {_TOO_DEEP}")
    return tables


@lru_cache(maxsize=64)
def _tables_of(text: str) -> dict[str, Any]:
    """Parse TOML once: a plan reads the files of its year again for each number that it varies."""
    return tomllib.loads(text)


_TOO_DEEP = f"nested more than {DEPTH_MAX} deep; use fewer tables inside one another"


def _is_deep(tables: dict[str, Any]) -> bool:
    """Say whether tables and lists are inside one another more than DEPTH_MAX deep."""
    level: list[Any] = [tables]
    for _each in range(DEPTH_MAX):
        inner = [each.values() if isinstance(each, dict) else each for each in level]
        level = [each for values in inner for each in values if isinstance(each, dict | list)]
    return bool(level)


def _explain(message: str, raw: dict[str, Any], kind: type[msgspec.Struct]) -> str:
    """Turn msgspec's message into one that names the field, the value and how to fix it."""
    match = re.fullmatch(r"(?P<what>.*?)(?: - at `(?P<where>.*)`)?", message, re.DOTALL)
    assert match is not None
    field = (match["where"] or "$").removeprefix("$").lstrip(".")
    what = match["what"]
    if "[...]" in field:
        field = _with_keys(raw, kind, field)
    unknown = re.search(r"unknown field `(.*)`", what, re.DOTALL)
    if unknown:
        known = _names_at(kind, field)
        near = difflib.get_close_matches(unknown[1], known, n=1, cutoff=_NEAR)
        mend = f"did you mean {near[0]!r}?" if near else f"known here: {', '.join(known)}"
        return f"{_join(field, _on_one_line(unknown[1]))}: no such key; {mend}"
    missing = re.search(r"missing required field `(.*)`", what)
    if missing:
        named = _join(field, missing[1])
        tags = _tags_at(kind, named)
        mend = f"one of {', '.join(tags)}" if tags else "add it"
        return f"{named}: missing; {mend}"
    value = _value_at(raw, field)
    choices = _tags_at(kind, field) or getattr(_info_at(kind, field), "values", ())
    if choices:
        return f"{field}: it is {value!r:.80}; one of {', '.join(map(str, choices))}"
    shown = f" (it is {value!r:.80})" if value is not None and not isinstance(value, dict) else ""
    badly_written = re.fullmatch(r"Invalid RFC3339 encoded (\w+)", what)
    if badly_written:
        return f"{field}: it is {value!r:.80}, {_WRITTEN[badly_written[1]]}"
    words = re.sub(r"`(\w+(?: \| \w+)*)`", _in_plain_words, what)
    mend = _mend_of_rate(value) if _is_rate(kind, field) and "got a" in words else ""
    # What a whole file is checked for names the field in its own words.
    return f"{field and f'{field}: '}{words[0].lower()}{words[1:]}{shown}{mend}"


#: How a day and a time are written in TOML.
_WRITTEN: Mapping[str, str] = {
    "date": "which is no day; write it without quotes, as 2027-06-14",
    "time": "which is no time of day; write it without quotes, as 07:30:00",
    "datetime": "which is no day with a time; write it without quotes, as 2027-06-14T07:30:00Z",
}


def _in_plain_words(named: re.Match[str]) -> str:
    """Say in words what msgspec names, such as `object | null`: a field may be left out."""
    kinds = [each for each in named[1].split(" | ") if each != "null"] or ["null"]
    return " or ".join(_PLAIN.get(each, f"`{each}`") for each in kinds)


def _is_rate(kind: type[msgspec.Struct], field: str) -> bool:
    return {"value", "unit", "assumed"} <= set(_names_at(kind, field))


def _mend_of_rate(value: object) -> str:
    return f'; write {{ value = {value!r:.20}, unit = "...", assumed = "why" }}'


def _with_keys(raw: dict[str, Any], kind: type[msgspec.Struct], field: str) -> str:
    """Find the key that msgspec writes as [...]: the one that fails there even on its own."""
    before, _, after = field.partition("[...]")
    table = _value_at(raw, before)
    for key in table if isinstance(table, dict) else ():
        alone = copy.deepcopy(raw)
        inner = _value_at(alone, before)
        for other in [each for each in inner if each != key]:
            del inner[other]
        try:
            msgspec.convert(alone, kind, strict=True)
        except msgspec.ValidationError as error:
            if before in str(error):
                return f"{before}.{_on_one_line(key)}{after}"
    return field


def _on_one_line(name: str) -> str:
    return name if name.isprintable() else repr(name)[1:-1]


def _info_at(kind: Any, field: str) -> Any:
    info: Any = msgspec.inspect.type_info(kind)
    for step in _steps(field):
        info = _inside(info, step)
    return info


def _join(field: str, name: str) -> str:
    return f"{field}.{name}" if field else name


def _steps(field: str) -> list[str]:
    return [step for step in re.split(r"[.\[\]]+", field) if step]


def _value_at(raw: Any, field: str) -> Any:
    for step in _steps(field):
        if isinstance(raw, dict) and step in raw:
            raw = raw[step]
        elif isinstance(raw, list) and step.isdigit() and int(step) < len(raw):
            raw = raw[int(step)]
        else:
            return None
    return raw


def _names_at(kind: Any, field: str) -> list[str]:
    """List the names that the struct at `field` has, for the hint beside a misspelt key."""
    fields = getattr(_info_at(kind, field), "fields", ())
    return [each.encode_name for each in fields]


def _tags_at(kind: Any, field: str) -> tuple[str, ...]:
    """List what may stand in a field that says which of several tables this is."""
    *before, name = _steps(field) or [""]
    *outer, last = before or [""]
    for each in getattr(_info_at(kind, ".".join(outer)), "fields", ()):
        if each.encode_name == last:
            kinds = getattr(each.type, "types", ())
            return tuple(str(e.tag) for e in kinds if getattr(e, "tag_field", None) == name)
    return ()


def _inside(info: Any, step: str) -> Any:
    for each in getattr(info, "fields", ()):
        if each.encode_name == step:
            return _struct_in(each.type)
    return _struct_in(info)


def _struct_in(info: Any) -> Any:
    """Step through lists, dictionaries and optionals to the struct inside."""
    for name in ("item_type", "value_type"):
        if hasattr(info, name):
            return _struct_in(getattr(info, name))
    for each in getattr(info, "types", ()):
        if hasattr(_struct_in(each), "fields"):
            return _struct_in(each)
    return info
