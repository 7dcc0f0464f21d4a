"""docs/glossary.md is short, and every word in it is a word of the code."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (?!Word|-)(.+?) \| (.+) \| `(\w+)` \|$", PAGE, re.MULTILINE)
CODE = "\n".join(
    path.read_text(encoding="utf-8")
    for folder in ("simulator", "reference", "features", "loadtests")
    for pattern in ("*.py", "*.feature")
    for path in (ROOT / folder).rglob(pattern)
)


def test_there_are_at_most_forty_words() -> None:
    """Every row is a word, what it means and its name in the code; none is there twice."""
    words = [word for word, _meaning, _name in ROWS]

    assert len(ROWS) == len(PAGE[PAGE.index("|---") :].splitlines()) - 1
    assert 0 < len(words) <= 40
    assert words == sorted(set(words))


@pytest.mark.parametrize(("word", "name"), [(word, name) for word, _meaning, name in ROWS])
def test_a_word_is_used_in_the_code(word: str, name: str) -> None:
    """The code has the name, and the name is made of the word, its plural or a word built on it."""
    stem = re.sub(r" \(.*", "", word).replace(" ", "_")

    assert re.search(rf"\b{name}\b", CODE)
    assert stem[:4].lower() in name.lower()
