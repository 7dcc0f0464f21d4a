"""Harms as reports list them: worst first, by owner, and why each matters."""

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
            "Someone other than the victim was told: a personal data breach, and a danger if "
            "that person is the one the victim fears."
        ),
        "disclosed": (
            "More was given away than anyone should have been told. It cannot be taken back."
        ),
        "lost": (
            "The victim waits and gets no message. They lose trust and ring 101, and a deadline "
            "of the Victims' Code may pass unnoticed."
        ),
        "duplicated": (
            "The same news twice looks like new news, and teaches victims to ignore messages."
        ),
        "late": (
            "By the time late news arrives, the victim has rung 101 for it or heard it from "
            "someone else."
        ),
        "out of order": ("Steps told in the wrong order give a false picture of the case."),
        "noise": "Messages that nobody needs bury the one that matters.",
    }
)

#: Who caused a harm, and so who can fix it.
OWNERS: Mapping[Owner, str] = MappingProxyType(
    {
        "portal": "the portal",
        "integration": "the integration",
        "gateway": "the gateway",
        "contact data": "the force's contact data",
        "force": "the force",
    }
)


class FindingGroup(Struct, frozen=True, kw_only=True):
    """Findings of one harm, verdict and owner: how many in all, and examples by requirement."""

    times: int
    examples: list[list[Finding]]

    @property
    def first(self) -> Finding:
        """One of them, with the harm, verdict and owner of all."""
        return self.examples[0][0]


def worst_first(harms: Iterable[HarmCount]) -> list[HarmCount]:
    """Sort worst first: by harm, then the portal's own before the unavoidable."""
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
    """Group harms by owner, each group worst first; no group is empty."""
    ordered = worst_first(harms)
    groups = {
        words: [each for each in ordered if each.owner == own] for own, words in OWNERS.items()
    }
    return {words: found for words, found in groups.items() if found}


def group_findings(findings: Iterable[Finding], counts: Iterable[HarmCount]) -> list[FindingGroup]:
    """Group findings of one harm, verdict and owner, worst first, and by requirement within.

    `counts` says how many there were: `findings` may hold only some of them. Each group keeps the
    order in which the findings came.
    """
    times: Counter[tuple[int, int, str]] = Counter()
    for each in counts:
        times[_group_key(each)] += each.count
    ordered = sorted(findings, key=lambda each: (_group_key(each), each.requirement))
    return [
        FindingGroup(
            times=times[key],
            examples=[
                list(found) for _, found in groupby(group, key=lambda each: each.requirement)
            ],
        )
        for key, group in groupby(ordered, key=_group_key)
    ]


def _group_key(harm: Finding | HarmCount) -> tuple[int, int, str]:
    return HARMS.index(harm.harm), KINDS.index(harm.kind), harm.owner
