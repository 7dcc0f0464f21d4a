"""The kinds of fault, and the page that explains them."""

from simulator.population.faults.kinds import INDEX, KINDS, NAMES, PATTERNS, of_group
from tests.simulator.real_files import ROOT

PAGE = ROOT / "docs" / "people.md"


def test_every_kind_is_explained_with_an_example() -> None:
    """The page has each kind's line, and no other."""
    lines = [each for each in PAGE.read_text(encoding="utf-8").splitlines() if each[:3] == "| `"]
    kinds = {
        f"| `{each.name}` | {each.says} | {each.example[0]} | {each.example[1] or '(empty)'} |"
        for each in KINDS.values()
    }

    assert kinds <= set(lines)
    assert len(KINDS) > 50


def test_kinds_are_numbered_and_grouped() -> None:
    """Each kind is in one group, has fields, and fits the flags of what it needs."""
    groups = [of_group(each) for each in ("name", "birth", "moved", "mobile", "email", "record")]

    assert sum(map(len, groups)) == len(KINDS)
    assert [NAMES[INDEX[each]] for each in KINDS] == list(KINDS)
    assert all(each.fields and 0 <= each.needs < PATTERNS for each in KINDS.values())
