"""Another person was told: by the portal's mistake, against a sign, or when it could not know."""

import pytest

from reference.contract.events import Channel
from tests.simulator.judge.expected import fail, warning
from tests.simulator.judge.force_story import BOTH, ORDER
from tests.simulator.judge.story import Story, either_way

WRONG = {"text": "07700900555", "email": "somebody.else@example.test"}
AVOIDABLE = fail("misdirected", "SAFE-01")
UNAVOIDABLE = warning("misdirected", "DATA-02", "contact data", avoidable=False)


def strangers(story: Story) -> None:
    """Make other people hold the wrong number and the wrong mailbox."""
    story.stranger(mobile_phone=WRONG["text"])
    story.stranger(email=WRONG["email"])


@pytest.mark.parametrize("channel", BOTH)
@either_way
def test_an_address_of_nobody_concerned(*, channel: Channel, correlates: bool) -> None:
    """No record holds it: the portal made it up, and the victim is told nothing."""
    story = Story(correlates=correlates)
    strangers(story)
    alex = story.person(channels=(channel,))
    crime = story.crime(alex)
    story.invite(alex, crime)
    story.wait(hours=1)
    news = story.deployed(crime)
    story.message(alex, channel, news, to=WRONG[channel])

    assert story.harms() == [AVOIDABLE, fail("lost", "MSG-01")]

    story.records.pop()
    story.message(alex, channel, news)

    assert story.harms() == []


@pytest.mark.parametrize("channel", BOTH)
def test_an_address_of_another_crimes_victim(channel: Channel) -> None:
    """By the event it names, a person was told who is no victim of that crime."""
    story = Story()
    alex, sam = story.person(channels=(channel,)), story.person("Sam", channels=(channel,))
    crime, other = story.crime(alex), story.crime(sam)
    story.invite(alex, crime)
    story.invite(sam, other)
    story.wait(hours=1)
    news = story.deployed(crime)
    story.message(alex, channel, news, to=sam.recorded_at(channel))

    assert story.harms() == [AVOIDABLE, fail("lost", "MSG-01")]


def test_an_address_of_another_victim_by_address_alone() -> None:
    """Without the event it is one too many for one victim, and nothing for the other."""
    story = Story(correlates=False)
    alex, sam = story.person(channels=("text",)), story.person("Sam", channels=("text",))
    crime, other = story.crime(alex), story.crime(sam)
    story.invite(alex, crime)
    story.invite(sam, other)
    story.wait(hours=1)
    story.message(sam, "text", story.deployed(crime))

    assert {harm for _kind, harm, *_rest in story.harms()} == {"noise", "lost"}


@pytest.mark.parametrize("channel", BOTH)
@either_way
def test_a_wrong_well_formed_address_is_nobodys_fault(
    *, channel: Channel, correlates: bool
) -> None:
    """The portal could not know: it is counted as the force's risk, and fails no portal."""
    story = Story(correlates=correlates)
    strangers(story)
    alex = story.person(channels=(channel,)).written(mobile_phone=WRONG["text"])
    alex = alex.written(email=WRONG["email"])
    story.invite(alex, story.crime(alex))

    assert story.harms() == [UNAVOIDABLE]
    assert story.judged().kind == "WARNING"


@either_way
def test_a_number_in_another_field_was_a_sign(*, correlates: bool) -> None:
    """It may be the neighbour's: to use it and reach a stranger was avoidable."""
    story = Story(correlates=correlates)
    strangers(story)
    alex = story.person(channels=("text",), mobile_phone="", other_phone=WRONG["text"])
    crime = story.crime(alex)
    story.task(alex, crime)
    asked_only = list(story.records)
    story.message(alex, "text", crime, to=WRONG["text"], carries="invitation")

    assert AVOIDABLE in story.harms()

    story.records = asked_only

    assert story.harms() == []


@either_way
def test_a_bounce_was_a_sign(*, correlates: bool) -> None:
    """A number that bounced once had been given to another person."""
    story = Story(correlates=correlates)
    alex = story.person(channels=("text",), mobile_phone=WRONG["text"])
    crime = story.crime(alex)
    [message] = story.invite(alex, crime)
    story.wait(minutes=1)
    story.receipt(message)
    story.task(alex, crime)
    strangers(story)
    story.wait(hours=1)
    news = story.deployed(crime)

    assert story.harms() == []

    story.tell(alex, news)

    assert AVOIDABLE in story.harms()
    assert UNAVOIDABLE not in story.harms()


@pytest.mark.parametrize("status", ["delivered", "temporary-failure", "technical-failure"])
def test_only_a_permanent_failure_is_a_sign(status: str) -> None:
    """A phone that was off is still the victim's."""
    story = Story()
    strangers(story)
    alex = story.person(channels=("text",), mobile_phone=WRONG["text"])
    crime = story.crime(alex)
    [message] = story.invite(alex, crime)
    story.receipt(message, status)  # type: ignore[arg-type]  # mypy widens the parameter
    story.wait(hours=1)
    story.tell(alex, story.deployed(crime))

    assert story.harms() == [UNAVOIDABLE, UNAVOIDABLE]


@either_way
def test_not_safe_to_contact_was_a_sign(*, correlates: bool) -> None:
    """Another person who reads the victim's messages was the reason not to write."""
    story = Story(correlates=correlates)
    strangers(story)
    alex = story.person(channels=("text",), mobile_phone=WRONG["text"], safe_to_contact=False)
    crime = story.crime(alex)

    assert story.judged().kind == "INCONCLUSIVE"

    story.invite(alex, crime)

    assert story.harms() == [fail("disclosed", "INV-03"), AVOIDABLE]


def test_a_holder_who_is_the_victim_makes_no_harm() -> None:
    """A number that the victim and a stranger both hold told the victim."""
    story = Story()
    alex = story.person(channels=("text",))
    story.stranger(mobile_phone=alex.known.mobile_phone)
    story.invite(alex, story.crime(alex))

    assert story.harms() == []


def test_a_number_that_more_share_than_the_order_allows() -> None:
    """All of them hold it, as in a shelter: a person who picks it up reads it."""
    most = ORDER.contact.people_per_address_max
    assert most is not None
    for many, expected in ((most, []), (most + 1, [AVOIDABLE])):
        story = Story()
        alex = story.person("Alex", channels=("text",))
        number = alex.record.mobile_phone
        others = []
        for each in range(1, many):
            named = {"given_name": f"Sam{each}", "family_name": f"Other{each}"}
            other = story.person(f"Sam{each}", channels=("text",), mobile_phone=number, **named)
            story.holds(other.person_id, mobile_phone=number)
            others.append(other)
        crime = story.crime(alex, *others)
        story.invite(alex, crime)

        found = [each for each in story.harms() if each[3] == "SAFE-01"]

        assert found == expected
