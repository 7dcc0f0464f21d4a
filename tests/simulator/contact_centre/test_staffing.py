"""Calls to 101 and 999, and the staff: volumes, hours, update calls, handlers."""

from datetime import UTC, datetime, timedelta
from math import sqrt
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.clock import LONDON
from simulator.contact_centre.call_outcomes import join_outcomes
from simulator.contact_centre.call_queue import Desk
from simulator.contact_centre.calls import EMERGENCY, NON_EMERGENCY, Calls, merge
from simulator.contact_centre.rosters import handlers_by_hour
from simulator.contact_centre.staffing import (
    ContactCentreParameters,
    base_calls,
    read_parameters,
    update_calls,
)
from simulator.streams import Streams

FILE = Path(__file__).parents[3] / "scenarios" / "contact-centre.toml"
PARAMETERS = read_parameters(FILE)
STREAMS = Streams(seed=2023)
FORCES = sorted(PARAMETERS.forces)
HOUR, DAY = 3600, 86_400


def london(year: int, month: int, day: int) -> datetime:
    """Midnight in London."""
    return datetime(year, month, day, tzinfo=LONDON).astimezone(UTC)


def changed(**values: Any) -> ContactCentreParameters:
    """The parameters with values changed; `__` steps into a table."""
    raw: dict[str, Any] = msgspec.to_builtins(PARAMETERS)
    for name, value in values.items():
        *tables, last = name.split("__")
        table = raw
        for each in tables:
            table = table[each]
        table[last] = value
    return msgspec.convert(raw, ContactCentreParameters)


def assumed(value: float) -> dict[str, Any]:
    """A number as the file has it."""
    return {"value": value, "unit": "as in the file", "assumed": "for a test"}


def rows(calls: Calls) -> list[tuple[float, ...]]:
    """Return every call, to compare call by call."""
    columns = (calls.at_seconds, calls.line, calls.service_seconds, calls.patience_seconds)
    return list(zip(*(each.tolist() for each in columns), strict=True))


# --- Functionality ---


@pytest.mark.parametrize("force", FORCES)
def test_a_year_has_a_years_calls(force: str) -> None:
    """Base calls are all 999 calls and the 101 calls that do not ask for news."""
    centre = PARAMETERS.forces[force]
    calls = base_calls(PARAMETERS, force, london(2026, 1, 1), london(2027, 1, 1), STREAMS)

    for line, expected in (
        (EMERGENCY, centre.calls_a_year_999.value),
        (NON_EMERGENCY, centre.calls_a_year_101.value * 0.8),
    ):
        assert abs((calls.line == line).sum() - expected * 365 / 365.25) < 4 * sqrt(expected)


def test_calls_come_in_whole_seconds_within_the_time_asked_for() -> None:
    """Times are whole seconds, from the start to the end."""
    calls = base_calls(PARAMETERS, "hampshire", london(2026, 5, 4), london(2026, 5, 11), STREAMS)

    for column in (calls.at_seconds, calls.service_seconds, calls.patience_seconds):
        assert np.array_equal(column, np.floor(column))
    assert 0 <= calls.at_seconds[0] <= calls.at_seconds[-1] < 7 * DAY
    assert calls.service_seconds.min() >= 1


def test_calls_keep_londons_hours_in_winter_and_summer() -> None:
    """A line that rings only at nine on Mondays does so before and after the clocks change."""
    only_monday_nine = {
        "by_hour_of_day": [float(hour == 9) for hour in range(24)],
        "by_day_of_week": [1, 0, 0, 0, 0, 0, 0],
        "unit": "share",
        "assumed": "for a test",
    }
    parameters = changed(
        emergency__profile=only_monday_nine, non_emergency__profile=only_monday_nine
    )
    start = london(2026, 3, 2)

    calls = base_calls(parameters, "hampshire", start, london(2026, 4, 27), STREAMS)

    local = [(start + timedelta(seconds=at)).astimezone(LONDON) for at in calls.at_seconds.tolist()]
    assert {(each.weekday(), each.hour) for each in local} == {(0, 9)}
    assert {each.utcoffset() for each in local} == {timedelta(0), timedelta(hours=1)}


def test_999_is_busier_in_summer_and_101_is_not() -> None:
    """June to August has 21% more 999 calls a day than the other months, and as many 101 calls."""
    start = london(2026, 1, 1)
    calls = base_calls(PARAMETERS, "thames_valley", start, london(2027, 1, 1), STREAMS)
    june, september = (
        (each - start).total_seconds() for each in (london(2026, 6, 1), london(2026, 9, 1))
    )
    summer = (calls.at_seconds >= june) & (calls.at_seconds < september)

    for line, rise in ((EMERGENCY, 0.21), (NON_EMERGENCY, 0.0)):
        mine = calls.line == line
        ratio = ((mine & summer).sum() / 92) / ((mine & ~summer).sum() / 273)
        assert ratio == pytest.approx(1 + rise, abs=0.02)


def test_calls_take_the_mean_time_and_callers_wait_the_mean_patience() -> None:
    """Mean service and patience are the file's, for each kind of call."""
    calls = base_calls(PARAMETERS, "hampshire", london(2026, 1, 5), london(2026, 7, 6), STREAMS)
    asking = update_calls(np.zeros(100_000), PARAMETERS, "hampshire", STREAMS)
    centre = PARAMETERS.forces["hampshire"]
    urgent = calls.line == EMERGENCY

    for found, expected in (
        (calls.service_seconds[urgent], PARAMETERS.emergency.handling.seconds_mean),
        (calls.service_seconds[~urgent], PARAMETERS.non_emergency.handling.seconds_mean),
        (asking.service_seconds, PARAMETERS.update_calls.handling.seconds_mean),
        (calls.patience_seconds[urgent], centre.patience_seconds_mean_999),
        (calls.patience_seconds[~urgent], centre.patience_seconds_mean_101),
        (asking.patience_seconds, centre.patience_seconds_mean_101),
    ):
        assert found.mean() == pytest.approx(expected.value, rel=4 * 1.2 / sqrt(len(found)))


def test_patience_lies_between_what_kents_two_years_imply() -> None:
    """101 callers' mean patience is between 98 s / 12.3% and 485 s / 35.5% (Kent)."""
    for centre in PARAMETERS.forces.values():
        assert 98 / 0.123 < centre.patience_seconds_mean_101.value < 485 / 0.355


@given(moments=st.lists(st.integers(0, 60 * DAY), max_size=20).map(sorted), seed=st.integers(0))
@settings(deadline=None)
def test_each_moment_is_one_call_to_101(moments: list[int], seed: int) -> None:
    """No call is copied: calls come exactly at the moments."""
    calls = update_calls(np.array(moments, np.float64), PARAMETERS, "hampshire", Streams(seed))

    assert calls.at_seconds.tolist() == moments
    assert set(calls.line.tolist()) <= {NON_EMERGENCY}


def test_with_the_portal_every_other_call_is_the_same() -> None:
    """Without some worry moments, the calls left are those of the run without a portal."""
    start, end = london(2026, 2, 2), london(2026, 2, 16)
    moments = np.sort(np.floor(np.random.default_rng(1).uniform(0, 7 * DAY, 300)))
    keep = np.arange(300) % 3 > 0
    calls = update_calls(moments, PARAMETERS, "hampshire", STREAMS)

    without, with_portal = (
        merge(base_calls(PARAMETERS, "hampshire", start, end, STREAMS), each)
        for each in (calls, calls[keep])
    )

    assert set(rows(with_portal)) < set(rows(without))
    assert len(without) - len(with_portal) == 100


def test_half_of_those_who_hang_up_ring_again() -> None:
    """The file's share would ring again once, half of those twice, and so on."""
    calls = update_calls(np.zeros(20_000), PARAMETERS, "hampshire", STREAMS)

    assert (calls.redials >= 1).mean() == pytest.approx(0.5, abs=0.02)
    assert (calls.redials >= 2).mean() == pytest.approx(0.25, abs=0.02)
    assert calls.redial_seconds.mean() == pytest.approx(30 * 60, rel=0.05)


@pytest.mark.parametrize(("variation", "expected"), [(0.0, 1.0), (0.05, 1.6)])
def test_some_days_are_busier_than_chance_makes_them(variation: float, expected: float) -> None:
    """Counts of 4 hours have variance over mean 1, and 1 + mean x variation^2 with variation."""
    flat = {
        "by_hour_of_day": [1] * 24,
        "by_day_of_week": [1] * 7,
        "unit": "share",
        "assumed": "for a test",
    }
    parameters = changed(
        emergency__profile=flat,
        emergency__summer_rise=assumed(0),
        emergency__day_variation=assumed(variation),
        forces__hampshire__calls_a_year_999=assumed(60 * 24 * 365.25),
    )
    calls = base_calls(parameters, "hampshire", london(2026, 1, 1), london(2026, 12, 31), STREAMS)
    at = calls.at_seconds[calls.line == EMERGENCY]

    counts = np.histogram(at, bins=np.arange(0, 364 * DAY + 1, 4 * HOUR))[0]

    # With 364 factors of a day, the variance of the factors is known to a tenth or so.
    assert counts.var() / counts.mean() == pytest.approx(expected, abs=0.15)


def test_summer_has_the_handlers_for_its_calls() -> None:
    """A roster that follows summer has more handlers then, and as many hours over the year."""
    flat = changed(forces__hampshire__roster_follows_summer=assumed(0))
    year, summer = (
        sum(handlers_by_hour(PARAMETERS, "hampshire", is_summer=each)) for each in (False, True)
    )
    level, in_summer = (
        sum(handlers_by_hour(flat, "hampshire", is_summer=each)) for each in (False, True)
    )

    assert level == in_summer
    assert year < level < summer
    assert (273.25 * year + 92 * summer) / 365.25 == pytest.approx(level, rel=0.01)


def test_handlers_are_the_load_over_the_occupancy() -> None:
    """36 calls an hour of 10 minutes keep 6 handlers busy: 8 on duty at 75%."""
    flat = {
        "by_hour_of_day": [1] * 24,
        "by_day_of_week": [1] * 7,
        "unit": "share",
        "assumed": "for a test",
    }
    parameters = changed(
        emergency__profile=flat,
        non_emergency__profile=flat,
        forces__hampshire__calls_a_year_999=assumed(0),
        forces__hampshire__calls_a_year_101=assumed(36 * 24 * 365.25),
        forces__hampshire__occupancy_target=assumed(0.751),
        forces__hampshire__handlers_min=assumed(1),
        non_emergency__handling__seconds_mean=assumed(720),
        update_calls__handling__seconds_mean=assumed(120),
    )

    assert handlers_by_hour(parameters, "hampshire") == [8] * 168


@pytest.mark.parametrize("force", FORCES)
def test_the_defaults_make_a_centre_that_copes(force: str) -> None:
    """Fully staffed for its load, 1 to 10% of 101 calls are abandoned and under 4% of 999."""
    start, end = london(2026, 2, 2), london(2026, 3, 30)
    base = base_calls(PARAMETERS, force, start, end, STREAMS)
    reports = base.at_seconds[base.line == NON_EMERGENCY]
    asking = update_calls(reports[::4], PARAMETERS, force, STREAMS)
    calls = merge(base, asking)
    desk = Desk(roster=handlers_by_hour(PARAMETERS, force), start=start)

    abandoned = join_outcomes(desk.run(calls), desk.finish()).abandoned

    assert 0.01 < abandoned[calls.line == NON_EMERGENCY].mean() < 0.10
    assert abandoned[calls.line == EMERGENCY].mean() < 0.04


# --- Extreme values ---


def test_nobody_worries_and_nobody_rings() -> None:
    """No worry moments make no update calls, and no volume no calls at all."""
    silent = changed(
        forces__hampshire__calls_a_year_999=assumed(0),
        forces__hampshire__calls_a_year_101=assumed(0),
    )

    assert len(update_calls(np.array([]), PARAMETERS, "hampshire", STREAMS)) == 0
    assert (
        len(base_calls(silent, "hampshire", london(2026, 1, 1), london(2026, 2, 1), STREAMS)) == 0
    )
    assert handlers_by_hour(silent, "hampshire") == [6] * 168


# --- Deterministic ---


def test_one_seed_makes_one_set_of_calls() -> None:
    """The same seed gives the same calls; another seed, or another force, others."""
    start, end = london(2026, 1, 5), london(2026, 1, 6)

    first, again, other_seed, other_force = (
        rows(base_calls(PARAMETERS, force, start, end, Streams(seed)))
        for force, seed in (
            ("hampshire", 1),
            ("hampshire", 1),
            ("hampshire", 2),
            ("thames_valley", 1),
        )
    )

    assert first == again
    assert not set(first) & set(other_seed)
    assert not set(first) & set(other_force)


def test_a_change_to_one_line_leaves_the_other_unmoved() -> None:
    """With twice as many 999 calls, every 101 call stays the same."""
    more = changed(forces__hampshire__calls_a_year_999=assumed(720_000))
    span = (london(2026, 1, 5), london(2026, 1, 12))

    before, after = (
        base_calls(parameters, "hampshire", *span, STREAMS) for parameters in (PARAMETERS, more)
    )

    assert rows(before[before.line == NON_EMERGENCY]) == rows(after[after.line == NON_EMERGENCY])
