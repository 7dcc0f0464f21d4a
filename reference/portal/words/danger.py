"""Whether a victim's words speak of danger, self-harm or intimidation, so that an officer looks.

A small linear model that a person can read: patterns in `danger.toml`, each with a weight. What it
finds is added as an urgent task; what it misses goes to the officer as every question does.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from reference.portal.toml_text import read_toml

FILE = Path(__file__).with_name("danger.toml")


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing to look for in words that were made plain, and how much it says."""

    name: str
    pattern: re.Pattern[str]
    weight: float


@cache
def read_marks() -> tuple[float, tuple[Mark, ...]]:
    """Read the base and the marks."""
    read = read_toml(FILE.read_text(encoding="utf-8"))
    marks = []
    for each in read["mark"]:
        pattern = each["pattern"]
        for name, words in read["groups"].items():
            pattern = pattern.replace(f"{{{name}}}", words)
        marks.append(Mark(each["name"], re.compile(pattern), each["weight"]))
    return read["base"], tuple(marks)


def speaks_of_danger(text: str) -> bool:
    """Say whether an officer must look at a victim's words at once."""
    base, marks = read_marks()
    words = plain(text)
    return base + sum(each.weight for each in marks if each.pattern.search(words)) > 0


def plain(text: str) -> str:
    """Write words without capitals, apostrophes and signs; a full stop ends each sentence."""
    text = unicodedata.normalize("NFKC", text).lower()
    text = re.sub(r"['\u2019\u2018`]", "", text)
    text = re.sub(r"\s*[.!?;:\n]+\s*", " . ", text)
    return re.sub(r"[^\w.]+", " ", text).strip(" .")
