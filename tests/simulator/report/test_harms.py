"""Harms in their order, grouped by owner, each with why it matters."""

from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from simulator.report.harms import OWNERS, WHY_IT_MATTERS, by_owner, group_findings, worst_first
from simulator.results.values import HarmCount
from simulator.verdicts import HARMS, Harm, Owner
from tests.simulator.report import samples

_HARMS = st.lists(
    st.builds(
        HarmCount,
        kind=st.sampled_from(("FAIL", "WARNING")),
        harm=st.sampled_from(HARMS),
        owner=st.sampled_from(get_args(Owner)),
        avoidable=st.booleans(),
        count=st.integers(1, 9),
    )
)


def test_every_harm_has_a_reason_and_every_owner_a_name() -> None:
    """Every harm and every owner has words, and each text ends with a full stop."""
    assert set(WHY_IT_MATTERS) == set(get_args(Harm))
    assert set(OWNERS) == set(get_args(Owner))
    assert all(each.endswith(".") for each in WHY_IT_MATTERS.values())


@given(_HARMS)
def test_worse_harms_come_first(harms: list[HarmCount]) -> None:
    """Harms are in the order of harm, and none is lost or made up."""
    ordered = worst_first(harms)

    assert [HARMS.index(each.harm) for each in ordered] == sorted(
        HARMS.index(each.harm) for each in harms
    )
    assert all(ordered.count(each) == harms.count(each) for each in harms)


@given(_HARMS)
def test_every_harm_is_under_its_owner_once(harms: list[HarmCount]) -> None:
    """The groups hold all harms between them, each under its owner; none is empty."""
    groups = by_owner(harms)

    assert sum(len(group) for group in groups.values()) == len(harms)
    assert all(groups.values())
    assert all(OWNERS[each.owner] == words for words, group in groups.items() for each in group)


def test_findings_are_grouped_worst_first() -> None:
    """Findings of one harm and owner make one group, by requirement, in the order they came."""
    first, second = samples.finding(observed="first"), samples.finding(observed="second")
    late = samples.finding(harm="late")
    other = samples.finding(requirement="SAFE-02")

    groups = group_findings([late, first, other, second], samples.harms())

    assert [each.examples for each in groups] == [[[first, second], [other]], [[late]]]


@given(_HARMS)
def test_how_often_is_what_was_counted(harms: list[HarmCount]) -> None:
    """Each group has the full count, even if only some of its findings are given."""
    findings = [samples.finding(kind=each.kind, harm=each.harm, owner=each.owner) for each in harms]

    assert sum(each.times for each in group_findings(findings, harms)) == sum(
        each.count for each in harms
    )
