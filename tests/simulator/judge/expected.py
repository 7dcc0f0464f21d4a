"""How a test names the harms it expects: kind, harm, owner, requirement, and whether avoidable."""

from simulator.judge.fold import Judgement
from simulator.verdicts import Harm, Kind, Owner

Harmed = tuple[Kind, Harm, Owner, str, bool]


def fail(harm: Harm, requirement: str) -> Harmed:
    """Name a FAIL: a harm that the portal did and could have avoided."""
    return ("FAIL", harm, "portal", requirement, True)


def warning(harm: Harm, requirement: str, owner: Owner, *, avoidable: bool) -> Harmed:
    """Name a WARNING: a harm that fails no portal."""
    return ("WARNING", harm, owner, requirement, avoidable)


def harms_in(judgement: Judgement) -> list[Harmed]:
    """Give the findings of a judgement, in their order, in the form of `fail` and `warning`."""
    return [
        (each.kind, each.harm, each.owner, each.requirement, each.avoidable)
        for each in judgement.findings
    ]


def kinds(harms: list[Harmed]) -> list[tuple[Kind, Harm, Owner]]:
    """Leave out the requirement: give harms by kind, harm and owner."""
    return [(kind, harm, owner) for kind, harm, owner, *_rest in harms]
