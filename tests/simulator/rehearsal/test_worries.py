"""Worries: when victims would ring for news, and which of them a look at the portal settles."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from simulator.files.checked_toml import Amount
from simulator.rehearsal.rollout import read_rollout
from simulator.rehearsal.worries import (
    Seconds,
    Worries,
    WorryParameters,
    is_settled_by_portal,
    make_worries,
)
from simulator.streams import Streams
from tests.simulator.real_files import ROLLOUT

PARAMETERS = read_rollout(ROLLOUT).worry
HOUR, DAY = 3600, 86_400
CRIMES = 20_000


def worries(
    parameters: WorryParameters = PARAMETERS, *, seed: int = 1, recorded: Seconds | None = None
) -> Worries:
    """Draw the worries of many crimes, recorded over ten weeks."""
    if recorded is None:
        recorded = np.sort(np.random.default_rng(1).integers(0, 70 * DAY, CRIMES))
    return make_worries(np.arange(len(recorded)) + 500, recorded, parameters, Streams(seed))


@pytest.fixture(scope="module")
def many() -> Worries:
    """Worries with the real rollout's numbers."""
    return worries()


def test_their_number_follows_the_rollout(many: Worries) -> None:
    """On average each crime has the rollout's number of moments, and some have several."""
    assert len(many) / CRIMES == pytest.approx(PARAMETERS.moments_mean.value, rel=0.03)
    assert np.bincount(many.row - 500).max() >= 3


def test_they_are_in_order_and_belong_to_the_crimes(many: Worries) -> None:
    """There is one row a moment, by time, each of a given crime."""
    columns = (many.at_seconds, many.row, many.looks, many.answered, many.asks)
    assert {len(each) for each in columns} == {len(many)}
    assert (np.diff(many.at_seconds) >= 0).all()
    assert set(many.row.tolist()) <= set(range(500, 500 + CRIMES))


def test_nobody_asks_for_news_at_once(many: Worries) -> None:
    """Within the first hour after the report nobody rings for news of it."""
    recorded = np.sort(np.random.default_rng(1).integers(0, 70 * DAY, CRIMES))

    assert (many.at_seconds >= recorded[many.row - 500] + HOUR).all()


def test_their_mean_wait_follows_the_rollout(many: Worries) -> None:
    """The mean wait is the rollout's, within a day."""
    recorded = np.sort(np.random.default_rng(1).integers(0, 70 * DAY, CRIMES))
    waited = (many.at_seconds - recorded[many.row - 500]) / DAY

    assert waited.mean() == pytest.approx(PARAMETERS.days_mean.value, abs=0.7)


def test_people_ring_when_they_are_awake(many: Worries) -> None:
    """No moment is at night, even if the crime was reported in the evening."""
    of_day = many.at_seconds % DAY

    assert ((of_day >= 8 * HOUR) & (of_day < 21 * HOUR)).all()


def test_the_draws_are_between_0_and_1_and_independent(many: Worries) -> None:
    """The draws are uniform and independent."""
    draws = np.stack([many.looks, many.answered, many.asks])

    assert ((draws >= 0) & (draws < 1)).all()
    assert draws.mean(axis=1) == pytest.approx([0.5, 0.5, 0.5], abs=0.02)
    assert np.abs(np.corrcoef(draws) - np.eye(3)).max() < 0.03


def test_the_same_seed_has_the_same_worries() -> None:
    """One seed gives the same worries; another seed gives others."""
    one, same, other = worries(), worries(), worries(seed=2)

    assert one.at_seconds.tolist() == same.at_seconds.tolist()
    assert one.looks.tolist() == same.looks.tolist()
    assert one.at_seconds.tolist() != other.at_seconds.tolist()


def test_what_victims_do_changes_no_worry() -> None:
    """Moments and draws do not depend on the portal, so runs can be compared."""
    other = structs.replace(
        PARAMETERS,
        looks_at_portal_first=structs.replace(PARAMETERS.looks_at_portal_first, value=0.0),
        finds_answer=structs.replace(PARAMETERS.finds_answer, value=1.0),
    )

    assert worries(other).at_seconds.tolist() == worries().at_seconds.tolist()
    assert worries(other).answered.tolist() == worries().answered.tolist()


def test_without_worries_there_are_no_rows() -> None:
    """No crimes, or a mean of 0, make no worries and no error."""
    nobody = structs.replace(PARAMETERS, moments_mean=Amount(0.0, "calls", assumed="a test"))

    assert len(worries(nobody)) == 0
    assert len(worries(recorded=np.array([], dtype=np.int64))) == 0


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
    there = Worries(np.array([0]), np.array([0]), one, one, one)
    parameters = structs.replace(
        PARAMETERS,
        finds_answer=structs.replace(PARAMETERS.finds_answer, value=finds),
        content_without_news=structs.replace(PARAMETERS.content_without_news, value=content),
    )

    settled = is_settled_by_portal(there, 0, has_news=has_news, parameters=parameters)

    assert settled == (draw < (finds if has_news else content))
