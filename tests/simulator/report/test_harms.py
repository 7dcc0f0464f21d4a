"""Harms in their order, grouped by who can mend them, each with why it matters."""

from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from simulator.report.harms import OWNERS, WHY_IT_MATTERS, alike, by_owner, in_order
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


def test_every_harm_has_one_sentence_and_every_owner_a_name() -> None:
    """No harm and no owner is without words, and each sentence ends."""
    assert set(WHY_IT_MATTERS) == set(get_args(Harm))
    assert set(OWNERS) == set(get_args(Owner))
    assert all(each.endswith(".") and each.count(". ") == 0 for each in WHY_IT_MATTERS.values())


@given(_HARMS)
def test_worse_harms_come_first(harms: list[HarmCount]) -> None:
    """Harms are in the order of harm, and none is lost or made up."""
    ordered = in_order(harms)

    assert [HARMS.index(each.harm) for each in ordered] == sorted(
        HARMS.index(each.harm) for each in harms
    )
    assert all(ordered.count(each) == harms.count(each) for each in harms)


@given(_HARMS)
def test_every_harm_is_under_its_owner_once(harms: list[HarmCount]) -> None:
    """Groups hold all harms between them, each under who can mend it; none is empty."""
    groups = by_owner(harms)

    assert sum(len(group) for group in groups.values()) == len(harms)
    assert all(groups.values())
    assert all(OWNERS[each.owner] == words for words, group in groups.items() for each in group)


def test_findings_that_are_alike_are_together_worst_first() -> None:
    """Same harm and owner make one sort, by requirement, each in the order they came."""
    first, second = samples.finding(observed="first"), samples.finding(observed="second")
    late = samples.finding(harm="late")
    other = samples.finding(requirement="SAFE-02")

    sorts = alike([late, first, other, second], samples.harms())

    assert [each.told for each in sorts] == [[[first, second], [other]], [[late]]]


@given(_HARMS)
def test_how_often_is_what_was_counted(harms: list[HarmCount]) -> None:
    """Each sort has all that was counted of it, however few of its findings are at hand."""
    findings = [samples.finding(kind=each.kind, harm=each.harm, owner=each.owner) for each in harms]

    assert sum(each.times for each in alike(findings, harms)) == sum(each.count for each in harms)
