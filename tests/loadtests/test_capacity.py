"""The knees are found, confirmed, and told with what gave out above them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadtests.capacity import NARROW, RUNS_MAX, Capacity, find_capacity
from simulator.errors import BadInput, SuiteError
from simulator.results.load import LoadMeasure, LoadResult, SloOutcome
from tests.loadtests.load_results import held


def missed(measure: LoadMeasure, *, is_comfort: bool = False) -> SloOutcome:
    """Give a must that was missed."""
    return SloOutcome(
        measure=measure,
        level="must",
        most=3,
        measured=9,
        verdict="FAIL",
        why="a test",
        is_comfort=is_comfort,
    )


BROKE = held(verdict="FAIL", slos=[missed("update_to_message_max_seconds")])
SLOW = held(
    verdict="FAIL",
    slos=[missed("update_to_message_p95_seconds", is_comfort=True)],
    events_accepted=10_000,
    series=[],
)


class _Portal:
    """Tells everyone up to a scale, in comfort up to another, and remembers what it was asked."""

    def __init__(self, told: float, comfort: float | None = None) -> None:
        self.told, self.comfort = told, told if comfort is None else comfort
        self.asked = list[float]()

    def __call__(self, scale: float) -> LoadResult:
        self.asked.append(scale)
        return held() if scale <= self.comfort else SLOW if scale <= self.told else BROKE


@given(st.floats(0.1, 100))
def test_the_knee_is_found_within_its_bounds(knee: float) -> None:
    """What is reported held twice, and the portal does not hold NARROW times as much."""
    portal = _Portal(knee)
    found = find_capacity(portal).decides

    assert len(portal.asked) <= RUNS_MAX
    assert found.is_confirmed
    assert found.scale <= knee < found.scale * NARROW * 1.01
    assert "update to message, max" in found.limit


@given(st.floats(0.5, 20), st.floats(0.2, 1))
def test_the_order_decides_and_comfort_stands_beside_it(told: float, share: float) -> None:
    """Both knees are found and confirmed: one by the order's time, one by every must."""
    portal = _Portal(told, told * share)
    found = find_capacity(portal)

    assert len(portal.asked) <= RUNS_MAX
    assert found.is_whole
    assert found.decides.scale <= told < found.decides.scale * NARROW * 1.01
    assert found.comfort.scale <= told * share < found.comfort.scale * NARROW * 1.01
    assert found.decides.is_confirmed
    assert found.comfort.is_confirmed


def test_what_broke_is_told_of_each_knee() -> None:
    """Above the one the order was broken, above the other only the limit of comfort."""
    found = find_capacity(_Portal(4.0, 1.0))

    assert "update to message, max" in found.decides.limit
    assert "update to message, p95" in found.comfort.limit


def test_a_portal_that_never_holds_has_no_knee() -> None:
    """Nothing is reported as held, and what broke is told."""
    found = find_capacity(_Portal(0.0))

    assert (found.decides.scale, found.decides.is_confirmed) == (0.0, False)
    assert not any(each.told for each in found.trials)
    assert found.decides.limit


def test_a_portal_that_always_holds_has_no_limit() -> None:
    """The largest scale that the burst may have is reported, confirmed, without a limit."""
    found = find_capacity(_Portal(1e9), scale_max=6.7)

    assert found.decides.scale == 6.7
    assert found.decides.is_confirmed
    assert found.decides.limit == ""


def test_a_knee_that_held_by_luck_is_not_reported() -> None:
    """If the second run at the knee breaks, a scale below it is looked for, and held twice."""
    seen: list[float] = []

    def lucky(scale: float) -> LoadResult:
        seen.append(scale)
        return BROKE if scale > 4 or (scale > 2 and seen.count(scale) > 1) else held()

    found = find_capacity(lucky).decides

    assert found.scale <= 2
    assert found.is_confirmed


def test_what_is_known_is_told_after_each_run() -> None:
    """A search that is cut off has told all of it: the knee so far, not confirmed."""
    known: list[Capacity] = []

    def cut_off(scale: float) -> LoadResult:
        if scale > 2:
            raise KeyboardInterrupt
        return held()

    with pytest.raises(KeyboardInterrupt):
        find_capacity(cut_off, note=known.append)

    assert [len(each.trials) for each in known] == [1, 2]
    assert (known[-1].decides.scale, known[-1].decides.is_confirmed) == (2.0, False)
    assert not known[-1].is_whole


def test_a_run_that_could_not_be_made_did_not_hold() -> None:
    """The portal died under it, say: the search goes on below. The first run must be made."""

    def dies(scale: float) -> LoadResult:
        if scale > 2:
            raise SuiteError("the portal stopped")
        return held()

    def never(_scale: float) -> LoadResult:
        raise SuiteError("the portal does not start")

    found = find_capacity(dies).decides

    assert found.scale == 2.0
    assert "the portal stopped" in found.limit
    with pytest.raises(SuiteError, match="does not start"):
        find_capacity(never)
    with pytest.raises(BadInput):
        find_capacity(lambda _scale: (_ for _ in ()).throw(BadInput("no such file")))
