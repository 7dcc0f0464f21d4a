"""A page that is another person's is known by when its crime was recorded; nothing else is."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from loadtests.pages_read import certain_pages, crime_shown, seen_page
from reference.contract.messages import TimelineEntry
from simulator.clock import LONDON
from simulator.evidence.records import EventDelivered, Seen
from tests.loadtests.test_load_result import ALL, CLOSED_AT, COUNT, CROWD, Play, judged

SINCE = datetime(2026, 6, 1, 8, 59, 50, tzinfo=UTC)
MANY = structs.replace(CROWD, count=5000, known_since=SINCE)


def page(at: datetime, *, kind: str = "CrimeRecorded", closed: bool = False) -> list[TimelineEntry]:
    """A timeline that begins at a time."""
    begun = TimelineEntry(at=at, kind=kind, title="We have recorded your report")
    ended = TimelineEntry(at=CLOSED_AT, kind="CrimeClosed", title="Your case is closed")
    return [begun, ended] if closed else [begun]


@given(st.integers(0, 4999), st.integers(0, 4999))
def test_another_persons_page_is_named(mine: int, other: int) -> None:
    """Each crime was recorded in a second of its own, and the page says in which."""
    asked = MANY.crime_reference(mine)
    shown = crime_shown(MANY, asked, page(MANY.recorded_at(other, SINCE)))
    is_told_apart = (mine - other) % 900 and (mine - other) % 60

    assert shown in (asked, MANY.crime_reference(other))
    own = MANY.recorded_at(mine, SINCE)
    is_whole = own.replace(second=0) == MANY.recorded_at(other, SINCE)
    assert not is_told_apart or is_whole or shown == MANY.crime_reference(other)


@given(st.integers(0, 4999), st.sampled_from(["minute", "hour", "day", "London day", "zone"]))
def test_a_page_that_is_less_exact_is_their_own(mine: int, exact_to: str) -> None:
    """Portals may leave out seconds, hours, or mistake the time zone."""
    own = MANY.recorded_at(mine, SINCE)
    shown = {
        "minute": own.replace(second=0),
        "hour": own.replace(second=0, minute=0),
        "day": own.replace(second=0, minute=0, hour=0),
        "London day": own.astimezone(LONDON).replace(second=0, minute=0, hour=0),
        "zone": own - timedelta(hours=1),
    }[exact_to]
    asked = MANY.crime_reference(mine)

    assert crime_shown(MANY, asked, page(shown)) == asked
    elsewhere = own.astimezone(timezone(timedelta(hours=5)))
    assert crime_shown(MANY, asked, page(elsewhere)) == asked


@pytest.mark.parametrize(
    "entries",
    [
        [],
        page(SINCE + timedelta(seconds=3)),
        page(SINCE - timedelta(days=30)),
        page(SINCE - timedelta(seconds=5.5)),
        page(SINCE - timedelta(seconds=5), kind=""),
    ],
)
def test_what_is_no_other_crimes_time_is_no_other_crime(entries: list[TimelineEntry]) -> None:
    """When the portal took it, a wrong date, a page without kinds, and nothing at all."""
    asked = MANY.crime_reference(7)

    assert crime_shown(MANY, asked, entries) == asked
    assert crime_shown(CROWD, "43test00001", page(SINCE)) == "43test00001"
    assert crime_shown(MANY, "4399", page(SINCE)) == "4399"


Shown = Literal["own", "another's"]


@pytest.mark.parametrize(("whose", "harms"), [("own", set()), ("another's", {"disclosed"})])
def test_the_judge_tells_a_disclosure_from_their_own_page(whose: Shown, harms: set[str]) -> None:
    """By the crime that the evidence names; the updates on it are judged as well."""
    crowd = structs.replace(CROWD, known_since=SINCE)
    play = Play().delivered().told(ALL)
    shown = crowd.recorded_at(1 if whose == "own" else 2, SINCE)
    entries = page(shown, closed=True)
    seen = seen_page(
        crowd, crowd.person_id(1), crowd.crime_reference(1), entries, CLOSED_AT + timedelta(1e-4)
    )
    result = judged([*play.log.records, seen])

    assert {each.harm for each in result.harms} == harms
    assert (seen.kinds, seen.dated) == (("CrimeRecorded", "CrimeClosed"), (shown, CLOSED_AT))
    assert result.verdict == ("FAIL" if harms else "PASS")


def test_an_update_that_is_shown_twice_is_a_harm() -> None:
    """What a portal took twice under load stands twice on the page."""
    play = Play().delivered().told(ALL)
    [begun, ended] = page(CROWD.recorded_at(1, CLOSED_AT), closed=True)
    at = CLOSED_AT + timedelta(seconds=9)
    seen = seen_page(CROWD, CROWD.person_id(1), CROWD.crime_reference(1), [begun, ended, ended], at)

    assert {each.harm for each in judged([*play.log.records, seen]).harms} == {"duplicated"}


def test_a_page_may_show_what_was_never_answered() -> None:
    """The portal may have taken an update and died before it said so."""
    play = Play()
    for number in range(COUNT - 1):
        play.delivered_one(number)
    play.log.append(EventDelivered(at=play.now, event_id=play.closed[-1], status=0))
    pages = [
        seen_page(
            CROWD,
            CROWD.person_id(number),
            CROWD.crime_reference(number),
            page(CLOSED_AT, closed=True),
            CLOSED_AT + timedelta(seconds=9),
        )
        for number in range(COUNT)
    ]
    kept = [
        bool(each.kinds)
        for each in certain_pages([*play.log.records, *pages])
        if isinstance(each, Seen)
    ]

    assert kept == [True] * (COUNT - 1) + [False]
