"""Nothing wrong, used up, too old or guessed opens a session; the right thing in time does."""

import pytest
from msgspec import structs

from simulator.evidence.records import SignInAnswer, SignInTried
from tests.simulator.judge.expected import Harmed, fail
from tests.simulator.judge.force_story import BOTH, ORDER
from tests.simulator.judge.sign_ins import RIGHT, invited, registered, tried
from tests.simulator.judge.story import Story

LIMITS = ORDER.sign_in
MOST = LIMITS.attempts_max


def test_the_right_proof_and_code_are_no_harm() -> None:
    """By a link and, once registered, by an address."""
    story, alex, address = registered()
    tried(story, alex, *RIGHT, address=address)

    assert story.harms() == []


@pytest.mark.parametrize(
    ("answers", "requirement"),
    [
        ([("proof", "date of birth"), ("code", "")], "AUTH-01"),
        ([("proof", ""), ("code", "another one")], "AUTH-01"),
        ([("proof", ""), ("code", "another person's")], "SEC-02"),
        ([("proof", ""), ("code", "used")], "AUTH-07"),
    ],
)
def test_a_wrong_answer_lets_nobody_in(answers: list[tuple[str, str]], requirement: str) -> None:
    """The same answers that open nothing are no harm."""
    story, alex, address = registered()
    tried(story, alex, *answers, address=address, let_in=False)

    assert story.harms() == []

    story, alex, address = registered()
    tried(story, alex, *answers, address=address, all_taken=True)

    assert story.harms() == [fail("disclosed", requirement)]


def test_the_portal_asks_for_the_proof_that_was_ordered() -> None:
    """Another proof is no more allowed when it lets nobody in."""
    story, alex, address = registered()
    tried(
        story, alex, ("proof", "another one"), address=address, let_in=False, asked="date_of_birth"
    )

    assert story.harms() == [fail("disclosed", "AUTH-04")]


@pytest.mark.parametrize(("to", "requirement"), [("proof", "AUTH-05"), ("code", "AUTH-06")])
def test_after_so_many_wrong_answers_the_right_one_is_refused(to: str, requirement: str) -> None:
    """The last attempt counts: one wrong answer fewer, and the right one is let in rightly."""
    harm = fail("disclosed", requirement)
    for wrong, harms in ((MOST - 1, list[Harmed]()), (MOST, [harm])):
        story, alex, address = registered()
        guesses = [(to, "another one")] * wrong
        before = [("proof", "")] if to == "code" else []
        after = [("code", "")] if to == "code" else list(RIGHT)
        tried(story, alex, *before, *guesses, *after, address=address)

        assert story.harms() == harms


def test_starting_anew_gives_no_endless_attempts() -> None:
    """A hundred wrong answers in an hour at one address: then the right one is refused.

    The victim, who gives the right ones alone, comes in beside a stranger who guesses (AUTH-16).
    """
    harm = fail("disclosed", "AUTH-13")
    none = list[Harmed]()
    cases = ((20, 0, 1, [harm]), (20, 0, 0, none), (19, 0, 1, none), (20, 1, 1, none))
    for sign_ins, hours, wrong, harms in cases:
        story, alex, address = registered()
        for _sign_in in range(sign_ins):
            tried(story, alex, *[("proof", "another one")] * 5, address=address, let_in=False)
        story.wait(hours=hours)
        tried(story, alex, *[("proof", "another one")] * wrong, *RIGHT, address=address)

        # That the force is told of the lock-out is another rule's.
        assert [each for each in story.harms() if each[3] != "COERCE-02"] == harms


@pytest.mark.parametrize(("after", "harms"), [(0, []), (1, [fail("disclosed", "AUTH-08")])])
def test_a_code_works_no_longer_than_was_ordered(after: int, harms: list[Harmed]) -> None:
    """One second makes it older."""
    story, alex, address = registered()
    sent = story.now
    story.wait(minutes=LIMITS.code_minutes, seconds=after)
    tried(story, alex, *RIGHT, address=address, code_sent_at=sent)

    assert story.harms() == harms


@pytest.mark.parametrize(("after", "harms"), [(0, []), (1, [fail("disclosed", "INV-05")])])
def test_an_invitation_works_no_longer_than_was_ordered(after: int, harms: list[Harmed]) -> None:
    """It is the beginning of the sign-in that counts: the code may come a little later."""
    story, alex, link = invited(hours=0)
    story.wait(days=LIMITS.invitation_days, seconds=after)
    begun = story.now
    story.wait(minutes=5)
    tried(story, alex, *RIGHT, link=link, begun_at=begun)

    assert story.harms(end=story.now) == harms


def test_an_invitation_works_once_and_ends_those_before_it() -> None:
    """The text's link and the email's of one crime are one invitation; a later one is another."""
    story = Story()
    alex = story.person(channels=BOTH)
    text, email = story.invite(alex, story.crime(alex))
    story.wait(hours=1)
    tried(story, alex, *RIGHT, link=text)
    tried(story, alex, *RIGHT, link=text)
    tried(story, alex, *RIGHT, link=email)

    assert story.harms() == [fail("disclosed", "AUTH-02"), fail("disclosed", "INV-06")]


def test_two_links_are_open_until_one_lets_the_person_in() -> None:
    """Opening one without coming in need not end the other."""
    story = Story()
    alex = story.person(channels=BOTH)
    text, email = story.invite(alex, story.crime(alex))
    story.wait(hours=1)
    tried(story, alex, ("proof", "another one"), link=text, let_in=False)
    tried(story, alex, *RIGHT, link=email)

    assert story.harms() == []


def test_a_changed_link_opens_nothing() -> None:
    """It has no invitation of its own."""
    story, alex, _link = invited()
    tried(story, alex, ("link", "end"), *RIGHT)

    assert story.harms() == [fail("disclosed", "SEC-01")]


def test_what_a_stranger_disowned_opens_nothing() -> None:
    """Neither the link that was sent there, nor the number at sign-in."""
    story, alex, link = invited()
    story.says_not_for_me(alex.known.mobile_phone)
    tried(story, alex, *RIGHT, link=link)
    tried(story, alex, *RIGHT, address=alex.known.mobile_phone)

    assert [each for each in story.harms() if each[3] == "NOTME-05"] == [
        fail("disclosed", "NOTME-05")
    ] * 2


def test_a_text_shuts_no_number_and_ends_its_links() -> None:
    """Its sender can be forged: who has the proof and the code comes in by the number."""
    story, alex, link = invited()
    story.texts(alex.known.mobile_phone, "NOT ME")
    tried(story, alex, *RIGHT, link=link)
    tried(story, alex, *RIGHT, address=alex.known.mobile_phone)

    assert [each for each in story.harms() if each[3] == "NOTME-05"] == [
        fail("disclosed", "NOTME-05")
    ]


@pytest.mark.parametrize(
    ("phone", "on_record", "harms"),
    [
        ("07700900777", "07700900301", [fail("disclosed", "SEC-02")]),
        ("07700900301", "07700900888", [fail("disclosed", "DATA-06")]),
        ("07700900301", "07700900301", []),
    ],
)
def test_a_code_read_by_another_opens_nothing(
    phone: str, on_record: str, harms: list[Harmed]
) -> None:
    """At a number of nobody concerned, at one that was given up, and at the one on record."""
    story = Story()
    alex = story.person(channels=("text",), mobile_phone="07700900301")
    crime = story.crime(alex)
    [link] = story.invite(alex, crime)
    tried(story, alex, *RIGHT, link=link)
    story.wait(hours=1)
    story.details_changed(crime, alex.written(mobile_phone=on_record))
    tried(story, alex, *RIGHT, address=phone, wrong_address="another's")

    assert [each for each in story.harms(end=story.now) if each[0] == "FAIL"] == harms


def test_a_person_who_may_no_longer_be_told_does_not_come_in() -> None:
    """A portal that asks for changes from time to time may learn of a flag a little later."""
    for minutes, harms in (
        (ORDER.messages.minutes_max, [fail("disclosed", "SAFE-02")]),
        (ORDER.messages.minutes_max - 1, list[Harmed]()),
    ):
        story = Story()
        alex = story.person(channels=("text",))
        crime = story.crime(alex)
        [link] = story.invite(alex, crime)
        story.wait(hours=1)
        story.details_changed(crime, alex.written(safe_to_contact=False))
        story.wait(minutes=minutes)
        tried(story, alex, *RIGHT, link=link)

        assert story.harms(end=story.now) == harms


def test_the_link_to_say_not_me_opens_nothing() -> None:
    """Nobody need come in by it: that it asks for a proof is enough. Refused, it is no harm."""
    story, alex, _link = invited()
    tried(story, alex, link="", let_in=False)
    record = story.records.pop()
    assert isinstance(record, SignInTried)
    for taken, harms in ((False, []), (True, [fail("disclosed", "NOTME-08")])):
        answer = SignInAnswer(to="link", wrong="for saying not me", taken=taken)
        story.records.append(structs.replace(record, answers=(answer,)))
        assert story.harms() == harms
        story.records.pop()
