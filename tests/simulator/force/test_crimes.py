"""The crimes as a whole: reproducible, marked, and scheduled in order."""

from datetime import UTC, date, datetime

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.errors import BadInput
from simulator.force.crime_journey import EVENT_KINDS, OffenceList, read_journey
from simulator.force.crimes import Crimes, make_crimes, schedule
from simulator.force.event_times import NEVER
from simulator.force.figures import load_figures
from simulator.streams import Streams

FIGURES = load_figures()
JOURNEY = read_journey()


def crimes(
    *, start: date = date(2026, 3, 2), end: date = date(2026, 3, 30), seed: int = 5
) -> Crimes:
    """Make four weeks of crimes."""
    return make_crimes(
        figures=FIGURES, start=start, end=end, journey=JOURNEY, streams=Streams(seed)
    )


@pytest.fixture(scope="module")
def march() -> Crimes:
    """Four weeks of crimes."""
    return crimes()


def test_crimes_are_in_order_of_recording(march: Crimes) -> None:
    """Rows are sorted by when they were recorded, and all lie between the two days."""
    recorded = march.seconds["CrimeRecorded"]

    assert march.start == datetime(2026, 3, 2, tzinfo=UTC)
    assert (np.diff(recorded) >= 0).all()
    assert recorded[0] >= 0
    # The clocks go forward on 29 March: the four weeks are an hour short.
    assert recorded[-1] < 28 * 86_400 - 3600


def test_seed_decides_everything(march: Crimes) -> None:
    """One seed makes the same crimes each time; another seed makes others."""
    again, other = crimes(), crimes(seed=6)
    for kind in EVENT_KINDS:
        assert np.array_equal(march.seconds[kind], again.seconds[kind])
    for column in ("force", "offence", "grade", "outcome", "decided_by"):
        assert np.array_equal(getattr(march, column), getattr(again, column))
    assert not np.array_equal(march.seconds["CrimeRecorded"], other.seconds["CrimeRecorded"])


def test_safeguarding_markers_follow_the_offence(march: Crimes) -> None:
    """Rape is marked sexual, a death as one, slavery as trafficking, and abuse as drawn."""
    seen: set[str] = set()
    for row in range(len(march)):
        offence, markers = march.offence_of(row), march.safeguarding(row)
        seen.update(markers)

        assert ("domestic_abuse" in markers) == march.domestic_abuse[row]
        assert ("sexual" in markers) == (offence.group == "Sexual offences")
        assert ("trafficking" in markers) == (offence.offence_code == "106")
    assert seen == {"domestic_abuse", "sexual", "death", "trafficking"}


@settings(max_examples=20, deadline=None)
@given(chosen=st.sets(st.integers(0, 20_000), max_size=200))
def test_schedule_has_each_event_once_in_order(chosen: set[int]) -> None:
    """The schedule holds every event of the chosen crimes, and no other, in order of time."""
    march = _MARCH
    rows = np.array(sorted(chosen), dtype=np.intp)
    laid_out = schedule(march, rows)
    found = {
        (int(row), EVENT_KINDS[kind], int(at))
        for at, row, kind in zip(laid_out.times, laid_out.row, laid_out.kind, strict=True)
    }
    wanted = {
        (int(row), kind, int(march.seconds[kind][row]))
        for row in rows
        for kind in EVENT_KINDS
        if march.seconds[kind][row] != NEVER
    }

    assert found == wanted
    assert len(found) == len(laid_out.times)
    assert (np.diff(laid_out.times) >= 0).all()


_MARCH = crimes()


def test_schedule_keeps_a_crimes_events_in_order(march: Crimes) -> None:
    """Its recording is first, or an officer sent before it; its charge or closure is last."""
    laid_out = schedule(march, np.arange(0, len(march), 50))
    for row in np.unique(laid_out.row):
        kinds = [EVENT_KINDS[kind] for kind in laid_out.kind[laid_out.row == row]]
        went_first = kinds[0] == "OfficerDeployed"

        assert kinds[went_first] == "CrimeRecorded"
        assert not went_first or march.reported[row] < march.seconds["CrimeRecorded"][row]
        assert not {"OutcomeRecorded", "CrimeClosed"} & set(kinds[:-1])


def test_a_misspelt_subgroup_is_named() -> None:
    """An offence subgroup that is not in the figures is an error with the nearest name."""
    wrong = OffenceList(offence_subgroups=("Shoplifing",), reason="a test")
    journey = msgspec.structs.replace(JOURNEY, no_individual_victim=wrong)

    with pytest.raises(BadInput, match="no offence subgroup 'Shoplifing'; did you mean 'Shoplift"):
        make_crimes(
            figures=FIGURES,
            start=date(2026, 3, 2),
            end=date(2026, 3, 3),
            journey=journey,
            streams=Streams(1),
        )


@pytest.mark.parametrize("end", [date(2026, 3, 2), date(2026, 3, 1), date(2046, 3, 2)])
def test_days_the_wrong_way_round_are_refused(end: date) -> None:
    """Crimes need at least one day, and at most ten years."""
    with pytest.raises(BadInput, match="make the end 1 to"):
        crimes(end=end)
