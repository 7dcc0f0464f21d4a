"""The whole has the worst verdict of its parts, and only what conforms exits with 0."""

from datetime import UTC, datetime
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from simulator.verdicts import HARMS, KINDS, Finding, Harm, Kind, exit_code, worst

KIND_LISTS = st.lists(st.sampled_from(KINDS), min_size=1)


def test_every_kind_and_harm_has_its_place() -> None:
    """Each verdict and each harm is in its order exactly once."""
    assert sorted(get_args(Kind)) == sorted(KINDS)
    assert sorted(get_args(Harm)) == sorted(HARMS)


def test_harms_are_worst_first() -> None:
    """Misdirected is the worst harm; noise is the least."""
    assert HARMS[:3] == ("misdirected", "disclosed", "lost")
    assert HARMS[-1] == "noise"


@given(kinds=KIND_LISTS)
def test_the_whole_is_as_bad_as_its_worst_part(kinds: list[Kind]) -> None:
    """No part is worse than the whole, and the whole is one of the parts."""
    whole = worst(kinds)

    assert whole in kinds
    assert KINDS.index(whole) == min(KINDS.index(each) for each in kinds)


@given(kinds=KIND_LISTS)
def test_the_whole_does_not_depend_on_the_order_of_its_parts(kinds: list[Kind]) -> None:
    """The same verdicts in another order, or twice, make the same whole."""
    assert worst(kinds) == worst(reversed(kinds)) == worst([*kinds, *kinds])


def test_nothing_judged_is_inconclusive() -> None:
    """A whole without parts proves nothing."""
    assert worst([]) == "INCONCLUSIVE"


def test_a_warning_does_not_hide_a_skip() -> None:
    """A verdict that could not be verified blocks a pass; a warning does not."""
    assert worst(["PASS", "WARNING", "SKIP"]) == "SKIP"
    assert worst(["PASS", "OMIT", "WARNING"]) == "WARNING"


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("PASS", 0),
        ("WARNING", 0),
        ("OMIT", 0),
        ("FAIL", 1),
        ("REVIEW", 3),
        ("SKIP", 3),
        ("INCONCLUSIVE", 3),
        ("ERROR", 3),
    ],
)
def test_exit_code_says_whether_it_conforms(kind: Kind, expected: int) -> None:
    """0 conforms, 1 does not, 3 could not be judged; 2 is for misuse."""
    assert exit_code(kind) == expected


def test_a_harm_is_avoidable_unless_said_otherwise() -> None:
    """A finding is avoidable unless it says otherwise; of many readings it names the first."""
    finding = Finding(
        kind="FAIL",
        harm="late",
        owner="portal",
        requirement="MSG-02",
        at=datetime(2026, 6, 1, tzinfo=UTC),
        person_id="",
        crime_reference="",
        expected="",
        observed="",
    )

    assert finding.avoidable
    assert finding.readings_named == ""
    few = structs.replace(finding, readings=("READ-001", "READ-002"))
    assert few.readings_named == "READ-001, READ-002 (docs/readings.md)"
    many = structs.replace(finding, readings=tuple(f"READ-{n:03}" for n in range(1, 39)))
    assert many.readings_named.endswith("READ-006 and 32 more with MSG-02 (docs/readings.md)")
