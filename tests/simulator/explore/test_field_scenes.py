"""Some made-up stories have a scene that one field of an event decides."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from functools import partial
from typing import TypeVar

from simulator.clock import LONDON
from simulator.explore.force_drawing import BODY_CONTACT, TAKEN_OVER
from simulator.explore.steps import (
    Ask,
    ChangeDetails,
    Charge,
    Close,
    Deploy,
    ForceStep,
    Merge,
    NoteContact,
    OfficerAway,
    ReachMilestone,
    Read,
    RecordCrime,
    Reply,
    ReportIncident,
    Step,
    Unmerge,
    Wait,
)
from simulator.explore.story import Story
from simulator.explore.words import REPLIES
from tests.simulator.explore.stories import drawn_stories, order

HOUR, DAY = 3_600, 86_400
stories = partial(drawn_stories, 900, phase=3, seed=8)
E = TypeVar("E")


def since(story: Story, kind: type[E]) -> Iterator[tuple[E, list[Step]]]:
    """Give each step of a kind, and what follows it."""
    for place, step in enumerate(story.steps):
        if isinstance(step, kind):
            yield step, list(story.steps[place + 1 :])


def test_what_may_be_of_another_is_sent_as_checked() -> None:
    """At first, or again when the same words were held back."""
    found, again = 0, 0
    for story in stories():
        for reply, later in since(story, Reply):
            is_read = any(isinstance(e, Read) and e.person == reply.person for e in later)
            found += reply.checked and reply.text in REPLIES[-2:] and is_read
            again += not reply.checked and any(
                isinstance(e, Reply) and e.checked and e.text == reply.text for e in later
            )

    assert found > 4
    assert again


def test_a_case_ends_by_a_known_decision_and_is_read_of() -> None:
    """By the police or the CPS; another body may take it over, and says how it is reached."""
    ended = [
        close
        for story in stories()
        for close, later in since(story, Close)
        if close.decided_by != "unknown" and any(isinstance(each, Read) for each in later)
    ]

    assert {each.decided_by for each in ended} == {"police", "CPS"}
    assert any(each.decided_by == "police" and each.interviewed for each in ended)
    over = [each for each in ended if each.outcome == TAKEN_OVER]
    assert over
    assert {each.to_body_contact for each in over} == {BODY_CONTACT}


def test_news_that_was_recorded_late_comes_in_a_full_week() -> None:
    """As many messages went as a week may have; what came then happened days ago."""
    found = 0
    for story in stories():
        for place, step in enumerate(story.steps):
            if isinstance(step, ReachMilestone | Charge) and step.happened_seconds_ago >= 3 * DAY:
                before = [
                    type(each)
                    for each in story.steps[:place]
                    if isinstance(each, ForceStep) and each.crime == step.crime
                ]
                most = order().messages.per_week_max
                found += before[-most:] == [Deploy] * most

    assert found > 4


def test_a_merger_follows_one_whose_end_was_recorded_late() -> None:
    """It happened after that end, and before the force had recorded it."""
    again = [
        merger
        for story in stories()
        for parting, later in since(story, Unmerge)
        if parting.happened_seconds_ago
        for merger in later
        if isinstance(merger, Merge) and merger.crime == parting.crime
    ]

    assert any(each.happened_seconds_ago == DAY for each in again)


def test_a_talk_from_before_a_milestone_is_written_down_after_it() -> None:
    """Of one that an officer tells a victim with enhanced rights first."""
    first = order().sensitive_milestones.enhanced_rights
    found = [
        talk
        for story in stories()
        for reached, later in since(story, ReachMilestone)
        if reached.milestone in first
        for talk in later[:2]
        if isinstance(talk, NoteContact) and talk.crime == reached.crime
    ]

    assert len([each for each in found if each.happened_seconds_ago > HOUR]) > 3


def test_a_merger_that_was_recorded_late_is_taken_back() -> None:
    """That happened before the force had recorded the merger."""
    parted = [
        parting
        for story in stories()
        for merger, later in since(story, Merge)
        if merger.happened_seconds_ago == 2 * DAY
        for parting in later
        if isinstance(parting, Unmerge) and parting.crime == merger.crime
    ]

    assert any(each.happened_seconds_ago == DAY for each in parted)


def test_a_victim_writes_when_the_officer_is_back() -> None:
    """The officer was away until a time that the force knew."""
    found = [
        away
        for story in stories()
        for away, later in since(story, OfficerAway)
        if away.for_seconds is not None
        and any(isinstance(each, Ask) and each.crime == away.crime for each in later)
    ]

    assert len(found) > 6


def test_a_record_says_what_forbids_to_tell_a_victim() -> None:
    """That they work for the police, or are no victim of this crime."""
    records = [each.record for story in stories() for each, _later in since(story, ChangeDetails)]

    assert {each.role for each in records} == {"victim", "witness", "reporter"}
    assert any(each.is_police_employee and each.is_restricted is None for each in records)


def test_a_report_says_how_often_a_victim_is_told() -> None:
    """The record that says so comes first with it."""
    found = [
        changed
        for story in stories()
        for changed, later in since(story, ChangeDetails)
        if changed.carriage == "held back"
        and changed.record.update_frequency_days in (2, 7)
        and any(isinstance(e, ReportIncident) and e.person == changed.person for e in later[:2])
    ]

    assert len(found) > 4


def test_a_crime_comes_that_was_recorded_around_the_first_go_live() -> None:
    """A second before midnight is too early, and a second after it is not."""
    beside = []
    for story in stories():
        live = datetime.combine(story.go_live.phase_1, time(), tzinfo=LONDON)
        now = story.begins_at
        for step in story.steps:
            if isinstance(step, RecordCrime) and step.happened_seconds_ago > 10 * DAY:
                recorded_at = now - timedelta(seconds=step.happened_seconds_ago)
                beside.append((recorded_at - live).total_seconds())
            now += timedelta(seconds=step.seconds if isinstance(step, Wait) else 0)

    assert {-1, 1} <= {*beside}
