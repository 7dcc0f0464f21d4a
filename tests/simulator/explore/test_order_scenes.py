"""Some made-up stories have a scene in which what their order has otherwise decides."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from simulator.explore.steps import (
    Ask,
    ChangeDetails,
    Close,
    KeepReading,
    RecordCrime,
    ReportIncident,
    SignIn,
    Step,
    TellReceipt,
    UseSession,
    Wait,
)
from simulator.explore.story import Story
from simulator.explore.story_drawing import order_of
from simulator.inputs.order import Order
from tests.simulator.explore.stories import drawn_stories, order

MINUTE, HOUR, DAY = 60, 3_600, 86_400


def with_other(field: str) -> Iterator[tuple[Story, Order]]:
    """Give the stories whose order has a field otherwise, with that order."""
    for story in drawn_stories(1_500, phase=3, seed=8):
        if any(each.field == field for each in story.order):
            yield story, order_of(story, order())


def timed(story: Story) -> list[tuple[datetime, Step]]:
    """Give each step with its moment."""
    now, found = story.begins_at, []
    for step in story.steps:
        found.append((now, step))
        now += timedelta(seconds=step.seconds if isinstance(step, Wait) else 0)
    return found


@pytest.mark.parametrize(
    ("field", "unit", "begins", "ends"),
    [
        ("sign_in.session_minutes", MINUTE, SignIn, UseSession),
        ("two_way.closed_case_days", DAY, Close, Ask),
        ("two_way.review_days", DAY, Close, Ask),
        ("sign_in.invitation_days", DAY, RecordCrime, SignIn),
    ],
)
def test_what_ends_comes_when_one_order_has_a_duration_over_and_the_other_not(
    field: str, unit: int, begins: type, ends: type
) -> None:
    """A portal with the usual value built in does otherwise than ordered then."""
    table, name = field.split(".")
    usual = unit * getattr(getattr(order(), table), name)
    found = 0
    for story, ordered in with_other(field):
        least, most = sorted((usual, unit * getattr(getattr(ordered, table), name)))
        steps = timed(story)
        began = [at for at, step in steps if isinstance(step, begins)]
        ended = [at for at, step in steps if isinstance(step, ends)]
        found += any(
            least < (end - begin).total_seconds() < most for begin in began for end in ended
        )

    assert found > 2


def test_a_session_is_used_for_longer_than_one_order_lets_it() -> None:
    """It is read in all the time, so that it is never idle."""
    found = [
        step.seconds
        for story, _ordered in with_other("sign_in.session_hours_max")
        for step in story.steps
        if isinstance(step, KeepReading)
    ]

    assert any(2 * HOUR < each < 12 * HOUR for each in found)
    assert any(12 * HOUR < each < 24 * HOUR for each in found)


def test_a_crime_has_a_marker_that_one_order_leaves_out() -> None:
    """By the other nobody would be told of it."""
    field = "eligibility.safeguarding_exclusions"
    found = 0
    for story, ordered in with_other(field):
        others = {*order().eligibility.safeguarding_exclusions} ^ {
            *ordered.eligibility.safeguarding_exclusions
        }
        recorded = [each for each in story.steps if isinstance(each, RecordCrime)]
        found += any(others & {*each.safeguarding} for each in recorded)

    assert found > 2


def test_the_only_channel_that_was_asked_for_fails() -> None:
    """Where the order has another one used then."""
    found = 0
    for story, _ordered in with_other("contact.falls_back"):
        only: dict[str, str] = {}
        for step in story.steps:
            if isinstance(step, ChangeDetails) and len(step.record.preferred_channels) == 1:
                [only[step.person]] = step.record.preferred_channels
            elif isinstance(step, TellReceipt) and step.receipt == "permanent-failure":
                found += only.get(step.person) == step.channel

    assert found > 2


def test_a_closure_is_unconfirmed_that_one_order_has_confirmed() -> None:
    """By the one it is told, and by the other it waits."""
    found = [
        step.outcome
        for story, ordered in with_other("closures.supervisor_confirms")
        for step in story.steps
        if isinstance(step, Close)
        and not step.confirmed
        and (step.outcome in order().closures.supervisor_confirms)
        != (step.outcome in ordered.closures.supervisor_confirms)
    ]

    assert len(found) > 3


def test_a_contact_comes_in_after_a_report_by_another_proof() -> None:
    """Few stories have somebody who is told in a victim's place, and another proof."""
    found = 0
    for story, _ordered in with_other("sign_in.proof"):
        contacts = {e.label for e in story.people if e.record.told_instead is not None}
        for place, step in enumerate(story.steps):
            if isinstance(step, ReportIncident) and step.person in contacts:
                later = story.steps[place:]
                found += any(isinstance(e, SignIn) and e.person == step.person for e in later)

    assert found > 1
