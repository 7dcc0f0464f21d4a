"""Old facts that arrive after a newer one: what a newer one replaced may be told, and need not."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from reference.contract.events import (
    AnyEvent,
    AppointmentCancelled,
    AppointmentMade,
    ClosingOutcome,
    CrimeAllocated,
    CrimeClosed,
    OfficerDeployed,
    OutcomeRecorded,
)
from tests.simulator.judge.expected import fail
from tests.simulator.judge.force_story import ADVISES_CYCLISTS, Happened, Person
from tests.simulator.judge.story import Story, either_way, one_invited

Fact = Callable[[Story, Happened, Person], AnyEvent]
NO_ADVICE = "Public order offences"
LOST = fail("lost", "MSG-01")


def put_in_charge(story: Story, crime: Happened, _person: Person) -> AnyEvent:
    """Give the crime to a team, another one at each hour."""
    return CrimeAllocated(
        crime_reference=crime.crime_reference, allocated_at=story.now, team=f"{story.now:%d %H:%M}"
    )


def appointed(story: Story, crime: Happened, person: Person) -> AnyEvent:
    """Make an appointment in two days."""
    return AppointmentMade(
        crime_reference=crime.crime_reference,
        appointment_id="one",
        person_id=person.person_id,
        starts_at=story.now + timedelta(days=2),
        place="",
    )


def called_off(_story: Story, crime: Happened, person: Person) -> AnyEvent:
    """Cancel the same appointment."""
    reference, person_id = crime.crime_reference, person.person_id
    return AppointmentCancelled(
        crime_reference=reference, appointment_id="one", person_id=person_id
    )


def charged(story: Story, crime: Happened, _person: Person) -> AnyEvent:
    """Charge a suspect."""
    return OutcomeRecorded(crime_reference=crime.crime_reference, outcome=1, decided_at=story.now)


def closed(story: Story, crime: Happened, _person: Person) -> AnyEvent:
    """End the case."""
    return CrimeClosed(crime_reference=crime.crime_reference, outcome=18, closed_at=story.now)


def sent_out(story: Story, crime: Happened, _person: Person) -> AnyEvent:
    """Send an officer, which nothing newer replaces."""
    return OfficerDeployed(crime_reference=crime.crime_reference, deployed_at=story.now)


replaced = pytest.mark.parametrize(
    ("older", "newer"),
    [(put_in_charge, put_in_charge), (appointed, called_off), (charged, closed)],
    ids=["another officer", "the appointment is cancelled", "closed after a charge"],
)


def late(older: Fact, newer: Fact, *, correlates: bool = True) -> tuple[Story, Person, Happened]:
    """Tell of a fact that arrives an hour after a newer one was told."""
    story, alex, crime = one_invited(correlates=correlates)
    held_back = story.happens(older(story, crime, alex), deliver=False)
    story.wait(hours=1)
    story.tell(alex, story.happens(newer(story, crime, alex)))
    story.wait(hours=1)
    story.deliver(held_back)
    return story, alex, held_back


@replaced
@either_way
def test_what_a_newer_fact_replaced_may_be_told_or_not(
    older: Fact, newer: Fact, *, correlates: bool
) -> None:
    """The victim knows the newer one. To tell the old one twice is one message too many."""
    story, alex, held_back = late(older, newer, correlates=correlates)

    assert story.harms() == []

    story.tell(alex, held_back)

    assert story.harms() == []

    story.tell(alex, held_back)

    assert story.harms() == [fail("duplicated", "ONCE-01")]


@replaced
@either_way
def test_the_newer_fact_is_told(older: Fact, newer: Fact, *, correlates: bool) -> None:
    """In their order both are news."""
    story, alex, crime = one_invited(correlates=correlates)
    story.tell(alex, story.happens(older(story, crime, alex)))
    story.wait(hours=1)
    story.happens(newer(story, crime, alex))

    assert story.harms() == [LOST]


@pytest.mark.parametrize("newer", [closed, sent_out, put_in_charge])
@either_way
def test_what_nothing_newer_replaced_is_told_however_late(newer: Fact, *, correlates: bool) -> None:
    """An officer's visit is news after the case has ended too."""
    story, _alex, _held_back = late(sent_out, newer, correlates=correlates)

    assert story.harms() == [LOST]


def test_an_officer_who_was_put_in_charge_earlier_is_old_news() -> None:
    """By the time of the fact itself too: it was recorded late, and another has the crime."""
    story, alex, crime = one_invited()
    before = put_in_charge(story, crime, alex)
    story.wait(hours=1)
    story.tell(alex, story.happens(put_in_charge(story, crime, alex)))
    story.wait(hours=1)
    story.happens(before)

    assert story.harms() == []


def test_another_appointment_replaces_nothing() -> None:
    """Each appointment is news of its own."""
    story, alex, crime = one_invited()
    held_back = story.happens(appointed(story, crime, alex), deliver=False)
    story.wait(hours=1)
    story.tell(alex, story.appointed(crime, alex))
    story.deliver(held_back)

    assert story.harms() == [LOST]


@pytest.mark.parametrize("kinds", [("CrimeClosed",), ("OutcomeRecorded", "CrimeClosed")])
def test_a_charge_from_before_the_end_stands_on_the_page(kinds: tuple[str, ...]) -> None:
    """It need not be announced, and it is a step all the same."""
    story, alex, held_back = late(charged, closed)
    story.wait(hours=1)
    story.sees(alex, held_back, *kinds, kinds=kinds)

    missing = [fail("lost", "CASE-01")] if "OutcomeRecorded" not in kinds else []
    assert story.harms() == missing


@pytest.mark.parametrize("days", [18, 28])
def test_the_days_without_news_may_run_from_the_news_before(days: int) -> None:
    """A portal that did not announce the old fact did not tell the victim anything then."""
    story, alex, crime = one_invited(phase=2, order=ADVISES_CYCLISTS, offence_subgroup=NO_ADVICE)
    story.wait(days=2)
    held_back = story.happens(put_in_charge(story, crime, alex), deliver=False)
    story.wait(hours=1)
    news = story.happens(put_in_charge(story, crime, alex))
    story.wait(hours=1)
    story.tell(alex, news)
    story.wait(days=10)
    story.deliver(held_back)
    story.wait(days=days)
    story.message(alex, "text", crime, body="Thames Valley Police: we are still looking into it")

    assert story.harms() == []


@pytest.mark.parametrize(
    ("outcome", "is_reopened", "expected"),
    [(18, False, []), (16, False, [LOST]), (18, True, [LOST])],
    ids=["the same outcome", "another outcome", "the same outcome after a reopening"],
)
@either_way
def test_the_same_closure_again_may_be_told_or_not(
    *, outcome: ClosingOutcome, is_reopened: bool, expected: list[object], correlates: bool
) -> None:
    """Without the reopening in between, the portal has heard it before."""
    story, alex, crime = one_invited(correlates=correlates)
    story.tell(alex, story.closed(crime, 18))
    story.wait(days=1)
    reopening = story.reopened(crime, deliver=is_reopened)
    if is_reopened:
        story.tell(alex, reopening)
    story.wait(days=1)
    closure = story.closed(crime, outcome)

    assert [each for each in story.harms() if each[0] == "FAIL"] == expected

    story.tell(alex, closure)

    assert [each for each in story.harms() if each[0] == "FAIL"] == []


@pytest.mark.parametrize("is_closed", [False, True])
@either_way
def test_a_reopening_again_may_be_told_or_not(*, is_closed: bool, correlates: bool) -> None:
    """The portal knows that the case goes on, unless it heard of another end in between."""
    story, alex, crime = one_invited(correlates=correlates)
    story.tell(alex, story.closed(crime))
    story.wait(days=1)
    story.tell(alex, story.reopened(crime))
    story.wait(days=1)
    ended = story.closed(crime, deliver=is_closed)
    if is_closed:
        story.tell(alex, ended)
    story.wait(days=1)
    again = story.reopened(crime)

    assert [each for each in story.harms() if each[0] == "FAIL"] == ([LOST] if is_closed else [])

    story.tell(alex, again)

    assert [each for each in story.harms() if each[0] == "FAIL"] == []


def allocated(story: Story, crime: Happened, team: str) -> Happened:
    """Give the crime to a team."""
    reference = crime.crime_reference
    return story.happens(
        CrimeAllocated(crime_reference=reference, allocated_at=story.now, team=team)
    )


@pytest.mark.parametrize(
    ("teams", "expected"),
    [(("North",), []), (("South",), [LOST]), (("South", "North"), [LOST, LOST])],
    ids=["the same team", "another team", "back to the same team"],
)
@either_way
def test_the_same_allocation_again_may_be_told_or_not(
    *, teams: tuple[str, ...], expected: list[object], correlates: bool
) -> None:
    """It says again who has the case."""
    story, alex, crime = one_invited(correlates=correlates)
    story.tell(alex, allocated(story, crime, "North"))
    for team in teams:
        story.wait(days=1)
        allocated(story, crime, team)

    assert story.harms() == expected


@pytest.mark.parametrize(
    ("hours_between", "expected"), [(0, []), (1, [LOST])], ids=["the same time", "another time"]
)
@either_way
def test_the_same_visit_again_may_be_told_or_not(
    *, hours_between: int, expected: list[object], correlates: bool
) -> None:
    """Another event says that an officer was sent at the time that the victim knows."""
    story, alex, crime = one_invited(correlates=correlates)
    sent_at = story.now
    story.tell(alex, story.deployed(crime))
    story.wait(hours=1)
    again = OfficerDeployed(
        crime_reference=crime.crime_reference,
        deployed_at=sent_at + timedelta(hours=hours_between),
    )
    visit = story.happens(again)

    assert story.harms() == expected

    story.tell(alex, visit)

    assert story.harms() == []
