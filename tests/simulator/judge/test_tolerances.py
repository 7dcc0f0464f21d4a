"""Every tolerance of the judge stands in one table, with its sentence and its tests."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from reference.contract.readings import Tolerance, readings, tolerances
from simulator.files.paths import ROOT
from simulator.inputs.requirements import read_requirements

BY_NAME = pytest.mark.parametrize("tolerance", tolerances(), ids=lambda each: each.where)
SENTENCES = {each.id for each in readings()} | {each.id for each in read_requirements()}
#: Amounts that forgive nothing, and what they are.
OTHERS = {
    "a requirement's own, or the law's": {
        "facts.sign_in_attempts._HOUR, _DAY",
        "rules.task_deadlines._ADULT_YEARS",
        "rules.text_lengths.CHARACTERS_MAX",
        "rules.wrong_sign_ins._WRONG_IN_AN_HOUR_MAX",
    },
    "a status, a phase or a number of things": {
        "entries.evidence_reader._ACCEPTED",
        "facts.deliveries._TAKEN",
        "facts.eligible_people._TWO",
        "rules.listed_crimes._TWO_WAY",
        "rules.promised_news._NAMED_MAX",
        "rules.refused_pages._TWO_WAY",
        "traceability._TAKEN",
    },
    "the calendar's, and what comes just before a moment": {
        "facts.deadlines.day_of",
        "facts.officers_in_charge.MOMENT",
        "rules.bundled_news.BundledNews._last_open",
    },
    "what is kept in memory": {
        "by_parts.RECORDS_MAX",
        "by_parts._RECORDS_APART",
        "facts.contact_fields._ADDRESSES_KEPT",
        "parts_of_a_run._ALL",
        "text.plain_words.TEXTS_KEPT",
    },
}


def names_in(path: Path) -> Iterator[tuple[str, ast.AST]]:
    """Give each constant, function and method of a module, with what it is."""
    for statement in ast.parse(path.read_text("utf-8")).body:
        match statement:
            case ast.Assign(targets=[target], value=value):
                yield ast.unparse(target).strip("()"), value
            case ast.FunctionDef(name=name):
                yield name, statement
            case ast.ClassDef(name=name, body=body):
                methods = (each for each in body if isinstance(each, ast.FunctionDef))
                yield from ((f"{name}.{method.name}", method) for method in methods)


def is_amount(what: ast.AST) -> bool:
    """Say whether this is a number, or has a time that is its own and no field of the order."""
    match what:
        case ast.Constant(value=value):
            return type(value) in (int, float)
        case ast.UnaryOp(operand=operand):
            return is_amount(operand)
    return any(
        isinstance(call, ast.Call)
        and ast.unparse(call.func) == "timedelta"
        and any(isinstance(each, ast.Constant) for each in ast.walk(call))
        for call in ast.walk(what)
    )


def test_every_amount_of_the_judge_stands_in_the_table_or_forgives_nothing() -> None:
    """A new one needs its sentence; one that went goes from the table too."""
    judge = ROOT / "simulator" / "judge"
    every = {
        ".".join((*path.relative_to(judge).with_suffix("").parts, name)): what
        for path in judge.rglob("*.py")
        for name, what in names_in(path)
    }
    forgiving = {each.where.removeprefix("simulator.judge.") for each in tolerances()}
    others = {name for names in OTHERS.values() for name in names}

    assert {name for name, what in every.items() if is_amount(what)} <= forgiving | others
    assert forgiving | others <= every.keys()
    assert not forgiving & others
    assert len(forgiving) == len(tolerances())


@BY_NAME
def test_a_tolerance_rests_on_sentences_that_can_be_looked_up(tolerance: Tolerance) -> None:
    """A reading, or a requirement."""
    assert set(tolerance.rests_on) <= SENTENCES


@BY_NAME
def test_a_tolerance_has_tests(tolerance: Tolerance) -> None:
    """Their evidence lies just outside it and just inside."""
    for test in tolerance.tests:
        file, _, name = test.partition("::")
        assert name in dict(names_in(ROOT / file))
