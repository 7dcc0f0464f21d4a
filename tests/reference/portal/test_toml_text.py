"""Rules of TOML that a person wrote: it is read, or refused in a sentence and at once."""

import re
from pathlib import Path

import pytest

from reference.portal.toml_text import DEPTH_MAX, read_toml

FILES = Path(__file__).parents[3]


def test_the_files_of_the_portal_are_read() -> None:
    """No file of ours is taken for one that is nested too deeply."""
    for path in (FILES / "reference" / "portal" / "words").rglob("*.toml"):
        assert read_toml(path.read_text(encoding="utf-8"))


def test_the_greatest_depth_is_read() -> None:
    """A key of as many parts as tables may be deep; a value is no key, whatever dots it has."""
    assert read_toml(".".join("a" * DEPTH_MAX) + ' = "one. two. three"')["a"]["a"]["a"]


@pytest.mark.parametrize(
    "line",
    [
        "a." * 50_000 + "a = 1",
        "[" + "a . " * DEPTH_MAX + "a]",
        '"\\"".' * DEPTH_MAX + "'a' = 1",
        "x={" + "a." * DEPTH_MAX + "a=1}",
    ],
)
def test_a_key_of_too_many_parts_is_refused_at_once(line: str) -> None:
    """It is named by its line before a table is made of it: that would take all memory."""
    with pytest.raises(ValueError, match=rf"more than {DEPTH_MAX} parts \(at line 2\); shorten"):
        read_toml(f"\n{line}\n")


@pytest.mark.parametrize("depth", [DEPTH_MAX, 10_000])
@pytest.mark.parametrize(("begins", "ends"), [("[", "]"), ("{a=", "}")])
def test_lists_and_tables_inside_one_another_are_refused(
    begins: str, ends: str, depth: int
) -> None:
    """Neither the reader of TOML nor what reads its tables gets anything this deep."""
    inner = "[]" if begins == "[" else "{}"
    with pytest.raises(ValueError, match=re.escape(f"nested more than {DEPTH_MAX} deep")):
        read_toml(f"x = {begins * depth}{inner}{ends * depth}")
