"""Why a run did not hold is told with its evidence, and one core is the end of one process only."""

from typing import Any

import pytest

from loadtests.gave_out import busiest_stretch, gave_out, is_told
from simulator.results.load import CoresSecond, LoadSecond, Machine, Part
from simulator.results.values import HarmCount
from tests.loadtests.load_results import held
from tests.loadtests.test_capacity import BROKE, SLOW, missed

HARM = HarmCount(kind="FAIL", harm="duplicated", owner="portal", avoidable=False, count=1)


Cores = dict[Part, float]


def _look(
    second: float, used: Cores, others: float = 0.0, busiest: Cores | None = None
) -> CoresSecond:
    return CoresSecond(second=second, used=used, busiest=busiest or used, others=others)


def _machine(*looks: CoresSecond, **changes: Any) -> Machine:
    values: dict[str, Any] = {
        "cores": 2,
        "cores_used": {},
        "gateway_per_second_max": 900.0,
        "gateway_per_second_peak": 10,
        "python": "3.11",
        "system": "Linux",
        "cores_over_time": list(looks),
    }
    return Machine(**{**values, **changes})


def _steady(used: Cores, others: float = 0.0, **more: Any) -> list[CoresSecond]:
    return [_look(float(second), used, others, **more) for second in range(6)]


IDLE = _look(0.0, {"portal": 0.1, "generator": 0.1})


@pytest.mark.parametrize(
    ("used", "busiest", "changes", "said"),
    [
        ({"portal": 1.2, "generator": 0.7}, None, {}, "2 cores, most of them the portal's"),
        (
            {"portal": 0.6, "database": 1.3},
            {"database": 0.8},
            {},
            "2 cores, most of them the database's",
        ),
        ({"portal": 0.95, "database": 0.2}, None, {}, "its only process took a whole core"),
        (
            {"portal": 1.0},
            {"portal": 0.95},
            {"portal_workers": 2},
            "one of its processes took a whole core",
        ),
        ({"portal": 0.9}, {"portal": 0.45}, {"portal_workers": 2}, "portal, with cores to spare"),
        ({"portal": 0.4, "database": 0.95}, None, {}, "the database: one of its processes took a"),
        ({"portal": 0.4, "database": 0.95}, {"database": 0.3}, {}, "portal, with cores to spare"),
        ({"portal": 0.5, "generator": 0.95}, None, {}, "our generator's one core; give --workers"),
        ({"portal": 0.5, "doubles": 0.95}, None, {}, "our gateway's core"),
        ({"portal": 0.5, "database": 0.45}, None, {"pinned": True}, "the half of the cores that"),
    ],
)
def test_what_gave_out_first_is_told(
    used: Cores, busiest: Cores | None, changes: dict[str, Any], said: str
) -> None:
    """The part that took the machine, or a whole core by one process, stands before what broke."""
    machine = _machine(*_steady(used, busiest=busiest), **changes)
    found = gave_out(held(verdict="FAIL", machine=machine, slos=BROKE.slos, series=[]))

    assert said in found
    assert found.endswith("update to message, max")


@pytest.mark.parametrize(
    ("machine", "said"),
    [
        (_machine(*_steady({"portal": 0.2}, others=1.7)), "the machine, busy with other work"),
        (_machine(), "not known, because nobody looked at the cores"),
    ],
)
def test_other_work_is_no_fault_of_the_portal(machine: Machine, said: str) -> None:
    """What the machine did beside the burst is told as that; what nobody saw is not known."""
    found = gave_out(held(verdict="FAIL", machine=machine, slos=BROKE.slos, series=[]))

    assert found.startswith(said)


def test_the_evidence_is_of_the_busiest_seconds() -> None:
    """A short burst is not diluted by the wait after it: the mean is over five seconds."""
    looks = [IDLE, *(_look(10.0 + each, {"portal": 1.0, "database": 0.9}) for each in range(5))]
    looks += [_look(20.0 + each, {"portal": 0.1}, others=1.9) for each in range(60)]
    found = gave_out(held(verdict="FAIL", machine=_machine(*looks), series=[]))

    assert "at second 10: portal 1.00, database 0.90, others 0.00" in found
    assert busiest_stretch([]) is None


def test_a_run_that_held_says_nothing() -> None:
    """Nor does one that only missed a should."""
    assert gave_out(held()) == gave_out(held(verdict="WARNING")) == ""


def test_the_gateways_limit_is_told_if_it_refused_what_matters() -> None:
    """A few refusals of thousands are no reason."""
    many = held(verdict="FAIL", messages=1000, series=[LoadSecond(second=0, refused=40)])
    few = held(verdict="FAIL", messages=1000, series=[LoadSecond(second=0, refused=4)])

    assert gave_out(many).startswith("the gateway's limit, which refused 40 messages")
    assert "gateway" not in gave_out(few)


def test_harm_is_told_before_what_limited_the_run() -> None:
    """Whom it harmed is no matter of the generator, nor what broke with less than was ordered."""
    late = "the generator: late"
    harmed = held(verdict="FAIL", harms=[HARM], limited_by=late)
    limited = held(verdict="INCONCLUSIVE", limited_by=late)
    broke = held(verdict="FAIL", limited_by=late, slos=BROKE.slos)

    assert gave_out(harmed).startswith("harm (duplicated): ")
    assert gave_out(harmed).endswith("; the limit was the generator: late")
    assert gave_out(limited) == late
    assert gave_out(broke).startswith("not known")
    assert gave_out(broke).endswith("update to message, max; the limit was the generator: late")


def test_only_a_missed_comfort_leaves_everyone_told() -> None:
    """The order was kept where nobody was harmed, nobody waits any more, and nothing else broke."""
    waits = [LoadSecond(second=0, backlog=3)]
    both = [*SLOW.slos, missed("failed_visits_share")]

    assert is_told(held())
    assert is_told(SLOW)
    assert not is_told(BROKE)
    for changes in (
        {"series": waits},
        {"slos": both},
        {"limited_by": "the generator"},
        {"stopped": "by hand"},
        {"events_accepted": 1},
        {"verdict": "INCONCLUSIVE"},
    ):
        assert not is_told(held(**{**_fields(SLOW), **changes})), changes


def _fields(result: Any) -> dict[str, Any]:
    names = ("verdict", "slos", "events_accepted", "series")
    return {name: getattr(result, name) for name in names}
