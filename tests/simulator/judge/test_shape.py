"""How the judge is built: entries write facts, rules read them, with no circle among imports."""

import ast
import inspect
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from importlib import import_module
from pathlib import Path
from typing import get_args, get_type_hints

from simulator.judge.rule import Rule
from simulator.judge.rules import RULES
from tests.each_of import each_of
from tests.simulator.judge.force_story import ROOT

JUDGE = ROOT / "simulator" / "judge"
MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted(JUDGE.rglob("*.py"))
}
COLLABORATORS_MAX = 8
EVERY_RULE = each_of({rule.__name__: (rule,) for rule in RULES})


def imports_of(path: Path) -> Iterator[str]:
    """List the judge's own modules that a module imports, for type checks too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module in MODULES:
            yield node.module
        elif isinstance(node, ast.Import):
            yield from (each.name for each in node.names if each.name in MODULES)


@cache
def written_requirements() -> set[str]:
    """List the ids of features/requirements.toml."""
    text = (ROOT / "features" / "requirements.toml").read_text(encoding="utf-8")
    return {each["id"] for each in tomllib.loads(text)["requirement"]}


def classes() -> Iterator[type]:
    """List every class of the judge."""
    for name in MODULES:
        for each in vars(import_module(name)).values():
            if inspect.isclass(each) and each.__module__ == name:
                yield each


def test_no_import_goes_round_in_a_circle() -> None:
    """Not even an import that only a type checker sees; `prepare` raises on a circle."""
    graph = {name: set(imports_of(path)) for name, path in MODULES.items()}

    TopologicalSorter(graph).prepare()

    assert graph["simulator.judge.fold"]


@each_of({f"{kind.__module__}.{kind.__qualname__}": (kind,) for kind in classes()})
def test_a_class_is_given_few_collaborators(kind: type) -> None:
    """A class that needs more than eight of our objects to be built has more than one task."""
    made: object = vars(kind).get("__init__")
    hints = get_type_hints(made) if made is not None else {}
    ours = [
        hint
        for hint in hints.values()
        if getattr(hint, "__module__", "").startswith(("simulator.", "reference."))
    ]

    assert len(ours) <= COLLABORATORS_MAX


def test_every_rule_is_registered_once() -> None:
    """A rule that is not in the list finds nothing."""
    written = {
        each
        for each in classes()
        if issubclass(each, Rule) and each.__module__.startswith("simulator.judge.rules.")
    }

    assert set(RULES) == written
    assert len(RULES) == len(written)


@EVERY_RULE
def test_a_rule_names_requirements_that_are_written_down(rule: type[Rule]) -> None:
    """A finding that cites another requirement could not be looked up."""
    assert rule.requirements
    assert rule.requirements <= written_requirements()


@EVERY_RULE
def test_a_rule_cites_no_requirement_that_it_does_not_name(rule: type[Rule]) -> None:
    """Every requirement in a rule's file is among those it names."""
    source = Path(inspect.getfile(rule)).read_text(encoding="utf-8")
    cited = set(re.findall(r'"([A-Z][A-Z0-9]+-[0-9]{2})"', source))

    assert cited <= rule.requirements


@EVERY_RULE
def test_a_rule_has_tests_of_its_own(rule: type[Rule]) -> None:
    """In a file of its name: docs/judge_rules.md says what evidence they need."""
    name = rule.__module__.rpartition(".")[2]
    tests = ROOT / "tests" / "simulator" / "judge" / "rules" / f"test_{name}.py"

    assert "\ndef test_" in tests.read_text(encoding="utf-8")


@EVERY_RULE
def test_a_rule_is_asked_about_the_records_it_can_read(rule: type[Rule]) -> None:
    """The types in `hears` are those that its `hear` takes; a rule without `hear` hears none."""
    taken = get_type_hints(rule.hear)["record"]
    kinds = get_args(taken) or (taken,)

    assert rule.hears == (kinds if rule.hear is not Rule.hear else ())
