"""The calls with and without the portal differ only in who still rings."""

from datetime import datetime, timedelta
from functools import cache

import msgspec
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from simulator.clock import LONDON
from simulator.contact_centre.staffing import ContactCentreParameters
from simulator.rehearsal.call_comparison import CallComparison, ForceCalls
from simulator.streams import Streams
from tests.simulator.real_files import CENTRE, parsed

START = datetime(2026, 6, 1, tzinfo=LONDON)
WEEKS = 3
WEEK_SECONDS = 7 * 86_400
EDGES = [float(week * WEEK_SECONDS) for week in range(WEEKS + 1)]
MOMENTS = np.sort(np.random.default_rng(1).integers(0, 2 * WEEK_SECONDS, 200))
NOBODY = np.array([], dtype=np.int64)


@cache
def parameters() -> ContactCentreParameters:
    """Read the contact centre, a hundred times smaller."""
    raw = parsed(CENTRE)
    for force in raw["forces"].values():
        force["calls_a_year_999"]["value"] = 4000
        force["calls_a_year_101"]["value"] = 4700
    return msgspec.convert(raw, ContactCentreParameters)


def run(
    *,
    seed: int = 1,
    moments: NDArray[np.int64] = MOMENTS,
    arises: NDArray[np.bool_] | None = None,
) -> CallComparison:
    """Make three weeks of calls of one force; every worry arises without a portal, or as said."""
    return CallComparison(
        parameters(),
        "hampshire",
        start=START,
        end=START + timedelta(weeks=WEEKS),
        moments=moments,
        arises=np.ones(len(moments), dtype=np.bool_) if arises is None else arises,
        streams=Streams(seed),
    )


def rang(*, but: NDArray[np.intp] | None = None) -> NDArray[np.bool_]:
    """Return that everybody rang except these."""
    column = np.ones(len(MOMENTS), dtype=np.bool_)
    if but is not None:
        column[but] = False
    return column


def test_a_desk_that_begins_empty_is_soon_as_one_that_was_not() -> None:
    """A day later nothing differs: the periods since are the same, call for call."""
    whole = run().with_portal(rang(), NOBODY, EDGES)
    later = run().with_portal(rang(), NOBODY, EDGES[1:], from_seconds=EDGES[1] - 86_400)

    assert later.levels == whole.levels[2:]
    assert later.update_calls == whole.update_calls[1:]
    assert run().with_portal(rang(), NOBODY, EDGES, from_seconds=EDGES[1]).levels[1].offered == 0


def lost(calls: ForceCalls) -> list[int]:
    """Give the abandoned calls by period and line."""
    return [each.abandoned for each in calls.levels]


def test_if_everybody_rings_the_portal_changes_nothing() -> None:
    """The two runs share every call, so without an effect they are equal."""
    calls = run()

    assert calls.with_portal(rang(), NOBODY, EDGES) == calls.without_portal(EDGES)


def test_if_nobody_rings_there_are_no_update_calls() -> None:
    """The other calls to 101 and all calls to 999 stay."""
    calls = run()
    without = calls.without_portal(EDGES)

    silent = calls.with_portal(np.zeros(len(MOMENTS), dtype=np.bool_), NOBODY, EDGES)

    assert silent.update_calls == [0] * WEEKS
    for before, after, updates in zip(
        without.levels[::2], silent.levels[::2], without.update_calls, strict=True
    ):
        assert before.line == after.line
        gone = (before.offered - before.redials) - (after.offered - after.redials)
        assert gone == (updates if before.line == "101" else 0)


@given(st.sets(st.integers(0, len(MOMENTS) - 1)), st.data())
@settings(deadline=None, max_examples=15)
def test_more_answers_make_fewer_calls(settled: set[int], data: st.DataObject) -> None:
    """Each worry that the portal settles removes its own calls only."""
    calls = run()
    some = np.array(sorted(settled), dtype=np.intp)
    more = np.array(sorted(settled | data.draw(st.sets(st.integers(0, 199)))), dtype=np.intp)

    fewer = calls.with_portal(rang(but=some), NOBODY, EDGES)
    fewest = calls.with_portal(rang(but=more), NOBODY, EDGES)

    for a, b in zip(fewer.update_calls, fewest.update_calls, strict=True):
        assert a >= b
    assert all(
        a.offered - a.redials >= b.offered - b.redials
        for a, b in zip(fewer.levels, fewest.levels, strict=True)
    )


def test_a_message_may_make_calls_of_its_own() -> None:
    """Calls prompted by a message are extra, and change no other call."""
    calls = run()
    prompted = np.full(60, int(1.5 * WEEK_SECONDS), dtype=np.int64)
    without = calls.without_portal(EDGES)

    more = calls.with_portal(rang(), prompted, EDGES)

    extra = [a - b for a, b in zip(more.update_calls, without.update_calls, strict=True)]
    assert extra == [0, 60, 0]


def test_the_run_without_does_not_depend_on_the_run_with() -> None:
    """Each run gives the same result, in any order and any number of times."""
    calls = run()
    first = calls.without_portal(EDGES)
    calls.with_portal(np.zeros(len(MOMENTS), dtype=np.bool_), MOMENTS, EDGES)

    assert calls.without_portal(EDGES) == first == run().without_portal(EDGES)
    assert run(seed=2).without_portal(EDGES) != first


def test_every_worry_is_one_call() -> None:
    """Without a portal, a worry is one call at its own moment: none is copied."""
    calls = run().without_portal(EDGES)

    counts = np.histogram(MOMENTS, bins=EDGES)[0].tolist()
    assert calls.update_calls == counts


def test_a_lost_call_is_a_call() -> None:
    """More callers means more abandoned calls, and never more than there are callers."""
    calls = run(moments=np.repeat(MOMENTS, 40)).without_portal(EDGES)
    quiet = run().without_portal(EDGES)

    assert sum(lost(calls)) > sum(lost(quiet))
    assert all(0 <= each.abandoned <= each.offered for each in calls.levels)


def test_a_worry_that_only_a_portal_makes_is_no_call_without_one() -> None:
    """With it the call is made, and the others stay as they were, call for call."""
    arises = np.arange(len(MOMENTS)) % 4 > 0
    some = run(arises=arises)
    fewer = run(moments=MOMENTS[arises])

    assert some.without_portal(EDGES) == fewer.without_portal(EDGES)
    assert some.with_portal(arises, NOBODY, EDGES) == fewer.without_portal(EDGES)
    assert sum(some.with_portal(rang(), NOBODY, EDGES).update_calls) == len(MOMENTS)
