"""Harms as reports tell them: in their order, whose they were, and why each matters."""

from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import groupby
from types import MappingProxyType

from msgspec import Struct

from simulator.results.values import HarmCount
from simulator.verdicts import HARMS, KINDS, Finding, Harm, Owner

WHY_IT_MATTERS: Mapping[Harm, str] = MappingProxyType(
    {
        "misdirected": (
            "Somebody other than the victim was told: a personal data breach, and a danger where "
            "the other person is the one the victim fears."
        ),
        "disclosed": (
            "More was given away than anybody was meant to be told, and it cannot be taken back."
        ),
        "lost": (
            "The victim waits and hears nothing: they lose trust, ring 101, and the time the "
            "Victims' Code allows may pass unseen."
        ),
        "duplicated": (
            "The same news twice looks like new news, and teaches victims not to read what we send."
        ),
        "late": (
            "News that comes late is news the victim has already rung 101 for, or heard from "
            "somebody else."
        ),
        "out of order": (
            "Steps told in the wrong order say something untrue about where the case stands."
        ),
        "noise": "Messages nobody needed bury the one that matters.",
    }
)

#: Whose harm it was, and so who can mend it.
OWNERS: Mapping[Owner, str] = MappingProxyType(
    {
        "portal": "the portal",
        "integration": "the integration",
        "gateway": "the gateway",
        "contact data": "the force's contact data",
        "force": "the force",
    }
)


class Alike(Struct, frozen=True, kw_only=True):
    """Harms of one sort: how often it was done in all, and findings told of, by requirement."""

    times: int
    told: list[list[Finding]]

    @property
    def first(self) -> Finding:
        """One of them, which says harm, verdict and owner of all."""
        return self.told[0][0]


def in_order(harms: Iterable[HarmCount]) -> list[HarmCount]:
    """Sort worst first: by harm, then the portal's own before what nobody could avoid."""
    return sorted(
        harms,
        key=lambda each: (
            HARMS.index(each.harm),
            KINDS.index(each.kind),
            not each.avoidable,
            each.owner,
        ),
    )


def by_owner(harms: Iterable[HarmCount]) -> dict[str, list[HarmCount]]:
    """Group harms under who can mend them, each group worst first; no group is empty."""
    ordered = in_order(harms)
    groups = {
        words: [each for each in ordered if each.owner == own] for own, words in OWNERS.items()
    }
    return {words: found for words, found in groups.items() if found}


def alike(findings: Iterable[Finding], counts: Iterable[HarmCount]) -> list[Alike]:
    """Put findings of one harm, verdict and owner together, worst first, by requirement.

    How often each was done is taken from `counts`: of the findings there may be but some. Each
    group keeps the order the findings came in.
    """
    times: Counter[tuple[int, int, str]] = Counter()
    for each in counts:
        times[_sort(each)] += each.count
    ordered = sorted(findings, key=lambda each: (_sort(each), each.requirement))
    return [
        Alike(
            times=times[sort],
            told=[list(found) for _, found in groupby(group, key=lambda each: each.requirement)],
        )
        for sort, group in groupby(ordered, key=_sort)
    ]


def _sort(harm: Finding | HarmCount) -> tuple[int, int, str]:
    return HARMS.index(harm.harm), KINDS.index(harm.kind), harm.owner
