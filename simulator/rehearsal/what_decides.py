"""What the last quarter of a rehearsal would come to if one assumed number were low, or high.

Nothing is run again: the calls are reckoned from what became of the run's own worries and messages,
as they are by uptake, and the hours and pounds from unit costs. So only those numbers are here that
leave what victims and officers did as it was. `plan` runs a year again for each of the others.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal, TypeVar

import numpy as np
from msgspec import Struct, structs

from simulator.files import checked_toml
from simulator.files.checked_toml import Amount, Share, Strict
from simulator.files.paths import ROOT
from simulator.rehearsal.net_benefit import NET, Costs, UseOfPortal, benefit_of
from simulator.rehearsal.rollout import Rollout
from simulator.rehearsal.uptake import CallsByShare, QuarterUse
from simulator.rehearsal.worries import TOO_MANY
from simulator.results.values import NumberSwing

#: What can be reckoned from a run: the fields that decide how its worries and messages become
#: calls, and what calls, tasks and the programme cost.
RECKONED = frozenset(
    {
        "rollout: victims.registers",
        "rollout: worry.moments_mean",
        "rollout: worry.looks_at_portal_first",
        "rollout: worry.finds_answer",
        "rollout: worry.content_without_news",
        "rollout: worry.news_calms",
        "rollout: worry.message_makes_call",
        "rollout: officers.task_minutes",
        "costs: call_back_share",
        "costs: officer_hour",
        "costs: licence_a_year",
    }
)

_Table = TypeVar("_Table", bound=Struct)


class Number(Strict, frozen=True, kw_only=True):
    """A number of the tornado: what it is called, where it is, and how far it may be off."""

    name: str
    file: Literal["rollout", "order", "contact_centre", "costs"]
    field: str
    low: float
    high: float
    why: str

    def __post_init__(self) -> None:
        if not self.low < self.high:
            raise ValueError(f"{self.name}: low is not less than high; swap them")


class _NumbersOfPlans(Struct, frozen=True, kw_only=True):
    """What a rehearsal reads of the file that plans have in common."""

    numbers: tuple[Number, ...]


def read_numbers(file: str) -> tuple[Number, ...]:
    """Read the numbers of the tornado that can be reckoned: none where the rollout has no file.

    Raises BadInput naming the field.
    """
    every = checked_toml.read(ROOT / file, _NumbersOfPlans).numbers if file else ()
    return tuple(each for each in every if f"{each.file}: {each.field}" in RECKONED)


@dataclass(frozen=True, kw_only=True)
class QuarterAsRun:
    """The last quarter as it was run: its worries and messages, and its weeks together."""

    use: QuarterUse
    whole: UseOfPortal
    rollout: Rollout
    costs: Costs

    @cached_property
    def calls(self) -> CallsByShare:
        """Its calls at any share, with the numbers as they were."""
        return CallsByShare(self.use, self.use.parameters)


def swings(quarter: QuarterAsRun, numbers: Sequence[Number]) -> list[NumberSwing]:
    """Reckon the quarter with each number low and high, all else as run; the widest first."""
    usual = _reckoned(quarter, quarter.rollout, quarter.costs)
    found = [_swing(quarter, each, usual) for each in numbers]
    return sorted(found, key=lambda each: (-each.width, -each.width_pounds, each.name))


def _swing(quarter: QuarterAsRun, number: Number, usual: tuple[float, float]) -> NumberSwing:
    at = {}
    for value in (number.low, number.high):
        rollout, costs = quarter.rollout, quarter.costs
        if number.file == "costs":
            costs = changed(costs, number.field, value)
        else:
            rollout = changed(rollout, number.field, value)
        calls, pounds = _reckoned(quarter, rollout, costs)
        at[value] = (calls - usual[0], pounds - usual[1])
    amount = _at(quarter.costs if number.file == "costs" else quarter.rollout, number.field)
    return NumberSwing(
        name=number.name,
        unit=amount.unit,
        usual=amount.value,
        low=number.low,
        high=number.high,
        calls_at_low=round(at[number.low][0]),
        calls_at_high=round(at[number.high][0]),
        pounds_at_low=round(at[number.low][1]),
        pounds_at_high=round(at[number.high][1]),
        why=number.why,
    )


def _reckoned(quarter: QuarterAsRun, rollout: Rollout, costs: Costs) -> tuple[float, float]:
    """Reckon the calls saved, net, and the pounds, with these numbers."""
    use, share = quarter.use, rollout.victims.registers.value
    as_run = quarter.calls
    before = as_run.at(use.registers)
    more = _ratio(rollout.worry.moments_mean.value, use.parameters.moments_mean.value)
    # Those of too many messages come of the messages, and not of how often victims worry.
    times = np.where(use.worries.cause == TOO_MANY, 1.0, more)
    has_same_worries = rollout.worry == use.parameters
    calls = as_run if has_same_worries else CallsByShare(use, rollout.worry, times=times)
    now = calls.at(share)
    # In the measure of what was rehearsed, as by uptake.
    saved = use.calls_saved * _ratio(now.saved, before.saved)
    made = use.calls_made * _ratio(now.made, before.made)
    net = (saved - made) - (use.calls_saved - use.calls_made)
    # Of the questions only those change otherwise than with uptake that are written for a call.
    written = now.written_instead - as_run.at(share).written_instead
    questions = quarter.whole.questions * _ratio(share, use.registers) + written
    whole = replace(
        quarter.whole,
        calls_saved=quarter.whole.calls_saved + net,
        questions=max(questions, 0.0),
        task_minutes=rollout.officers.task_minutes.value,
    )
    return whole.calls_saved, benefit_of(whole, costs)[NET]


def _ratio(now: float, before: float) -> float:
    return now / before if before else 1.0


def changed(table: _Table, field: str, value: float) -> _Table:
    """Give a table with another value in one of its numbers, such as `worry.news_calms`."""
    name, _dot, rest = field.partition(".")
    before = getattr(table, name)
    after = changed(before, rest, value) if rest else structs.replace(before, value=value)
    return structs.replace(table, **{name: after})


def _at(table: Any, field: str) -> Amount | Share:
    for step in field.split("."):
        table = getattr(table, step)
    assert isinstance(table, Amount | Share)
    return table
