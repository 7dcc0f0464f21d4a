"""What the portal knew: from when it had an event, and never before."""

from datetime import timedelta
from typing import Any

import pytest

from reference.contract.events import VictimDetailsChanged
from simulator.evidence.records import EventDelivered, EventRecorded
from simulator.judge.facts.crime_register import CrimeRegister, Received
from tests.simulator.judge.force_story import BEGINS, ORDER, ForceStory

START = BEGINS[1]


def known(force: ForceStory) -> tuple[CrimeRegister, list[Received]]:
    """Read what the force did, as evidence; give the register and the events, in order."""
    cases = CrimeRegister(ORDER)
    ready: list[Received] = []
    for record in force.records:
        if isinstance(record, EventRecorded):
            cases.record(record)
        elif isinstance(record, EventDelivered):
            ready += cases.receive(record.event_id, record.at)
    return cases, ready


def test_a_crime_is_known_once_it_is_delivered() -> None:
    """The portal does not know a crime that was only recorded."""
    force = ForceStory(START)
    crime = force.crime(force.person(), deliver=False)

    assert known(force)[0].crimes == {}

    force.deliver(crime)

    assert list(known(force)[0].crimes) == [crime.crime_reference]


def test_a_second_delivery_is_no_news() -> None:
    """At least once means sometimes twice; only the first counts."""
    force = ForceStory(START)
    crime = force.crime(force.person())
    force.deliver(crime)

    assert [each.event_id for each in known(force)[1]] == [crime.event_id]


def test_a_crime_recorded_anew_is_no_news() -> None:
    """Change detection may report the same crime under another id."""
    force = ForceStory(START)
    alex = force.person()
    crime = force.crime(alex)
    force.crime(alex, crime_reference=crime.crime_reference)

    assert [each.event_id for each in known(force)[1]] == [crime.event_id]


def test_a_delivery_of_nothing_recorded_is_no_news() -> None:
    """An unknown id proves nothing."""
    assert CrimeRegister(ORDER).receive("event-9", START) == []


def test_what_comes_before_its_crime_waits_for_it_in_order() -> None:
    """It counts as received when the crime is: before that no victim could be told."""
    force = ForceStory(START)
    crime = force.crime(force.person(), deliver=False)
    early = [force.deployed(crime), force.deployed(crime)]
    force.wait(hours=3)
    force.deliver(crime)
    ready = known(force)[1]

    assert [each.event_id for each in ready] == [
        crime.event_id,
        *(each.event_id for each in early),
    ]
    assert {each.received_at for each in ready} == {force.now}
    assert {each.recorded_at for each in ready} == {START}


@pytest.mark.parametrize("is_known", [True, False], ids=["of a crime here", "of none"])
def test_details_of_one_whose_crime_is_on_its_way_are_those_of_another_person_there(
    *, is_known: bool
) -> None:
    """Their own crime may have been merged into the one that the details name."""
    force = ForceStory(START)
    here, late = force.person(), force.person()
    crime = force.crime(here)
    force.crime(late, deliver=False)
    force.details_changed(crime, here if is_known else late)

    early = {each for people in known(force)[0].early_people.values() for each in people}
    assert early == (set() if is_known else {late.person_id})


def test_what_is_received_keeps_both_its_times() -> None:
    """A deadline runs from when the portal had it, not from when it was recorded."""
    force = ForceStory(START)
    crime = force.crime(force.person(), deliver=False)
    force.wait(hours=5)
    force.deliver(crime)
    [received] = known(force)[1]

    assert received.recorded_at == START
    assert received.received_at == START + timedelta(hours=5)


def test_what_never_came_is_listed() -> None:
    """An event that was not delivered is integration's to explain; one that waits was delivered."""
    force = ForceStory(START)
    crime = force.crime(force.person(), deliver=False)
    force.deployed(crime)
    missing = force.deployed(crime, deliver=False)

    assert [each.event_id for each in known(force)[0].recorded.undelivered()] == [
        crime.event_id,
        missing.event_id,
    ]


@pytest.mark.parametrize(
    ("written", "crime", "expected"),
    [
        ({}, {}, ""),
        ({"safe_to_contact": None}, {}, "not recorded as safe to contact"),
        ({"safe_to_contact": False}, {}, "not recorded as safe to contact"),
        ({"born": START.date().replace(year=2009)}, {}, "under 18"),
        ({"born": START.date().replace(year=2008)}, {}, ""),
        ({}, {"safeguarding": ("domestic_abuse",)}, "safeguarding: domestic_abuse"),
        ({}, {"offence_subgroup": "Fraud"}, "offence: Fraud"),
        (
            {},
            {"recorded_at": ORDER.go_live_at(1) - timedelta(seconds=1)},
            "recorded before the portal went live",
        ),
        ({}, {"recorded_at": ORDER.go_live_at(1)}, ""),
    ],
)
def test_each_victim_is_known_with_why_they_must_not_be_told(
    written: dict[str, Any], crime: dict[str, Any], expected: str
) -> None:
    """Each reason of the order excludes, to the day and the second, and nothing else does."""
    force = ForceStory(START)
    alex = force.person(**written)
    happened = force.crime(alex, **crime)
    cases, _ready = known(force)

    assert cases.crimes[happened.crime_reference].victims[alex.person_id].exclusion == expected


def test_one_victim_of_a_crime_may_be_excluded_and_the_other_not() -> None:
    """A reason about a person excludes that person alone."""
    force = ForceStory(START)
    alex, sam = force.person(), force.person("Sam", safe_to_contact=None)
    crime = force.crime(alex, sam)
    victims = known(force)[0].crimes[crime.crime_reference].victims

    assert [bool(each.exclusion) for each in victims.values()] == [False, True]


def test_new_details_are_taken_into_every_crime_of_a_person() -> None:
    """The force recorded the person anew, not the crime."""
    force = ForceStory(START)
    alex, sam = force.person(), force.person("Sam")
    crimes = [force.crime(alex), force.crime(alex, sam)]
    cases, _ready = known(force)
    event = VictimDetailsChanged(
        crime_reference=crimes[0].crime_reference,
        victim=alex.written(safe_to_contact=False).record,
    )
    cases.change_details(event, Received("event", event, force.now, force.now))

    assert len(cases.victims_of(alex.person_id)) == len(crimes)
    assert all(each.exclusion for each in cases.victims_of(alex.person_id))
    assert [each.exclusion for each in cases.victims_of(sam.person_id)] == [""]


def test_a_crime_is_its_victims_and_nobody_elses() -> None:
    """Both victims of a crime own it; a victim of another crime does not."""
    force = ForceStory(START)
    alex, sam, kim = force.person(), force.person("Sam"), force.person("Kim")
    crime, other = force.crime(alex, sam), force.crime(kim)
    cases, _ready = known(force)

    assert [cases.owns(each.person_id, crime.crime_reference) for each in (alex, sam, kim)] == [
        True,
        True,
        False,
    ]
    assert cases.crimes_of(kim.person_id) == [other.crime_reference]
