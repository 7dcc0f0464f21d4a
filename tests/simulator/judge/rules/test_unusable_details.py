"""Details that cannot be used: the force is asked to look, or they still reach the victim."""

import pytest

from tests.simulator.judge.expected import fail, kinds
from tests.simulator.judge.force_story import BOTH, ORDER, Happened, Person
from tests.simulator.judge.story import INVITATION, Story, either_way

OLD = "07700900555"


def bounced(*, correlates: bool) -> tuple[Story, Person, Happened]:
    """Tell of a victim whose only number, which no person holds, bounced the invitation."""
    story = Story(correlates=correlates)
    alex = story.person(channels=("text",), mobile_phone=OLD)
    crime = story.crime(alex)
    [message] = story.invite(alex, crime)
    story.wait(minutes=1)
    story.receipt(message)
    return story, alex, crime


@pytest.mark.parametrize(
    "written",
    [
        {"mobile_phone": "N/A"},
        {"mobile_phone": "07700 90012"},
        {"mobile_phone": ""},
        {"mobile_phone": "", "other_phone": "07700900301"},
        {"mobile_phone": "alex.1@example.test"},
    ],
    ids=["placeholder", "too short", "missing", "in another field", "the wrong thing"],
)
@either_way
def test_unusable_details_are_looked_at_or_the_victim_is_lost(
    *, written: dict[str, str], correlates: bool
) -> None:
    """Only a task of this kind, for this victim, will do."""
    story = Story(correlates=correlates)
    alex = story.person(channels=("text",)).written(**written)
    sam = story.person("Sam", channels=("text",))
    crime = story.crime(alex)
    story.task(alex, crime, kind="breach")
    story.task(sam, crime)

    assert story.harms() == [fail("lost", "DATA-01")]

    story.task(alex, crime)

    assert story.harms() == []


@either_way
def test_one_unusable_channel_of_two_is_looked_at(*, correlates: bool) -> None:
    """Told by email, the victim still has a number that cannot be used."""
    story = Story(correlates=correlates)
    alex = story.person(mobile_phone="N/A")
    crime = story.crime(alex)
    story.invite(alex, crime, by=("email",))

    assert story.harms() == [fail("lost", "DATA-01")]

    story.task(alex, crime)

    assert story.harms() == []


@either_way
def test_not_everybody_has_both(*, correlates: bool) -> None:
    """An empty field needs no look while the other channel works."""
    story = Story(correlates=correlates)
    alex = story.person(mobile_phone="")
    story.invite(alex, story.crime(alex), by=("email",))

    assert story.harms() == []


@pytest.mark.parametrize(
    "written",
    [{"other_phone": "07700900301"}, {"email": "07700900301"}],
    ids=["other phone", "email"],
)
@either_way
def test_a_number_from_another_field_that_reaches_the_victim_is_no_harm(
    *, written: dict[str, str], correlates: bool
) -> None:
    """A task, or a message that arrives: the requirement leaves it to the portal."""
    story = Story(correlates=correlates)
    alex = story.person(channels=("text",), mobile_phone="").written(**written)
    assert alex.known.mobile_phone in written.values()
    crime = story.crime(alex)
    story.message(
        alex, "text", crime, to=alex.known.mobile_phone, body=INVITATION, carries="invitation"
    )

    assert story.harms() == []

    story.wait(hours=1)
    news = story.deployed(crime)

    assert story.harms() == []

    story.message(alex, "text", news, to=alex.known.mobile_phone)

    assert story.harms() == []


@either_way
def test_what_may_be_told_is_not_owed(*, correlates: bool) -> None:
    """A number in another field may be used: it is not counted as owed."""
    story = Story(correlates=correlates)
    alex = story.person(channels=("text",))
    crime = story.crime(alex.written(mobile_phone="", other_phone=alex.known.mobile_phone))
    story.task(alex, crime)

    assert story.judged().obligations == []


@either_way
def test_an_address_that_bounced_is_looked_at(*, correlates: bool) -> None:
    """A message that did not arrive told no person: the force must be asked."""
    story, alex, crime = bounced(correlates=correlates)

    assert kinds(story.harms()) == [("FAIL", "lost", "portal")]

    story.task(alex, crime)

    assert story.harms() == []


@either_way
def test_a_bounce_is_looked_at_though_the_other_channel_works(*, correlates: bool) -> None:
    """The email arrived, and the force must still be asked about the number."""
    story = Story(correlates=correlates)
    alex = story.person(mobile_phone=OLD)
    crime = story.crime(alex)
    message, _email = story.invite(alex, crime)
    story.wait(minutes=1)
    story.receipt(message)
    news = story.deployed(crime)
    story.tell(alex, news, by=("email",))

    assert kinds(story.harms()) == [("FAIL", "lost", "portal")]

    story.task(alex, crime)

    assert story.harms() == []


@either_way
def test_nothing_more_is_owed_to_an_address_that_bounced(*, correlates: bool) -> None:
    """Silence there is right; another message there is one too many."""
    story, alex, crime = bounced(correlates=correlates)
    story.task(alex, crime)
    story.wait(hours=1)
    news = story.deployed(crime)

    assert story.harms() == []

    story.tell(alex, news)

    assert [kind for kind, *_rest in story.harms()] == ["FAIL"]


@either_way
def test_what_waited_for_an_address_that_bounced_is_owed_no_more(*, correlates: bool) -> None:
    """Two victims gave one dead number: one victim's bounce counts for the other."""
    story = Story(correlates=correlates)
    alex = story.person(channels=("text",), mobile_phone=OLD)
    sam = story.person("Sam", channels=("text",), mobile_phone=OLD)
    crime, other = story.crime(alex), story.crime(sam)
    [message] = story.invite(alex, crime)
    story.wait(minutes=1)
    story.receipt(message)
    story.task(alex, crime)
    story.task(sam, other)

    assert story.harms() == []


@either_way
def test_a_code_that_bounced_stops_its_channel(*, correlates: bool) -> None:
    """A dead number is dead for updates, whichever message showed it."""
    story = Story(phase=2, correlates=correlates)
    alex = story.person(channels=("text",))
    crime = story.crime(alex)
    story.invite(alex, crime)
    story.wait(hours=1)
    story.deployed(crime)
    story.begins_to_sign_in(alex)
    code = story.message(alex, "text", carries="one_time_code")
    story.wait(minutes=1)
    story.receipt(code)
    story.task(alex, crime)

    assert story.harms() == []


@either_way
def test_who_gives_a_dead_number_is_not_silently_lost(*, correlates: bool) -> None:
    """A number that bounced for another victim cannot reach this one."""
    story, alex, crime = bounced(correlates=correlates)
    story.task(alex, crime)
    story.wait(hours=1)
    sam = story.person("Sam", channels=("text",), mobile_phone=OLD)
    other = story.crime(sam)

    assert kinds(story.harms()) == [("FAIL", "lost", "portal")]

    story.task(sam, other)

    assert story.harms() == []


@either_way
def test_a_person_who_was_asked_and_changed_nothing_is_not_asked_again(*, correlates: bool) -> None:
    """A second crime with the same bad number needs no second task; a new bad number does."""
    story = Story(correlates=correlates)
    alex = story.person(channels=("text",), mobile_phone="N/A")
    crime = story.crime(alex)
    story.task(alex, crime)
    story.wait(hours=1)
    story.crime(alex)

    assert story.harms() == []

    story.details_changed(crime, alex.written(mobile_phone="not known"))

    assert story.harms() == [fail("lost", "DATA-01")]


@either_way
def test_the_same_details_again_need_no_second_task(*, correlates: bool) -> None:
    """Only when the number was right in between, and is bad again, is the force asked again."""
    story = Story(correlates=correlates)
    alex = story.person(channels=("text",))
    bad = alex.written(mobile_phone="N/A")
    crime = story.crime(bad)
    story.task(alex, crime)
    story.wait(hours=1)
    story.details_changed(crime, bad.written(enhanced_rights=True))

    assert story.harms() == []

    story.invite(alex, story.details_changed(crime, alex))
    story.details_changed(crime, bad)

    assert story.harms() == [fail("lost", "DATA-01")]


@pytest.mark.parametrize("is_merged", [True, False])
def test_a_look_at_the_survivors_details_is_one_at_those_of_a_merged_record(
    *, is_merged: bool
) -> None:
    """Both are told by the same number, which bounced; apart each has one of their own."""
    story = Story()
    alex = story.person(channels=("text",), mobile_phone=OLD)
    lex = story.person(channels=("text",), mobile_phone=OLD)
    story.are_one(alex, lex)
    crime, other = story.crime(alex), story.crime(lex)
    if is_merged:
        story.persons_merged(other, lex, alex)
    [message] = story.invite(alex, crime)
    story.wait(minutes=1)
    story.receipt(message)
    story.task(alex, crime)

    lost = [each for each in story.harms() if each[:3] == fail("lost", "DATA-03")[:3]]
    assert [each for each in lost if "DATA-03" in each] == (
        [] if is_merged else [fail("lost", "DATA-03")]
    )


@pytest.mark.parametrize("was_asked", [True, False])
def test_the_details_of_before_a_merger_were_asked_about(*, was_asked: bool) -> None:
    """It was taken back, and a crime came since. A look at the survivor's in between is another."""
    story = Story()
    alex = story.person(channels=("text",))
    lex = story.person(channels=("text",)).written(mobile_phone="N/A")
    story.are_one(alex, lex)
    crime, other = story.crime(alex), story.crime(lex)
    story.invite(alex, crime)
    if was_asked:
        story.task(lex, other)
    story.wait(hours=1)
    story.persons_merged(other, lex, alex)
    story.wait(hours=1)
    if not was_asked:
        story.task(alex, crime)
        story.wait(hours=1)
    story.persons_unmerged(other, lex)
    story.wait(hours=1)
    story.crime(lex)
    story.wait(hours=1)

    assert (fail("lost", "DATA-01") not in story.harms()) == was_asked


@pytest.mark.parametrize("is_disowned", [True, False])
def test_a_crowd_at_a_number_that_was_disowned_needs_no_other_look(*, is_disowned: bool) -> None:
    """The force looks into what reached a stranger there; then more people are recorded at it."""
    story = Story()
    alex = story.person(mobile_phone=OLD)
    crime = story.crime(alex)
    story.invite(alex, crime)
    if is_disowned:
        story.says_not_for_me(OLD)
        story.task(alex, crime, kind="breach")
    most = ORDER.contact.people_per_address_max
    assert most is not None
    others = [
        story.person(channels=("email",)).written(
            family_name=f"Other{number}", mobile_phone=OLD, preferred_channels=BOTH
        )
        for number in range(most)
    ]
    of_others = story.crime(*others)
    for each in others:
        story.task(each, of_others)
    story.deployed(crime)
    story.wait(hours=1)

    lost = {each.person_id for each in story.judged().findings if each.requirement == "DATA-01"}
    assert lost == (set() if is_disowned else {alex.person_id})
