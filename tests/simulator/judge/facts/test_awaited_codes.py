"""A code answers a sign-in, goes to the victim who signs in, and gives nothing away."""

from datetime import timedelta

import pytest

from simulator.evidence.records import SigningIn, VictimRefused
from tests.simulator.judge.expected import fail, warning
from tests.simulator.judge.force_story import BOTH, ORDER, Happened, Person
from tests.simulator.judge.story import Story, either_way

CODE = "······ is your code to sign in at https://portal.example"
ONE_TOO_MANY = fail("noise", "ONCE-01")
STRAY = fail("misdirected", "SAFE-01")
STRANGERS = "07700900998"


def invited(*, correlates: bool = True, **written: object) -> tuple[Story, Person, Happened]:
    """Tell of a victim who was invited by text and email an hour ago."""
    story = Story(correlates=correlates)
    alex = story.person().written(**written)
    crime = story.crime(alex)
    story.invite(alex, crime)
    story.wait(hours=1)
    return story, alex, crime


def code(story: Story, person: Person, *, to: str = "", body: str = CODE) -> str:
    """Have the portal send a text in which the vendor's pattern finds a code."""
    return story.message(person, "text", to=to, body=body, carries="one_time_code")


@either_way
def test_a_code_is_welcome_at_any_hour_and_as_often_as_asked(*, correlates: bool) -> None:
    """A sign-in at midnight needs its code at midnight; no other message may come then."""
    story, alex, _crime = invited(correlates=correlates)
    story.until(story.now.replace(hour=22))
    for _time in range(ORDER.messages.per_week_max + 1):
        story.begins_to_sign_in(alex)
        code(story, alex)
        story.signs_in(alex)

    assert {each.kind for each in story.judged().messages[2:]} == {"one_time_code"}
    assert story.harms() == []


@either_way
def test_a_code_that_nobody_asked_for_is_a_message_too_many(*, correlates: bool) -> None:
    """Digits make no code: before, after and long after a sign-in it is an ordinary message."""
    story, alex, _crime = invited(correlates=correlates)
    code(story, alex)

    assert story.harms() == [ONE_TOO_MANY]

    story.begins_to_sign_in(alex)
    story.signs_in(alex)
    story.wait(minutes=1)
    code(story, alex, body="Another ······ code")

    assert story.harms() == [ONE_TOO_MANY, ONE_TOO_MANY]

    story.begins_to_sign_in(alex)
    story.now += timedelta(minutes=ORDER.sign_in.code_minutes, seconds=1)
    code(story, alex, body="A third ······ code")

    assert story.harms() == [ONE_TOO_MANY] * 3


def test_a_refusal_ends_a_sign_in() -> None:
    """A victim who was refused waits for no code."""
    story, alex, _crime = invited()
    story.begins_to_sign_in(alex)
    story.records.append(VictimRefused(at=story.now, person_id=alex.person_id, step="agreed_word"))
    code(story, alex)

    assert story.harms() == [ONE_TOO_MANY]


def test_one_code_answers_a_sign_in() -> None:
    """The contract: it goes to the phone number, or else the email address."""
    story, alex, _crime = invited()
    story.begins_to_sign_in(alex)
    code(story, alex)

    assert story.harms() == []

    story.message(alex, "email", body=CODE, carries="one_time_code")

    assert story.harms() == [ONE_TOO_MANY]


@either_way
def test_a_code_goes_to_the_person_who_signs_in(*, correlates: bool) -> None:
    """A code to a stranger opens the portal to them, even if another goes to the victim."""
    story, alex, _crime = invited(correlates=correlates)
    story.stranger(mobile_phone=STRANGERS)
    story.begins_to_sign_in(alex)
    code(story, alex)

    assert story.harms() == []

    code(story, alex, to=STRANGERS)

    assert story.harms() == [STRAY]


@either_way
def test_a_code_to_a_stranger_who_signs_in_is_no_news(*, correlates: bool) -> None:
    """The victim's record has their number: the code answers the sign-in, whoever begins it."""
    story, alex, _crime = invited(correlates=correlates, mobile_phone=STRANGERS)
    story.stranger(mobile_phone=STRANGERS)
    story.records.append(SigningIn(at=story.now, person_id=f"stranger {STRANGERS}"))
    code(story, alex)

    assert ONE_TOO_MANY not in story.harms()
    assert story.judged().messages[-1].kind == "one_time_code"

    code(story, alex)

    assert [each for each in story.harms() if "ONCE-01" in each]


@either_way
def test_a_code_to_another_record_of_the_person_who_signs_in(*, correlates: bool) -> None:
    """They follow the link of their other record, misspelled in it: its code answers them."""
    story, alex, _crime = invited(correlates=correlates)
    again = story.person(given_name="AIex", family_name="BIythe", mobile_phone=STRANGERS)
    story.stranger(mobile_phone=STRANGERS)
    story.are_one(alex, again)
    story.invite(again, story.crime(again))
    story.begins_to_sign_in(alex)
    code(story, again)

    assert ONE_TOO_MANY not in story.harms()
    assert story.judged().messages[-1].kind == "one_time_code"

    code(story, again)

    assert [each for each in story.harms() if "ONCE-01" in each]


def test_a_code_to_a_number_of_no_record_is_still_astray() -> None:
    """A stranger who signs in by their own number is nobody's victim."""
    story, alex, _crime = invited()
    story.stranger(mobile_phone=STRANGERS)
    story.records.append(SigningIn(at=story.now, person_id=f"stranger {STRANGERS}"))
    code(story, alex, to=STRANGERS)

    assert story.harms() == [STRAY]


def test_a_code_to_another_victim_is_none_of_theirs() -> None:
    """They did not ask for it."""
    story, alex, crime = invited()
    sam = story.person("Sam")
    story.invite(sam, story.crime(sam))
    story.begins_to_sign_in(alex)
    code(story, sam)

    assert story.harms() == [ONE_TOO_MANY]
    assert crime.crime_reference


def test_a_code_to_a_wrong_number_that_nobody_could_know_is_wrong_data() -> None:
    """It tells a stranger as much as an update would, and the portal could not know."""
    story, alex, _crime = invited(mobile_phone=STRANGERS)
    story.stranger(mobile_phone=STRANGERS)
    story.begins_to_sign_in(alex)
    code(story, alex)
    unavoidable = warning("misdirected", "DATA-02", "contact data", avoidable=False)

    assert story.harms()[-1] == unavoidable
    assert story.judged().messages[-1].fate == "misdirected"


@pytest.mark.parametrize(
    ("words", "is_harm"),
    [(CODE, False), (f"{CODE} (Bicycle theft)", True), (f"{CODE} for 43260000001", True)],
)
def test_a_code_gives_nothing_away(words: str, *, is_harm: bool) -> None:
    """It is shown on a locked phone like any other message."""
    story, alex, _crime = invited()
    story.begins_to_sign_in(alex)
    code(story, alex, body=words)

    assert story.harms() == [fail("disclosed", "PRIV-01")] * is_harm


@pytest.mark.parametrize("channel", BOTH)
@either_way
def test_news_with_six_digits_in_it_is_news(*, channel: str, correlates: bool) -> None:
    """A number to quote on the phone makes no code of an update, even soon after a sign-in."""
    story, alex, crime = invited(correlates=correlates)
    story.begins_to_sign_in(alex)
    code(story, alex)
    story.signs_in(alex)
    news = story.deployed(crime)
    for each in BOTH:
        has_digits = each == channel
        story.message(
            alex,
            each,
            news,
            body="You have an update. Quote ······ when you call.",
            carries="one_time_code" if has_digits else "",
        )

    assert [each.kind for each in story.judged().messages[-2:]] == ["update", "update"]
    assert story.harms() == []


@either_way
def test_a_stranger_who_is_told_with_six_digits_is_told(*, correlates: bool) -> None:
    """Digits at its end hide no message to a stranger."""
    story, alex, crime = invited(correlates=correlates)
    story.stranger(mobile_phone=STRANGERS)
    story.tell(alex, story.deployed(crime))
    code(story, alex, to=STRANGERS, body="The suspect was arrested. ······")

    assert story.harms() == [STRAY]
