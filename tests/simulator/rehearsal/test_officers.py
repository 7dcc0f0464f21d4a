"""Officers: one task at a time, in their shifts, so that fewer of them answer later."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import Any, cast

import pytest
from msgspec import structs

from reference.contract.events import OfficerReplied
from reference.contract.messages import Task
from simulator.clock import LONDON, WorldClock
from simulator.rehearsal.casework import Casework
from simulator.rehearsal.officers import OfficerBehaviour, Officers
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

    def officer(self, _row: int) -> None:
        """Name nobody."""


def question(row: int, number: int = 1) -> Task:
    """Make the task for a question about a crime."""
    return Task(
        key=f"question-{row}-{number}",
        crime_reference=str(row),
        kind="victim_question",
        person_id=f"person-{row}",
        reason="a victim wrote",
    )


def answered(
    tasks: list[Task], *, number: int, behaviour: OfficerBehaviour = BEHAVIOUR, seed: int = 1
) -> dict[str, float]:
    """Give all tasks on a Monday; return the hours until each reply."""
    around = Around()
    Officers(
        cast("World", around),
        cast("Casework", around),
        cast("SimulatedVictims", around),
        name="live",
        behaviour=behaviour,
        number=number,
        streams=Streams(seed),
    )
    for each in tasks:
        around.take(each)
    around.clock.run_to(MONDAY + timedelta(days=200))
    return {reply.in_reply_to: (at - MONDAY).total_seconds() / 3600 for at, reply in around.replies}


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
    """The same 200 questions are all answered, later by fewer."""
    questions = [question(row) for row in range(200)]

    many, half, few = (answered(questions, number=each) for each in (100, 50, 10))

    assert len(many) == len(half) == len(few) == 200
    assert median(many.values()) < median(half.values()) < median(few.values())


def test_an_officer_does_one_task_at_a_time() -> None:
    """Tasks of one officer end at least a task apart; 10 minutes of a tenth of a shift are 100."""
    hours = sorted(answered([question(row) for row in range(30)], number=1).values())

    gaps = [later - earlier for earlier, later in pairwise(hours)]
    assert min(gaps) >= 100 / 60 - 1e-6


def test_a_task_to_one_officer_delays_no_other() -> None:
    """Rows 0 and 1 have different officers of two; what one is given leaves the other's reply."""
    alone = answered([question(1)], number=2)
    beside = answered([question(1), *(question(0, each) for each in range(20))], number=2)

    assert beside["question-1-1"] == alone["question-1-1"]


def test_half_are_answered_within_some_days() -> None:
    """With the rollout's officers and one question each: rest days and nights, not weeks."""
    hours = answered([question(row) for row in range(300)], number=300)

    assert 12 < median(hours.values()) < 60


def test_work_is_done_on_duty() -> None:
    """No reply is written at night."""
    for hours in answered([question(row) for row in range(100)], number=20).values():
        local = (MONDAY + timedelta(hours=hours)).astimezone(LONDON)
        assert 7 <= local.hour <= 22


@pytest.mark.parametrize(
    ("crimes", "days", "expected"), [(600, 365.25, 10), (10, 28, 2), (0, 0, 1), (1, 0, 6)]
)
def test_officers_are_as_many_as_their_caseload_makes_them(
    crimes: int, days: float, expected: int
) -> None:
    """60 crimes a year each; at least one officer."""
    assert BEHAVIOUR.number_of_officers(crimes, days) == expected


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("caseload", 0.0, "caseload is 0.0; give 1 or more"),
        ("share_of_shift", 0.0, "share_of_shift is 0: nobody would be answered"),
        ("leave", 1.0, "leave is 1.0; give at most 0.9"),
    ],
)
def test_officers_who_never_work_are_refused(name: str, value: float, words: str) -> None:
    """Each mistake names the number and what to give."""
    with pytest.raises(ValueError, match=words):
        changed(**{name: value})
