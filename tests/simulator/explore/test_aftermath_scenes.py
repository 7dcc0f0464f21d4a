"""What went before decides what comes later in some made-up stories."""

from collections.abc import Iterator
from functools import partial
from itertools import pairwise

from simulator.explore.steps import (
    Ask,
    Breakdown,
    CancelAppointment,
    ChangeAppointment,
    ChangeDetails,
    ChooseChannels,
    Close,
    ForceStep,
    Guess,
    MakeAppointment,
    Merge,
    NoteContact,
    Read,
    Reclassify,
    Reopen,
    Reply,
    SayNotForMe,
    SendHeldBack,
    Step,
    Wait,
)
from simulator.explore.story import Story
from simulator.explore.story_drawing import draw_story
from simulator.explore.times import FIXED_DAYS_MAX
from tests.simulator.explore.stories import DAY, drawn_stories, order

stories = partial(drawn_stories, 600, phase=3, seed=8)


def those_with(*kinds: type[Step]) -> int:
    """Count the stories with such steps in this order, whatever is between."""
    return sum(_has(story, kinds) for story in stories())


def _has(story: Story, kinds: tuple[type[Step], ...]) -> bool:
    steps = iter(story.steps)
    return all(any(isinstance(step, kind) for step in steps) for kind in kinds)


def seconds_after(story: Story, kind: type[Step]) -> Iterator[int]:
    """Give how long after the first such step each reading is."""
    since: int | None = None
    for step in story.steps:
        if isinstance(step, kind) and since is None:
            since = 0
        elif isinstance(step, Wait) and since is not None:
            since += step.seconds
        elif isinstance(step, Read) and since is not None:
            yield since


def test_an_older_fact_comes_after_a_newer_one() -> None:
    """Of the same kind and the same crime: a portal that takes the last to arrive is wrong."""
    found = 0
    for story in stories():
        held: dict[str, ForceStep] = {}
        overtaken: set[str] = set()
        for step in story.steps:
            if isinstance(step, ForceStep):
                for name, each in held.items():
                    if type(each) is type(step) and each.crime == step.crime:
                        overtaken.add(name)
                if step.carriage == "held back":
                    held[step.event] = step
            elif isinstance(step, SendHeldBack):
                found += step.event in overtaken
    assert found > 20


def test_a_closed_case_is_read_months_later_and_never_after_it_may_be_deleted() -> None:
    """The story ends before then: nobody can say what a portal shows once it may have."""
    kept = order().records.retention_days * DAY
    longest = [max(seconds_after(each, Close), default=0) for each in stories()]
    assert sum(each > kept / 2 for each in longest) > 5
    lasts = [
        sum(step.seconds for step in each.steps if isinstance(step, Wait)) + each.ends_after_seconds
        for each in stories()
    ]
    assert max(lasts) < kept


def test_where_the_days_are_the_targets_stories_stay_short() -> None:
    """A year after go-live no edge of a day could be told from another."""
    for number in range(150):
        story = draw_story(order(), phase=3, seed=8, number=number, order_is_fixed=True)
        waited = sum(each.seconds for each in story.steps if isinstance(each, Wait))
        assert waited < FIXED_DAYS_MAX * DAY


def test_a_victim_reads_what_they_asked_while_the_crime_system_was_down() -> None:
    """Before it is up again, and after."""
    asked = [
        story
        for story in stories()
        for first, second in pairwise(story.steps)
        if first == Breakdown(what="crime system down") and isinstance(second, Ask)
    ]
    assert len(asked) > 5
    assert all(any(isinstance(step, Read) for step in story.steps) for story in asked)


def test_a_case_is_reopened_or_asked_about_before_an_officer_tells_of_its_end() -> None:
    """The end is not told yet: nothing may give it away, and nothing may be refused by it."""
    assert those_with(Close, Reopen, NoteContact, Read) > 2
    assert those_with(Close, Ask, NoteContact, Read) > 5


def test_an_appointment_is_moved_and_called_off() -> None:
    """A portal that tells the first change of a thing may not tell the second."""
    assert those_with(MakeAppointment, ChangeAppointment, CancelAppointment, Read) > 10


def test_the_same_happens_to_a_crime_again_and_again() -> None:
    """It is told each time: a case is closed and reopened twice, and has a third officer."""
    assert those_with(Close, Reopen, Close, Reopen, Read) > 2
    assert those_with(Reclassify, Reclassify, Reclassify, Read) > 2


def test_a_crime_is_closed_by_the_offence_that_it_became() -> None:
    """Who tells its end depends on the last offence, and not on the first."""
    assert those_with(Reclassify, Reclassify, Close, Read) > 5


def test_a_victim_agrees_twice_how_often_they_are_told() -> None:
    """And no news comes for as long: a portal that keeps to the first says nothing in time."""
    agreed = 0
    for story in stories():
        days = [
            step.record.update_frequency_days
            for step in story.steps
            if isinstance(step, ChangeDetails) and step.record is not None
        ]
        agreed += any(one and other and one != other for one, other in pairwise(days))
    assert agreed > 10


def test_a_merged_crime_goes_on_as_a_third() -> None:
    """The victim of the first follows the last."""
    found = 0
    for story in stories():
        into = {step.crime: step.into for step in story.steps if isinstance(step, Merge)}
        found += any(each in into for each in into.values())
    assert found > 10


def test_the_old_word_is_tried_after_another_was_agreed() -> None:
    """By somebody who knows it, and then the victim gives the new one."""
    for story in stories():
        agreed = False
        for step in story.steps:
            agreed |= isinstance(step, ChangeDetails) and bool(step.word)
            assert agreed or not (isinstance(step, Guess) and step.miss == "the old one")
    assert those_with(ChangeDetails, Guess) > 10


def test_anybody_says_that_a_message_was_not_for_them_and_the_victim_comes_in() -> None:
    """What proves nothing shuts nobody out; what is proved later is looked into anew."""
    by_anybody = [
        story
        for story in stories()
        if any(isinstance(step, SayNotForMe) and not step.as_holder for step in story.steps)
    ]
    assert len(by_anybody) > 20
    assert those_with(SayNotForMe, ChooseChannels) > 3


def test_an_officer_names_another_person_of_the_crime() -> None:
    """Who they are is not the victim's to know."""
    named = 0
    for story in stories():
        records = {each.label: each.record for each in story.people}
        for step in story.steps:
            if isinstance(step, Reply):
                others = {e.family_name for label, e in records.items() if label != step.person}
                named += any(each and each in step.text for each in others)
    assert named > 5
