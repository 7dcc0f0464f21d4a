"""Officers: a task takes its turn among the work of their crimes; fewer of them answer later."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import Any, cast

import numpy as np
import pytest
from msgspec import structs

from reference.contract.events import OfficerReplied
from reference.contract.messages import Task
from simulator.clock import LONDON, WorldClock
from simulator.rehearsal.officer_behaviour import CallBackTasks, OfficerBehaviour
from simulator.rehearsal.officers import Officers
from simulator.rehearsal.officers_time import OfficersTime, other_work
from simulator.rehearsal.postings import GivenCrimes, Postings
from simulator.rehearsal.rollout import read_rollout
from simulator.rehearsal.simulated_victims import SimulatedVictims
from simulator.streams import Streams
from simulator.world.world import World
from tests.simulator.real_files import ROLLOUT

BEHAVIOUR = read_rollout(ROLLOUT).officers
MONDAY = datetime(2026, 6, 1, tzinfo=LONDON).astimezone(UTC)


class Around:
    """A world, a crime system and victims in one: it keeps the replies, with their times."""

    def __init__(self) -> None:
        self.clock = WorldClock(MONDAY)
        self.is_over = False
        self.replies: list[tuple[datetime, OfficerReplied]] = []
        self.crime_system = self

    @property
    def now(self) -> datetime:
        """World time."""
        return self.clock.now

    def rings(self, row: int) -> None:
        """Have a victim ring: officers take it in their own way."""

    def on_task(self, take: Callable[[Task], None]) -> None:
        """Keep who takes tasks."""
        self.take = take

    def write_note(self, *_parts: Any, **_named: Any) -> None:
        """Take a note."""

    def record(self, event: OfficerReplied) -> str:
        """Keep a reply."""
        self.replies.append((self.now, event))
        return "event"

    def row_of(self, reference: str) -> int:
        """Read the row of a crime from its reference."""
        return int(reference)

    def note_news(self, *_parts: Any, **_named: Any) -> None:
        """Take news."""


def question(row: int, number: int = 1) -> Task:
    """Make the task for a question about a crime."""
    return Task(
        key=f"question-{row}-{number}",
        crime_reference=str(row),
        kind="victim_question",
        person_id=f"person-{row}",
        reason="a victim wrote",
    )


def open_crimes(number: int) -> GivenCrimes:
    """Give crimes of named officers that were allocated at the start, and never end."""
    rows = np.arange(number)
    ends = np.full(number, np.iinfo(np.int64).max)
    return GivenCrimes(rows, np.zeros(number, np.int64), ends, np.ones(number, np.bool_))


def at_work(
    around: "Around",
    *,
    number: int,
    behaviour: OfficerBehaviour = BEHAVIOUR,
    seed: int = 1,
    crimes: int = 0,
    call_backs: CallBackTasks | None = None,
) -> Officers:
    """Put so many officers to work from a Monday on, with so many crimes."""
    draws = Streams(seed).of_occasions("live: officers")
    postings = Postings(
        open_crimes(crimes),
        behaviour,
        number=number,
        start=MONDAY,
        ends=200 * 86_400,
        draws=draws,
    )
    return Officers(
        cast("World", around),
        cast("SimulatedVictims", around),
        postings,
        OfficersTime(
            postings, other_work(open_crimes(crimes), behaviour, 200 * 86_400, draws), behaviour
        ),
        behaviour=behaviour,
        draws=draws,
        call_backs=call_backs,
    )


def answered(
    tasks: list[Task],
    *,
    number: int,
    behaviour: OfficerBehaviour = BEHAVIOUR,
    seed: int = 1,
    crimes: int = 0,
    around: "Around | None" = None,
    call_backs: CallBackTasks | None = None,
    calls: Sequence[int] = (),
    after_days: int = 0,
) -> dict[str, float]:
    """Give all tasks on a Monday, beside so many crimes; return the hours until each reply.

    It is the first Monday, or `after_days` later. Just before, the victims of the crimes in
    `calls` ring.
    """
    around = around or Around()
    at_work(
        around,
        number=number,
        behaviour=behaviour,
        seed=seed,
        crimes=crimes,
        call_backs=call_backs,
    )
    begins = MONDAY + timedelta(days=after_days)
    around.clock.run_to(begins)
    for row in calls:
        around.rings(row)
    for each in tasks:
        around.take(each)
    around.clock.run_to(MONDAY + timedelta(days=200))
    return {reply.in_reply_to: (at - begins).total_seconds() / 3600 for at, reply in around.replies}


def changed(**values: float) -> OfficerBehaviour:
    """Change some numbers of the rollout."""
    return structs.replace(
        BEHAVIOUR,
        **{
            name: structs.replace(getattr(BEHAVIOUR, name), value=value)
            for name, value in values.items()
        },
    )


def test_half_the_officers_take_longer() -> None:
    """One question to each of 60 crimes of 600: what differs is the work in the queue alone.

    Each officer carries 2.5 crimes, five, or ten. Where crimes bring no work it is the same.
    """
    questions = [question(row) for row in range(0, 600, 10)]

    many, usual, few = (
        median(answered(questions, number=each, crimes=600, after_days=56).values())
        for each in (240, 120, 60)
    )
    idle = changed(work_hours_mean=0.0)
    no_work = [
        median(answered(questions, number=each, crimes=600, behaviour=idle, after_days=56).values())
        for each in (120, 60)
    ]

    assert many < usual < few / 3
    assert no_work[0] == pytest.approx(no_work[1], rel=0.5)
    assert few > 3 * no_work[1]


def test_an_officer_does_one_task_at_a_time() -> None:
    """Tasks of one officer end at least a task's work apart."""
    behaviour = changed(team_size=1)
    hours = sorted(
        answered(
            [question(row) for row in range(30)], number=1, crimes=4, behaviour=behaviour
        ).values()
    )

    gaps = [later - earlier for earlier, later in pairwise(hours)]
    # Ten minutes of half a shift, to a second.
    assert min(gaps) >= 20 / 60 - 1 / 3600


def test_the_named_officer_replies_or_a_colleague() -> None:
    """All of a crime's replies are its officer's while they are there; a colleague's otherwise."""
    around = Around()
    behaviour = changed(leave=0.5, team_size=3)
    answered(
        [question(row) for row in range(60)],
        number=30,
        crimes=60,
        behaviour=behaviour,
        around=around,
    )
    names = {reply.crime_reference: reply.officer for _at, reply in around.replies}
    own = sum(
        officer is not None and int(officer.collar_number) - 1000 == int(reference) % 30
        for reference, officer in names.items()
    )

    assert all(names.values())
    # With half of all weeks as leave, both happen to many.
    assert 10 < own < 50


def test_a_task_to_one_officer_delays_no_other() -> None:
    """Rows 0 and 1 have different officers of two; what one is given leaves the other's reply."""
    behaviour = changed(team_size=1)
    asked = [question(1), *(question(0, each) for each in range(20))]
    alone = answered(asked[:1], number=2, behaviour=behaviour)
    beside = answered(asked, number=2, behaviour=behaviour)

    assert beside["question-1-1"] == alone["question-1-1"]


def test_half_are_answered_within_some_days() -> None:
    """With the rollout's officers and one question each: rest days and nights, not weeks."""
    hours = answered(
        [question(row) for row in range(0, 1200, 4)], number=300, crimes=1200, after_days=56
    )

    assert 12 < median(hours.values()) < 60


def test_work_is_done_on_duty() -> None:
    """No reply is written at night."""
    for hours in answered([question(row) for row in range(100)], number=20).values():
        local = (MONDAY + timedelta(hours=hours)).astimezone(LONDON)
        assert 7 <= local.hour <= 22


def test_calls_that_leave_tasks_take_the_time_of_answers() -> None:
    """One officer with 400 victims to ring back for an hour each answers questions later."""
    questions, calls = [question(row) for row in range(10)], range(400)
    none = answered(questions, number=1, calls=calls)
    all_of_them = answered(questions, number=1, calls=calls, call_backs=CallBackTasks(1.0, 60))
    nobody = answered(questions, number=1, calls=calls, call_backs=CallBackTasks(0.0, 60))

    assert nobody == none
    assert len(all_of_them) == len(none) == 10
    assert median(all_of_them.values()) > 2 * median(none.values())
    assert all(all_of_them[each] >= none[each] for each in none)


def test_the_share_of_calls_leaves_tasks() -> None:
    """Of 400 victims who ring twice, about a third of the calls, each drawn for itself."""
    around = Around()
    officers = at_work(around, number=50, call_backs=CallBackTasks(1 / 3, 5))
    for row in (*range(400), *range(400)):
        around.rings(row)

    # Four standard deviations of 800 draws at a third.
    assert abs(officers.ledger.left_by_calls - 800 / 3) < 4 * (800 * 2 / 9) ** 0.5


def test_a_call_back_that_nobody_picks_up_is_tried_again() -> None:
    """Up to three times, a day apart, each for its minutes; then it is given up."""
    around = Around()
    asked = CallBackTasks(1.0, 10, 0.5, 3, 2, 24)
    officers = at_work(around, number=100, call_backs=asked)
    for row in range(800):
        around.rings(row)
    around.clock.run_to(MONDAY + timedelta(days=200))
    ends = officers.ledger.close((MONDAY + timedelta(days=200)).timestamp())["call-backs"]

    assert sum(ends.values()) == 800
    # An eighth is given up, and a call-back has 1.75 tries in the mean; four standard deviations.
    assert abs(ends["given up"] - 100) < 4 * (800 * 7 / 64) ** 0.5
    assert abs(officers.ledger.tries / 800 - 1.75) < 4 * (11 / 16 / 800) ** 0.5


def test_tries_in_vain_take_officers_time() -> None:
    """One officer with 100 victims who never pick up answers later than with none to ring."""
    questions, calls = [question(row) for row in range(10)], range(100)
    never = CallBackTasks(1.0, 10, 0.0, 3, 60, 0)
    in_vain = answered(questions, number=1, calls=calls, call_backs=never)

    assert median(in_vain.values()) > 2 * median(answered(questions, number=1).values())
