"""A rollout as data: its order and portal, how long each period is, and how people behave.

Read from `scenarios/*.toml`. The periods follow from the order's go-live days.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated

from msgspec import Meta

from simulator.errors import BadInput
from simulator.files import checked_toml
from simulator.files.checked_toml import Amount, OneOrMore, Share, Strict
from simulator.inputs.order import Order
from simulator.population.access_needs import AccessNeed, check_access_needs
from simulator.population.phone_numbers import Numbers
from simulator.rehearsal.officer_behaviour import OfficerBehaviour
from simulator.rehearsal.simulated_victims import VictimBehaviour
from simulator.rehearsal.tester_crimes import BehaviourOfTesters
from simulator.rehearsal.trust import TrustParameters
from simulator.rehearsal.worries import WorryParameters
from simulator.world.integration import IntegrationFaults

Weeks = Annotated[int, Meta(ge=1, le=104)]
#: A phase waits no longer than this: the calendar's quarter follows it.
_WEEKS_MAX = 26


class Calendar(Strict, frozen=True, kw_only=True):
    """The lengths of the periods that do not follow from the go-live days."""

    warm_up_weeks: Annotated[int, Meta(ge=0, le=52)]
    build_weeks: Annotated[int, Meta(ge=1, le=104)]
    test_weeks: Annotated[tuple[Weeks, ...], Meta(min_length=3, max_length=3)]
    quarter_weeks: Annotated[int, Meta(ge=1, le=104)]


class GoLiveGates(Strict, frozen=True, kw_only=True):
    """What a phase waits for before it goes live; those after it wait as long.

    A failed test costs `weeks_after_failed_test`, to mend the portal and test again. A phase waits
    until at most `wrong_details_max` of the victims recorded in the `measured_weeks` before it have
    wrong contact details, but no longer than `weeks_max`.
    """

    weeks_after_failed_test: OneOrMore
    wrong_details_max: Share
    measured_weeks: OneOrMore
    weeks_max: Amount

    def __post_init__(self) -> None:
        for name in ("weeks_after_failed_test", "measured_weeks"):
            if getattr(self, name).value > _WEEKS_MAX:
                raise ValueError(
                    f"{name} is {getattr(self, name).value:g}; give 1 to {_WEEKS_MAX} weeks"
                )
        if self.weeks_max.value > _WEEKS_MAX:
            raise ValueError(f"weeks_max is {self.weeks_max.value:g}; give 0 to {_WEEKS_MAX} weeks")


class Rollout(Strict, frozen=True, kw_only=True):
    """A whole rollout.

    `data_quality` is the file of how often details are wrong; `entry_checks` that of the training
    and the checks at entry, "" for none. `numbers` says which phone numbers people have: Ofcom's
    1,000 for drama, which they share, or a crowd's, one each, where nothing leaves this process.
    Without `trust` every victim trusts every message, and without `go_live_gates` every phase goes
    live on its day. `published` is a file of published figures to
    compare with, and `costs` one of what calls, officers and messages cost.
    """

    name: str
    order: str
    target: str
    journey: str
    contact_centre: str
    data_quality: str = "scenarios/data-quality/practice-note.toml"
    entry_checks: str = ""
    numbers: Numbers = "drama"
    published: str = ""
    costs: str = ""
    seed: Annotated[int, Meta(ge=0, le=2**62)]
    fraction: Annotated[float, Meta(gt=0, le=1)]
    calendar: Calendar
    go_live_gates: GoLiveGates | None = None
    testers: BehaviourOfTesters
    integration: IntegrationFaults
    polling_minutes: OneOrMore
    victims: VictimBehaviour
    access_needs: tuple[AccessNeed, ...] = ()
    trust: TrustParameters | None = None
    worry: WorryParameters
    officers: OfficerBehaviour

    def __post_init__(self) -> None:
        if self.polling_minutes.value > 1440:
            raise ValueError(f"polling_minutes is {self.polling_minutes.value}; give 1 to 1440")
        check_access_needs(self.access_needs)


@dataclass(frozen=True, kw_only=True)
class Span:
    """One period of the calendar, from `starts` to the day before `ends`.

    A test period lies within the live period of the phase before it: testers test the new phase
    while victims use the old one.
    """

    name: str
    starts: date
    ends: date
    phase: int
    is_test: bool = False


def read_rollout(path: Path) -> Rollout:
    """Read and check a rollout; raises BadInput naming the field."""
    return checked_toml.read(path, Rollout)


def spans(rollout: Rollout, order: Order, path: Path) -> list[Span]:
    """Lay out the periods: build, then test and live for each phase, then a quarter live.

    Raises BadInput if a test period would begin before the previous phase is live.
    """
    go_live = [order.go_live.phase_1, order.go_live.phase_2, order.go_live.phase_3]
    tests = [
        day - timedelta(weeks=weeks)
        for day, weeks in zip(go_live, rollout.calendar.test_weeks, strict=True)
    ]
    build_starts = tests[0] - timedelta(weeks=rollout.calendar.build_weeks)
    live_ends = [go_live[1], go_live[2], go_live[2] + timedelta(weeks=_LAST_LIVE_WEEKS)]
    found = [Span(name="Build", starts=build_starts, ends=tests[0], phase=0)]
    for phase in (1, 2, 3):
        test, live, ends = tests[phase - 1], go_live[phase - 1], live_ends[phase - 1]
        before = go_live[phase - 2] if phase > 1 else build_starts
        if test < before:
            raise BadInput(
                f"{path}: calendar.test_weeks: phase {phase} would be tested from {test}, before "
                f"phase {phase - 1} is live on {before}; move go_live in the order, or test less"
            )
        name = f"Phase {phase}"
        found.append(Span(name=f"{name} test", starts=test, ends=live, phase=phase, is_test=True))
        found.append(Span(name=f"{name} live", starts=live, ends=ends, phase=phase))
    last = found[-1].ends
    quarter = last + timedelta(weeks=rollout.calendar.quarter_weeks)
    return [*found, Span(name="Quarter live", starts=last, ends=quarter, phase=3)]


# Phase 3 is live for so long before the quarter that is compared begins.
_LAST_LIVE_WEEKS = 6
