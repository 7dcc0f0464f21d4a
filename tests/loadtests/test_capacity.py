"""The knee is found, confirmed, and told with what gave out above it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadtests.capacity import NARROW, RUNS_MAX, find_capacity, gave_out
from simulator.results.load import LoadResult, LoadSecond, Machine, SloOutcome
from tests.loadtests.load_results import held

MISSED = SloOutcome(
    measure="sign_in_p95_seconds", level="must", most=3, measured=9, verdict="FAIL", why="a test"
)
BROKE = held(verdict="FAIL", slos=[MISSED])


class _Portal:
    """Holds up to a scale, and remembers what it was asked."""

    def __init__(self, knee: float) -> None:
        self.knee, self.asked = knee, list[float]()

    def __call__(self, scale: float) -> LoadResult:
        self.asked.append(scale)
        return held() if scale <= self.knee else BROKE


@given(st.floats(0.1, 100))
def test_the_knee_is_found_within_its_bounds(knee: float) -> None:
    """What is reported held twice, and the portal does not hold NARROW times as much."""
    portal = _Portal(knee)
    found = find_capacity(portal)

    assert len(portal.asked) <= RUNS_MAX
    assert found.is_confirmed
    assert found.knee <= knee < found.knee * NARROW * 1.01
    assert "sign_in_p95_seconds" in found.limit


def test_a_portal_that_never_holds_has_no_knee() -> None:
    """Nothing is reported as held, and what broke is told."""
    found = find_capacity(_Portal(0.0))

    assert (found.knee, found.is_confirmed) == (0.0, False)
    assert all(not each.held for each in found.trials)
    assert found.limit


def test_a_portal_that_always_holds_has_no_limit() -> None:
    """The largest scale tried is reported, without a limit."""
    found = find_capacity(_Portal(1e9))

    assert found.knee == max(each.scale for each in found.trials)
    assert found.limit == ""


def test_a_knee_that_held_by_luck_is_not_confirmed() -> None:
    """If the second run at the knee breaks, the largest scale below it is reported."""
    seen: list[float] = []

    def lucky(scale: float) -> LoadResult:
        seen.append(scale)
        return BROKE if scale > 4 or seen.count(scale) > 1 else held()

    found = find_capacity(lucky)

    assert not found.is_confirmed
    assert found.knee < 4


def _machine(portal: float, generator: float, database: float = 0.0, load: float = 0.5) -> Machine:
    return Machine(
        cores=2,
        cores_used={"portal": portal, "database": database, "generator": generator, "doubles": 0.1},
        load_average=load,
        gateway_per_second_max=900.0,
        gateway_per_second_peak=10,
        python="3.11",
        system="Linux",
    )


@pytest.mark.parametrize(
    ("result", "said"),
    [
        (held(), ""),
        (held(verdict="WARNING"), ""),
        (held(verdict="INCONCLUSIVE", limited_by="the generator: late"), "the generator: late"),
        (held(verdict="FAIL", machine=_machine(1.2, 0.7)), "portal and the machine's 2 cores"),
        (held(verdict="FAIL", machine=_machine(0.6, 1.3)), "generator and the machine's 2 cores"),
        (held(verdict="FAIL", machine=_machine(0.95, 0.2)), "the portal's one core"),
        (held(verdict="FAIL", machine=_machine(0.2, 0.2)), "the portal, with cores to spare"),
        (held(verdict="FAIL", machine=_machine(0.2, 0.2, 0.95)), "the database's one core"),
        (
            held(verdict="FAIL", machine=_machine(0.2, 0.2, load=9.0)),
            "the machine, busy with other work (load average 9.0, 2 cores)",
        ),
        (
            held(verdict="FAIL", series=[LoadSecond(second=0, refused=40)]),
            "the gateway's limit, which refused 40 messages",
        ),
    ],
)
def test_what_gave_out_first_is_told(result: LoadResult, said: str) -> None:
    """The part that took the machine stands before what broke."""
    assert gave_out(result).startswith(said)
    assert bool(gave_out(result)) == bool(said)
