"""Event times: how long things take, and that nothing happens out of order."""

from datetime import date, timedelta

import msgspec
import numpy as np
import pytest

from simulator.clock import LONDON
from simulator.files.checked_toml import Amount, Share
from simulator.force.crime_journey import EVENT_KINDS, EventKind, Journey, read_journey
from simulator.force.crimes import Crimes, make_crimes
from simulator.force.event_times import FOLLOWED_DAYS_MAX, NEVER
from simulator.force.figures import load_figures
from simulator.force.london_days import Seconds
from simulator.streams import Streams

FIGURES = load_figures()
JOURNEY = read_journey()


def crimes(journey: Journey = JOURNEY, *, seed: int = 5) -> Crimes:
    """Make twelve weeks of crimes, across the end of summer time."""
    return make_crimes(
        figures=FIGURES,
        start=date(2026, 9, 7),
        end=date(2026, 11, 30),
        journey=journey,
        streams=Streams(seed),
    )


@pytest.fixture(scope="module")
def autumn() -> Crimes:
    """Crimes of the real journey."""
    return crimes()


def with_share(event: EventKind, value: float) -> Journey:
    """Give the journey with another share of crimes to which an event happens."""
    share = Share(value, "share", assumed="a test")
    states = tuple(
        msgspec.structs.replace(state, share=share) if state.event == event else state
        for state in JOURNEY.states
    )
    return msgspec.structs.replace(JOURNEY, states=states)


def ended(made: Crimes) -> Seconds:
    """Give the seconds at which each crime was charged or closed, -1 while open."""
    return np.maximum(made.seconds["OutcomeRecorded"], made.seconds["CrimeClosed"])


def days_taken(made: Crimes) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Give the days from recording to outcome, not a number while open."""
    taken = (ended(made) - made.seconds["CrimeRecorded"]) / 86_400
    return np.where(ended(made) == NEVER, np.nan, taken)


def test_half_of_outcomes_come_within_a_fortnight(autumn: Crimes) -> None:
    """The medians by outcome make the Home Office's median of 14 days together."""
    assert np.nanmedian(days_taken(autumn)) == pytest.approx(14, abs=0.7)


def test_half_of_rape_outcomes_take_98_days(autumn: Crimes) -> None:
    """Rape has the Home Office's median of 98 days, within chance."""
    subgroup = np.array([each.subgroup for each in FIGURES.offences])[autumn.offence]
    taken = days_taken(autumn)[subgroup == "Rape offences"]

    assert np.nanmedian(taken) == pytest.approx(98, abs=13)


def test_no_suspect_is_quick_and_all_are_skewed(autumn: Crimes) -> None:
    """Outcome 18 comes sooner than 15, and the mean is far above the median."""
    taken = days_taken(autumn)

    assert np.median(taken[autumn.outcome == 18]) < np.median(taken[autumn.outcome == 15]) / 5
    assert np.nanmean(taken) > 2 * np.nanmedian(taken)


def test_every_outcome_has_one_end(autumn: Crimes) -> None:
    """A charge is recorded, any other outcome closes the crime, and an open one has neither."""
    charged = autumn.seconds["OutcomeRecorded"] != NEVER
    closed = autumn.seconds["CrimeClosed"] != NEVER

    assert np.array_equal(charged, autumn.outcome == 1)
    assert np.array_equal(closed, autumn.outcome > 1)


def test_events_are_in_a_sensible_order(autumn: Crimes) -> None:
    """The report is first, the end last; an appointment comes between allocation and end."""
    seconds, end = autumn.seconds, ended(autumn)
    far = np.where(end == NEVER, np.iinfo(np.int64).max, end)
    first = {"OfficerDeployed": autumn.reported}
    for kind in ("OfficerDeployed", "CrimeAllocated", "AppointmentMade"):
        at = seconds[kind]
        there = at != NEVER

        assert there.any()
        assert (at > first.get(kind, seconds["CrimeRecorded"]))[there].all()
        assert (at < far)[there].all()
    made = seconds["AppointmentMade"] != NEVER
    assert (seconds["AppointmentMade"] > seconds["CrimeAllocated"])[made].all()
    assert (seconds["CrimeAllocated"][made] != NEVER).all()
    assert np.array_equal(autumn.appointment_starts != NEVER, made)
    assert (autumn.appointment_starts > seconds["AppointmentMade"])[made].all()
    assert (autumn.appointment_starts < far)[made].all()


def test_deployment_is_by_grade(autumn: Crimes) -> None:
    """Half of grades 1 and 2 are deployed to in 4 and 10 minutes; to grade 4 nobody goes."""
    taken = autumn.seconds["OfficerDeployed"] - autumn.reported
    there = autumn.seconds["OfficerDeployed"] != NEVER

    assert np.median(taken[there & (autumn.grade == 1)]) == pytest.approx(240, rel=0.05)
    assert np.median(taken[there & (autumn.grade == 2)]) == pytest.approx(600, rel=0.05)
    assert not there[autumn.grade == 4].any()


def test_an_emergency_is_gone_to_before_it_is_recorded(autumn: Crimes) -> None:
    """Of grades 1 and 2 that were reported hours earlier most are; of grade 3 none is."""
    recorded, deployed = autumn.seconds["CrimeRecorded"], autumn.seconds["OfficerDeployed"]
    is_earlier = autumn.reported < recorded
    is_before = (deployed != NEVER) & (deployed < recorded)

    assert is_earlier.mean() == pytest.approx(0.1, abs=0.005)
    for grade in (1, 2):
        hours_early = is_earlier & (autumn.grade == grade)
        assert is_before[hours_early].mean() > 0.9
    assert not is_before[autumn.grade == 3].any()
    assert not is_before[~is_earlier].any()


def test_a_journey_without_earlier_reports_has_none() -> None:
    """Without the entry every crime is reported in the call in which it is recorded."""
    further = tuple(each for each in JOURNEY.further if not each.before)
    made = crimes(msgspec.structs.replace(JOURNEY, further=further))
    there = made.seconds["OfficerDeployed"] != NEVER

    assert np.array_equal(made.reported, made.seconds["CrimeRecorded"])
    assert (made.seconds["OfficerDeployed"] > made.seconds["CrimeRecorded"])[there].all()


def test_times_are_whole_seconds_within_bounds(autumn: Crimes) -> None:
    """Every time is a whole number of seconds, and none is beyond what is followed."""
    last = (84 + FOLLOWED_DAYS_MAX) * 86_400 + 3600
    for kind in EVENT_KINDS:
        assert autumn.seconds[kind].dtype == np.int64
        assert autumn.seconds[kind].max() < last


def test_the_desk_works_by_day(autumn: Crimes) -> None:
    """Few crimes are closed in the small hours of London, summer and winter."""
    at = autumn.seconds["CrimeClosed"]
    hours = [
        (autumn.start + timedelta(seconds=int(each))).astimezone(LONDON).hour
        for each in at[at != NEVER][::10]
    ]

    assert np.mean([1 <= hour < 6 for hour in hours]) < 0.02
    assert np.mean([8 <= hour < 18 for hour in hours]) > 0.65


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_a_share_of_none_or_all(value: float) -> None:
    """At a share of 0 nothing is allocated; at 1 all that stays open long enough is."""
    made = crimes(with_share("CrimeAllocated", value))
    allocated = made.seconds["CrimeAllocated"] != NEVER

    assert allocated[made.outcome == 0].all() == bool(value)
    assert allocated.any() == bool(value)


def test_one_share_leaves_the_other_draws_unmoved(autumn: Crimes) -> None:
    """Another share of allocated crimes changes only what depends on allocation."""
    other = crimes(with_share("CrimeAllocated", 0.2))

    on_allocation: tuple[EventKind, ...] = ("CrimeAllocated", "AppointmentMade")
    for kind in EVENT_KINDS:
        if kind not in on_allocation:
            assert np.array_equal(autumn.seconds[kind], other.seconds[kind])
    kept = other.seconds["CrimeAllocated"] != NEVER
    for kind in on_allocation:
        assert np.array_equal(autumn.seconds[kind][kept], other.seconds[kind][kept])


def test_order_holds_at_the_edge_of_what_is_followed() -> None:
    """Even if everything takes longer than the limit, events stay in order."""
    years = Amount(90_000, "days", assumed="a test")
    states = tuple(
        msgspec.structs.replace(
            state,
            after="OfficerDeployed" if state.event == "CrimeAllocated" else state.after,
            delays=tuple(msgspec.structs.replace(each, median=years) for each in state.delays),
        )
        for state in JOURNEY.states
    )
    starts = msgspec.structs.replace(JOURNEY.appointment_starts, median=years)
    made = crimes(msgspec.structs.replace(JOURNEY, states=states, appointment_starts=starts))
    seconds = made.seconds
    allocated = seconds["CrimeAllocated"] != NEVER
    appointed = seconds["AppointmentMade"] != NEVER

    assert allocated.any()
    assert appointed.any()
    assert (seconds["CrimeAllocated"] > seconds["OfficerDeployed"])[allocated].all()
    assert (seconds["AppointmentMade"] > seconds["CrimeAllocated"])[appointed].all()
    assert (made.appointment_starts > seconds["AppointmentMade"])[appointed].all()
