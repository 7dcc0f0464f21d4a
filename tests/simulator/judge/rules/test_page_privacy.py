"""What a signed-in victim is shown: their own crimes, while they may be told of them."""

from datetime import date
from typing import Any

import pytest
from msgspec import structs

from tests.simulator.judge.expected import fail
from tests.simulator.judge.force_story import Happened, Person
from tests.simulator.judge.story import Story, one_invited

ENTRY = "An officer was sent."
SENSITIVE = fail("disclosed", "SENS-01")


def test_anothers_crime_is_disclosed() -> None:
    """A victim sees their own crime and no other person's."""
    story = Story()
    alex, sam = story.person(channels=("text",)), story.person("Sam", channels=("text",))
    crime, other = story.crime(alex), story.crime(sam)
    story.invite(alex, crime)
    story.invite(sam, other)
    story.sees(alex, crime, ENTRY)
    story.sees(sam, other, ENTRY)

    assert story.harms() == []

    story.sees(sam, crime, ENTRY)

    assert story.harms() == [fail("disclosed", "PRIV-03")]
    assert story.judged().findings[0].person_id == sam.person_id


@pytest.mark.parametrize("where", ["timeline", "conversation"])
def test_a_crime_of_two_is_shown_to_both(where: str) -> None:
    """Both victims of a crime see it; a person who is no victim does not."""
    story = Story(phase=3)
    alex, sam = story.person(channels=("text",)), story.person("Sam", channels=("text",))
    kim = story.person("Kim")
    crime = story.crime(alex, sam)
    story.invite(alex, crime)
    story.invite(sam, crime)
    story.sees(alex, crime, ENTRY, where=where)  # type: ignore[arg-type]  # one of the two
    story.sees(sam, crime, ENTRY, where=where)  # type: ignore[arg-type]  # one of the two

    assert story.harms() == []

    story.sees(kim, crime, ENTRY, where=where)  # type: ignore[arg-type]  # one of the two

    assert story.harms() == [fail("disclosed", "PRIV-03")]


def two_records(**other: Any) -> tuple[Story, Person, Person, Happened, Happened]:
    """Tell of a victim who was recorded twice, at one telephone; `other` differs then."""
    story = Story()
    alex = story.person(channels=("text",))
    number = alex.record.mobile_phone
    twice = story.person(channels=("text",), **{"mobile_phone": number, **other})
    story.holds(twice.person_id, mobile_phone=twice.record.mobile_phone)
    crime, another = story.crime(alex), story.crime(twice)
    story.invite(alex, crime)
    story.invite(twice, another)
    return story, alex, twice, crime, another


def test_who_was_written_down_twice_may_read_the_crimes_of_both() -> None:
    """One name, one date of birth and one telephone are one person's."""
    story, alex, twice, crime, another = two_records()
    for each in (alex, twice):
        story.sees(each, crime, ENTRY)
        story.sees(each, another, ENTRY)

    assert story.harms() == []


@pytest.mark.parametrize(
    "other",
    [
        {"born": date(1991, 2, 3)},
        {"born": None},
        {"given_name": "Sam"},
        {"mobile_phone": "07700900777"},
    ],
)
def test_who_only_resembles_them_is_somebody_else(other: dict[str, object]) -> None:
    """A father of the same name, a couple with one telephone: each reads their own crimes."""
    story, alex, _twice, _crime, another = two_records(**other)
    story.sees(alex, another, ENTRY)

    assert story.harms() == [fail("disclosed", "PRIV-03")]


def test_what_is_flagged_in_one_of_two_records_is_shown_by_neither() -> None:
    """A flag in one record also holds after a sign-in by the other."""
    story, alex, twice, _crime, another = two_records()
    story.details_changed(another, twice.written(safe_to_contact=False))
    story.wait(hours=1)
    story.sees(alex, another, ENTRY)

    assert fail("disclosed", "SAFE-02") in story.harms()


def test_general_pages_are_nobodys_secret() -> None:
    """Advice and the list of crimes are about no one crime."""
    story = Story()
    alex = story.person(channels=("text",))
    story.invite(alex, story.crime(alex))
    advice = ("Keep your bicycle safe", "Your rights")
    story.sees(alex, None, *advice, where="advice")
    story.sees(alex, None, "Theft of a pedal cycle open", where="crimes")

    assert story.harms() == []


def test_a_crime_nobody_is_told_of_is_not_shown_either() -> None:
    """A flag added late ends sessions too: the page may not show what may not be told."""
    story = Story()
    alex = story.person(channels=("text",))
    crime = story.crime(alex)
    story.invite(alex, crime)
    story.signs_in(alex)
    story.sees(alex, crime, ENTRY)

    assert story.harms() == []

    story.details_changed(crime, alex.written(safe_to_contact=False))
    story.sees(alex, crime, ENTRY)

    assert [harm[:3] for harm in story.harms()] == [("FAIL", "disclosed", "portal")]


def test_a_closure_a_victim_was_told_of_may_be_shown_after_the_record_is_cancelled() -> None:
    """They knew that it was closed; that it was cancelled an officer tells them first."""
    story, alex, crime = one_invited()
    story.signs_in(alex)
    story.tell(alex, story.closed(crime))
    story.cancelled(crime)
    shown = ((crime.crime_reference, "closed"),)
    story.sees(alex, None, "closed", where="crimes", statuses=shown)

    assert SENSITIVE not in story.harms()

    story, alex, crime = one_invited()
    story.signs_in(alex)
    story.cancelled(crime)
    story.sees(alex, None, "closed", where="crimes", statuses=shown)

    assert SENSITIVE in story.harms()


@pytest.mark.parametrize("is_theirs", [True, False])
def test_a_crime_seen_in_one_record_may_be_the_readers_by_another(*, is_theirs: bool) -> None:
    """Both have one name, date of birth and phone: who signs in by one is the victim in the other.

    With another phone it is a record of somebody else, for all that a portal knows.
    """
    story = Story()
    alex = story.person("Alex", channels=("text",))
    phone = alex.record.mobile_phone if is_theirs else "07700900399"
    twice = story.person("Alex", channels=("text",), mobile_phone=phone)
    crime = story.crime(victims=(alex.record, structs.replace(twice.record, role="witness")))
    own = story.crime(twice)
    story.invite(alex, crime)
    story.invite(twice, own)
    story.signs_in(twice)
    story.sees(twice, crime, ENTRY)

    found = [each[3] for each in story.harms() if each[1] == "disclosed"]
    assert found == ([] if is_theirs else ["WHO-01"])


@pytest.mark.parametrize("is_told", [True, False])
@pytest.mark.parametrize("is_witness", [True, False])
def test_an_end_may_be_listed_once_the_victim_was_told_in_either_record(
    *, is_told: bool, is_witness: bool
) -> None:
    """An officer writes the talk down for the record in which the reader is the crime's victim.

    In the one that survives they may be a witness, to whom nobody need speak, or nobody.
    """
    story = Story()
    alex, twice = (story.person("Alex", channels=("text",)) for _record in range(2))
    others = (structs.replace(alex.record, role="witness"),) if is_witness else ()
    crime = story.crime(victims=(twice.record, *others))
    own = story.crime(alex)
    story.invite(twice, crime)
    story.invite(alex, own)
    story.persons_merged(crime, twice, alex)
    story.signs_in(alex)
    story.wait(hours=1)
    story.closed(crime, outcome=13)
    if is_told:
        story.contacted(crime, twice)
    shown = ((crime.crime_reference, "closed"), (own.crime_reference, "open"))
    story.sees(alex, None, "closed", "open", where="crimes", statuses=shown)

    assert (SENSITIVE in story.harms()) != is_told


@pytest.mark.parametrize(("offence", "is_found"), [("Theft of a cycle", False), ("Arson", True)])
def test_a_merged_crime_may_have_had_the_offence_that_their_own_became(
    offence: str, *, is_found: bool
) -> None:
    """The page names the offence of the reader's own crime, and none that is only the other's."""
    story = Story()
    alex, sam = story.person(channels=("text",)), story.person("Sam", channels=("text",))
    crime, other = story.crime(alex), story.crime(sam, offence=offence)
    story.invite(alex, crime)
    story.reclassified(crime, "Vehicle offences", offence="Theft of a cycle")
    story.reclassified(other, "Rape")
    story.merged(other, crime)
    story.wait(hours=1)
    story.sees(alex, crime, f"It is now recorded as: {offence}")

    assert (fail("disclosed", "PRIV-03") in story.harms()) is is_found


def test_anothers_crime_that_was_merged_into_ones_own_stays_shut() -> None:
    """Its reference answers its own victims as the one that goes on, and tells nobody else."""
    story = Story()
    alex, sam = story.person(channels=("text",)), story.person("Sam", channels=("text",))
    crime, other = story.crime(alex), story.crime(sam)
    story.invite(alex, crime)
    story.invite(sam, other)
    story.merged(other, crime)
    story.wait(hours=1)
    story.sees(sam, other, ENTRY)

    assert story.harms() == []

    story.sees(alex, other, ENTRY)

    assert story.harms() == [fail("disclosed", "PRIV-03")]


def test_a_merged_reference_answers_as_far_as_the_chain_is_known() -> None:
    """Where the crime at the end is not known yet, the one before it is the reader's page."""
    story, alex, crime = one_invited()
    other, unknown = story.crime(alex), story.crime(alex, deliver=False)
    story.reclassified(crime, "Rape")
    story.merged(crime, other)
    story.merged(other, unknown)
    story.sees(alex, crime, ENTRY)

    assert [each for each in story.harms() if each[1] == "disclosed"] == []

    alone, sam, own = one_invited()
    alone.reclassified(own, "Rape")
    alone.sees(sam, own, ENTRY)

    assert fail("disclosed", "CASE-05") in alone.harms()


@pytest.mark.parametrize("is_merged", [True, False])
def test_who_joins_a_chain_whose_end_is_unknown_reads_the_last_that_is_known(
    *, is_merged: bool
) -> None:
    """Their crime came after its merger, and that after the next; without it they read nothing."""
    story = Story()
    alex, sam = story.person(channels=("text",)), story.person("Sam", channels=("text",))
    second = story.crime(sam)
    story.invite(sam, second)
    first = story.crime(alex, deliver=False)
    if is_merged:
        story.merged(first, second)
    story.merged(second, Happened("", "43269999999"))
    story.deliver(first)
    story.invite(alex, first)
    story.sees(alex, second, ENTRY)

    assert (fail("disclosed", "PRIV-03") in story.harms()) != is_merged
