"""Counts whose ends must add up."""

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.errors import NotConserved
from simulator.results.conservation import add_conserved, conserved

ENDS = st.dictionaries(st.sampled_from(["sent", "gone", "waiting"]), st.integers(0, 99), min_size=1)


@given(ends=ENDS, more=st.integers(-5, 5))
def test_ends_that_do_not_add_up_are_an_error(ends: dict[str, int], more: int) -> None:
    """The sentence names what was not conserved; it is whole in another process too."""
    total = sum(ends.values()) + more
    if not more:
        assert conserved("messages", total, ends).ends == ends
        return
    with pytest.raises(NotConserved, match="messages: there were ") as raised:
        conserved("messages", total, ends)
    assert str(pickle.loads(pickle.dumps(raised.value))) == str(raised.value)  # noqa: S301  our own


def test_counts_of_the_same_things_are_added_up() -> None:
    """Totals and ends add up by thing; an end that never came is kept."""
    found = add_conserved(
        [
            conserved("calls", 3, {"answered": 2, "abandoned": 1, "lost": 0}),
            conserved("tasks", 1, {"done": 1}),
            conserved("calls", 4, {"answered": 4, "abandoned": 0, "lost": 0}),
        ]
    )

    assert found == [
        conserved("calls", 7, {"answered": 6, "abandoned": 1, "lost": 0}),
        conserved("tasks", 1, {"done": 1}),
    ]
