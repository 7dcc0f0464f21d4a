"""The project's own TOML files, as tests spoil them, and what a reader says to a spoiled one."""

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from simulator.errors import BadInput

ROOT = Path(__file__).parents[2]
ORDER = ROOT / "scenarios" / "orders" / "two-forces.toml"
TARGET = ROOT / "scenarios" / "targets" / "reference.toml"
BY_URL = ROOT / "scenarios" / "targets" / "reference-by-url.toml"
SECOND = ROOT / "scenarios" / "targets" / "second-portal.toml"
ROLLOUT = ROOT / "scenarios" / "phased-rollout.toml"
CENTRE = ROOT / "scenarios" / "contact-centre.toml"


def parsed(path: Path) -> dict[str, Any]:
    """Give what a file holds, unchecked."""
    return tomllib.loads(path.read_text(encoding="utf-8"))


def spoiled(folder: Path, source: Path, *changes: tuple[str, str]) -> Path:
    """Write a copy of a real file in which some words are other words, each at its first place."""
    text = source.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text, f"{source.name} no longer holds {old!r}"
        text = text.replace(old, new, 1)
    path = folder / source.name
    path.write_text(text, encoding="utf-8")
    return path


def refusal(read: Callable[[Path], object], path: Path) -> str:
    """Read a file that must be refused; gives the sentence without the file's name before it."""
    with pytest.raises(BadInput) as caught:
        read(path)
    sentence = str(caught.value)
    assert sentence.startswith(f"{path}: "), sentence
    assert sentence.isprintable(), sentence
    return sentence.removeprefix(f"{path}: ")
