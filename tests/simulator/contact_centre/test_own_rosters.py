"""A force's own staffing: a headcount by half-hour, or full-time equivalents on its shifts."""

import tomllib
from pathlib import Path
from typing import Any

import msgspec
import pytest
import tomli_w
from hypothesis import given
from hypothesis import strategies as st

from simulator.contact_centre.centre import answer_calls
from simulator.contact_centre.own_rosters import times_handlers
from simulator.contact_centre.rosters import first_desk, handlers_by_hour, week_over_the_year
from simulator.contact_centre.staffing import ContactCentreParameters, read_parameters
from simulator.errors import BadInput
from simulator.files.paths import ROOT
from tests.simulator.contact_centre.test_centre import START, calls_of_a_week
from tests.simulator.contact_centre.test_staffing import FILE, PARAMETERS, assumed, changed

SAID = {"unit": "handlers on the phones", "assumed": "for a test"}
DAY, QUIET = [4] * 14 + [17] * 34, [3] * 48
EQUIVALENTS = {"full_time_equivalents": assumed(120), "hours_a_week": assumed(37)}


def with_roster(roster: dict[str, Any], **changes: Any) -> ContactCentreParameters:
    """The parameters in which Hampshire has this roster in place of an occupancy."""
    raw: dict[str, Any] = msgspec.to_builtins(changed(**changes))
    raw["forces"]["hampshire"] |= {"occupancy_target": None, "roster": roster}
    return msgspec.convert(raw, ContactCentreParameters)


def test_a_headcount_is_on_duty_as_it_is_written() -> None:
    """Monday to Friday as weekdays, then two days as weekends; summer has its own."""
    headcount = {"weekdays": DAY, "weekends": QUIET, **SAID}
    summer = {"weekdays": [9] * 48, **SAID}
    parameters = with_roster({"headcount": headcount, "summer_headcount": summer})

    assert first_desk(parameters, "hampshire").on_duty == DAY * 5 + QUIET * 2
    assert first_desk(parameters, "hampshire", is_summer=True).on_duty == [9] * 336
    other = [first_desk(each, "thames_valley").on_duty for each in (parameters, PARAMETERS)]
    assert other[0] == other[1]


def test_the_same_headcount_answers_every_call_alike() -> None:
    """Today's handlers written down as a headcount change no call's wait."""
    by_hour = handlers_by_hour(PARAMETERS, "hampshire")
    week = [each for each in by_hour for _half in range(2)]
    days = [week[day * 48 : day * 48 + 48] for day in range(7)]
    assert days[0] != days[5], "days differ, so that weekdays and weekends are told apart"
    calls = calls_of_a_week(PARAMETERS)
    flat = with_roster({"headcount": {"weekdays": days[0], "weekends": days[0], **SAID}})
    monday = calls[calls.at_seconds < 86_400]

    mine, _second = answer_calls(monday, flat, "hampshire", START)
    todays, _second = answer_calls(monday, PARAMETERS, "hampshire", START)

    assert mine.outcomes.wait_seconds.tolist() == todays.outcomes.wait_seconds.tolist()


def test_shifts_cover_a_headcount() -> None:
    """Where shifts are in use, no half-hour has fewer on the phones than the headcount says."""
    parameters = with_roster({"headcount": {"weekdays": DAY, **SAID}}, shifts__in_use=True)

    week = first_desk(parameters, "hampshire")
    assert all(here >= wanted for here, wanted in zip(week.on_duty, DAY * 7, strict=True))
    assert week.starts


def test_full_time_equivalents_are_rostered_as_many_as_were_given() -> None:
    """120 of 37 hours are paid over the year, to a shift; more in summer, when more ring 999."""
    parameters = with_roster(EQUIVALENTS, shifts__in_use=True)

    usual, summer = (first_desk(parameters, "hampshire", is_summer=each) for each in (False, True))
    _at_work, rostered = week_over_the_year(parameters, "hampshire")
    assert rostered == pytest.approx(120 * 37, abs=9)
    assert usual.hours_rostered is not None
    assert summer.hours_rostered is not None
    assert summer.hours_rostered > 1.05 * usual.hours_rostered
    # They are where the calls are: most at five in the afternoon, fewest at four in the morning.
    tuesday = usual.on_duty[48:96]
    assert min(tuesday) > 0
    assert tuesday[34] > 1.5 * tuesday[8]


def test_full_time_equivalents_lose_no_more_calls_than_a_rota_of_as_many() -> None:
    """As many people as the rota for today's load has, spread by the load, serve as well."""
    shifts = changed(shifts__in_use=True)
    _at_work, rostered = week_over_the_year(shifts, "hampshire")
    people = {"full_time_equivalents": assumed(rostered / 37), "hours_a_week": assumed(37)}
    spread = with_roster(people, shifts__in_use=True)
    calls = calls_of_a_week(shifts)

    lost = [
        answer_calls(calls, each, "hampshire", START)[0].outcomes.abandoned.mean()
        for each in (spread, shifts)
    ]
    assert lost[0] <= lost[1]


@pytest.mark.parametrize("factor", [0.9, 0.95, 1.05])
@pytest.mark.parametrize("shifts", [False, True])
@pytest.mark.parametrize("roster", [None, {"headcount": {"weekdays": DAY, **SAID}}])
def test_a_factor_rosters_so_many_times_the_hours(
    factor: float,
    shifts: bool,  # noqa: FBT001  a parameter of the test
    roster: dict[str, Any] | None,
) -> None:
    """Whole handlers, and yet the week has as many hours as it should, to a shift."""
    make = changed if roster is None else lambda **each: with_roster(roster, **each)
    before, after = (
        week_over_the_year(make(shifts__in_use=shifts, handlers_factor=each), "hampshire")[1]
        for each in (assumed(1), assumed(factor))
    )

    assert after == pytest.approx(factor * before, abs=9)


def test_a_force_may_have_a_factor_of_its_own() -> None:
    """What it says stands in place of the common factor."""
    parameters = changed(
        handlers_factor=assumed(0.9), forces__hampshire__handlers_factor=assumed(1)
    )

    assert parameters.factor_of("hampshire") == 1
    assert parameters.factor_of("thames_valley") == 0.9
    assert first_desk(parameters, "hampshire") == first_desk(PARAMETERS, "hampshire")


@given(st.lists(st.integers(0, 60), min_size=1, max_size=336), st.floats(0.5, 2))
def test_handlers_are_whole_and_their_sum_is_kept(handlers: list[int], factor: float) -> None:
    """Half-hours take from and give to one another, and nobody comes where nobody was."""
    found = times_handlers(handlers, factor, 0)

    assert abs(sum(found) - factor * sum(handlers)) <= 1
    assert all(not here for here, before in zip(found, handlers, strict=True) if not before)


def test_the_page_shows_tables_that_can_be_pasted() -> None:
    """Each block of docs/planning.md with a roster is read as a force's roster."""
    page = (ROOT / "docs" / "planning.md").read_text(encoding="utf-8")
    blocks = [each.split("```")[0] for each in page.split("```toml")[1:]]
    shown = [tomllib.loads(each) for each in blocks if ".roster." in each]

    assert len(shown) == 2
    for each in shown:
        roster = each["forces"]["hampshire"]["roster"]
        assert first_desk(with_roster(roster, shifts__in_use=True), "hampshire").on_duty


HEADCOUNT = {"weekdays": DAY, **SAID}
WRONG: list[tuple[dict[str, Any], str]] = [
    ({"headcount": HEADCOUNT | {"weekdays": DAY[1:]}}, "weekdays has 47 numbers; give 48"),
    ({"headcount": HEADCOUNT | {"weekdays": [-1, *DAY[1:]]}}, "weekdays has -1 at 00:00; give 0"),
    ({"headcount": HEADCOUNT | {"weekends": [0.5] * 48}}, r"weekends\[0\].*whole number"),
    ({"headcount": HEADCOUNT | {"weekdays": [0] * 48}}, "all numbers are 0; put at least one"),
    ({}, "roster has neither of headcount and full_time_equivalents; give one"),
    ({"headcount": HEADCOUNT, **EQUIVALENTS}, "roster has both of headcount and full"),
    ({"full_time_equivalents": assumed(120)}, "hours_a_week belong together; give both"),
    (
        EQUIVALENTS | {"full_time_equivalents": assumed(0)},
        "full_time_equivalents: value is 0; give a number above 0",
    ),
    (EQUIVALENTS | {"summer_headcount": HEADCOUNT}, "summer_headcount is beside full_time"),
    (EQUIVALENTS, "full_time_equivalents work shifts, and shifts.in_use is false; change it"),
]


@pytest.mark.parametrize(("roster", "words"), WRONG)
def test_a_wrong_roster_is_refused(tmp_path: Path, roster: dict[str, Any], words: str) -> None:
    """The error names the file, the force, the field, the value and how to mend it."""
    raw = tomllib.loads(FILE.read_text(encoding="utf-8"))
    del raw["forces"]["hampshire"]["occupancy_target"]
    raw["forces"]["hampshire"]["roster"] = roster
    file = tmp_path / "contact-centre.toml"
    file.write_text(tomli_w.dumps(raw), encoding="utf-8")

    with pytest.raises(BadInput, match=rf"contact-centre\.toml: .*hampshire.*{words}"):
        read_parameters(file)


def test_an_occupancy_or_a_roster_is_given() -> None:
    """Both at once are refused, as nobody could tell which counts; and so is neither."""
    roster = {"headcount": HEADCOUNT}
    for fields, words in (
        ({"forces__hampshire__roster": roster}, "both of occupancy_target and roster are there"),
        ({"forces__hampshire__occupancy_target": None}, "neither of occupancy_target and roster"),
        (
            {"handlers_factor": assumed(0)},
            "value is 0; give a number above 0 - at .*handlers_factor",
        ),
    ):
        with pytest.raises(msgspec.ValidationError, match=words):
            changed(**fields)
