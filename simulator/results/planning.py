"""The results of a plan as plain values: measures with intervals, answers, and what decides."""

from typing import Literal, TypeAlias

from msgspec import Struct

from simulator.results.conservation import Conserved
from simulator.results.portal_life import JourneyOfGroup
from simulator.results.values import BenefitLine, Estimate, Parameter
from simulator.verdicts import Kind

#: Why a portal makes victims ring: the names of the measures, in the order of their causes.
MADE_BY = (
    "by victims who have not signed in",
    "by a sign-in that did not work",
    "by little trust, or another language",
    "by silence, or too many messages",
)
#: The names of two measures: of all that officers do for crimes and victims, and for victims alone.
OFFICERS_TIME_USED = "Officers' time for crimes, used"
TASKS_TIME_USED = "- by victims' tasks"


class Measure(Struct, frozen=True, kw_only=True):
    """One number without a portal, as today, as planned, and how the last two differ, in pairs.

    None where there is nothing to measure: without a portal, or where the plan changes nothing.
    """

    name: str
    unit: str
    without: Estimate | None = None
    today: Estimate
    planned: Estimate | None = None
    difference: Estimate | None = None


class Swing(Struct, frozen=True, kw_only=True):
    """How the calls saved in a year change with one number, low and high, all else the same.

    The pounds are those of the net benefit.
    """

    name: str
    unit: str
    usual: float
    low: float
    high: float
    at_low: Estimate
    at_high: Estimate
    pounds_at_low: Estimate
    pounds_at_high: Estimate
    why: str

    @property
    def width(self) -> float:
        """How far apart the calls at the two values are."""
        return abs(self.at_high.mean - self.at_low.mean)

    @property
    def width_pounds(self) -> float:
        """How far apart the pounds at the two values are."""
        return abs(self.pounds_at_high.mean - self.pounds_at_low.mean)


class MessageEffect(Struct, frozen=True, kw_only=True):
    """What one message of the order does: the calls that it saves; below 0 it makes calls.

    Without the one that `is_invitation` nobody learns of the portal.
    """

    event: str
    saves: Estimate
    messages: float
    is_invitation: bool = False


class PlanUptake(Struct, frozen=True, kw_only=True):
    """A year of the plan in which the share `registers` of those invited would register.

    Calls are net of those that messages make. Officers' hours are those of questions, and those of
    the portal's other tasks. `pounds` is the net benefit; `pounds_apart` leaves those tasks out.
    """

    registers: float
    registered: Estimate
    calls_saved: Estimate
    handler_hours: Estimate
    question_hours: Estimate
    other_hours: Estimate
    pounds: Estimate
    pounds_apart: Estimate


class BreakEven(Struct, frozen=True, kw_only=True):
    """The share of those invited who must register, so that more is saved of `what` than spent.

    None where it is not so in `years_never` of the `years`, even if everybody registers.
    """

    what: str
    share: Estimate | None
    years: int
    years_never: int


class Roster(Struct, frozen=True, kw_only=True):
    """The handlers of one force: as the plan rosters them, and the fewest that keep the targets.

    Each as full-time equivalents; None where even the most that were tried do not in some year.
    The intervals are of `years` years, each with a search of its own.
    """

    force: str
    rostered: float
    without: Estimate | None
    today: Estimate | None
    planned: Estimate | None
    years: int


#: How a force's handlers are rostered: each hour for its own load, on shifts, or as it says itself.
RotaForm: TypeAlias = Literal["by the hour", "on shifts", "by headcount"]


class BreakingPoint(Struct, frozen=True, kw_only=True):
    """The highest load at which a target holds: so many times the plan's `calls` or `crimes`.

    Crimes are those that each officer is given. `times` is None where in some year no load that
    was `tried` was the last: then it `holds_at_all`, or at none.
    """

    force: str
    target: str
    load: str
    times: Estimate | None
    holds_at_all: bool
    tried: tuple[float, float]
    years: int


class Staff(Struct, frozen=True, kw_only=True):
    """The full-time equivalents that a force rosters, with today's files and as planned.

    The two rotas say how people are rostered: of those by the hour, no rota that people can work
    has so few. Shifts put more people on the phones than the load needs: `planned_over_need` is
    that share.
    """

    force: str
    today: float
    planned: float
    today_rota: RotaForm
    planned_rota: RotaForm
    planned_over_need: float


class LevelInHour(Struct, frozen=True, kw_only=True):
    """One line in one hour of the day, over a year: the mean of the years; None of no calls."""

    offered: float
    wait_seconds: float | None
    abandoned_share: float | None


class PlanHour(Struct, frozen=True, kw_only=True):
    """One line of one force in one hour of London's day; `planned` is None where it is as today."""

    force: str
    line: str
    hour: int
    without: LevelInHour
    today: LevelInHour
    planned: LevelInHour | None


class Abandonment(Struct, frozen=True, kw_only=True):
    """The share of a line's calls abandoned after so many seconds or more; `planned` likewise."""

    force: str
    line: str
    after_seconds: int
    without: Estimate
    today: Estimate
    planned: Estimate | None


class RotaShift(Struct, frozen=True, kw_only=True):
    """How many people of a desk begin a shift on each day from Monday, in a season.

    Those who are absent are among them. `begins` and `ends` are London's times of day.
    """

    force: str
    desk: str
    season: str
    begins: str
    ends: str
    hours: float
    people: list[int]


class Peak(Struct, frozen=True, kw_only=True):
    """The busiest minute of the year at full volume: messages due, and the rate to send them at.

    `per_second` sends them within the order's limit of `minutes`. `requests_per_second` is what the
    portal gets in the mean of the year about crimes whose victim it tells. With a `fraction` below
    1 each message stands for many, and the busiest minute looks busier than it is.
    """

    messages: float
    minutes: int
    per_second: float
    sign_ins_an_hour: float
    requests_per_second: float
    fraction: float


class PlanYear(Struct, frozen=True, kw_only=True):
    """One year by name of the measure or line: without a portal, with today's plan, and planned."""

    seed: int
    without: dict[str, float]
    today: dict[str, float]
    planned: dict[str, float]


class PlanResult(Struct, frozen=True, kw_only=True):
    """A whole plan: a scenario beside today's order, and both beside no portal.

    `weeks` are measured after `warm_up_weeks`; `warm_up_needed` is what an audit of the weeks asks
    for, and `warm_up_change` by how much more calls a week saves after that; None where it asks for
    no more. `half_width` is that of the share of 101 calls that the portal saves, at 95%.
    `years_wanted` is the fewest years that the study asks for. `targets_kept` says in words whether
    callers are answered as the targets ask. `registers` is the share who would, as planned.
    """

    name: str
    question: str
    seed: int
    replications: int
    years_wanted: int
    fraction: float
    warm_up_weeks: int
    warm_up_needed: int
    warm_up_change: Estimate | None
    weeks: int
    half_width_wanted: float
    half_width: float
    changes: list[str]
    decision: str
    targets_kept: str
    staff: list[Staff]
    measures: list[Measure]
    benefit: list[BenefitLine]
    benefit_difference: list[BenefitLine]
    peak: Peak
    #: What the fewest handlers keep, each target as a phrase.
    targets: list[str]
    rosters: list[Roster]
    #: Where each target no longer holds; empty where it was not sought.
    breaks: list[BreakingPoint]
    rota: list[RotaShift]
    hours: list[PlanHour]
    abandonment: list[Abandonment]
    #: Update calls saved in each week, the warm-up too: today and planned.
    weeks_saved: list[tuple[float, float]]
    messages: list[MessageEffect]
    #: All messages but the invitation, off together; None where none was switched off.
    all_updates: MessageEffect | None
    registers: float
    #: The year at other uptakes, and the uptake at which it breaks even; empty where none was run.
    uptakes: list[PlanUptake]
    break_evens: list[BreakEven]
    published_registered: int
    #: The year with as many registered as were published; None where fewer would, or none was run.
    at_published: PlanUptake | None = None
    swings: list[Swing]
    parameters: list[Parameter]
    notes: list[str]
    years: list[PlanYear]
    #: How all callers, messages and questions of the planned years ended.
    conserved: list[Conserved] = []
    #: What may happen to a crime of each offence group; empty where it was not counted.
    journeys_by_group: list[JourneyOfGroup] = []

    @property
    def verdict(self) -> Kind:
        """How a page shows the decision: a plan is no verdict on a portal."""
        return "WARNING"
