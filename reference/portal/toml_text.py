"""Reads TOML that a person wrote: settings, catalogue, languages and advice; its depth is bounded.

The time and memory that a dotted key takes grow with the square of its parts: one line of 100 KB
would take all memory there is.
"""

import re
import tomllib
from typing import Any

#: How many tables may be inside one another; the files here have 4.
DEPTH_MAX = 32
_PART = r"""(?:[A-Za-z0-9_-]++|"(?:[^"\\\n]|\\.)*+"|'[^'\n]*+')"""
_TOO_MANY_PARTS = re.compile(
    rf"(?<![A-Za-z0-9_-]){_PART}(?:[ \t]*+\.[ \t]*+{_PART}){{{DEPTH_MAX}}}"
)


def read_toml(text: str) -> dict[str, Any]:
    """Read TOML; raises ValueError naming the line, or that it is nested too deeply."""
    if found := _TOO_MANY_PARTS.search(text):
        line = text.count("\n", 0, found.start()) + 1
        raise ValueError(f"a key of more than {DEPTH_MAX} parts (at line {line}); shorten it")
    too_deep = f"nested more than {DEPTH_MAX} deep; use fewer tables inside one another"
    try:
        tables = tomllib.loads(text)
    except RecursionError:
        raise ValueError(too_deep) from None
    if _is_deep(tables):
        raise ValueError(too_deep)
    return tables


def _is_deep(tables: dict[str, Any]) -> bool:
    level: list[Any] = [tables]
    for _each in range(DEPTH_MAX):
        inner = [each.values() if isinstance(each, dict) else each for each in level]
        level = [each for values in inner for each in values if isinstance(each, dict | list)]
    return bool(level)
