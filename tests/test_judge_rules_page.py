"""docs/judge_rules.md tells how to add a rule: its example is registered and run as it stands."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from simulator.judge.case_book import CaseBook
from simulator.judge.rule import Rule
from tests.simulator.judge.force_story import ORDER

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "judge_rules.md").read_text(encoding="utf-8")
RULE, EVIDENCE = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


def run(*blocks: str) -> dict[str, Any]:
    """Run blocks of the page as one module, and give what it defines."""
    names: dict[str, Any] = {"__name__": "judge_rules_page"}
    for block in blocks:
        exec(compile(block, "docs/judge_rules.md", "exec"), names)  # noqa: S102  our own page
    return names


def written_tests() -> list[str]:
    """List the tests that the page writes for its rule."""
    return re.findall(r"^def (test_\w+)", EVIDENCE, re.MULTILINE)


@pytest.mark.parametrize("name", written_tests())
def test_the_example_finds_the_harm_and_raises_no_false_alarm(name: str) -> None:
    """The page's own tests pass with the page's own rule."""
    test: Callable[[], None] = run(RULE, EVIDENCE)[name]

    test()


def test_the_example_fails_its_tests_when_it_finds_nothing() -> None:
    """The page's tests would show a rule that does not work."""
    names = run(RULE, EVIDENCE)
    names["NamelessCodes"].hear = Rule.hear

    with pytest.raises(AssertionError):
        names["test_a_code_from_no_force_is_found"]()


def test_the_page_names_every_fact_in_the_case_book() -> None:
    """A fact that the page leaves out is not found, and one it invents is not there."""
    table = PAGE.partition("## What the case book has")[2].partition("\n## ")[0]
    named = set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE))
    facts = {each for each in vars(CaseBook(ORDER, correlates=True)) if each != "order"}

    assert named == facts - ONLY_FOR_ENTRIES


#: What only the entries need to tell one message from another.
ONLY_FOR_ENTRIES = {"correlates", "automatic", "codes"}
