"""Worries: when victims would ring for news, and which of them a look at the portal settles."""

from dataclasses import fields, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from simulator.files.checked_toml import Amount
from simulator.force.crime_journey import read_journey
from simulator.force.crimes import make_crimes
from simulator.force.figures import load_figures
from simulator.rehearsal.plan import make_plan, seconds_until
from simulator.rehearsal.rollout import read_rollout
from simulator.rehearsal.worries import (
    CLOSURE,
    ORDINARY,
    SILENCE,
    TOO_MANY,
    UNTOLD,
    CrimeCourses,
    Worries,
    WorryParameters,
    arises_with_portal,
    crime_courses,
    is_settled_by_portal,
    make_worries,
    may_be_calmed,
)
from simulator.streams import Streams
from tests.simulator.real_files import ROLLOUT
from tests.simulator.rehearsal.small import write_small

PARAMETERS = read_rollout(ROLLOUT).worry
HOUR, DAY = 3600, 86_400
CRIMES = 20_000


def courses(count: int = CRIMES) -> CrimeCourses:
    """Make crimes of ten weeks; three in four end, after 5 or 40 days; one in ten weighs more."""
    numbers = np.arange(count)
    recorded = np.sort(np.random.default_rng(1).integers(0, 70 * DAY, count))
    after = np.where(numbers % 2, 5, 40) * DAY
    return CrimeCourses(
        recorded=recorded,
        heard=np.stack([recorded, recorded + DAY]),
        ended=np.where(numbers % 4 == 3, -1, recorded + after),
        times=np.where(numbers % 10 == 0, 3.0, 1.0),
    )


def worries(
    parameters: WorryParameters = PARAMETERS, *, seed: int = 1, count: int = CRIMES
) -> Worries:
    """Draw the worries of many crimes."""
    return make_worries(courses(count), parameters, Streams(seed))


def changed(**values: float) -> WorryParameters:
    """Change some numbers of the rollout."""
    return structs.replace(
        PARAMETERS,
        **{
            name: structs.replace(getattr(PARAMETERS, name), value=value)
            for name, value in values.items()
        },
    )


@pytest.fixture(scope="module")
def many() -> Worries:
    """Worries with the real rollout's numbers."""
    return worries()


def test_their_number_follows_the_rollout(many: Worries) -> None:
    """On average each crime has the rollout's number of moments, and some have several."""
    arising = many[many.arises]
    assert len(arising) / CRIMES == pytest.approx(PARAMETERS.moments_mean.value, rel=0.03)
    assert np.bincount(arising.row).max() >= 3


def test_they_are_in_order_and_belong_to_the_crimes(many: Worries) -> None:
    """There is one row a moment, by time, each of a given crime."""
    columns = [getattr(many, each.name) for each in fields(many)]
    assert {len(each) for each in columns} == {len(many)}
    assert (np.diff(many.at_seconds) >= 0).all()
    assert set(many.row.tolist()) <= set(range(CRIMES))


def test_nobody_asks_for_news_at_once(many: Worries) -> None:
    """Within the first hour after the report nobody rings for news of it."""
    assert (many.at_seconds >= courses().recorded[many.row] + HOUR).all()


def test_their_mean_wait_follows_the_rollout(many: Worries) -> None:
    """The mean wait of ordinary worries is the rollout's, within a day."""
    ordinary = many[many.cause == ORDINARY]
    waited = (ordinary.at_seconds - courses().recorded[ordinary.row]) / DAY

    assert waited.mean() == pytest.approx(PARAMETERS.days_mean.value, abs=0.7)


def test_causes_share_out_the_calls(many: Worries) -> None:
    """Silence and closure have the rollout's shares, and the total stays the published one."""
    arising = many[many.arises]
    shares = np.bincount(arising.cause, minlength=3) / len(arising)

    expected = (PARAMETERS.from_silence.value, PARAMETERS.from_closure.value)
    assert shares[[SILENCE, CLOSURE]] == pytest.approx(expected, abs=0.02)
    only_silence = worries(changed(from_silence=1, from_closure=0))
    assert set(only_silence.cause[only_silence.arises].tolist()) == {SILENCE}
    assert only_silence.arises.sum() / len(arising) == pytest.approx(1, abs=0.05)


def test_silence_worries_only_while_nothing_happens(many: Worries) -> None:
    """It begins two weeks after the last event; a case closed within five days never is silent."""
    silent, all_courses = many[(many.cause == SILENCE) & many.arises], courses()
    days = (silent.at_seconds - all_courses.heard[-1][silent.row]) / DAY
    ended = all_courses.ended[silent.row]

    assert days.min() >= PARAMETERS.silence_days.value - 1
    assert days.max() <= PARAMETERS.silence_days.value + 57
    assert (silent.at_seconds[ended >= 0] <= ended[ended >= 0] + DAY).all()
    is_quick = (np.arange(CRIMES) % 4 == 1)[silent.row]
    assert not is_quick.any()


def test_the_end_worries_soon_after_it(many: Worries) -> None:
    """Only crimes that ended, and within days."""
    ended = many[many.cause == CLOSURE]
    days = (ended.at_seconds - courses().ended[ended.row]) / DAY

    assert (courses().ended[ended.row] >= 0).all()
    assert days.mean() == pytest.approx(PARAMETERS.closure_days_mean.value, abs=0.5)
    assert days.min() >= -1


def test_victims_of_some_offences_ring_more(many: Worries) -> None:
    """Three times as often, where a crime weighs three times."""
    counts = np.bincount(many[many.cause == ORDINARY].row, minlength=CRIMES)
    heavy = np.arange(CRIMES) % 10 == 0

    assert counts[heavy].mean() / counts[~heavy].mean() == pytest.approx(3, rel=0.1)


def test_an_offence_weighs_as_the_rollout_says() -> None:
    """Each crime's weight is that of its subgroup, and its end that of the journey."""
    crimes = make_crimes(
        figures=load_figures(),
        start=date(2026, 6, 1),
        end=date(2026, 6, 3),
        journey=read_journey(),
        streams=Streams(1),
    )
    found = crime_courses(crimes, PARAMETERS)

    subgroups = np.array([crimes.offence_of(row).subgroup for row in range(len(crimes))])
    assert set(found.times[subgroups == "Residential burglary"].tolist()) == {1.5}
    assert set(found.times[subgroups == "Shoplifting"].tolist()) == {0.25}
    assert set(found.times[subgroups == "Vehicle offences"].tolist()) == {1.0}
    closed = crimes.seconds["CrimeClosed"] >= 0
    assert np.array_equal(found.ended[closed], crimes.seconds["CrimeClosed"][closed])
    assert (found.heard[0] == found.recorded).all()
    assert (np.diff(found.heard, axis=0) >= 0).all()
    assert (found.heard[-1] < found.ended)[found.ended >= 0].all()


def test_news_calms_every_worry_but_that_of_the_end(many: Worries) -> None:
    """About the rollout's share of other worries would not arise; none of those of the end."""
    calmed = may_be_calmed(many, PARAMETERS)

    assert not calmed[many.cause == CLOSURE].any()
    others = calmed[many.cause != CLOSURE].mean()
    assert others == pytest.approx(PARAMETERS.news_calms.value, abs=0.02)


def test_more_silence_and_closure_than_there_are_calls_are_refused() -> None:
    """Shares of one whole are at most that."""
    with pytest.raises(ValueError, match="from_silence and from_closure are over 1 together"):
        changed(from_silence=0.7, from_closure=0.4)


def test_people_ring_when_they_are_awake(many: Worries) -> None:
    """No moment is at night, even if the crime was reported in the evening."""
    of_day = many.at_seconds % DAY

    assert ((of_day >= 8 * HOUR) & (of_day < 21 * HOUR)).all()


def test_the_draws_are_between_0_and_1_and_independent(many: Worries) -> None:
    """The draws are uniform and independent."""
    draws = np.stack([many.calmed, many.looks, many.answered, many.asks, many.thinned])

    assert ((draws >= 0) & (draws < 1)).all()
    assert draws.mean(axis=1) == pytest.approx([0.5] * 5, abs=0.02)
    assert np.abs(np.corrcoef(draws) - np.eye(5)).max() < 0.03


def test_the_same_seed_has_the_same_worries() -> None:
    """One seed gives the same worries; another seed gives others."""
    one, same, other = worries(), worries(), worries(seed=2)

    assert one.at_seconds.tolist() == same.at_seconds.tolist()
    assert one.looks.tolist() == same.looks.tolist()
    assert one.at_seconds.tolist() != other.at_seconds.tolist()


def test_what_victims_do_changes_no_draw() -> None:
    """Moments, and what each needs to arise, do not depend on the portal: runs can be compared."""
    other = changed(looks_at_portal_first=0.0, finds_answer=1.0, news_calms=0.0)

    assert worries(other).at_seconds.tolist() == worries().at_seconds.tolist()
    assert worries(other).needs.tolist() == worries().needs.tolist()
    assert worries(other).answered.tolist() == worries().answered.tolist()


def test_what_only_a_portal_makes_changes_no_other_worry(many: Worries) -> None:
    """Other numbers for too many messages leave all that arises without a portal as it was."""
    others = many[many.cause != TOO_MANY]
    fewer = worries(changed(too_many_worries=0.0))

    for each in fields(others):
        assert getattr(fewer, each.name).tolist() == getattr(others, each.name).tolist()


def heard_once(count: int = 40_000) -> CrimeCourses:
    """Make crimes that stay open, of which nobody tells their victims anything after the report."""
    recorded = np.zeros(count, dtype=np.int64)
    ended = np.full(count, -1, dtype=np.int64)
    return CrimeCourses(recorded, recorded[np.newaxis], ended, np.ones(count))


def test_worry_grows_with_silence() -> None:
    """From two weeks on as a straight line for four weeks, and then it stays: 1, 3, 4, 4."""
    parameters = changed(from_silence=1, from_closure=0, silence_days=14, silence_grows_days=28)
    found = make_worries(heard_once(), parameters, Streams(1))
    days = found.at_seconds[found.arises & (found.cause == SILENCE)] / DAY

    counts = np.histogram(days, bins=[14, 28, 42, 56, 70])[0]
    assert counts / counts[-1] == pytest.approx([0.25, 0.75, 1, 1], abs=0.05)
    assert days.min() > 14


@pytest.mark.parametrize("grows", [0, 10, 28, 56])
def test_however_it_grows_there_are_as_many_without_a_portal(grows: int) -> None:
    """The published share of calls to 101 is kept: another course of silence moves none of it."""
    parameters = changed(silence_grows_days=grows, from_silence=0.6, from_closure=0)
    for given_courses in (courses(), heard_once(20_000)):
        found = make_worries(given_courses, parameters, Streams(1))
        assert found.arises.sum() / len(given_courses) == pytest.approx(
            PARAMETERS.moments_mean.value, rel=0.03
        )


def test_real_crimes_make_as_many_update_calls_as_were_published() -> None:
    """With all that happens in a case, and at the rollout's numbers, they stay those derived."""
    crimes = make_crimes(
        figures=load_figures(),
        start=date(2026, 6, 1),
        end=date(2026, 7, 13),
        journey=read_journey(),
        streams=Streams(1),
    )
    found = make_worries(crime_courses(crimes, PARAMETERS), PARAMETERS, Streams(1))

    arising = found[found.arises]
    assert len(arising) / len(crimes) == pytest.approx(PARAMETERS.moments_mean.value, rel=0.02)
    share = (arising.cause == SILENCE).mean()
    assert share == pytest.approx(PARAMETERS.from_silence.value, abs=0.01)
    assert TOO_MANY not in arising.cause


@given(
    index=st.integers(0, 4000),
    silent=st.integers(0, 200 * DAY),
    longer=st.integers(0, 200 * DAY),
    messages=st.integers(0, 30),
    more=st.integers(0, 30),
)
def test_a_worry_that_arises_also_does_with_more_cause(
    many: Worries, index: int, silent: int, longer: int, messages: int, more: int
) -> None:
    """Longer silence or more messages take no worry away; without a portal it is as it was."""
    less = arises_with_portal(many, index, silent_seconds=silent, messages=messages, has_ended=True)
    most = arises_with_portal(
        many, index, silent_seconds=silent + longer, messages=messages + more, has_ended=True
    )

    assert less <= most
    before = arises_with_portal(many, index, silent_seconds=None, messages=0, has_ended=True)
    assert before == many.arises[index]


def test_the_portal_alone_decides_of_silence_and_of_too_many(many: Worries) -> None:
    """Just told, nobody worries of silence; ten silent weeks worry all; six messages nobody."""
    silent, too_many = (np.flatnonzero(many.cause == each).tolist() for each in (SILENCE, TOO_MANY))

    def arise(which: list[int], silent_days: int, messages: int) -> float:
        seconds = silent_days * DAY
        return float(
            np.mean(
                [
                    arises_with_portal(
                        many, each, silent_seconds=seconds, messages=messages, has_ended=True
                    )
                    for each in which[:2000]
                ]
            )
        )

    assert [arise(silent, days, 0) for days in (0, 14, 70)] == [0, 0, 1]
    assert arise(silent, 28, 0) == pytest.approx(0.5, abs=0.05)
    assert [arise(too_many, 0, each) for each in (0, 6, 13)] == [0, 0, 1]
    assert arise(too_many, 0, 9) == pytest.approx(0.5, abs=0.05)


def test_silence_goes_on_after_the_end_until_the_victim_is_told(many: Worries) -> None:
    """Who heard last before the end worries; who has heard since does not, nor without a portal.

    Nor does anybody whose case went on as another: no end was recorded.
    """
    untold, every = many.cause == UNTOLD, courses()
    since_end = many.at_seconds - every.ended[many.row]
    longest = (many.at_seconds - every.recorded[many.row])[untold] / DAY

    def arises(silent_seconds: np.ndarray[Any, Any], *, has_ended: bool = True) -> list[bool]:
        return [
            arises_with_portal(
                many, index, silent_seconds=int(silent), messages=0, has_ended=has_ended
            )
            for index, silent in list(enumerate(silent_seconds))
            if untold[index]
        ]

    assert not many.arises[untold].any()
    assert (every.ended[many.row][untold] >= 0).all()
    assert longest.min() >= PARAMETERS.silence_days.value - 1
    assert longest.max() <= PARAMETERS.silence_days.value + 58
    grown = PARAMETERS.silence_days.value + PARAMETERS.silence_grows_days.value
    before_it = np.maximum(since_end, grown * DAY) + 1
    assert all(arises(before_it))
    assert not any(arises(before_it, has_ended=False))
    assert not any(arises(since_end))


def test_silence_after_the_end_worries_as_often_as_before_it() -> None:
    """Crimes that end after 5 days have as many moments as if they had stayed open."""
    open_crimes = heard_once()
    ended = replace(open_crimes, ended=open_crimes.ended + 1 + 5 * DAY)
    parameters = changed(from_silence=0.5, from_closure=0)
    # Half of the crimes stay open: those give the measure.
    half = CrimeCourses(
        np.tile(open_crimes.recorded, 2),
        np.tile(open_crimes.heard, 2),
        np.concatenate([open_crimes.ended, ended.ended]),
        np.tile(open_crimes.times, 2),
    )
    found = make_worries(half, parameters, Streams(1))

    silent = (found.cause == SILENCE).sum()
    assert (found.cause == UNTOLD).sum() == pytest.approx(silent, rel=0.02)
    assert (found.row[found.cause == SILENCE] < len(open_crimes)).all()


def test_more_worry_than_a_run_can_draw_is_refused() -> None:
    """The highest rates are drawn for every crime."""
    with pytest.raises(ValueError, match="silence_grows_days is 57; give 56 or fewer"):
        changed(silence_grows_days=57)
    with pytest.raises(ValueError, match="too_many_worries times too_many_most is over 1 a week"):
        changed(too_many_worries=0.5, too_many_most=3)


def test_no_worry_of_a_rehearsal_comes_after_its_end(tmp_path: Path) -> None:
    """Of those nothing can become, and they would make the share that a portal settles smaller."""
    path = write_small(tmp_path)
    plan = make_plan(read_rollout(path), path, seed=1, fraction=0.0)
    ended = seconds_until(plan.periods[-1].ends, plan.population.crimes.start)

    assert ended - 2 * DAY < plan.worries.at_seconds.max() < ended
    assert len(worries().before(30 * DAY)) == (worries().at_seconds < 30 * DAY).sum()


def test_without_worries_nobody_rings() -> None:
    """No crimes, or a mean of 0, make no worries and no error: what is left, a portal makes."""
    nobody = structs.replace(PARAMETERS, moments_mean=Amount(0.0, "calls", assumed="a test"))

    assert set(worries(nobody).cause.tolist()) == {TOO_MANY}
    assert not worries(nobody).arises.any()
    assert len(worries(count=0)) == 0


@given(
    draw=st.floats(0, 1, exclude_max=True),
    finds=st.floats(0, 1),
    content=st.floats(0, 1),
    has_news=st.booleans(),
)
def test_news_or_none_decides_which_share_counts(
    draw: float, finds: float, content: float, *, has_news: bool
) -> None:
    """A look settles a worry if its draw is below the share that applies."""
    one = np.array([draw])
    there = Worries(
        np.array([0]), np.array([0]), np.array([0], np.int8), np.array([True]), *[one] * 6
    )
    parameters = structs.replace(
        PARAMETERS,
        finds_answer=structs.replace(PARAMETERS.finds_answer, value=finds),
        content_without_news=structs.replace(PARAMETERS.content_without_news, value=content),
    )

    settled = is_settled_by_portal(there, 0, has_news=has_news, parameters=parameters)

    assert settled == (draw < (finds if has_news else content))
