"""A conversation has both sides, whole, in order, by whom, and nothing else."""

from datetime import timedelta
from typing import Literal

import pytest

from reference.contract.events import Officer, OfficerReplied
from simulator.judge.rules.read_conversations import ReadConversations
from tests.simulator.judge.expected import Harmed, fail
from tests.simulator.judge.force_story import Happened, Person
from tests.simulator.judge.pages import LUND, OKAFOR, converses, found, post, shown
from tests.simulator.judge.story import Story, one_invited

CHANGED = [fail("lost", "TWO-01")]
WORDS = 'It was <b>red</b> & "new".\r\n\r\nHas anybody   seen it?'


def harms(story: Story) -> list[Harmed]:
    """Ask the rule alone."""
    return found(story, ReadConversations)


def asked(text: str = WORDS) -> tuple[Story, Person, Happened]:
    """Tell of a victim who wrote an hour ago."""
    story, alex, crime = one_invited(phase=3)
    story.asks(alex, crime, text)
    story.stamped(alex, crime, text)
    story.wait(hours=1)
    return story, alex, crime


def replied(story: Story, crime: Happened, alex: Person, text: str, by: Officer | None) -> None:
    """Have an officer reply."""
    story.happens(
        OfficerReplied(
            crime_reference=crime.crime_reference,
            person_id=alex.person_id,
            reply_id=f"reply to {text:.20}",
            text=text,
            officer=by,
            replied_at=story.now,
        )
    )
    story.wait(hours=1)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (WORDS, []),
        (WORDS.replace("\r\n", "\n"), []),
        (f"\n{WORDS}  ", []),
        (WORDS.replace("<", "&lt;"), CHANGED),
        (WORDS.replace("   ", " "), CHANGED),
        (WORDS.replace("\r\n\r\n", " "), CHANGED),
        (WORDS[:-5], CHANGED),
        (f"You wrote: {WORDS}", CHANGED),
    ],
)
def test_the_victims_words_are_there_as_they_wrote_them(words: str, expected: list[Harmed]) -> None:
    """Line ends may differ, and blanks around the words."""
    story, alex, crime = asked()
    converses(story, alex, crime, [post(words, story.now)])

    assert harms(story) == expected


def test_a_conversation_without_them_has_lost_them() -> None:
    """A page that a tester read, or whose posts are not known, proves nothing."""
    story, alex, crime = asked()
    shown(story, alex, "conversation", crime.crime_reference, texts=("Something",))
    shown(story, alex, "conversation", crime.crime_reference, texts=(), how="by the tester")

    assert harms(story) == []

    converses(story, alex, crime, [])

    assert harms(story) == CHANGED


def test_the_victims_words_are_the_victims() -> None:
    """An officer did not write them."""
    story, alex, crime = asked()
    converses(story, alex, crime, [post(WORDS, story.now, author="officer")])

    assert harms(story) == CHANGED


def test_words_are_there_as_often_as_they_were_sent() -> None:
    """The same words may be sent twice, and are then there twice."""
    story, alex, crime = asked("Well?")
    converses(story, alex, crime, [post("Well?", story.now)] * 2)

    assert harms(story) == [fail("duplicated", "TWO-01")]

    story, alex, crime = asked("Well?")
    story.asks(alex, crime, "Well?")
    converses(story, alex, crime, [post("Well?", story.now)] * 2)

    assert harms(story) == []


def test_what_a_victim_wrote_of_one_crime_stays_with_it() -> None:
    """A person may write of two."""
    story, alex, crime = asked()
    other = story.crime(alex)
    story.asks(alex, other, "And the other?")
    own = post(WORDS, story.now)
    converses(story, alex, crime, [own])

    assert harms(story) == []

    converses(story, alex, crime, [own, post("And the other?", story.now)])

    assert harms(story) == [fail("lost", "TWO-10")]


def test_the_victims_words_are_in_their_order() -> None:
    """The oldest comes first."""
    story, alex, crime = asked()
    story.asks(alex, crime, "And now?")
    both = [post(WORDS, story.now), post("And now?", story.now, is_with_force=False)]
    converses(story, alex, crime, both)

    assert harms(story) == []

    converses(story, alex, crime, both[::-1])

    assert harms(story) == [fail("out of order", "TWO-04")]


def test_replies_and_questions_are_in_one_order() -> None:
    """A reply comes after an older question, and after an older reply."""
    story, alex, crime = asked()
    replied(story, crime, alex, "We are looking.", OKAFOR)
    replied(story, crime, alex, "We have found it.", OKAFOR)
    texts = ("We are looking.", "We have found it.")
    said = [post(each, story.now, author="officer", name=OKAFOR.name) for each in texts]
    own = post(WORDS, story.now)
    converses(story, alex, crime, [own, *said])

    assert harms(story) == []

    for wrong in ([said[0], own, said[1]], [own, *said[::-1]]):
        converses(story, alex, crime, wrong)

        assert harms(story)[-1] == fail("out of order", "TWO-04")

    assert len(harms(story)) == 2


def test_a_reply_that_came_late_may_stand_where_it_was_written_or_where_it_came() -> None:
    """The victim asked between the two."""
    story, alex, crime = one_invited(phase=3)
    story.replied(crime, alex, "We have found it.")
    late = OfficerReplied(
        crime_reference=crime.crime_reference,
        person_id=alex.person_id,
        reply_id="late",
        text="We are looking.",
        replied_at=story.now - timedelta(days=1),
    )
    story.wait(hours=1)
    story.asks(alex, crime, WORDS)
    story.wait(hours=1)
    story.happens(late)
    story.wait(hours=1)
    own, last = post(WORDS, story.now), post(late.text, story.now, author="officer")
    first = post("We have found it.", story.now, author="officer")
    for posts in ([last, first, own], [first, own, last]):
        converses(story, alex, crime, posts)

        assert harms(story) == []


@pytest.mark.parametrize(
    ("by", "name", "expected"),
    [
        (OKAFOR, "PC Okafor, 4271", []),
        (OKAFOR, "PC Okafor (corrected)", []),
        (OKAFOR, "DC Lund, 1193", [fail("lost", "TWO-12")]),
        (OKAFOR, "", [fail("lost", "TWO-12")]),
        (None, "", []),
        (None, "DC Lund, 1193", []),
    ],
)
def test_an_answer_is_signed_by_the_officer_who_wrote_it(
    by: Officer | None, name: str, expected: list[Harmed]
) -> None:
    """The force may not say who it was."""
    story, alex, crime = one_invited(phase=3)
    replied(story, crime, alex, "We have it.", by)
    converses(story, alex, crime, [post("We have it.", story.now, author="officer", name=name)])

    assert harms(story) == expected


def test_a_reply_is_there_once() -> None:
    """Two officers may write the same words, and either may have signed."""
    story, alex, crime = one_invited(phase=3)
    replied(story, crime, alex, "Yes.", OKAFOR)
    posts = [post("Yes.", story.now, author="officer", name="PC Okafor, 4271")]
    converses(story, alex, crime, posts * 2)

    assert harms(story) == [fail("duplicated", "TWO-04")]

    story.records.pop()
    replied(story, crime, alex, "Yes.", LUND)
    posts.append(post("Yes.", story.now, author="officer", name="DC Lund, 1193"))
    converses(story, alex, crime, posts)

    assert harms(story) == []


@pytest.mark.parametrize(("is_with_force", "is_false"), [(True, True), (False, False)])
def test_words_are_not_with_a_force_that_is_down(*, is_with_force: bool, is_false: bool) -> None:
    """The crime system cannot have them."""
    story, alex, crime = one_invited(phase=3)
    story.crime_system_goes_down()
    story.asks(alex, crime, "Is anybody there?")
    story.wait(hours=1)
    waiting = post("Is anybody there?", story.now, is_with_force=is_with_force)
    converses(story, alex, crime, [waiting])

    assert harms(story) == ([fail("lost", "TWO-05")] if is_false else [])


def test_words_that_the_force_has_do_not_wait() -> None:
    """Soon after the stamp the victim is told."""
    story, alex, crime = asked()
    converses(story, alex, crime, [post(WORDS, story.now, is_with_force=False)])

    assert harms(story) == [fail("lost", "TWO-05")]


@pytest.mark.parametrize(("characters", "is_found"), [(2000, False), (2001, True)])
def test_a_question_that_is_too_long_is_not_taken(characters: int, *, is_found: bool) -> None:
    """A stamp has no more than 2,000 characters, and nothing may be cut."""
    story, _alex, _crime = asked("x" * characters)

    assert harms(story) == ([fail("lost", "TWO-11")] if is_found else [])


def test_line_ends_are_one_character() -> None:
    """A browser sends two for each."""
    story, _alex, _crime = asked("x\r\n" * 999 + "x")

    assert harms(story) == []


@pytest.mark.parametrize("kind", ["person", "organisation"])
def test_the_next_person_who_is_told_reads_only_their_own_words(
    kind: Literal["person", "organisation"],
) -> None:
    """They begin anew; what an organisation wrote its next contact may read, or not."""
    story = Story(phase=3)
    alex = story.person().told_through("Alex", "07700900111", kind=kind)
    crime = story.crime(alex)
    story.wait(hours=1)
    story.asks(alex, crime, "Is there news?")
    replied(story, crime, alex, "Not yet.", OKAFOR)
    old = [
        post("Is there news?", story.now),
        post("Not yet.", story.now, author="officer", name="PC Okafor, 4271"),
    ]
    converses(story, alex, crime, old)

    assert harms(story) == []

    story.details_changed(crime, alex.told_through("Sam", "07700900222", kind=kind))
    story.wait(hours=1)
    converses(story, alex, crime, [])

    assert harms(story) == []

    story.asks(alex, crime, "And now?")
    converses(story, alex, crime, [*old, post("And now?", story.now)])

    assert harms(story) == ([fail("disclosed", "PRIV-03")] if kind == "person" else [])


@pytest.mark.parametrize(("seconds_later", "is_theirs"), [(0, False), (1, True)])
def test_what_was_written_as_another_was_named_need_not_be_theirs(
    seconds_later: int, *, is_theirs: bool
) -> None:
    """It came an hour after that; what was written a second later is for them."""
    story = Story(phase=3)
    alex = story.person().told_through("Alex", "07700900111")
    crime = story.crime(alex)
    story.wait(hours=1)
    sam = alex.told_through("Sam", "07700900222")
    story.details_changed(crime, sam)
    story.wait(seconds=seconds_later)
    event = OfficerReplied(
        crime_reference=crime.crime_reference,
        person_id=alex.person_id,
        reply_id="reply",
        text="We have found it.",
        replied_at=story.now,
    )
    reply = story.happens(event, deliver=False)
    story.wait(hours=1)
    story.deliver(reply)
    story.message(sam, "text", reply, to="07700900222")
    story.wait(hours=1)
    converses(story, alex, crime, [])

    assert (fail("lost", "TWO-04") in story.harms()) == is_theirs


@pytest.mark.parametrize("times", [2, 3])
def test_the_same_words_of_two_contacts_of_an_organisation_may_be_there_twice(times: int) -> None:
    """Each wrote them once: once more is once too often."""
    story = Story(phase=3)
    alex = story.person().told_through("Alex", "07700900111", kind="organisation")
    crime = story.crime(alex)
    story.wait(hours=1)
    for given_name, number in (("Alex", "07700900111"), ("Sam", "07700900222")):
        story.details_changed(crime, alex.told_through(given_name, number, kind="organisation"))
        story.wait(hours=1)
        story.asks(alex, crime, "Is there news?")
    converses(story, alex, crime, [post("Is there news?", story.now)] * times)

    assert harms(story) == ([] if times == 2 else [fail("duplicated", "TWO-01")])


def test_a_reply_under_the_old_reference_is_where_the_crime_goes_on() -> None:
    """The occurrence is the same; a correction stands for the reply that it corrects."""
    story, alex, crime = one_invited(phase=3)
    other = story.crime(alex)
    story.merged(crime, other)
    story.wait(hours=1)
    replied(story, crime, alex, "We have it.", None)
    converses(story, alex, other, [post("We have it.", story.now, author="officer")])

    assert harms(story) == []

    converses(story, alex, other, [])

    assert harms(story) == [fail("lost", "TWO-04")]


@pytest.mark.parametrize("is_parted", [True, False])
def test_what_a_survivor_wrote_is_not_for_the_other_when_they_are_parted(
    *, is_parted: bool
) -> None:
    """While both records are one the survivor reads it; after that each reads only their own."""
    story = Story(phase=3)
    alex, lex = story.person(channels=("text",)), story.person(channels=("text",))
    crime, other = story.crime(alex), story.crime(lex)
    for person, happened in ((alex, crime), (lex, other)):
        story.invite(person, happened)
        story.signs_in(person)
    story.asks(lex, other, "Is it found?")
    story.stamped(lex, other, "Is it found?")
    story.wait(hours=1)
    story.persons_merged(other, lex, alex)
    story.wait(hours=1)
    story.asks(alex, other, WORDS)
    story.stamped(lex, other, WORDS)
    story.wait(hours=1)
    if is_parted:
        story.persons_unmerged(other, lex)
        story.wait(hours=1)
    reader = lex if is_parted else alex
    early = story.now - timedelta(hours=9)
    posts = [post("Is it found?", early), post(WORDS, story.now)]
    converses(story, reader, other, posts)

    assert harms(story) == ([fail("disclosed", "PERS-05")] if is_parted else [])

    if is_parted:
        story.records.pop()
        converses(story, reader, other, posts[:1])

        assert harms(story) == []
