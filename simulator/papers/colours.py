"""Red, amber or green by requirement: the verdict as judged, and beside it what somebody decided.

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

COLOUR: Mapping[Kind, Colour] = MappingProxyType(
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


class Row(Struct, frozen=True, kw_only=True):
    """One requirement: as judged, as it stands, what proves it, and the defects against it."""

    requirement: RequirementResult
    harm: Harm | None
    scenarios: tuple[ScenarioResult, ...]
    defects: tuple[Defect, ...]
    override: Override | None

    @property
    def judged(self) -> Kind:
        """The verdict that the run came to."""
        return self.requirement.verdict

    @property
    def stands(self) -> Kind:
        """The verdict that counts: the judge's, unless somebody put it aside by name."""
        return self.override.verdict if self.override else self.judged

    @property
    def colour(self) -> Colour:
        """The colour of the verdict that stands."""
        return COLOUR[self.stands]


def colour_rows(
    run: Run, register: Register, defects: Sequence[Defect], requirements: Sequence[Requirement]
) -> list[Row]:
    """Put beside each requirement what was decided on it.

    An override made for another verdict than this run's is left out: it was not about this.
    """
    harms = {each.id: each.harm for each in requirements}
    overrides = {each.requirement: each for each in register.override}
    return [
        Row(
            requirement=each,
            harm=harms.get(each.id),
            scenarios=tuple(one for one in run.result.scenarios if each.id in one.requirements),
            defects=tuple(one for one in defects if one.is_open and each.id in one.requirements),
            override=_fitting(overrides.get(each.id), each),
        )
        for each in run.result.requirements
    ]


def _fitting(override: Override | None, requirement: RequirementResult) -> Override | None:
    fits = override is not None and override.original == requirement.verdict
    return override if fits else None
