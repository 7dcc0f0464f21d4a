"""Some stories have what comes a second time, or beside another of its kind."""

import unicodedata
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest

from reference.contract.messages import QUESTION_CHARACTERS_MAX
from simulator.explore.steps import (
    Allocate,
    Ask,
    Breakdown,
    ChangeAppointment,
    ChangeDetails,
    ChooseChannels,
    Close,
    Deploy,
    ForceStep,
    Guess,
    MakeAppointment,
    Move,
    NoteContact,
    OfficerAway,
    ReachMilestone,
    Read,
    RecordCrime,
    RefuseSend,
    Reopen,
    Reply,
    Step,
    TellReceipt,
    UseSession,
    Wait,
)
from simulator.explore.times import next_clock_change
from simulator.explore.words import PUT_IN_ANOTHER_FORM
from tests.simulator.explore.stories import drawn_stories, order, since

stories = partial(drawn_stories, 400, phase=3, seed=8)


def test_a_channel_that_was_begun_again_is_ended_once_more() -> None:
    """What a portal knows of the first end must not stand for the second."""
    found = 0
    for story in stories():
        chosen = {person.label: list[bool]() for person in story.people}
        for step in story.steps:
            if isinstance(step, ChooseChannels):
                chosen[step.person].append("text" in step.channels)
        found += any(said[-3:] == [False, True, False] for said in chosen.values())

    assert found > 8


def test_a_crime_that_is_reopened_is_read_with_the_officer_it_had() -> None:
    """Nobody else is allocated between: the officer of before has it still."""
    found = 0
    for story in stories():
        for allocation, later in since(story, Allocate):
            about = [e for e in later if isinstance(e, ForceStep) and e.crime == allocation.crime]
            kinds = [type(each) for each in about]
            is_reopened = Reopen in kinds and Allocate not in kinds[: kinds.index(Reopen)]
            if allocation.officer is not None and is_reopened:
                reopened = next(each for each in about if isinstance(each, Reopen))
                after = later[later.index(reopened) :]
                found += any(isinstance(each, Read) for each in after)

    assert found > 30


def test_one_of_two_appointments_of_a_victim_is_moved() -> None:
    """The other one is at another place, and stays where it was."""
    found = 0
    for story in stories():
        for change, _later in since(story, ChangeAppointment):
            made = {
                each.appointment: each.place
                for each in story.steps
                if isinstance(each, MakeAppointment)
                and (each.person, each.crime) == (change.person, change.crime)
            }
            others = {place for name, place in made.items() if name != change.appointment}
            found += bool(others - {change.place})

    assert found > 45


def test_a_talk_from_before_an_end_or_a_release_is_written_down_after_it() -> None:
    """It was about something else: what an officer tells first waits for another talk."""
    found = 0
    for story in stories():
        at, turned_at = 0, dict[str, int]()
        for step in story.steps:
            at += step.seconds if isinstance(step, Wait) else 0
            if isinstance(step, Close | ReachMilestone):
                turned_at[step.crime] = at - step.happened_seconds_ago
            elif isinstance(step, NoteContact) and step.crime in turned_at:
                found += at - step.happened_seconds_ago < turned_at[step.crime]

    assert found > 18


def test_bail_is_changed_a_second_time() -> None:
    """What an officer was asked about the first change is no answer to the second."""
    found = 0
    for story in stories():
        changed = [
            each.crime
            for each in story.steps
            if isinstance(each, ReachMilestone) and each.milestone == "bail_changed"
        ]
        found += len(changed) > len({*changed})

    assert found > 7


def test_the_channels_on_record_change_in_a_full_week() -> None:
    """A victim had as many messages as a week may have, and asks for one channel alone."""
    found = 0
    for story in stories():
        for place, step in enumerate(story.steps):
            if isinstance(step, ChangeDetails) and len(step.record.preferred_channels) == 1:
                before = [
                    type(each)
                    for each in story.steps[:place]
                    if isinstance(each, ForceStep) and each.crime == step.crime
                ]
                full = [Deploy] * order().messages.per_week_max
                after = story.steps[place + 1 :]
                is_full = before[-len(full) :] == full
                found += is_full and any(isinstance(each, Deploy) for each in after)

    assert found > 5


def test_one_of_two_questions_is_answered() -> None:
    """They are of two people, or about two crimes: the reply is about one of them alone."""
    of_two_people, of_two_crimes = 0, 0
    for story in stories():
        for reply, _later in since(story, Reply):
            asked = [e for e in story.steps[: story.steps.index(reply)] if isinstance(e, Ask)]
            beside = {e.person for e in asked if e.crime == reply.crime} - {reply.person}
            elsewhere = {e.crime for e in asked if e.person == reply.person} - {reply.crime}
            of_two_people += bool(beside) and len({e.person for e in asked}) > 1
            of_two_crimes += bool(elsewhere)

    assert of_two_people > 7
    assert of_two_crimes > 40


def test_an_officer_who_was_away_is_given_the_crime_again_and_a_question_comes() -> None:
    """Allocated to them anew, it is theirs to answer."""
    found = 0
    for story in stories():
        for away, later in since(story, OfficerAway):
            again = [
                each
                for each in later
                if isinstance(each, Allocate)
                and (each.crime, each.officer) == (away.crime, away.officer)
            ]
            after = later[later.index(again[0]) :] if again else []
            found += any(isinstance(e, Ask) and e.crime == away.crime for e in after)

    assert found > 15


def test_an_officer_is_away_again_and_a_question_comes() -> None:
    """What was known of the first absence says nothing of the second."""
    found = 0
    for story in stories():
        for away, later in since(story, OfficerAway):
            again = [each for each in later if isinstance(each, OfficerAway)]
            after = later[later.index(again[0]) :] if again else []
            found += any(isinstance(e, Ask) and e.crime == away.crime for e in after)

    assert found > 15


def test_the_attempts_of_a_victim_are_used_up_again_days_later() -> None:
    """The task about the first time says nothing of the second."""
    found = 0
    for story in stories():
        for first, later in since(story, Guess):
            found += first.times > 1 and first in later[1:]

    assert found > 15


def test_a_victim_gets_another_phone_while_the_gateway_is_down() -> None:
    """What waits for it is not for who has the first one."""
    found = 0
    for story in stories():
        for down, later in since(story, Breakdown):
            back = Breakdown(what="gateway back")
            meanwhile = later[: later.index(back)] if back in later else []
            found += down.what == "gateway down" and any(isinstance(e, Move) for e in meanwhile)

    assert found > 15


def test_a_victim_writes_what_is_easily_put_in_another_form() -> None:
    """Letters and accents in two characters, and as many characters as are taken, in many lines."""
    asked = [ask.text for story in stories() for ask, _later in since(story, Ask)]

    assert {*PUT_IN_ANOTHER_FORM} <= {*asked}
    assert any(unicodedata.normalize("NFC", each) != each for each in PUT_IN_ANOTHER_FORM)
    assert any(
        len(each) <= QUESTION_CHARACTERS_MAX < len(each.replace("\n", "\r\n"))
        for each in PUT_IN_ANOTHER_FORM
    )


@pytest.mark.parametrize(
    "has",
    [
        lambda step: isinstance(step, UseSession) and step.older,
        lambda step: isinstance(step, TellReceipt) and step.of_code,
        lambda step: isinstance(step, TellReceipt) and step.receipt == "fails late",
        lambda step: isinstance(step, RefuseSend),
        lambda step: isinstance(step, RecordCrime) and step.elsewhere,
        lambda step: isinstance(step, RecordCrime) and len({*step.people}) < len(step.people),
    ],
    ids=["two sessions", "a code", "a late failure", "refused once", "two sources", "two roles"],
)
def test_some_stories_have_what_else_comes_once(has: Callable[[Step], bool]) -> None:
    """A second browser, a code that fails, a message refused once, an id of two sources."""
    assert sum(any(map(has, story.steps)) for story in stories()) > 8


def test_news_waits_for_the_morning_after_the_clocks_change() -> None:
    """It comes in the evening or the night before, and an officer comes on that day."""
    found = 0
    for story in stories():
        at = story.begins_at
        for step in story.steps:
            at += timedelta(seconds=step.seconds if isinstance(step, Wait) else 0)
            change = next_clock_change(at)
            found += isinstance(step, Deploy) and change - at <= timedelta(hours=3)

    assert found > 4
