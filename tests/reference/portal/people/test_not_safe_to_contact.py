"""Victims who are not safe to contact: the newest record counts, and nothing is lost."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from reference.contract.events import AnyEvent
from tests.reference.portal.crimes import (
    EMAIL,
    MOBILE,
    NOON,
    PHASE_3,
    alex,
    charged,
    closed,
    contacted,
    deployed,
    details,
    enveloped,
    recorded,
    reopened,
    replied,
    sam,
)
from tests.reference.portal.neighbours import GATEWAY
from tests.reference.portal.scene import Scene, SceneWith


def kinds(scene: Scene) -> list[str]:
    """List the kinds of task that the crime system was given."""
    return [task["kind"] for task in scene.neighbours.tasks]


BLANKS = {None: ["contact_details"], False: []}


@pytest.mark.parametrize("safe", BLANKS)
def test_where_it_was_never_said_whether_it_is_safe_somebody_asks(
    scene: Scene, *, safe: bool | None
) -> None:
    """The force is asked once about a blank; "not safe" was decided by an officer."""
    scene.deliver(recorded(alex(safe_to_contact=safe)))
    scene.deliver(deployed(), recorded(alex(safe_to_contact=safe)))

    assert scene.messages == []
    assert kinds(scene) == BLANKS[safe]


def test_of_a_crime_that_is_not_in_the_portal_nobody_asks(scene: Scene) -> None:
    """Nobody will be written to of it, safe or not."""
    scene.deliver(recorded(alex(safe_to_contact=None), offence_subgroup="Rape"))

    assert kinds(scene) == []


@pytest.mark.parametrize("safe", BLANKS)
@pytest.mark.parametrize(("news", "asked"), [(deployed, "not_sent"), (closed, "sensitive_contact")])
def test_what_a_flag_takes_back_is_told_by_a_person(
    scene: Scene, news: Callable[[], AnyEvent], asked: str, *, safe: bool | None
) -> None:
    """The channel ends and the duty does not, once for each piece of news on however many."""
    scene.deliver(recorded(alex(email=EMAIL)))
    before = len(scene.messages)
    scene.neighbours.answers[GATEWAY] = 500
    scene.deliver(news())
    for minutes in (1, 2):
        flagged = alex(email=EMAIL, safe_to_contact=safe, update_frequency_days=minutes)
        scene.deliver(enveloped(details(flagged), time=NOON + timedelta(minutes=minutes)))
    scene.neighbours.answers[GATEWAY] = 201
    scene.advance(days=1)

    assert len(scene.messages) == before
    assert sorted(kinds(scene)) == sorted([*BLANKS[safe], asked])


@pytest.mark.parametrize("safe", BLANKS)
@pytest.mark.parametrize(
    ("news", "asked"),
    [
        (closed(at=PHASE_3), "sensitive_contact"),
        (closed(outcome=5, at=PHASE_3), "sensitive_contact"),
        (charged(at=PHASE_3), "not_sent"),
        (replied(), "not_sent"),
        (replied(person_id="sam"), ""),
        (deployed(at=PHASE_3), ""),
    ],
)
def test_news_for_whom_it_is_not_safe_is_told_by_a_person(
    scene_with: SceneWith, news: AnyEvent, asked: str, *, safe: bool | None
) -> None:
    """How a case ends, a charge and an officer's own words are not lost, and are asked for once."""
    scene = scene_with(start=PHASE_3)
    scene.deliver(recorded(alex(safe_to_contact=safe), sam(), recorded_at=PHASE_3))
    before, whole = len(kinds(scene)), enveloped(news)
    scene.deliver(whole, whole)
    of_alex = [each for each in scene.neighbours.tasks[before:] if each["person_id"] == "alex"]

    assert [each["kind"] for each in of_alex] == ([asked] if asked else [])
    assert not any(word in str(of_alex) for word in (MOBILE, "Marsh", "cameras"))


def test_what_does_not_stand_or_was_said_is_asked_of_nobody(scene: Scene) -> None:
    """An old closure that comes after the crime was reopened; one that an officer told of."""
    scene.deliver(recorded(alex(safe_to_contact=False)), reopened(at=NOON + timedelta(hours=1)))
    scene.deliver(closed(at=NOON))
    scene.deliver(contacted(at=NOON + timedelta(hours=3)))
    scene.deliver(closed(outcome=5, at=NOON + timedelta(hours=2)))

    assert kinds(scene) == []


def test_a_reply_before_replies_are_in_the_portal_is_asked_of_nobody(scene: Scene) -> None:
    """Until then the officer has told the victim some other way."""
    scene.deliver(recorded(alex(safe_to_contact=False)), replied(replied_at=scene.now))

    assert kinds(scene) == []


@pytest.mark.parametrize("first", [0.2, 0.8])
@pytest.mark.parametrize("is_safe", [True, False])
def test_of_two_records_of_one_second_the_newer_counts(
    scene: Scene, first: float, *, is_safe: bool
) -> None:
    """Whichever comes first: what was written down a moment earlier undoes nothing."""
    scene.deliver(recorded())
    before = len(scene.messages)
    for since in (first, 1 - first):
        record = alex(safe_to_contact=is_safe == (since > 0.5))
        scene.deliver(enveloped(details(record), time=NOON + timedelta(seconds=60 + since)))
    scene.deliver(deployed())

    assert len(scene.messages) - before == is_safe


@pytest.mark.parametrize("is_safe_first", [True, False])
@pytest.mark.parametrize(
    "unsafe",
    [
        {"safe_to_contact": False},
        {"safe_to_contact": None},
        {"has_died": True},
        {"who_is_told": "nobody"},
    ],
)
def test_of_two_records_of_one_moment_the_safer_counts(
    scene: Scene, unsafe: dict[str, Any], *, is_safe_first: bool
) -> None:
    """Neither is known to be newer: the one that forbids messages stands until it is withdrawn."""
    scene.deliver(recorded())
    before = len(scene.messages)
    both = [alex(), alex(**unsafe)]
    for record in both if is_safe_first else reversed(both):
        scene.deliver(enveloped(details(record), time=NOON + timedelta(minutes=1)))
    scene.deliver(deployed())

    assert len(scene.messages) == before
