"""Harms as reports tell them: in their order, whose they were, and why each matters."""

from collections.abc import Iterable, Mapping
from itertools import groupby
from types import MappingProxyType

from simulator.judge.verdicts import HARMS, KINDS, Finding, Harm, Owner
from simulator.results import HarmCount

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


def alike(findings: Iterable[Finding]) -> list[list[Finding]]:
    """Put findings of one harm, verdict, owner and requirement together, worst first.

    Each group keeps the order the findings came in.
    """
    ordered = sorted(findings, key=_kin)
    return [list(group) for _, group in groupby(ordered, key=_kin)]


def _kin(finding: Finding) -> tuple[int, int, str, str]:
    harm, kind = HARMS.index(finding.harm), KINDS.index(finding.kind)
    return harm, kind, finding.owner, finding.requirement
