"""A plan as data: a question, and what it changes in the files of a rollout.

`scenarios/plans/*.toml` are plans; `scenarios/planning.toml` is what they have in common.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias

from msgspec import Meta, Struct, structs

from simulator.clock import LONDON
from simulator.contact_centre.centre import check_centres
from simulator.contact_centre.staffing import ContactCentreParameters
from simulator.errors import BadInput
from simulator.files import checked_toml
from simulator.files.checked_toml import Amount, Share, Strict
from simulator.files.paths import ROOT, found
from simulator.force.crime_journey import Journey
from simulator.force.figures import load_figures
from simulator.inputs.order import GoLive, Order, read_order
from simulator.inputs.vocabulary import check_vocabulary
from simulator.planning.assumed_number import Number
from simulator.planning.modelled_portal import Outage
from simulator.population.faults.rates import FaultRates
from simulator.rehearsal.net_benefit import Costs
from simulator.rehearsal.preconditions import check_update_calls, order_for_shared_numbers
from simulator.rehearsal.rollout import Rollout

File: TypeAlias = Literal["rollout", "order", "contact_centre", "journey", "data_quality", "costs"]
Weeks = Annotated[int, Meta(ge=1, le=104)]
Count = Annotated[int, Meta(ge=1, le=1000)]
_MONDAY = 0
_SAID_OF_A_VALUE = ("unit", "source", "assumed")


class Change(Strict, frozen=True, kw_only=True):
    """Another value in a field of one of the files, such as `messages.per_week_max` in `order`."""

    file: File
    field: str
    value: Any
    why: str = ""

    def __post_init__(self) -> None:
        table, _dot, last = self.field.rpartition(".")
        if table and last in _SAID_OF_A_VALUE:
            raise ValueError(
                f"field is {self.field}: a plan changes values, not what is said of them; "
                f"give {table}"
            )


class PlannedOutage(Strict, frozen=True, kw_only=True):
    """The portal is down from an hour of a day, London time."""

    day: date
    from_hour: Annotated[int, Meta(ge=0, le=23)]
    hours: Annotated[float, Meta(gt=0, le=24 * 14)]


class Targets(Strict, frozen=True, kw_only=True):
    """What the contact centre is to keep: 999 calls answered in time, 101 calls not abandoned.

    Half of the questions to officers are answered within `question_hours`.
    Who leaves 101 for a call back is promised a first try within `call_back_minutes`. Targets of
    call-backs and of a second desk are asked for where those are in use.
    """

    answered_999: Share
    abandoned_101: Share
    call_back_minutes: Amount
    called_back_in_time: Share
    abandoned_second_desk: Share
    question_hours: Amount

    def in_use(self, centres: ContactCentreParameters) -> dict[str, Share | Amount]:
        """Give the targets that these centres are held to, by name."""
        found: dict[str, Share | Amount] = {
            "answered_999": self.answered_999,
            "abandoned_101": self.abandoned_101,
            "question_hours": self.question_hours,
        }
        if any(centres.call_backs_of(each) is not None for each in centres.forces):
            found["call_back_minutes"] = self.call_back_minutes
            found["called_back_in_time"] = self.called_back_in_time
        if any(centres.second_desk_of(each) is not None for each in centres.forces):
            found["abandoned_second_desk"] = self.abandoned_second_desk
        return found


class Study(Strict, frozen=True, kw_only=True):
    """What plans have in common: the year, how exactly, the targets, and the numbers that decide.

    `half_width` is how exact the share of 101 calls that are saved is to be, at 95%.
    """

    rollout: str
    costs: str
    starts: date
    warm_up_weeks: Weeks
    weeks: Weeks
    fraction: Annotated[float, Meta(gt=0, le=1)]
    replications_min: Annotated[int, Meta(ge=2, le=1000)]
    replications_max: Annotated[int, Meta(ge=2, le=1000)]
    half_width: Share
    targets: Targets
    numbers: tuple[Number, ...]

    def __post_init__(self) -> None:
        if self.starts.weekday() != _MONDAY:
            raise ValueError(f"starts is {self.starts}, a {self.starts:%A}; give a Monday")
        if self.replications_max < self.replications_min:
            raise ValueError("replications_max is less than replications_min; give as many or more")


class PlanScenario(Strict, frozen=True, kw_only=True):
    """One plan: its question, and what it changes; `both` is changed on today's side too."""

    name: str
    question: str
    study: str = "scenarios/planning.toml"
    both: tuple[Change, ...] = ()
    changes: tuple[Change, ...] = ()
    outages: tuple[PlannedOutage, ...] = ()
    closed_on_monday: Share | None = None

    def __post_init__(self) -> None:
        seen: set[tuple[str, str]] = set()
        for each in (*self.both, *self.changes):
            if (each.file, each.field) in seen:
                raise ValueError(
                    f"changes: {each.field} of {each.file} is changed twice; keep one of the two"
                )
            seen.add((each.file, each.field))


class YearFiles(Struct, frozen=True, kw_only=True):
    """The files of one year with a plan's changes in them, and what else it plans."""

    rollout: Rollout
    order: Order
    centres: ContactCentreParameters
    journey: Journey
    faults: FaultRates
    costs: Costs
    outages: tuple[PlannedOutage, ...] = ()
    closed_on_monday: float = 0.0


def read_scenario(path: Path) -> tuple[PlanScenario, Study]:
    """Read and check a plan and its study; raises BadInput naming the field."""
    scenario = checked_toml.read(path, PlanScenario)
    return scenario, checked_toml.read(found(Path(scenario.study)), Study)


def read_year(
    study: Study,
    changes: Sequence[Change | Number] = (),
    *,
    said_in: str,
    values: Sequence[float] = (),
    scenario: PlanScenario | None = None,
) -> YearFiles:
    """Read the files of a year with these changes; `values` are those of numbers among them.

    All phases are live from the first days of the year. Raises BadInput naming the field.
    """
    by_file: dict[str, dict[str, object]] = {}
    numbers = iter(values)
    for each in changes:
        value = each.value if isinstance(each, Change) else next(numbers)
        by_file.setdefault(each.file, {})[each.field] = value

    def read(kind: Any, path: str, file: File) -> Any:
        changed = by_file.get(file, {})
        return checked_toml.read_changed(found(ROOT / path), kind, changed, said_in=said_in)

    rollout = read(Rollout, study.rollout, "rollout")
    order = read_order(found(ROOT / rollout.order), by_file.get("order", {}), said_in=said_in)
    check_vocabulary(order, rollout.order, journey=ROOT / rollout.journey)
    centres = read(ContactCentreParameters, rollout.contact_centre, "contact_centre")
    check_centres(centres, said_in)
    costs = read(Costs, study.costs, "costs")
    _check_hours_a_week(centres, costs, said_in)
    if not values:
        # A number of the tornado may be off by itself: that is what it asks.
        check_update_calls(load_figures(), centres, rollout.worry.moments_mean.value, said_in)
    return YearFiles(
        rollout=rollout,
        order=_live_from(study.starts, order_for_shared_numbers(order)),
        centres=centres,
        journey=read(Journey, rollout.journey, "journey"),
        faults=read(FaultRates, rollout.data_quality, "data_quality"),
        costs=costs,
        outages=scenario.outages if scenario else (),
        closed_on_monday=(
            scenario.closed_on_monday.value if scenario and scenario.closed_on_monday else 0.0
        ),
    )


def _check_hours_a_week(centres: ContactCentreParameters, costs: Costs, said_in: str) -> None:
    """Refuse full-time equivalents of other hours than those that are paid; raises BadInput."""
    paid = costs.hours_a_week.value
    for name, centre in centres.forces.items():
        hours = centre.roster.hours_a_week if centre.roster else None
        if hours is not None and hours.value != paid:
            raise BadInput(
                f"{said_in}: contact centre: forces.{name}.roster.hours_a_week is {hours.value:g}, "
                f"and hours_a_week of the costs is {paid:g}; give the same in both"
            )


def outages_in_seconds(planned: Sequence[PlannedOutage], start: datetime) -> list[Outage]:
    """Give when the portal is down, in seconds after `start`."""
    found_all = []
    for each in planned:
        begins = datetime(
            each.day.year, each.day.month, each.day.day, each.from_hour, tzinfo=LONDON
        ).astimezone(UTC)
        at = int((begins - start).total_seconds())
        found_all.append(Outage(at, at + int(3600 * each.hours)))
    return found_all


def check_outages(scenario: PlanScenario, study: Study, path: Path) -> None:
    """Refuse an outage outside the measured weeks; raises BadInput."""
    first = study.starts + timedelta(weeks=study.warm_up_weeks)
    last = first + timedelta(weeks=study.weeks)
    for number, each in enumerate(scenario.outages, start=1):
        if not first <= each.day < last:
            raise BadInput(
                f"{path}: outages: day of outage {number} is {each.day}; give a day from {first} "
                f"to the day before {last}, which is measured"
            )


def described(change: Change) -> str:
    """Say what a change is."""
    why = f" ({change.why})" if change.why else ""
    value = change.value
    if isinstance(value, bool):
        value = "true" if value else "false"
    if isinstance(value, list) and len(value) > 3:
        value = f"{len(value)} entries"
    return f"{change.file}: {change.field} is {value}{why}"


def _live_from(starts: date, order: Order) -> Order:
    days = [starts + timedelta(days=each) for each in (0, 1, 2)]
    go_live = GoLive(phase_1=days[0], phase_2=days[1], phase_3=days[2])
    return structs.replace(order, go_live=go_live)


def amount_at(files: YearFiles, number: Number) -> tuple[float, str]:
    """Give the usual value of a number, and its unit ("" for a plain one); raises BadInput."""
    value: Any = {
        "rollout": files.rollout,
        "order": files.order,
        "contact_centre": files.centres,
        "costs": files.costs,
    }[number.file]
    for step in number.field.split("."):
        value = value.get(step) if isinstance(value, dict) else getattr(value, step, None)
    if isinstance(value, Amount | Share):
        return value.value, value.unit
    if not isinstance(value, int | float):
        raise BadInput(f"numbers: {number.name}: {number.field} is no number in {number.file}")
    return float(value), ""
