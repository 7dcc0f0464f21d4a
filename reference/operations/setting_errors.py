"""Explain what is wrong with a setting in one sentence: its name, its value, how to fix it."""

import re
from collections.abc import Mapping
from datetime import date, time
from difflib import get_close_matches
from typing import Any
from urllib.parse import urlsplit

import msgspec

from reference.portal.settings import Announcement, Force, Settings, settings_from

_ERROR = re.compile(r"(?P<what>.*?)(?: - at (?P<key>`key` in )?`\$(?P<where>.*)`)?", re.DOTALL)
_STEP = re.compile(r"\.?(\w+)|\[(\d+)\]|(\[\.\.\.\])")
_SHOWN_CHARACTERS_MAX = 60
_NAMES = [name for each in (Settings, Force, Announcement) for name in each.__struct_fields__]
_MENDS = (
    (r"Expected `int(?: \| null)?`, got", "give a whole number, without quotation marks"),
    (r"Expected `str`, got", "give text in quotation marks"),
    (r"Expected `array`, got", "give a list in square brackets"),
    (r"Expected `object`, got", "give a table of names and values"),
    (r"`datetime\b.*`|encoded datetime", "give a time with its zone, such as 2026-05-18T00:00:00Z"),
    (r"`time\b.*`|encoded time", "give a time of day, such as 21:00:00"),
    (r"`date\b.*`|encoded date", "give a day, such as 2026-12-25"),
    (r"Expected `int` >= (\S+)", "give a whole number of at least {0}"),
    (r"Expected `int` <= (\S+)", "give a whole number of at most {0}"),
    (r"of length >= (\S+)", "give at least {0} of them"),
    (r"of length <= (\S+)", "give at most {0} of them"),
    (r"Expected `bool`", "give true or false"),
    (r"Invalid enum value", "give one that docs/running.md names"),
)


def checked_settings(values: Mapping[str, Any]) -> Settings:
    """Check values an operator gave; raises ValueError with one sentence naming the field."""
    try:
        settings = settings_from(values)
        check_web_address("public_url", settings.public_url, is_host_only=True)
        check_web_address("gateway_url", settings.gateway_url)
        check_web_address("crime_system_url", settings.crime_system_url)
    except msgspec.ValidationError as error:
        raise ValueError(f"portal settings: {explained(error, values)}") from None
    except ValueError as error:
        raise ValueError(f"portal settings: {error}") from None
    return settings


def explained(error: msgspec.ValidationError, values: Mapping[str, Any]) -> str:
    """Explain why the values are not settings."""
    found = _ERROR.fullmatch(str(error))
    assert found is not None
    what = found["what"]
    where, value = _found(found["where"] or "", str(error), values)
    if found["key"]:
        where, value = f"a name in {where}", _wrong_name(where, value, str(error), values)
    inside = f" in {where}" if where else ""
    if missing := re.search(r"missing required field `(.+)`", what):
        return f"`{missing[1]}` is missing{inside}; add it"
    if unknown := re.search(r"unknown field `(.*)`", what, re.DOTALL):
        near = get_close_matches(unknown[1], _NAMES, 1)
        mend = f"did you mean {near[0]}?" if near else "take it out"
        return f"`{_short(unknown[1])}` is not a setting{inside}; {mend}"
    for pattern, mend in _MENDS:
        if matched := re.search(pattern, what):
            return f"{where} is {shown(value)}; {mend.format(*matched.groups())}"
    return f"{where} is {shown(value)}; {what}" if where else what


def check_web_address(field: str, url: str, *, is_host_only: bool = False) -> None:
    """Refuse an address that no request can be sent to; raises ValueError naming the field."""
    try:
        parts = urlsplit(url)
        is_web = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        parts, is_web = urlsplit(""), False
    if "@" in url:
        raise ValueError(f"{field} holds a user or a password; give the address without it")
    if not (is_web and url.isascii() and url.isprintable() and " " not in url):
        raise ValueError(f"{field} is {shown(url)}; give an address such as https://host.example")
    if parts.query or parts.fragment or url.endswith(("/", "?", "#")):
        raise ValueError(f"{field} is {shown(url)}; take off its end, after the host and the path")
    if is_host_only and parts.path:
        raise ValueError(f"{field} is {shown(url)}; give only scheme and host, without a path")


def shown(value: Any) -> str:
    """Show a value as the operator wrote it, cut short and without a password."""
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return _short(f"[{', '.join(shown(each) for each in value)}]")
    if isinstance(value, bool):
        return str(value).lower()
    return _short(re.sub(r"//[^/@\s]*@", "//…@", repr(value)))


def _found(path: str, error: str, values: Mapping[str, Any]) -> tuple[str, Any]:
    """Walk to the value an error is about; `[...]` stands for a name that msgspec leaves out."""
    where, root = "", ""
    value: Any = values
    for name, number, any_name in _STEP.findall(path):
        if number:
            where, value = f"{where}[{number}]", list(value)[int(number)]
            continue
        if any_name:
            wrong = (each for each in value if _is_wrong(root, each, error, values))
            name = next(wrong, "")  # noqa: PLW2901
        root = root or name
        where, value = f"{where}.{_short(name)}".lstrip("."), value.get(name)
    return where, value


def _wrong_name(root: str, table: Mapping[Any, Any], error: str, values: Mapping[str, Any]) -> Any:
    """Find the name of a table that an error is about: msgspec says only that there is one."""
    return next((each for each in table if _is_wrong(root, each, error, values)), "")


def _is_wrong(root: str, name: Any, error: str, values: Mapping[str, Any]) -> bool:
    try:
        settings_from({**values, root: {name: values[root][name]}})
    except msgspec.ValidationError as alone:
        return str(alone) == error
    return False


def _short(text: str) -> str:
    plain = "".join(each if each.isprintable() else "�" for each in text)
    is_long = len(plain) > _SHOWN_CHARACTERS_MAX
    return plain[:_SHOWN_CHARACTERS_MAX] + "…" if is_long else plain
