"""Stage 2 of a rehearsal: what the force wrote down, with the truth kept beside it.

The faults are those of `simulator/population/faults`, drawn for all people at once, as for a crowd.
A wrong number stays in its range or cannot be dialled, so it never belongs to a real person. A
wrong address keeps a reserved domain.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulator.population.crowd_numbers import mobiles_of_others
from simulator.population.drama_numbers import NONE, SPELLINGS
from simulator.population.faults.drawing import (
    FaultTable,
    Intake,
    Plan,
    Stream,
    draw_faults,
    draw_intake,
)
from simulator.population.faults.kinds import INDEX, KINDS, Group, Has, of_group
from simulator.population.faults.rates import FaultRates
from simulator.population.phone_numbers import Numbers, slip_in_mobile
from simulator.population.recorded import (
    NO_FAULT,
    NUMBERS_OF_OTHERS,
    SECOND_NUMBER,
    Recorded,
    TruePeople,
    TruePerson,
)
from simulator.streams import Streams

#: Groups of which a record has one kind at most. Those of whole records have columns of their own.
GROUPS: tuple[Group, ...] = ("name", "birth", "moved", "mobile", "email")
#: A portal that takes the last ten digits of a drama number with one digit twice has a real one.
_INSTEAD_OF_DRAMA: Mapping[str, str] = {"digit_doubled": "digit_lost"}
#: Of those with a mobile, who have a partner at home with another, and whose crime has a suspect
#: with another. Nobody in a rehearsal has a household, so the shares are those of a crowd.
PARTNERS_MOBILE, SUSPECTS_MOBILE = 0.35, 0.058
_SLIPS = frozenset({"digit_wrong", "digits_transposed"})


@dataclass(frozen=True)
class _RecordedTwice:
    """The people of whom there is a second record, as a population of their own."""

    everybody: TruePeople
    rows: NDArray[np.intp]

    @property
    def numbers(self) -> Numbers:
        return self.everybody.numbers

    @property
    def mobile(self) -> NDArray[np.int32]:
        return self.everybody.mobile[self.rows]

    @property
    def has_email(self) -> NDArray[np.bool_]:
        return self.everybody.has_email[self.rows]

    def spoilable(self) -> NDArray[np.uint16]:
        return self.everybody.spoilable()[self.rows]

    def person(self, i: int, /) -> TruePerson:
        return self.everybody.person(int(self.rows[i]))


def record_with_faults(
    people: TruePeople, weeks: NDArray[np.int16], *, rates: FaultRates, streams: Streams
) -> Recorded:
    """Draw what the force wrote down about `people`, in those weeks (from 1), with its faults.

    A person recorded twice has a second record, with faults of its own, in `again`.
    """
    table = FaultTable(rates)

    def stream(purpose: str) -> np.random.Generator:
        return streams.for_(f"data_quality.{purpose}")

    company = _company(len(weeks), stream)
    plan, intake = _drawn(people, weeks, table, stream, company)
    twice = plan.faults["duplicate_person"].rows
    second = _RecordedTwice(people, twice)

    def again(purpose: str) -> np.random.Generator:
        return stream(f"again.{purpose}")

    of_second, intake_again = _drawn(second, weeks[twice], table, again, company[twice])
    return _recorded(
        people,
        plan,
        intake,
        rates,
        stream,
        twice={row: place for place, row in enumerate(twice.tolist())},
        again=_recorded(second, of_second, intake_again, rates, again, is_second=True),
    )


def _company(count: int, stream: Stream) -> NDArray[np.uint16]:
    """Draw who has a partner, and a suspect, whose mobile can be written down instead."""
    found = np.zeros(count, np.uint16)
    for flag, share in (
        (Has.PARTNERS_MOBILE, PARTNERS_MOBILE),
        (Has.SUSPECTS_MOBILE, SUSPECTS_MOBILE),
    ):
        there = stream(f"company.{flag.name}").random(count) < share
        found |= np.where(there, np.uint16(flag), np.uint16(0))
    return found


def _drawn(
    people: TruePeople,
    weeks: NDArray[np.int16],
    table: FaultTable,
    stream: Stream,
    company: NDArray[np.uint16],
) -> tuple[Plan, Intake]:
    intake = draw_intake(len(weeks), table.rates, stream, weeks=1)
    intake.week[:] = weeks
    return draw_faults(table, intake, people.spoilable() | company, stream), intake


def _recorded(
    people: TruePeople,
    plan: Plan,
    intake: Intake,
    rates: FaultRates,
    stream: Stream,
    *,
    twice: Mapping[int, int] | None = None,
    again: Recorded | None = None,
    is_second: bool = False,
) -> Recorded:
    """Make the columns of records; a second record is never omitted, nor recorded twice itself."""
    count = len(intake)
    omitted, wrong_role = np.zeros(count, np.bool_), np.zeros(count, np.int8)
    if not is_second:
        omitted[plan.faults["omitted_person"].rows] = True
    roles = plan.faults["wrong_role"]
    wrong_role[roles.rows] = 1 + roles.how % 2
    wrong_role[omitted] = 0
    kinds = {group: _column(plan, group, people.numbers, omitted) for group in GROUPS}
    spelt = stream("spelling").random(count) < rates.number_spelt_otherwise.value
    ways = stream("spelling_how").integers(1, SPELLINGS, size=count)
    return Recorded(
        people=people,
        rates=rates,
        intake=intake,
        kinds={group: kind for group, (kind, _how) in kinds.items()},
        how={group: how for group, (_kind, how) in kinds.items()},
        mobile_of=_mobiles_of_others(people, kinds, plan, intake),
        email_of=_emails_of_others(people.has_email, kinds["email"][1]),
        another=stream("another").integers(max(count, 1), size=count).astype(np.int32),
        spelling=np.where(spelt, ways, 0).astype(np.int8),
        omitted=omitted,
        wrong_role=wrong_role,
        twice=twice or {},
        again=again,
        stopped=plan.stopped,
    )


def _column(
    plan: Plan, group: Group, numbers: Numbers, omitted: NDArray[np.bool_]
) -> tuple[NDArray[np.int8], NDArray[np.int64]]:
    """Write the faults of a group as two columns: the kind's place in KINDS, and how."""
    kinds, how = np.full(len(omitted), NO_FAULT, np.int8), np.zeros(len(omitted), np.int64)
    instead = _INSTEAD_OF_DRAMA if numbers == "drama" else {}
    for kind in of_group(group):
        drawn = plan.faults[kind.name]
        name = instead.get(kind.name, kind.name)
        kinds[drawn.rows], how[drawn.rows] = INDEX[name], drawn.how
    kinds[omitted] = NO_FAULT
    return kinds, how


def _mobiles_of_others(
    people: TruePeople,
    kinds: dict[Group, tuple[NDArray[np.int8], NDArray[np.int64]]],
    plan: Plan,
    intake: Intake,
) -> NDArray[np.int32]:
    """Choose the other mobile that was written down, for the faults that write one."""
    true, numbers = people.mobile, people.numbers
    written = np.full(len(true), NONE, np.int32)
    for name in (*NUMBERS_OF_OTHERS, SECOND_NUMBER):
        of_kind, how = kinds[KINDS[name].group]
        rows = plan.faults[name].rows
        rows = rows[of_kind[rows] == INDEX[name]]
        if numbers == "crowd" and name not in _SLIPS:
            station = intake.station[rows].astype(np.int64)
            written[rows] = mobiles_of_others(name, rows.astype(np.int64), station, how[rows])
            continue
        kind = name if name in _SLIPS else "digit_wrong"
        written[rows] = [
            slip_in_mobile(number, numbers, kind, lots)
            for number, lots in zip(true[rows].tolist(), how[rows].tolist(), strict=True)
        ]
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
