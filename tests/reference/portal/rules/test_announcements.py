"""What is announced after an event, and the automatic messages of phase 2."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from reference.portal.rules import announcements
from reference.portal.rules.announcements import Progress
from reference.portal.settings import settings_from
from tests.reference.portal import crimes
from tests.reference.portal.crimes import NOON
from tests.reference.portal.scene import SETTINGS

ALL = settings_from(SETTINGS)
WEEK = timedelta(days=7)

hours = st.integers(0, 24 * 60)
frequencies = st.none() | st.integers(1, 366)


def progress(
    *, hours_since: int = 0, days: int | None = None, advised: bool = False, offence: str = ""
) -> Progress:
    """A victim whose bicycle was stolen at noon, with news some hours later."""
    return Progress(
        offence_subgroup=offence or "Bicycle theft",
        recorded_at=NOON,
        last_news_at=NOON + timedelta(hours=hours_since),
        advice_sent=advised,
        update_frequency_days=days,
    )


@given(hours, frequencies)
def test_still_with_us_never_comes_sooner_than_agreed(since: int, days: int | None) -> None:
    """It counts from the last news, by what was agreed or else by the order."""
    at, kind = announcements.next_message(progress(hours_since=since, days=days, advised=True), ALL)

    assert kind == "still_with_us"
    assert at == NOON + timedelta(hours=since, days=days or 28)


@given(hours, frequencies)
def test_nothing_is_planned_before_the_first_of_the_two(since: int, days: int | None) -> None:
    """Whichever is due first comes first, and advice counts from the crime."""
    at, kind = announcements.next_message(progress(hours_since=since, days=days), ALL)
    agreed = NOON + timedelta(hours=since, days=days or 28)
    advice = NOON + timedelta(days=2)

    assert at == min(agreed, advice)
    assert kind == "advice" if advice < agreed else "still_with_us"


def test_no_advice_where_there_is_none_for_the_offence() -> None:
    """Advice about nothing in particular helps nobody."""
    assert announcements.next_message(progress(offence="Public order offences"), ALL)[1] != "advice"


@given(st.lists(st.integers(1, 40 * 24), max_size=12), frequencies)
def test_advice_comes_at_most_once(gaps: list[int], days: int | None) -> None:
    """However the news falls, walking from one message to the next meets advice once."""
    news_at, advised = NOON, False
    told: list[str] = []
    for gap in gaps:
        until = news_at + timedelta(hours=gap)
        state = Progress("Bicycle theft", NOON, news_at, advised, days)
        while (due := announcements.next_message(state, ALL))[0] <= until:
            told.append(due[1])
            advised = advised or due[1] == "advice"
            state = Progress("Bicycle theft", NOON, due[0], advised, days)
        news_at = until

    assert told.count("advice") <= 1


def test_advice_a_week_late_is_stale_and_still_with_us_never_is() -> None:
    """A waiting victim is told however late it is."""
    late = NOON + WEEK + timedelta(seconds=1)

    assert announcements.is_stale("advice", NOON, late)
    assert not announcements.is_stale("advice", NOON, NOON + WEEK)
    assert not announcements.is_stale("still_with_us", NOON, late)


def test_an_event_is_announced_from_its_phase_on() -> None:
    """A reply is announced in phase 3 and not a phase before; what nobody ordered, never."""
    event = crimes.replied()

    assert [bool(announcements.announcement(event, phase, ALL)) for phase in (0, 1, 2, 3)] == [
        False,
        False,
        False,
        True,
    ]
    assert announcements.announcement(crimes.details(crimes.alex()), 3, ALL) is None


def test_a_milestone_that_is_switched_off_is_untold() -> None:
    """As is a statement of nobody knows whom; every other event is told."""
    settings = settings_from({**SETTINGS, "milestones_switched_off": ["footage_viewed"]})

    assert announcements.is_untold(crimes.milestone("footage_viewed"), settings)
    assert not announcements.is_untold(crimes.milestone("footage_viewed"), ALL)
    assert announcements.is_untold(crimes.milestone("statement_taken"), ALL)
    assert not announcements.is_untold(crimes.statement("person-1"), ALL)
    assert not announcements.is_untold(crimes.closed(), settings)


def test_an_event_concerns_the_person_it_names_or_everybody() -> None:
    """A milestone that names nobody is one of the crime."""
    assert announcements.concerns(crimes.statement("person-1"), "person-1")
    assert not announcements.concerns(crimes.statement("person-1"), "person-2")
    assert announcements.concerns(crimes.milestone(), "person-2")
    assert announcements.concerns(crimes.deployed(), "person-2")
