"""Stage 2 of a rehearsal: what the force wrote down, with the truth kept beside it.

The faults are those of `simulator/population/faults`, drawn for all people at once. A wrong number
stays in Ofcom's range of drama mobiles, or cannot be dialled, so it never belongs to a real person.
A wrong address keeps a reserved domain.
"""

import numpy as np
from numpy.typing import NDArray

from simulator.population.drama_numbers import NONE, SPELLINGS, other_mobile
from simulator.population.faults.drawing import FaultTable, Plan, draw_faults, draw_intake
from simulator.population.faults.kinds import INDEX, KINDS, Group, of_group
from simulator.population.faults.rates import FaultRates
from simulator.population.recorded import (
    NO_FAULT,
    NUMBERS_OF_OTHERS,
    SECOND_NUMBER,
    Recorded,
    TruePeople,
)
from simulator.streams import Streams

_HOW_MAX = 2**31
#: Whole records are not among the faults here: a rehearsal has one record for each crime's victim.
GROUPS: tuple[Group, ...] = ("name", "birth", "moved", "mobile", "email")
#: A portal that takes the last ten digits of a drama number with one digit twice has a real one.
_INSTEAD = {"digit_doubled": "digit_lost"}


def record_with_faults(
    people: TruePeople, weeks: NDArray[np.int16], *, rates: FaultRates, streams: Streams
) -> Recorded:
    """Draw what the force wrote down about `people`, in those weeks (from 1), with its faults."""
    count = len(weeks)

    def stream(purpose: str) -> np.random.Generator:
        return streams.for_(f"data_quality.{purpose}")

    intake = draw_intake(count, rates, stream, weeks=1)
    intake.week[:] = weeks
    plan = draw_faults(FaultTable(rates), intake, people.spoilable(), stream)
    kinds = {group: _column(plan, group, count) for group in GROUPS}
    mobile_of = _mobiles_of_others(people.mobile, kinds, plan)
    spelt = stream("spelling").random(count) < rates.number_spelt_otherwise.value
    ways = stream("spelling_how").integers(1, SPELLINGS, size=count)
    return Recorded(
        people=people,
        rates=rates,
        intake=intake,
        kinds={group: kind for group, (kind, _how) in kinds.items()},
        how={group: how for group, (_kind, how) in kinds.items()},
        mobile_of=mobile_of,
        email_of=_emails_of_others(people.has_email, kinds["email"][1]),
        another=stream("another").integers(max(count, 1), size=count).astype(np.int32),
        spelling=np.where(spelt, ways, 0).astype(np.int8),
        stopped=plan.stopped,
    )


def _column(plan: Plan, group: Group, count: int) -> tuple[NDArray[np.int8], NDArray[np.int64]]:
    """Write the faults of a group as two columns: the kind's place in KINDS, and how."""
    kinds, how = np.full(count, NO_FAULT, np.int8), np.zeros(count, np.int64)
    for kind in of_group(group):
        drawn = plan.faults[kind.name]
        name = _INSTEAD.get(kind.name, kind.name)
        kinds[drawn.rows], how[drawn.rows] = INDEX[name], drawn.how
    return kinds, how


def _mobiles_of_others(
    true: NDArray[np.int16],
    kinds: dict[Group, tuple[NDArray[np.int8], NDArray[np.int64]]],
    plan: Plan,
) -> NDArray[np.int16]:
    """Choose the other mobile that was written down, for the faults that write one."""
    written = np.full(len(true), NONE, np.int16)
    for name in (*NUMBERS_OF_OTHERS, SECOND_NUMBER):
        how = kinds[KINDS[name].group][1]
        for i in plan.faults[name].rows.tolist():
            written[i] = other_mobile(
                int(true[i]), transposed=name == "digits_transposed", how=int(how[i])
            )
    return written


def _emails_of_others(has_email: NDArray[np.bool_], how: NDArray[np.int64]) -> NDArray[np.int32]:
    """Choose the person whose address is written down where it is someone else's."""
    count = len(has_email)
    holders = np.flatnonzero(has_email).astype(np.int32)
    if len(holders) < 2:
        return np.arange(count, dtype=np.int32)
    # A step of 1 to len-1 round the holders reaches any of them except the person.
    steps = 1 + how % (len(holders) - 1)
    own = np.searchsorted(holders, np.arange(count))
    return np.asarray(holders[(own + steps) % len(holders)], np.int32)
