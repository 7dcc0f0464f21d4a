"""Stories and the portal that tests of the explorer use."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import cache
from typing import TypeVar

from reference.contract.events import VictimRecord
from simulator.explore.steps import Deploy, Read, RecordCrime, SignIn, Step, Wait
from simulator.explore.story import GoLiveDays, Person, Story
from simulator.explore.story_drawing import draw_story
from simulator.explore.tried import Tried, tried_of
from simulator.inputs.order import Order
from simulator.inputs.own_people import OwnPeople
from tests.simulator.real_files import TARGET

DAY = 86_400
E = TypeVar("E")
CRIME = "0004711"
SAM = Person(
    label="Sam",
    record=VictimRecord(
        person_id="P0000001",
        given_name="Sam",
        family_name="Ellwood",
        born=date(1980, 2, 29),
        mobile_phone="07700900123",
        email="sam@example.com",
        safe_to_contact=True,
    ),
    phone="07700900123",
    mailbox="sam@example.com",
)
RECORDED = RecordCrime(
    crime=CRIME,
    event="e1",
    force="thames_valley",
    people=("Sam",),
    roles=("victim",),
    offence_code="44",
    offence_subgroup="Bicycle theft",
    offence="Theft of a pedal cycle",
)
#: An ordinary story: a crime is recorded, its victim signs in, and an officer is sent.
PLAIN: tuple[Step, ...] = (
    RECORDED,
    SignIn(person="Sam", by="link"),
    Read(person="Sam"),
    Wait(seconds=3_600),
    Deploy(crime=CRIME, event="e2"),
    Wait(seconds=2 * 3_600),
)
#: What a target may say of its people.
OWN = OwnPeople(
    mail_domains=("post.forces.test", "one.example"),
    given_names=(
        "Amina", "Bethan", "Callum", "Dewi", "Efa", "Farah", "Gareth", "Hana", "Idris", "Josie",
        "Kiran", "Lowri",
    ),
    family_names=(
        "Abara", "Bevan", "Colwell", "Drury", "Eastoe", "Farrow", "Gethin", "Hallam", "Ibbott",
        "Jessop", "Kinsey", "Lowther",
    ),
    person_id="NOM-{number}",
    crime_reference="{prefix}-{number}-{year}",
)  # fmt: skip


def drawn(number: int, phase: int, seed: int = 5) -> Story:
    """Draw a story."""
    return draw_story(order(), phase=phase, seed=seed, number=number)


@cache
def drawn_stories(count: int, *, phase: int, seed: int) -> tuple[Story, ...]:
    """Draw what several tests look through: when the first asks, not as a file is loaded."""
    return tuple(drawn(each, phase, seed) for each in range(count))


def story(*steps: Step, people: tuple[Person, ...] = (SAM,), phase: int = 1) -> Story:
    """Make a story that begins on a Monday morning, with every phase live since some days."""
    return Story(
        seed="test/0",
        phase=phase,
        go_live=GoLiveDays(
            phase_1=date(2026, 5, 18), phase_2=date(2026, 5, 25), phase_3=date(2026, 5, 28)
        ),
        begins_at=datetime(2026, 6, 1, 9, tzinfo=UTC),
        people=people,
        steps=steps,
        ends_after_seconds=DAY,
    )


@cache
def reference(application: str = "") -> Tried:
    """Return the reference portal, or the one that an application makes of it."""
    return tried_of(TARGET, application)


def order() -> Order:
    """Return the order of the reference."""
    return reference().order


def since(story: Story, kind: type[E]) -> Iterator[tuple[E, list[Step]]]:
    """Give each step of a kind, and what follows it."""
    for place, step in enumerate(story.steps):
        if isinstance(step, kind):
            yield step, list(story.steps[place + 1 :])
