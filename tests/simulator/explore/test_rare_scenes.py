"""Some made-up stories have a scene whose parts hardly come together by themselves."""

from collections.abc import Iterator
from functools import partial
from typing import TypeVar

from simulator.explore.steps import (
    Allocate,
    ChangeAppointment,
    ChangeDetails,
    ChooseChannels,
    Deploy,
    ForceStep,
    Guess,
    MakeAppointment,
    Merge,
    ReachMilestone,
    Read,
    RecordCrime,
    Reopen,
    SendHeldBack,
    Step,
    Unmerge,
)
from simulator.explore.story import Story
from tests.simulator.explore.stories import drawn_stories, order

stories = partial(drawn_stories, 400, phase=3, seed=8)
E = TypeVar("E")


def since(story: Story, kind: type[E]) -> Iterator[tuple[E, list[Step]]]:
    """Give each step of a kind, and what follows it."""
    for place, step in enumerate(story.steps):
        if isinstance(step, kind):
            yield step, list(story.steps[place + 1 :])


def comes_after_another(held: ForceStep, later: list[Step]) -> bool:
    """Say whether a step comes after a newer one of another kind about its crime, and is read."""
    sent = [place for place, e in enumerate(later) if e == SendHeldBack(event=held.event)]
    if not sent:
        return False
    before, after = later[: sent[0]], later[sent[0] :]
    is_passed = any(
        isinstance(each, ForceStep) and each.crime == held.crime and type(each) is not type(held)
        for each in before
    )
    return is_passed and any(isinstance(each, Read) for each in after)


def is_of_another(merger: Merge, story: Story) -> bool:
    """Say whether a crime is merged into one with none of its victims."""
    people = {e.crime: {*e.people} for e in story.steps if isinstance(e, RecordCrime)}
    return not people[merger.crime] & people[merger.into]


def test_a_step_comes_after_newer_ones_of_other_kinds() -> None:
    """A page shows it before them: it was recorded before."""
    found = [
        story
        for story in stories()
        for held, later in since(story, ForceStep)
        if held.carriage == "held back" and comes_after_another(held, later)
    ]

    assert len(found) > 60


def test_a_victim_follows_the_crime_of_another_for_a_time() -> None:
    """There is news after the merger was taken back, and the victim reads what is still theirs."""
    parted = [
        later
        for story in stories()
        for merger, after in since(story, Merge)
        if is_of_another(merger, story)
        for parting, later in since(story, Unmerge)
        if parting in after and parting.crime == merger.crime
    ]
    with_news = [
        later
        for later in parted
        if any(isinstance(each, ForceStep) for each in later)
        and any(isinstance(each, Read) for each in later)
    ]

    assert len(with_news) > 6


def test_rights_are_recorded_late_while_news_waits_in_a_full_week() -> None:
    """The victim had as many messages as a week may have, and one more was recorded then."""
    found = 0
    for story in stories():
        standard = {e.record.person_id for e in story.people if not e.record.enhanced_rights}
        for place, step in enumerate(story.steps):
            if isinstance(step, ChangeDetails) and step.record.enhanced_rights:
                before = [
                    type(each)
                    for each in story.steps[:place]
                    if isinstance(each, ForceStep) and each.crime == step.crime
                ]
                news = [*[Deploy] * order().messages.per_week_max, ReachMilestone]
                is_full = before[-len(news) :] == news
                found += is_full and step.record.person_id in standard

    assert found > 8


def test_another_code_is_asked_for_between_as_many_wrong_ones_as_are_allowed() -> None:
    """The right one comes after them, and too late."""
    guesses = [
        guess for story in stories() for guess, _later in since(story, Guess) if guess.another_code
    ]

    assert len(guesses) > 10
    assert {each.wrong for each in guesses} == {"code"}
    assert all(each.then_right for each in guesses)


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
