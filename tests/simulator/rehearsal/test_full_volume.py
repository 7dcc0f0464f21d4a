"""Full volume: calls are thinned, not copied, so a small sample does not bend the queue."""

from datetime import datetime, timedelta
from functools import cache
from math import sqrt

import numpy as np
import pytest
from msgspec import structs
from numpy.typing import NDArray

from simulator.clock import LONDON
from simulator.contact_centre.staffing import ContactCentreParameters, read_parameters
from simulator.rehearsal.call_comparison import CallComparison, ForceCalls
from simulator.rehearsal.full_volume import (
    KINDS,
    Told,
    calls_saved,
    kinds_of_worry,
    made_by_victim,
    prompted_calls,
    refusal,
    settled_error,
    settled_shares,
    who_rings,
)
from simulator.rehearsal.rollout import read_rollout
from simulator.rehearsal.worries import CrimeCourses, Worries, WorryParameters, make_worries
from simulator.streams import Streams
from tests.simulator.real_files import CENTRE, ROLLOUT

WORRY = read_rollout(ROLLOUT).worry
DAY, WEEK = 86_400, 7 * 86_400
# Silence worries until ten weeks after the last event: before that there are fewer.
WARM_UP, WEEKS = 10, 24
START = datetime(2026, 1, 5, tzinfo=LONDON)
EDGES = [float(WEEK * each) for each in range(WARM_UP, WEEKS + 1)]
CRIMES = 424 * 7 * WEEKS  # Hampshire's, a day
FRACTIONS = (0.01, 0.05, 1.0)


def ringing(share: float) -> WorryParameters:
    """Have this share of messages to those who have not signed in make a call."""
    return structs.replace(
        WORRY, message_makes_call=structs.replace(WORRY.message_makes_call, value=share)
    )


@cache
def worries() -> Worries:
    """Make the worries of one force's crimes over half a year."""
    recorded = np.sort(np.random.default_rng(1).integers(0, WEEKS * WEEK, CRIMES))
    ended = recorded + np.random.default_rng(2).integers(1, 60, CRIMES) * DAY
    heard = np.stack([recorded, recorded + DAY // 2])
    courses = CrimeCourses(recorded, heard, ended, np.ones(CRIMES))
    return make_worries(courses, WORRY, Streams(1))


@cache
def centre() -> ContactCentreParameters:
    """Read the contact centre."""
    return read_parameters(CENTRE)


@cache
def kinds() -> NDArray[np.intp]:
    """Group the worries: half of the victims are invited, and three in ten may sign in."""
    drawn = np.random.default_rng(3).random(CRIMES)[worries().row]
    return kinds_of_worry(worries(), drawn < 0.5, drawn < 0.3, WORRY)


@cache
def truth() -> NDArray[np.bool_]:
    """Say who rings where every crime goes through the portal: not by kind of worry alone."""
    settled = [0, 0, 0.7, 0.6, 0.5, 0.1, 0.5, 0.8, 0.75, 0.7, 0.3]
    chance = np.array([*settled, -0.4, -0.05, -0.1, -0.2])[kinds()]
    late = worries().at_seconds % DAY > 18 * 3600
    drawn = np.random.default_rng(4).random(len(kinds()))
    rings: NDArray[np.bool_] = drawn < worries().arises - chance * np.where(late, 0.8, 1)
    return rings


def at_full_volume(fraction: float) -> NDArray[np.bool_]:
    """Say who rings, if only a share of the crimes went through the portal."""
    followed_crimes = np.random.default_rng(5).random(CRIMES) < fraction
    followed = np.flatnonzero(followed_crimes[worries().row])
    phases = np.full(len(kinds()), 2)
    return who_rings(worries(), kinds(), phases, followed=followed, followed_rang=truth()[followed])


@cache
def calls(fraction: float) -> ForceCalls:
    """Answer Hampshire's calls with the portal."""
    run = CallComparison(
        centre(),
        "hampshire",
        start=START,
        end=START + timedelta(weeks=WEEKS),
        moments=worries().at_seconds,
        arises=worries().arises,
        streams=Streams(1),
    )
    return run.with_portal(at_full_volume(fraction), np.empty(0, dtype=np.int64), EDGES)


def dispersion(moments: NDArray[np.int64]) -> float:
    """Divide the variance of hourly counts by their mean, over weeks of one hour of the week."""
    weeks = len(EDGES) - 1
    hourly = np.histogram(moments, bins=np.arange(EDGES[0], EDGES[-1] + 1, 3600))[0]
    by_week = hourly.reshape(weeks, -1)
    busy = by_week[:, by_week.mean(axis=0) > 1]
    return float(busy.var(axis=0, ddof=1).mean() / busy.mean())


@pytest.mark.parametrize("fraction", FRACTIONS)
def test_hourly_calls_vary_as_calls_of_strangers_do(fraction: float) -> None:
    """Variance over mean is 0.9 to 1.1 whatever share of the crimes is followed."""
    assert 0.9 < dispersion(worries().at_seconds[at_full_volume(fraction)]) < 1.1


def test_copied_calls_would_not_vary_so() -> None:
    """The check can fail: a call copied 100 times over a week has many times the variance."""
    sample = worries().at_seconds[::100]
    copied = np.repeat(sample // 3600 * 3600, 100)
    days = np.random.default_rng(1).integers(0, 7, len(copied))

    assert dispersion(copied + days * DAY) > 5


@pytest.mark.parametrize("fraction", [0.01, 0.05])
@pytest.mark.parametrize("line", [0, 1])
def test_abandonment_is_that_of_full_volume(fraction: float, line: int) -> None:
    """By line, within 3 standard errors of the weeks' differences."""
    found, whole = (
        np.array([each.abandoned_share for each in calls(each).levels[line::2]], dtype=np.float64)
        for each in (fraction, 1.0)
    )
    differences = found - whole
    error = differences.std(ddof=1) / sqrt(len(differences))

    assert abs(differences.mean()) <= 3 * error + 1e-12


@pytest.mark.parametrize("fraction", [0.05, 1.0])
def test_as_many_are_settled_as_of_all(fraction: float) -> None:
    """The number of calls saved is that of full volume, to what a sample of its size allows."""
    saved = calls_saved(worries(), truth())
    # Calls saved and calls made are both known from a sample alone.
    changed = np.abs(saved).sum()
    error = sqrt(changed / fraction) if fraction < 1 else 0.5

    found = calls_saved(worries(), at_full_volume(fraction))
    assert saved.sum() > 0 > saved.min()
    assert abs(int(found.sum()) - int(saved.sum())) < 3 * error


def test_worries_that_only_a_portal_makes_become_calls_as_often_as_alike_ones() -> None:
    """Nobody rings for them who is not invited, and of the others as many as of the followed."""
    found = at_full_volume(0.05)
    new = ~worries().arises
    assert not found[new & (kinds() == 0)].any()
    for kind in (KINDS - 3, KINDS - 2, KINDS - 1):
        mine = new & (kinds() == kind)
        assert mine.sum() > 1000
        error = sqrt(truth()[mine].mean() / (0.05 * mine.sum()))
        assert found[mine].mean() == pytest.approx(truth()[mine].mean(), abs=3 * error)


def test_what_a_followed_victim_did_is_kept() -> None:
    """Nobody's known call is drawn again."""
    rings = at_full_volume(0.05)
    followed = np.random.default_rng(5).random(CRIMES)[worries().row] < 0.05

    assert np.array_equal(rings[followed], truth()[followed])


def test_no_portal_settles_a_worry_before_it_is_live() -> None:
    """In phase 0 everybody rings."""
    phases = np.zeros(4, dtype=np.intp)
    settled = settled_shares(np.full(4, 3), phases, np.ones(4, dtype=np.int8))

    assert settled.chance(np.full(4, 3), phases).tolist() == [0, 0, 0, 0]


def test_few_alike_in_a_phase_are_taken_from_all_phases() -> None:
    """With three in phase 3, none settled, and a hundred in phase 2, half settled: half."""
    phases = np.array([2] * 100 + [3] * 3)
    saved = np.array([1, 0] * 50 + [0] * 3, dtype=np.int8)
    settled = settled_shares(np.full(103, 3), phases, saved)

    chance = settled.chance(np.array([3, 3, 4]), np.array([2, 3, 3]))
    assert chance.tolist() == [0.5, pytest.approx(50 / 103), 0]


def test_messages_to_new_victims_make_calls_at_full_volume() -> None:
    """200 messages at 1 in 100 stand for 20,000; one in a hundred makes a call: 200."""
    told = Told.of(
        [(1000 * each, each, each % 2 == 0, False, False, 0.0, False, False) for each in range(400)]
    )

    moments = prompted_calls(told, ringing(0.01), 0.01, Streams(1), name="hampshire")

    assert len(moments) == pytest.approx(200 * 0.99, abs=4 * sqrt(200))
    assert (np.diff(moments) >= 0).all()


def test_refused_sign_ins_make_calls_at_full_volume() -> None:
    """400 refusals at 1 in 100 stand for 40,000, of which the rollout's share ring."""
    told = Told.of([refusal(1000 * each, each, rings=False) for each in range(400)])
    share = WORRY.refused_sign_in_makes_call.value

    moments = prompted_calls(told, WORRY, 0.01, Streams(1), name="hampshire")

    assert len(moments) == pytest.approx(39_600 * share, abs=4 * sqrt(40_000 * share))
    assert len(told.messages().row) == 0


def test_when_all_are_followed_each_call_is_their_own() -> None:
    """At full volume no call is added to those that followed victims made."""
    told = Told.of(
        [
            (100, 1, True, True, False, 0.0, False, False),
            (200, 2, True, False, False, 0.0, False, False),
            (300, 3, False, False, True, 0.5, False, False),
        ]
    )

    assert prompted_calls(told, ringing(0.5), 1.0, Streams(1), name="hampshire").tolist() == [100]


def test_the_error_of_what_is_settled_is_that_of_other_samples() -> None:
    """Drawn again and again, the settled worries of all differ by as much as one sample says."""
    made, of = worries(), kinds()
    draws = np.random.default_rng(5)
    # Each victim either settles all their worries or none, half of them within each kind.
    settles = draws.random(int(made.row.max()) + 1) < 0.5
    # Of what only a portal makes a tenth is rung about.
    rings = np.where(made.arises, ~settles[made.row], settles[made.row] & (made.asks < 0.1))
    rang = np.where(of > 0, rings, made.arises)
    saved = calls_saved(made, rang)
    phases = np.full(len(made), 3)
    counted = made.at_seconds >= 10 * WEEK
    totals, errors = [], []
    for _sample in range(60):
        followed = np.flatnonzero((draws.random(len(settles)) < 0.02)[made.row])
        share = settled_shares(of[followed], phases[followed], saved[followed])
        stands_for = share.chance(of, phases)
        stands_for[followed] = saved[followed]
        totals.append(float(stands_for[counted].sum()))
        errors.append(
            settled_error(
                made,
                of,
                phases,
                followed=followed,
                followed_rang=rang[followed],
                counted=counted,
            )
        )

    error = float(np.std(totals)) / sqrt(len(totals))
    assert np.mean(totals) == pytest.approx(saved[counted].sum(), abs=3 * error)
    assert np.mean(errors) == pytest.approx(np.std(totals), rel=0.3)


def test_the_error_of_the_calls_made_is_that_of_other_samples() -> None:
    """Drawn again and again, the calls of all that messages make differ by what one sample says."""
    draws, victims, share = np.random.default_rng(8), 20_000, 0.02
    row = np.repeat(np.arange(victims), draws.integers(0, 30, victims))
    all_told = Told.of([(0, each, True, False, False, 0.0, False, False) for each in row.tolist()])
    nobody, none = np.zeros(0, dtype=np.intp), np.zeros(0, dtype=np.bool_)
    totals, errors = [], []
    for _sample in range(60):
        told = all_told.of_rows((draws.random(victims) < share)[row])
        made = made_by_victim(told, WORRY, share, victims)
        totals.append(float(made.sum()))
        errors.append(
            settled_error(
                worries()[nobody],
                nobody,
                nobody,
                followed=nobody,
                followed_rang=none,
                counted=none,
                made=made,
            )
        )

    assert np.mean(errors) == pytest.approx(np.std(totals), rel=0.3)
    assert made_by_victim(all_told, WORRY, 1.0, victims).sum() == 0


def test_where_all_are_followed_there_is_no_such_error() -> None:
    """What became of everybody is known."""
    made, of = worries(), kinds()
    everybody, phases = np.arange(len(made)), np.full(len(made), 3)
    rang = np.random.default_rng(6).random(len(made)) < 0.5
    everything = np.ones(len(made), dtype=np.bool_)

    error = settled_error(
        made, of, phases, followed=everybody, followed_rang=rang, counted=everything
    )
    assert error == 0


def test_messages_in_order_are_sorted_as_rows_are() -> None:
    """By time, and within a second by all else that is known of them."""
    draws = np.random.default_rng(3)
    numbers = draws.integers(0, 3, (200, 2)).tolist()
    marks = (draws.random((200, 6)) < 0.5).tolist()
    rows = [
        (at, row, a, b, c, 0.25 * d, e, f)
        for (at, row), (a, b, c, d, e, f) in zip(numbers, marks, strict=True)
    ]

    mine, sorted_before = Told.of(rows).in_order(), Told.of(sorted(rows))

    for name in ("at_seconds", "row", "is_new", "rang", "is_too_many", "other_chance"):
        assert getattr(mine, name).tolist() == getattr(sorted_before, name).tolist()
    assert mine.is_invitation.tolist() == sorted_before.is_invitation.tolist()
    assert mine.is_refusal.tolist() == sorted_before.is_refusal.tolist()
    assert len(Told.of([]).in_order().row) == 0
