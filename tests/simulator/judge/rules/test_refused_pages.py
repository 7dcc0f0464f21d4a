"""What a signed-in victim may read or choose is not refused; where it may be, no harm is found."""

import pytest

from reference.contract.events import Channel
from simulator.evidence.records import ChoiceRefused, PageRefused, Where
from simulator.judge.rules.refused_pages import RefusedPages
from simulator.verdicts import Harm
from tests.simulator.judge.expected import Harmed, fail
from tests.simulator.judge.force_story import BOTH, Happened, Person
from tests.simulator.judge.pages import found
from tests.simulator.judge.story import Story, one_invited

LOST: Harm = "lost"


def harms(story: Story) -> list[Harmed]:
    """Ask the rule alone."""
    return found(story, RefusedPages)


def refused(
    story: Story,
    person: Person,
    where: Where,
    crime: Happened | None = None,
    *,
    listed: tuple[Happened, ...] | None,
    status: int = 404,
) -> None:
    """Refuse a person a page, and list these crimes for them all the same (None: none any more)."""
    references = None if listed is None else tuple(each.crime_reference for each in listed)
    story.records.append(
        PageRefused(
            at=story.now,
            person_id=person.person_id,
            where=where,
            crime_reference=crime.crime_reference if crime is not None else "",
            status=status,
            listed=references,
        )
    )


def refused_choice(
    story: Story, person: Person, *channels: Channel, listed: Happened, status: int = 409
) -> None:
    """Refuse a person a choice of channels, and list this crime for them all the same."""
    story.records.append(
        ChoiceRefused(
            at=story.now,
            person_id=person.person_id,
            channels=channels,
            status=status,
            listed=(listed.crime_reference,),
        )
    )


def merged() -> tuple[Story, Person, Happened, Happened]:
    """Tell of a crime that was merged into another person's an hour ago."""
    story, alex, crime = one_invited()
    other = story.crime(story.person("Sam"))
    story.merged(crime, other)
    story.wait(hours=1)
    return story, alex, crime, other


@pytest.mark.parametrize(
    ("where", "requirement"),
    [("timeline", "CASE-01"), ("advice", "CASE-16"), ("contact", "CONT-07")],
)
@pytest.mark.parametrize("status", [401, 403, 404, 409, 500])
def test_a_page_of_a_victim_whose_crime_is_listed_is_shown(
    where: Where, requirement: str, status: int
) -> None:
    """The portal says itself that they are signed in, and that the crime is theirs."""
    story, alex, crime = one_invited()
    of_crime = crime if where == "timeline" else None
    refused(story, alex, where, of_crime, listed=(crime,), status=status)

    assert harms(story) == [fail(LOST, requirement)]


@pytest.mark.parametrize("where", ["timeline", "advice", "contact", "conversation"])
@pytest.mark.parametrize("status", [0, 429, 503])
def test_a_refusal_for_now_is_no_harm(where: Where, status: int) -> None:
    """They asked too often, the portal cannot answer, or the driver cannot tell."""
    story, alex, crime = one_invited(phase=3)
    refused(story, alex, where, crime, listed=(crime,), status=status)

    assert harms(story) == []


@pytest.mark.parametrize("where", ["timeline", "advice", "contact"])
def test_a_session_that_does_not_stand_any_more_shows_nothing(where: Where) -> None:
    """The portal lists nothing for them, or no crime at all."""
    story, alex, crime = one_invited()
    refused(story, alex, where, crime, listed=None)
    refused(story, alex, where, crime, listed=())

    assert harms(story) == []


def test_the_page_of_a_closed_case_can_be_read() -> None:
    """For as long as it is on the list."""
    story, alex, crime = one_invited()
    story.closed(crime)
    story.wait(days=300)
    refused(story, alex, "timeline", crime, listed=(crime,))

    assert harms(story) == [fail(LOST, "CASE-15")]


@pytest.mark.parametrize("why", ["reclassified", "cancelled"])
def test_a_crime_that_has_left_the_portal_has_no_page(why: str) -> None:
    """Its list may be a moment behind; that it is still there is another rule's to find."""
    story, alex, crime = one_invited()
    if why == "cancelled":
        story.cancelled(crime)
    else:
        story.reclassified(crime, "Rape")
    refused(story, alex, "timeline", crime, listed=(crime,))
    refused(story, alex, "contact", listed=(crime,))

    assert harms(story) == []


def test_another_persons_crime_is_refused() -> None:
    """Even if it is on their list, which is another rule's to find."""
    story, _alex, crime = one_invited()
    sam = story.person("Sam")
    refused(story, sam, "timeline", crime, listed=(crime,))

    assert harms(story) == []


def test_the_reference_of_a_merged_crime_has_a_page() -> None:
    """It answers its victim as the crime that goes on."""
    story, alex, crime, other = merged()
    refused(story, alex, "timeline", crime, listed=(other,))

    assert harms(story) == [fail(LOST, "CASE-07")]


def test_the_reference_of_a_crime_merged_twice_has_a_page() -> None:
    """It leads on through both mergers."""
    story, alex, crime, other = merged()
    third = story.crime(story.person("Robin"))
    story.merged(other, third)
    story.wait(hours=1)
    refused(story, alex, "timeline", crime, listed=(third,))

    assert harms(story) == [fail(LOST, "CASE-07")]


def test_a_merger_of_just_now_may_be_on_its_way() -> None:
    """The portal may know it by one page and not by the other."""
    story, alex, crime = one_invited()
    other = story.crime(story.person("Sam"))
    story.wait(hours=1)
    story.merged(crime, other)
    story.wait(minutes=1)
    refused(story, alex, "timeline", crime, listed=(other,))

    assert harms(story) == []


def test_an_old_reference_may_lead_nowhere_while_the_other_crime_is_not_listed() -> None:
    """The victim may not be told of the crime that goes on."""
    story, alex, crime, _other = merged()
    own = story.crime(alex)
    refused(story, alex, "timeline", crime, listed=(own,))

    assert harms(story) == []


def test_a_merger_that_was_taken_back_leaves_open_where_a_reference_leads() -> None:
    """The same two crimes are merged once more."""
    story, alex, crime, other = merged()
    story.unmerged(crime)
    story.wait(hours=1)
    story.merged(crime, other)
    story.wait(hours=1)
    refused(story, alex, "timeline", crime, listed=(other,))

    assert harms(story) == []


def test_the_victim_of_the_other_crime_finds_nothing_by_a_merged_reference() -> None:
    """It was never theirs."""
    story, alex, crime = one_invited()
    sam = story.person("Sam")
    other = story.crime(sam)
    story.merged(crime, other)
    story.wait(hours=1)
    refused(story, sam, "timeline", crime, listed=(other,))

    assert harms(story) == []
    assert alex.person_id != sam.person_id


def test_a_person_in_two_records_may_have_come_in_by_the_other() -> None:
    """An old reference that one of them knows may lead nowhere in the other."""
    story, alex, crime, other = merged()
    twin = story.person()
    story.are_one(alex, twin)
    story.crime(twin)
    story.persons_merged(crime, alex, into=twin)
    story.wait(hours=1)
    refused(story, alex, "timeline", crime, listed=(other,))

    assert harms(story) == []


@pytest.mark.parametrize("ends", [False, True])
def test_what_was_written_can_be_read(*, ends: bool) -> None:
    """While the case is open, and when it is not any more."""
    story, alex, crime = one_invited(phase=3)
    story.asks(alex, crime, "Is there any news?")
    if ends:
        story.closed(crime)
    story.wait(days=1)
    refused(story, alex, "conversation", crime, listed=(crime,))

    assert harms(story) == [fail(LOST, "TWO-04")]


def test_a_reply_can_be_read() -> None:
    """Though the victim wrote nothing."""
    story, alex, crime = one_invited(phase=3)
    story.replied(crime, alex)
    story.wait(days=1)
    refused(story, alex, "conversation", crime, listed=(crime,))

    assert harms(story) == [fail(LOST, "TWO-04")]


def test_a_conversation_in_which_nothing_was_written_is_for_a_person_to_judge() -> None:
    """The contract says 404 of what is not there yet."""
    story, alex, crime = one_invited(phase=3)
    refused(story, alex, "conversation", crime, listed=(crime,))

    assert [each[0] for each in harms(story)] == ["REVIEW"]


def test_a_conversation_before_phase_3_or_with_another_force_may_be_refused() -> None:
    """It is not there yet, or another force has the case."""
    story, alex, crime = one_invited(phase=2)
    refused(story, alex, "conversation", crime, listed=(crime,))

    assert harms(story) == []

    story, alex, crime = one_invited(phase=3)
    story.asks(alex, crime, "Is there any news?")
    story.transferred(crime)
    story.wait(days=1)
    refused(story, alex, "conversation", crime, listed=(crime,))

    assert harms(story) == []


@pytest.mark.parametrize("channels", [(), ("email",), ("text", "email")])
def test_a_choice_is_taken(channels: tuple[Channel, ...]) -> None:
    """To stop all messages, or to hear by channels that work."""
    story, alex, crime = one_invited(channels=BOTH)
    story.wait(hours=1)
    refused_choice(story, alex, *channels, listed=crime)

    assert harms(story) == [fail(LOST, "CONT-07")]


@pytest.mark.parametrize("status", [0, 401, 403, 429, 503])
def test_a_portal_may_want_a_person_to_sign_in_again_or_to_wait(status: int) -> None:
    """Before they change anything."""
    story, alex, crime = one_invited(channels=BOTH)
    story.wait(hours=1)
    refused_choice(story, alex, "email", listed=crime, status=status)

    assert harms(story) == []


def test_a_channel_without_an_address_that_works_may_be_refused() -> None:
    """There is no box to tick; and the one that works is still theirs to choose."""
    story, alex, crime = one_invited(channels=BOTH)
    messages = story.tell(alex, story.deployed(crime))
    story.receipt(messages[0])
    story.wait(hours=1)
    refused_choice(story, alex, "text", "email", listed=crime)

    assert harms(story) == []

    refused_choice(story, alex, "email", listed=crime)

    assert harms(story) == [fail(LOST, "CONT-07")]


def test_who_hears_by_nothing_any_more_has_nothing_left_to_stop() -> None:
    """There is no button to press."""
    story, alex, crime = one_invited(channels=BOTH)
    story.wait(hours=1)
    story.chooses(alex)
    refused_choice(story, alex, listed=crime)

    assert harms(story) == []


def test_channels_of_details_that_came_just_now_may_be_refused() -> None:
    """The portal may still go by the record before."""
    story, alex, crime = one_invited(channels=BOTH)
    story.wait(hours=1)
    story.details_changed(crime, alex)
    refused_choice(story, alex, "email", listed=crime)

    assert harms(story) == []
