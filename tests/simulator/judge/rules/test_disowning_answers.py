"""A person who disowns messages learns nothing of whose they are, and the force is asked once."""

import pytest

from simulator.evidence.records import NotForMeRefused
from simulator.judge.rules.disowning_answers import DisowningAnswers
from tests.simulator.judge.expected import Harmed, fail
from tests.simulator.judge.force_story import Happened, Person
from tests.simulator.judge.pages import found
from tests.simulator.judge.story import Story, one_invited

TOO_OFTEN = [fail("noise", "NOTME-02")]
TOLD = [fail("disclosed", "NOTME-04")]


def harms(story: Story) -> list[Harmed]:
    """Ask the rule alone."""
    return found(story, DisowningAnswers)


def disowned() -> tuple[Story, Person, Happened]:
    """Tell of a message that was disowned, and of the task to look into it."""
    story, alex, crime = one_invited()
    story.says_not_for_me(alex.recorded_at("text"))
    story.task(alex, crime, kind="breach")
    story.wait(hours=1)
    return story, alex, crime


def refused(written: str, status: int) -> list[Harmed]:
    """Tell of a portal that does not take it."""
    story, alex, _crime = one_invited()
    address = alex.recorded_at("text")
    story.says_not_for_me(address)
    story.records.append(
        NotForMeRefused(at=story.now, address=address, written=written, status=status)
    )
    return harms(story)


def test_the_force_is_asked_once_however_often_it_is_said() -> None:
    """Each time is the same breach."""
    story, alex, crime = disowned()
    story.says_not_for_me(alex.recorded_at("text"))

    assert harms(story) == []

    story.task(alex, crime, kind="breach")

    assert harms(story) == TOO_OFTEN


def test_a_second_breach_is_another_matter() -> None:
    """Another address was disowned, or this one after it had been told again."""
    story, alex, crime = disowned()
    story.says_not_for_me("07700900999")
    story.task(alex, crime, kind="breach")

    assert harms(story) == []

    story.tell(alex, story.deployed(crime))
    story.says_not_for_me(alex.recorded_at("text"))
    story.task(alex, crime, kind="breach")

    assert harms(story) == []

    story.task(alex, crime, kind="breach")

    assert harms(story) == TOO_OFTEN


def test_what_is_proved_after_anybodys_word_is_another_matter() -> None:
    """One task for each, and none for the word that follows the proof."""
    story, alex, crime = one_invited()
    address = alex.recorded_at("text")
    for by in ("address", "message", "address", "message"):
        story.says_not_for_me(address, by=by)
    story.task(alex, crime, kind="breach")
    story.task(alex, crime, kind="breach")

    assert harms(story) == []

    story.task(alex, crime, kind="breach")

    assert harms(story) == TOO_OFTEN


def test_each_crime_and_each_person_may_have_a_task() -> None:
    """Several officers may have to look into it."""
    story, alex, _crime = disowned()
    story.task(alex, story.crime(alex), kind="breach")
    sam = story.person("Sam", channels=("text",))
    story.task(sam, story.crime(sam), kind="breach")

    assert harms(story) == []


@pytest.mark.parametrize("written", ["07700900123", "07700 900 123", " ALEX@mail.example "])
def test_an_address_that_is_refused_tells_that_nobody_is_known_there(written: str) -> None:
    """The answer must be the same for all."""
    assert refused(written, 404) == TOLD
    assert refused(written, 422) == TOLD


@pytest.mark.parametrize("status", [0, 429, 503])
def test_a_refusal_that_is_not_about_the_address(status: int) -> None:
    """Too many were taken just now, or the driver cannot tell."""
    assert refused("07700900123", status) == []


def test_what_is_no_address_may_be_refused() -> None:
    """It says so of every such one."""
    assert refused("0770090012", 422) == []


@pytest.mark.parametrize(("minutes", "expected"), [(0, []), (1, TOO_OFTEN)])
def test_what_strayed_while_two_records_were_one_may_be_asked_about_before_the_answer(
    minutes: int, expected: list[Harmed]
) -> None:
    """The task may come in the moment of the delivery that parts them, and no sooner."""
    story = Story()
    alex, lex = story.person(channels=("text",)), story.person(channels=("text",))
    story.are_one(alex, lex)
    crime, other = story.crime(alex), story.crime(lex)
    story.invite(alex, crime)
    story.invite(lex, other)
    story.says_not_for_me(lex.recorded_at("text"))
    story.task(lex, other, kind="breach")
    story.persons_merged(other, lex, alex)
    story.wait(hours=1)
    story.task(lex, other, kind="breach")
    story.wait(minutes=minutes)
    story.persons_unmerged(other, lex)

    assert harms(story) == expected
