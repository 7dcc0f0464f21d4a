"""A session works until it was idle, old or signed out, and no longer."""

from datetime import datetime, timedelta
from typing import Literal

import pytest

from simulator.evidence.records import PortalRestarted, SessionUsed
from tests.simulator.judge.expected import Harmed, fail
from tests.simulator.judge.force_story import ORDER, Person
from tests.simulator.judge.sign_ins import registered
from tests.simulator.judge.story import Story

LIMITS = ORDER.sign_in
IDLE = timedelta(minutes=LIMITS.session_minutes)
LONGEST = timedelta(hours=LIMITS.session_hours_max)
MINUTE = timedelta(minutes=1)
Answer = Literal["shown", "nothing", "refused"]


def used(
    story: Story,
    person: Person,
    answer: Answer,
    *,
    signed_in_at: datetime,
    used_at: datetime | None = None,
    signed_out: bool = False,
    signed_in_since: bool = False,
) -> list[Harmed]:
    """Use a session now; return the harms."""
    story.records.append(
        SessionUsed(
            at=story.now,
            person_id=person.person_id,
            signed_in_at=signed_in_at,
            used_at=used_at or story.now - MINUTE,
            signed_out=signed_out,
            answer=answer,
            signed_in_since=signed_in_since,
        )
    )
    return story.harms()


@pytest.mark.parametrize(
    ("answer", "harms"),
    [("shown", [fail("disclosed", "AUTH-09")]), ("nothing", []), ("refused", [])],
)
def test_a_session_that_was_signed_out_shows_nothing(answer: Answer, harms: list[Harmed]) -> None:
    """A page without a crime shows nothing."""
    story, alex, _address = registered()

    assert used(story, alex, answer, signed_in_at=story.now, signed_out=True) == harms


@pytest.mark.parametrize(
    ("idle", "answer", "harms"),
    [
        (IDLE + MINUTE, "shown", [fail("disclosed", "AUTH-10")]),
        (IDLE + MINUTE, "refused", []),
        (IDLE, "shown", []),
        (IDLE, "refused", []),
        (IDLE - MINUTE, "shown", []),
        (IDLE - MINUTE, "refused", [fail("lost", "AUTH-10")]),
    ],
)
def test_an_unused_session_ends_when_it_was_ordered(
    idle: timedelta, answer: Answer, harms: list[Harmed]
) -> None:
    """Nothing is asked of the minute on either side of the limit."""
    story, alex, _address = registered()
    begun = story.now
    story.until(begun + idle)

    assert used(story, alex, answer, signed_in_at=begun, used_at=begun) == harms


@pytest.mark.parametrize(
    ("age", "answer", "harms"),
    [
        (LONGEST + MINUTE, "shown", [fail("disclosed", "AUTH-11")]),
        (LONGEST, "shown", []),
        (LONGEST - MINUTE / 2, "refused", []),
        (LONGEST - MINUTE, "refused", [fail("lost", "AUTH-10")]),
    ],
)
def test_a_busy_session_ends_too(age: timedelta, answer: Answer, harms: list[Harmed]) -> None:
    """It was used a minute ago, and still."""
    story, alex, _address = registered()
    begun = story.now
    story.until(begun + age)

    assert used(story, alex, answer, signed_in_at=begun) == harms


def test_a_restart_and_a_late_flag_may_end_a_session() -> None:
    """The victim can sign in again, or may no longer be told."""
    story, alex, _address = registered()
    begun = story.now
    story.wait(minutes=2)
    story.records.append(PortalRestarted(at=story.now))

    assert used(story, alex, "refused", signed_in_at=begun) == []


@pytest.mark.parametrize("is_theirs", [True, False], ids=["theirs", "another person's"])
def test_news_of_a_session_that_may_end_is_of_its_own_person(*, is_theirs: bool) -> None:
    """What the force records of another person's crime ends no session of this one."""
    story, alex, _address = registered()
    begun = story.now
    story.wait(minutes=2)
    story.crime(alex if is_theirs else story.person("Sam"))

    harms = used(story, alex, "refused", signed_in_at=begun)
    assert (fail("lost", "AUTH-10") in harms) is not is_theirs


@pytest.mark.parametrize("is_another", [True, False])
def test_a_session_ends_as_another_is_told_in_their_place(*, is_another: bool) -> None:
    """The news may come under a crime of theirs that the portal does not know yet."""
    story, alex, _address = registered()
    begun = story.now
    story.wait(minutes=2)
    now = alex.told_through("Pat", "07700900777") if is_another else alex
    story.details_changed(story.crime(alex, deliver=False), now)

    harms = used(story, alex, "refused", signed_in_at=begun)
    assert (fail("lost", "AUTH-10") in harms) is not is_another


@pytest.mark.parametrize(
    ("signed_in_since", "harms"), [(True, []), (False, [fail("lost", "AUTH-10")])]
)
def test_a_second_session_may_end_the_first_and_signing_out_of_it_may_not(
    harms: list[Harmed], *, signed_in_since: bool
) -> None:
    """One that answered beside the second goes on, whatever becomes of that."""
    story, alex, _address = registered()

    said = used(story, alex, "refused", signed_in_at=story.now, signed_in_since=signed_in_since)
    assert said == harms
