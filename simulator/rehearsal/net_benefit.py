"""What a portal saves and what it costs, in hours and in pounds, with intervals.

Unit costs are data, `scenarios/costs.toml`, each with its source or why it is assumed. A rehearsal
is one history: its intervals come from how its weeks differ, and from who was followed. `plan` has
them from replications.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import hypot, inf, sqrt
from pathlib import Path
from statistics import mean, stdev

from simulator.files import checked_toml
from simulator.files.checked_toml import Amount, OneOrMore, Positive, Share, Strict
from simulator.rehearsal.intervals import t_quantile
from simulator.results.values import BenefitLine, Estimate

_WORKING_DAYS_A_WEEK = 5
WEEKS_A_YEAR = 365.25 / 7


class Role(Strict, frozen=True, kw_only=True):
    """People who work on the programme: how many, at what rate, for what share of its weeks."""

    role: str
    number: Amount
    day_rate: Amount
    share: Share

    def pounds(self, weeks: float) -> float:
        """Give what they cost in so many weeks."""
        days = weeks * _WORKING_DAYS_A_WEEK * self.share.value
        return self.number.value * self.day_rate.value * days


class Costs(Strict, frozen=True, kw_only=True):
    """All of `scenarios/costs.toml`."""

    name: str
    handler_hour: Amount
    officer_hour: Amount
    text_message: Amount
    call_back_share: Share
    call_back_minutes: Amount
    call_back_picked_up: Share
    call_back_tries: OneOrMore
    call_back_try_minutes: Amount
    call_back_again_hours: Amount
    hours_a_week: Positive
    shrinkage: Share
    programme_weeks: Amount
    spread_over_years: Positive
    licence_a_year: Amount
    programme: tuple[Role, ...]
    testers: Role
    test_weeks: Amount

    def __post_init__(self) -> None:
        if self.call_back_tries.value % 1:
            tries = self.call_back_tries.value
            raise ValueError(f"call_back_tries is {tries:g}; give a whole number from 1")
        if self.shrinkage.value == 1:
            raise ValueError("shrinkage is 1: nobody would be on the phones; give less")

    @property
    def programme_a_year(self) -> float:
        """Give the pounds a year of the programme's effort and of running the portal."""
        built = sum(each.pounds(self.programme_weeks.value) for each in self.programme)
        built += self.testers.pounds(self.test_weeks.value)
        return built / self.spread_over_years.value + self.licence_a_year.value

    @property
    def call_back_minutes_mean(self) -> float:
        """Give the minutes that a call-back takes in the mean, with the tries in vain."""
        in_vain = 1 - self.call_back_picked_up.value
        tries = int(self.call_back_tries.value)
        reached = (1 - in_vain**tries) * self.call_back_minutes.value
        lost = sum(in_vain**each for each in range(1, tries + 1))
        return reached + lost * self.call_back_try_minutes.value

    def full_time_equivalents(self, handler_hours_a_week: float) -> float:
        """Give the handlers to employ for so many rostered hours a week."""
        return handler_hours_a_week / (self.hours_a_week.value * (1 - self.shrinkage.value))


def read_costs(path: Path) -> Costs:
    """Read and check the unit costs; raises BadInput naming the field."""
    return checked_toml.read(path, Costs)


@dataclass(frozen=True, kw_only=True)
class UseOfPortal:
    """What came of the portal in so many weeks, at full volume.

    `calls_saved` are net of the calls that messages make; `other_tasks` are those that the portal
    raises beside questions. `call_seconds` and `task_minutes` are what one of each takes.
    `further_hours` are those of tasks that other people of the force do.
    `rostered_hours_more` are the hours for which a plan rosters more handlers than today.
    """

    weeks: float
    calls_saved: float
    questions: float
    other_tasks: float
    texts: float
    call_seconds: float
    task_minutes: float
    rostered_hours_more: float = 0.0
    further_hours: float = 0.0


CALLS_SAVED = "Update calls saved, net of those made"
HANDLER_HOURS = "Call handlers' hours saved"
QUESTION_HOURS = "Officers' hours spent on questions"
OTHER_HOURS = "Officers' hours spent on its other tasks"
#: The lines of a net benefit, in order, with their units.
LINES: Mapping[str, str] = {
    CALLS_SAVED: "calls",
    HANDLER_HOURS: "hours",
    "Officers' call-backs saved": "calls",
    "Officers' hours saved on call-backs": "hours",
    QUESTION_HOURS: "hours",
    OTHER_HOURS: "hours",
    "Texts": "pounds",
    "The programme and running it": "pounds",
    "Net benefit": "pounds",
    "Net benefit, its other tasks apart": "pounds",
}
NET = "Net benefit"
NET_WITHOUT_OTHER_TASKS = "Net benefit, its other tasks apart"
#: A line of plans alone: a rehearsal rosters as today.
ROSTERED = "Handlers' hours rostered, more than today"
#: What those hours come to, where a plan rosters more or fewer: the same in two other units.
ROSTERED_AS: Mapping[str, str] = {
    "- as full-time equivalents": "people",
    "- as their pay": "pounds",
}
BREAK_EVEN = "Minutes a question at which it breaks even"


#: The lines that are never below 0, or never above it: their intervals end there.
BOUNDS: Mapping[str, tuple[float, float]] = {
    QUESTION_HOURS: (0.0, inf),
    OTHER_HOURS: (0.0, inf),
    "Texts": (-inf, 0.0),
    "The programme and running it": (-inf, 0.0),
}
_UNBOUNDED = (-inf, inf)


def bounds_of(line: str) -> tuple[float, float]:
    """Give the least and the most that a line may be."""
    return BOUNDS.get(line, _UNBOUNDED)


def benefit_of(use: UseOfPortal, costs: Costs) -> dict[str, float]:
    """Reckon every line for these weeks; what is spent is below 0 in pounds alone.

    `BREAK_EVEN` is how long a question may take, the programme left out; below 0 no time is short
    enough.
    """
    handler_hours = use.calls_saved * use.call_seconds / 3600
    call_backs = use.calls_saved * costs.call_back_share.value
    call_back_hours = call_backs * costs.call_back_minutes_mean / 60
    question_hours = use.questions * use.task_minutes / 60
    other_hours = use.other_tasks * use.task_minutes / 60 + use.further_hours
    texts = -use.texts * costs.text_message.value
    programme = -costs.programme_a_year * use.weeks / WEEKS_A_YEAR
    officer = costs.officer_hour.value
    but_for_questions = (
        handler_hours * costs.handler_hour.value + (call_back_hours - other_hours) * officer + texts
    )
    rostered = -use.rostered_hours_more * costs.handler_hour.value
    # Time set free does not count beside the pay of handlers who are rostered no longer.
    hours_in_both = min(max(0.0, handler_hours), max(0.0, -use.rostered_hours_more))
    rostered -= hours_in_both * costs.handler_hour.value
    net = but_for_questions - question_hours * officer + programme + rostered
    found = (
        use.calls_saved,
        handler_hours,
        call_backs,
        call_back_hours,
        question_hours,
        other_hours,
        texts,
        programme,
        net,
        net + other_hours * officer,
    )
    lines = dict(zip(LINES, found, strict=True))
    lines[ROSTERED] = use.rostered_hours_more
    if use.rostered_hours_more:
        people = costs.full_time_equivalents(use.rostered_hours_more / use.weeks)
        pay = -use.rostered_hours_more * costs.handler_hour.value
        lines |= dict(zip(ROSTERED_AS, (people, pay), strict=True))
    of_questions = use.questions * officer / 60
    lines[BREAK_EVEN] = but_for_questions / of_questions if of_questions else 0.0
    return lines


def weekly_benefit(
    weeks: Sequence[UseOfPortal], costs: Costs, *, saved_error: float = 0.0
) -> list[BenefitLine]:
    """Add up the weeks of one history, with 95% intervals from how the weeks differ.

    All weeks have their calls saved by the same followed victims: `saved_error` is the standard
    error of their sum because of that.
    """
    by_week = [benefit_of(each, costs) for each in weeks]
    by_call = [_of_one_call_more(each, costs) for each in weeks]
    lines = []
    for name, unit in LINES.items():
        more = mean(each[name] for each in by_call) * saved_error
        value = total([each[name] for each in by_week], error_in_common=more)
        value = value.within(*bounds_of(name))
        lines.append(BenefitLine(name=name, unit=unit, value=value))
    minutes = _break_even(weeks, costs, by_call, saved_error)
    return [*lines, BenefitLine(name=BREAK_EVEN, unit="minutes", value=minutes)]


def _break_even(
    weeks: Sequence[UseOfPortal],
    costs: Costs,
    by_call: Sequence[dict[str, float]],
    saved_error: float,
) -> Estimate:
    """Give the ratio of the sums of all weeks: a week of few questions says no more than others.

    Its interval is that of a ratio estimator, by how the weeks differ from it.
    """
    questions = [each.questions for each in weeks]
    minutes = [
        benefit_of(each, costs)[BREAK_EVEN] * count
        for each, count in zip(weeks, questions, strict=True)
    ]
    asked = sum(questions)
    if not asked:
        return Estimate(mean=0.0, low=0.0, high=0.0)
    ratio = sum(minutes) / asked
    apart = [each - ratio * count for each, count in zip(minutes, questions, strict=True)]
    more = sum(each[BREAK_EVEN] * count for each, count in zip(by_call, questions, strict=True)) / (
        asked * len(weeks)
    )
    error = hypot(_error(apart) * len(weeks) / asked, more * saved_error)
    return _interval(ratio, error, len(weeks))


def total(by_week: Sequence[float], *, error_in_common: float = 0.0) -> Estimate:
    """Add up weeks, with a 95% interval for such a sum; `error_in_common` is one of the sum."""
    count = len(by_week)
    return _interval(sum(by_week), hypot(_error(by_week) * count, error_in_common), count)


def _of_one_call_more(use: UseOfPortal, costs: Costs) -> dict[str, float]:
    """Give by how much each line changes with one call saved more."""
    before = benefit_of(use, costs)
    after = benefit_of(replace(use, calls_saved=use.calls_saved + 1), costs)
    return {name: after[name] - number for name, number in before.items()}


def _error(values: Sequence[float]) -> float:
    return stdev(values) / sqrt(len(values)) if len(values) > 1 else float("inf")


def _interval(middle: float, error: float, count: int) -> Estimate:
    half = t_quantile(count - 1) * error if count > 1 else 0.0
    return Estimate(mean=middle, low=middle - half, high=middle + half)
