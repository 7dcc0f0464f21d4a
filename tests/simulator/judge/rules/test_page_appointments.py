"""An appointment that stands is on the page with its present time, in London, and its place."""

from datetime import timedelta
from typing import Literal

import pytest

from reference.contract.events import AppointmentCancelled, AppointmentChanged
from simulator.judge.rules.page_appointments import PageAppointments
from tests.simulator.judge.expected import Harmed, fail
from tests.simulator.judge.force_story import Happened, Person
from tests.simulator.judge.pages import found, reads
from tests.simulator.judge.story import Story, one_invited

NO_TIME = [fail("lost", "CASE-19")]
NO_PLACE = [fail("lost", "CASE-11")]
PLACE = "Kiln Lane library"


def harms(story: Story) -> list[Harmed]:
    """Ask the rule alone."""
    return found(story, PageAppointments)


def appointed() -> tuple[Story, Person, Happened]:
    """Tell of an appointment on Wednesday 3 June 2026 at 11:00 in London, made an hour ago."""
    story, alex, crime = one_invited()
    story.appointed(crime, alex, place=PLACE)
    story.wait(hours=1)
    return story, alex, crime


def moved(story: Story, crime: Happened, alex: Person, *, deliver: bool = True) -> Happened:
    """Move it to Friday 5 June 2026 at 14:30 in London, and to another place."""
    return story.happens(
        AppointmentChanged(
            crime_reference=crime.crime_reference,
            appointment_id="appointment-1",
            person_id=alex.person_id,
            starts_at=story.now.replace(day=5, hour=13, minute=30),
            place="Front desk, Orchard Road",
        ),
        deliver=deliver,
    )


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Wednesday 3 June 2026 at 11am, at Kiln Lane library", []),
        ("3 June 2026 at 11:00am.\nKiln Lane  Library", []),
        ("Wednesday 3 June 2026 at 10am, at Kiln Lane library", NO_TIME),
        ("Wednesday 3 June 2026 at 12:00, at Kiln Lane library", NO_TIME),
        ("Thursday 4 June 2026 at 11am, at Kiln Lane library", NO_TIME),
        ("We would like to see you", NO_TIME),
        ("Wednesday 3 June 2026 at 11am", NO_PLACE),
    ],
)
def test_time_and_place_are_on_the_page(words: str, expected: list[Harmed]) -> None:
    """By London's clock: 10:00 UTC is 11:00 in June."""
    story, alex, crime = appointed()
    reads(story, alex, crime, ("CrimeRecorded", "We have it"), ("AppointmentMade", words))

    assert harms(story) == expected


def test_an_entry_that_is_missing_is_another_rules_to_find() -> None:
    """A page without any entry about appointments does not say when one is."""
    story, alex, crime = appointed()
    reads(story, alex, crime, ("CrimeRecorded", "We have it"))

    assert harms(story) == []


def test_a_moved_appointment_has_its_new_time_and_place() -> None:
    """Until the news is due the old ones will do; and old entries may stay."""
    story, alex, crime = appointed()
    old = ("AppointmentMade", f"Wednesday 3 June at 11am, {PLACE}")
    new = ("AppointmentChanged", "Friday 5 June at 2:30pm, Front desk, Orchard Road")
    moved(story, crime, alex)
    reads(story, alex, crime, old)
    story.wait(minutes=15)
    reads(story, alex, crime, old, new)

    assert harms(story) == []

    reads(story, alex, crime, old, ("AppointmentChanged", f"Friday 5 June at 2:30pm, {PLACE}"))

    assert harms(story) == NO_PLACE

    reads(story, alex, crime, old)

    assert harms(story) == [*NO_PLACE, *NO_TIME]


def test_a_cancelled_appointment_needs_no_time() -> None:
    """Nobody is to come."""
    story, alex, crime = appointed()
    story.happens(
        AppointmentCancelled(
            crime_reference=crime.crime_reference,
            appointment_id="appointment-1",
            person_id=alex.person_id,
        )
    )
    story.wait(hours=1)
    reads(story, alex, crime, ("AppointmentCancelled", "We will not see you"))

    assert harms(story) == []


def test_an_old_change_that_comes_late_moves_nothing() -> None:
    """The later fact stands."""
    story, alex, crime = one_invited()
    story.appointed(crime, alex, place=PLACE)
    late = moved(story, crime, alex, deliver=False)
    story.wait(minutes=1)
    story.happens(
        AppointmentChanged(
            crime_reference=crime.crime_reference,
            appointment_id="appointment-1",
            person_id=alex.person_id,
            starts_at=story.now + timedelta(days=9),
            place=PLACE,
        )
    )
    story.wait(hours=1)
    story.deliver(late)
    story.wait(hours=1)
    newest = ("AppointmentChanged", f"Wednesday 10 June at 11:01, {PLACE}")
    reads(story, alex, crime, newest)

    assert harms(story) == []

    late_one = ("AppointmentChanged", "Friday 5 June at 2:30pm, Front desk, Orchard Road")
    reads(story, alex, crime, late_one)

    assert harms(story) == NO_TIME


@pytest.mark.parametrize(("is_late", "expected"), [(True, []), (False, NO_TIME)])
def test_a_change_that_comes_after_the_crime_has_left_is_for_the_other_force_to_say(
    *, is_late: bool, expected: list[Harmed]
) -> None:
    """The page may keep the time that this force had told; what it had in time counts."""
    story, alex, crime = appointed()
    change = moved(story, crime, alex, deliver=not is_late)
    story.transferred(crime)
    if is_late:
        story.deliver(change)
    story.wait(hours=1)
    reads(story, alex, crime, ("AppointmentMade", f"Wednesday 3 June at 11am, {PLACE}"))

    assert harms(story) == expected


@pytest.mark.parametrize(
    ("again", "kind"), [(False, "person"), (True, "person"), (False, "organisation")]
)
def test_where_one_was_to_be_seen_is_not_for_who_is_told_next(
    *, again: bool, kind: Literal["person", "organisation"]
) -> None:
    """Unless they are to be seen there too, or it is an organisation; it may be left out."""
    story, alex, crime = one_invited()
    story.details_changed(crime, alex.told_through("Priya", "07700900511", kind=kind))
    story.wait(hours=1)
    story.appointed(crime, alex, place=PLACE)
    story.wait(hours=1)
    story.details_changed(crime, alex.told_through("Jo", "07700900512", kind=kind))
    if again:
        moved(story, crime, alex)
        story.appointed(crime, alex, place=PLACE)
    story.wait(hours=1)
    told = ("AppointmentMade", f"Wednesday 3 June at 11am, {PLACE}")
    reads(story, alex, crime, ("CrimeRecorded", "We have it"))
    assert harms(story) == []
    reads(story, alex, crime, ("CrimeRecorded", "We have it"), told)
    is_harm = kind == "person" and not again
    assert harms(story) == [fail("disclosed", "PRIV-03")] * is_harm
