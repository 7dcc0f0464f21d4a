"""Random streams: one seed and one name give the same draws, whatever else is drawn."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.streams import PART, Streams

NAMES = st.text(max_size=30)
SEEDS = st.integers(0, 2**62)


@given(SEEDS, NAMES)
def test_the_same_name_has_the_same_draws(seed: int, name: str) -> None:
    """A run can be repeated: draws depend on seed and name only."""
    once, again = Streams(seed).for_(name), Streams(seed).for_(name)

    assert once.random(8).tolist() == again.random(8).tolist()
    assert once.integers(0, 1000, 8).tolist() == again.integers(0, 1000, 8).tolist()


@given(SEEDS, NAMES, NAMES)
def test_a_new_stream_leaves_the_others_unmoved(seed: int, name: str, new: str) -> None:
    """A stage that draws more, or a new stage, does not change the others."""
    streams = Streams(seed)
    alone = streams.for_(name).random(8).tolist()

    there = streams.for_(name)
    first = there.random(4).tolist()
    streams.for_(new).random(100)
    streams.for_(name).random(100)
    then = there.random(4).tolist()

    assert first + then == alone


@given(SEEDS, NAMES, NAMES)
def test_different_names_have_different_draws(seed: int, name: str, other: str) -> None:
    """Two stages never share a stream."""
    streams = Streams(seed)
    same = streams.for_(name).random(8).tolist() == streams.for_(other).random(8).tolist()

    assert same == (name == other)


@given(SEEDS, SEEDS, NAMES)
def test_different_seeds_have_different_draws(seed: int, other: int, name: str) -> None:
    """Another seed gives another history."""
    one, another = (Streams(each).for_(name).random(8).tolist() for each in (seed, other))

    assert (one == another) == (seed == other)


def test_draws_of_many_rows_are_as_even_as_others() -> None:
    """Of rows that follow each other, of one row again and again, and of purposes beside."""
    draws = Streams(1).of_occasions("a test")
    rows = np.arange(20_000)
    found = [draws.uniforms(purpose, rows, each) for purpose in ("a", "b") for each in range(3)]
    of_one_row = np.array([draws.uniforms("a", np.array([7]), each)[0] for each in range(5_000)])

    for each in (*found, of_one_row):
        assert 0 < each.min() < 0.01
        assert 0.99 < each.max() < 1
        # Four standard deviations.
        assert abs(each.mean() - 0.5) < 4 * (1 / 12 / len(each)) ** 0.5
        assert abs(np.corrcoef(each[:-1], each[1:])[0, 1]) < 4 / len(each) ** 0.5
    between = np.corrcoef(found) - np.eye(len(found))
    assert np.abs(between).max() < 4 / len(rows) ** 0.5


@given(SEEDS, st.lists(st.integers(0, 2**40), min_size=1, unique=True), st.integers(0, 50))
def test_a_row_has_its_draw_whichever_other_rows_there_are(
    seed: int, rows: list[int], number: int
) -> None:
    """Alone, or in another order."""
    draws = Streams(seed).of_occasions("a test")
    together = draws.uniforms("work", np.array(rows), number)
    backwards = draws.uniforms("work", np.array(rows[::-1]), number)

    assert together.tolist() == backwards[::-1].tolist()
    assert draws.uniforms("work", np.array(rows[:1]), number)[0] == together[0]
    assert len(set(together.tolist())) == len(rows)


def test_a_stream_is_the_same_on_every_machine() -> None:
    """The draws of a seed never change, so a report with that seed can be made again."""
    drawn = Streams(1).for_("data_quality").integers(0, 1000, 6).tolist()

    assert drawn == [16, 801, 119, 172, 140, 312]


@pytest.mark.parametrize("pair", [("a", "b"), ("victims", "victims 2"), ("", " ")])
def test_streams_do_not_move_together(pair: tuple[str, str]) -> None:
    """Streams with similar names are not correlated."""
    one, other = (Streams(1).for_(name).random(20_000) for name in pair)

    assert abs(np.corrcoef(one, other)[0, 1]) < 0.03


OCCASION = st.lists(st.integers(0, 10**9) | NAMES, min_size=1, max_size=4)


@given(SEEDS, OCCASION, st.lists(OCCASION, max_size=5))
def test_an_occasion_has_its_draw_whatever_came_before(
    seed: int, occasion: list[int | str], earlier: list[list[int | str]]
) -> None:
    """A message fewer to anybody changes nothing else."""
    draws, again = Streams(seed).of_occasions("visits"), Streams(seed).of_occasions("visits")
    for each in earlier:
        again.uniform(*each)

    assert draws.uniform(*occasion) == again.uniform(*occasion)
    assert 0 < draws.uniform(*occasion) < 1


def test_occasions_are_uniform_and_independent() -> None:
    """Persons and purposes share no draw, and the draws are spread evenly."""
    draws = Streams(1).of_occasions("visits")
    reads, asks = (
        np.array([draws.uniform(row, purpose, 1) for row in range(4000)])
        for purpose in ("reads", "asks")
    )

    assert np.histogram(reads, bins=10, range=(0, 1))[0].min() > 330
    assert abs(np.corrcoef(reads, asks)[0, 1]) < 0.05
    assert abs(np.corrcoef(reads[1:], reads[:-1])[0, 1]) < 0.05
    assert len({*reads.tolist(), *asks.tolist()}) == 8000
    other = Streams(2).of_occasions("visits").uniform(1, "reads", 1)
    assert other != draws.uniform(1, "reads", 1)
    assert draws.uniform(1, 23) != draws.uniform(12, 3)


def test_occasions_are_drawn_from_other_distributions_too() -> None:
    """An exponential has its mean; a normal has mean 0 and standard deviation 1."""
    draws = Streams(1).of_occasions("visits")
    waits = np.array([draws.exponential(9, each) for each in range(4000)])
    normal = np.array([draws.normal(each) for each in range(4000)])

    assert waits.mean() == pytest.approx(9, abs=0.5)
    assert normal.mean() == pytest.approx(0, abs=0.05)
    assert normal.std() == pytest.approx(1, abs=0.05)


def test_an_occasion_may_be_joined_already() -> None:
    """A draw is the same from its parts and from one text of them."""
    draws = Streams(7).of_occasions("tests")

    assert draws.uniform(7, "reads", 2) == draws.uniform_of(PART.join(("7", "reads", "2")))
    assert draws.uniform(7, "reads", 2) != draws.uniform(7, "reads2")
    assert 0 < draws.uniform_of("") < 1
