"""Where the order falls back, another channel is used when the only one asked for fails."""

import msgspec
import pytest

from tests.simulator.judge.expected import fail
from tests.simulator.judge.force_story import ORDER, Happened, Person
from tests.simulator.judge.story import Story, either_way

CODE = "Thames Valley Police: ······ is your code. It works for 10 minutes."
FALLS_BACK = msgspec.structs.replace(
    ORDER, contact=msgspec.structs.replace(ORDER.contact, falls_back=True)
)


def bounced(*, falls_back: bool = True, correlates: bool = True) -> tuple[Story, Person, Happened]:
    """Tell of a victim who asked for texts, and whose invitation by text bounced."""
    story = Story(correlates=correlates, order=FALLS_BACK if falls_back else ORDER)
    alex = story.person(channels=("text",))
    crime = story.crime(alex)
    [text] = story.invite(alex, crime)
    story.wait(minutes=5)
    story.receipt(text)
    story.task(alex, crime)
    return story, alex, crime


@either_way
def test_what_bounced_may_be_told_by_the_other_channel(*, correlates: bool) -> None:
    """It is no noise there, and not owed either."""
    story, alex, crime = bounced(correlates=correlates)

    assert story.harms() == []

    story.invite(alex, crime, by=("email",))

    assert story.harms() == []
    assert [each.kind for each in story.judged().messages] == ["invitation", "invitation"]


@either_way
def test_so_may_what_happens_then(*, correlates: bool) -> None:
    """Later news goes the same way, once."""
    story, alex, crime = bounced(correlates=correlates)
    story.invite(alex, crime, by=("email",))
    story.wait(hours=1)
    news = story.deployed(crime)
    story.tell(alex, news, by=("email",))

    assert story.harms() == []

    story.tell(alex, news, by=("email",))

    assert [each[:2] for each in story.harms()] == [("FAIL", "duplicated")]


@either_way
def test_what_happens_then_is_owed_there(*, correlates: bool) -> None:
    """The order has the other channel used, not only allowed; without that nothing is owed."""
    for falls_back, expected in ((True, [fail("lost", "MSG-01")]), (False, [])):
        story, _alex, crime = bounced(falls_back=falls_back, correlates=correlates)
        story.wait(hours=1)
        story.deployed(crime)
        story.wait(hours=3)

        assert story.harms() == expected


@pytest.mark.parametrize("again", [0, 1], ids=["the one before", "the last"])
@pytest.mark.parametrize("how", ["a code bounced", "not for me"])
def test_so_may_what_went_last(*, how: str, again: int) -> None:
    """What failed brought a code, or went to somebody else. What came before it is noise."""
    story = Story(order=FALLS_BACK)
    alex = story.person(channels=("text",))
    crime = story.crime(alex)
    story.invite(alex, crime)
    story.begins_to_sign_in(alex)
    story.signs_in(alex)
    told = []
    for _each in range(2):
        story.wait(hours=2)
        told.append(story.deployed(crime))
        story.tell(alex, told[-1])
    story.wait(hours=1)
    if how == "not for me":
        story.says_not_for_me(alex.known.mobile_phone)
        story.task(alex, crime, kind="breach")
    else:
        story.begins_to_sign_in(alex)
        code = story.message(alex, "text", body=CODE, carries="one_time_code")
        story.receipt(code)
        story.task(alex, crime)
    story.tell(alex, told[again], by=("email",))

    failed = [each for each in story.harms() if each[0] == "FAIL"]
    assert failed == ([] if again else [fail("noise", "ONCE-01")])


@pytest.mark.parametrize("falls_back", [False, True])
def test_what_waits_stays_where_the_order_falls_back(*, falls_back: bool) -> None:
    """In that moment the victim asks for the channel alone that is another person's."""
    story = Story(order=FALLS_BACK if falls_back else ORDER, correlates=False)
    alex = story.person()
    crime = story.crime(alex)
    story.invite(alex, crime)
    story.wait(hours=2)
    story.says_not_for_me(alex.known.mobile_phone)
    story.task(alex, crime, kind="breach")
    news = story.deployed(crime)
    story.details_changed(crime, alex.written(preferred_channels=("text",)))
    story.task(alex, crime)
    story.wait(hours=1)
    story.tell(alex, news, by=("email",))

    failed = [each for each in story.harms() if each[0] == "FAIL"]
    assert failed == ([] if falls_back else [fail("noise", "ONCE-01")])


@pytest.mark.parametrize("falls_back", [False, True])
def test_without_a_bounce_or_an_order_it_is_too_much(*, falls_back: bool) -> None:
    """They did not ask for that channel, and the one they asked for works."""
    story = Story(order=FALLS_BACK if falls_back else ORDER)
    alex = story.person(channels=("text",))
    crime = story.crime(alex)
    story.invite(alex, crime)
    story.invite(alex, crime, by=("email",))

    assert story.harms() == [fail("duplicated", "ONCE-01")]


def test_where_the_order_does_not_have_it_it_is_too_much() -> None:
    """Nothing goes by a channel that the victim did not ask for."""
    story, alex, crime = bounced(falls_back=False)
    story.invite(alex, crime, by=("email",))

    assert story.harms() == [fail("duplicated", "ONCE-01")]


def test_there_is_no_way_round_the_one_channel_that_an_officer_approved() -> None:
    """Nothing is owed by the other when that fails, and what goes there is not safe."""
    eligibility = msgspec.structs.replace(ORDER.eligibility, approved_channels=True)
    for is_told in (False, True):
        story = Story(order=msgspec.structs.replace(FALLS_BACK, eligibility=eligibility))
        alex = story.person()
        alex = alex.written(safe_channel="text")
        crime = story.crime(alex)
        [text] = story.invite(alex, crime, by=("text",))
        story.wait(minutes=5)
        story.receipt(text)
        story.task(alex, crime)
        story.wait(hours=1)
        news = story.deployed(crime)
        if is_told:
            story.tell(alex, news, by=("email",))
        story.wait(hours=3)

        found = {each[3] for each in story.harms()}
        assert found == ({"SAFE-06", "ONCE-01"} if is_told else set())
