"""Red, amber or green by requirement: the judge's verdict, and any override by a named person.

A colour only repeats a word. What could not be verified is amber, never green.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Literal, TypeAlias

from msgspec import Struct

from simulator.inputs.requirements import Requirement
from simulator.papers.defects import Defect
from simulator.papers.register import Override, Register
from simulator.papers.runs import Run
from simulator.results.values import RequirementResult, ScenarioResult
from simulator.verdicts import Harm, Kind

Colour: TypeAlias = Literal["red", "amber", "green", "not asked"]

COLOUR_OF_VERDICT: Mapping[Kind, Colour] = MappingProxyType(
    {
        "PASS": "green",
        "WARNING": "amber",
        "REVIEW": "amber",
        "SKIP": "amber",
        "INCONCLUSIVE": "amber",
        "ERROR": "amber",
        "FAIL": "red",
        "OMIT": "not asked",
    }
)


class RequirementStatus(Struct, frozen=True, kw_only=True):
    """One requirement: its verdict, its override, its scenarios, and the defects against it."""

    requirement: RequirementResult
    harm: Harm | None
    scenarios: tuple[ScenarioResult, ...]
    defects: tuple[Defect, ...]
    override: Override | None

    @property
    def judged(self) -> Kind:
        """The judge's verdict in the run."""
        return self.requirement.verdict

    @property
    def in_force(self) -> Kind:
        """The verdict that counts: the judge's, unless a named person overrode it."""
        return self.override.verdict if self.override else self.judged

    @property
    def colour(self) -> Colour:
        """The colour of the verdict that counts; amber while a must that is not red waits."""
        colour = COLOUR_OF_VERDICT[self.in_force]
        waits = self.requirement.is_waiting and self.override is None
        return "amber" if waits and colour != "red" else colour


def requirement_statuses(
    run: Run, register: Register, defects: Sequence[Defect], requirements: Sequence[Requirement]
) -> list[RequirementStatus]:
    """Give each requirement with its defects and its override.

    An override that was made for another verdict than this run's is left out.
    """
    harms = {each.id: each.harm for each in requirements}
    overrides = {each.requirement: each for each in register.override}
    return [
        RequirementStatus(
            requirement=each,
            harm=harms.get(each.id),
            scenarios=tuple(one for one in run.result.scenarios if each.id in one.requirements),
            defects=tuple(one for one in defects if one.is_open and each.id in one.requirements),
            override=_matching(overrides.get(each.id), each),
        )
        for each in run.result.requirements
    ]


def _matching(override: Override | None, requirement: RequirementResult) -> Override | None:
    matches = override is not None and override.original == requirement.verdict
    return override if matches else None
