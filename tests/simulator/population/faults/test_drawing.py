"""Drawing faults: rates hold, kinds are independent, and training takes its share away."""

from types import MappingProxyType

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.population.faults import drawing, kinds
from simulator.population.faults.drawing import FaultTable, Plan, draw_faults, draw_intake
from simulator.population.faults.kinds import KINDS, PATTERNS, FaultKind, Has
from simulator.population.faults.rates import EntryCheck, FaultRates
from simulator.streams import Streams
from tests.simulator.population.faults.changed_rates import RATES, evenly, only, share

COUNT = 20_000
ALL = np.uint16(PATTERNS - 1)


def drawn(
    rates: FaultRates = RATES, *, seed: int = 1, count: int = COUNT, has: int = PATTERNS - 1
) -> Plan:
    """Draw the faults of records that have everything a fault can spoil."""
    stream = Streams(seed).for_
    intake = draw_intake(count, rates, stream, weeks=52)
    return draw_faults(FaultTable(rates), intake, np.full(count, has, np.uint16), stream)


def test_rates_are_within_their_interval() -> None:
    """Of all kinds, none is further from what was asked than chance explains."""
    plan = drawn()
    far = {
        kind: (asked, len(plan.faults[kind].rows))
        for kind, asked in plan.asked.items()
        if abs(len(plan.faults[kind].rows) - asked) > 4 * max(asked, 1) ** 0.5
    }

    assert not far
    assert plan.asked["email_missing"] == pytest.approx(0.15 * COUNT, rel=0.02)


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**32), rate=st.sampled_from([0.01, 0.1, 0.4]))
def test_one_name_in_so_many_is_wrong(seed: int, rate: float) -> None:
    """Whatever the weights, the kinds of wrong names add up to the rate."""
    rates = only(names=rate, case_lost=3, fake_name=1, accents_lost=30)
    for has in (0, PATTERNS - 1):
        plan = drawn(rates, seed=seed, count=4_000, has=has)
        wrong = sum(len(plan.faults[each.name].rows) for each in kinds.of_group("name"))

        assert abs(wrong - rate * 4_000) < 5 * (rate * 4_000) ** 0.5


def test_a_kind_needs_what_it_spoils() -> None:
    """Without a mobile, no mobile is wrong; without accents, none is lost."""
    plan = drawn(has=int(Has.EMAIL))

    assert {kind for kind in KINDS if KINDS[kind].needs & ~Has.EMAIL} == {
        kind for kind, could in plan.could.items() if not could
    }
    assert all(not len(plan.faults[kind].rows) for kind, could in plan.could.items() if not could)


def test_one_field_has_one_fault() -> None:
    """No field of a record is changed by two kinds, and each record by a kind once."""
    plan = drawn(evenly())
    for name in ("mobile", "email", "given_name", "date_of_birth", "record"):
        rows = [d.rows for kind, d in plan.faults.items() if name in KINDS[kind].fields]
        every = np.concatenate(rows)

        assert len(every) == len(np.unique(every))


def test_a_new_kind_leaves_the_others_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """A kind at the end of its group changes no other kind's rows, nor how they come out."""
    before = drawn()
    new = FaultKind("mumbled", "birth", "said", ("a", "b"), Has.NOTHING, ("date_of_birth",))
    more = MappingProxyType({**KINDS, "mumbled": new})
    for module in (kinds, drawing):
        monkeypatch.setattr(module, "KINDS", more)
    monkeypatch.setattr(drawing, "NAMES", tuple(more))
    rates = msgspec.structs.replace(RATES)
    monkeypatch.setattr(FaultRates, "rate", _with_mumbled(FaultRates.rate))
    after = drawn(rates)

    assert len(after.faults["mumbled"].rows) > 100
    for kind, each in before.faults.items():
        assert each.rows.tolist() == after.faults[kind].rows.tolist()
        assert each.how.tolist() == after.faults[kind].how.tolist()


def _with_mumbled(rate: object) -> object:
    def changed(self: FaultRates, kind: str) -> float:
        return 0.02 if kind == "mumbled" else rate(self, kind)  # type: ignore[operator]

    return changed


def test_another_rate_leaves_other_kinds_alone() -> None:
    """A kind that comes more often keeps the rows it had, and moves no kind of other fields."""
    before, after = (
        drawn(only(evenly(), birth_missing=rate, digit_lost=0.1)) for rate in (0.02, 0.3)
    )

    assert after.faults["digit_lost"].rows.tolist() == before.faults["digit_lost"].rows.tolist()
    assert len(after.faults["birth_missing"].rows) > 10 * len(before.faults["birth_missing"].rows)


def test_typists_and_stations_differ() -> None:
    """Where errors are twice as frequent, twice as many come out, and the overall rate holds."""
    rates = only(digit_lost=0.1)
    stream = Streams(3).for_
    intake = draw_intake(120_000, rates, stream, weeks=1)
    plan = draw_faults(FaultTable(rates), intake, np.full(120_000, ALL), stream)
    wrong = np.zeros(120_000, np.bool_)
    wrong[plan.faults["digit_lost"].rows] = True
    stations = list(rates.stations.values())
    by_station = [wrong[intake.station == i].mean() for i in range(len(stations))]
    online = [each.role for each in rates.typed_by].index("victim")

    assert wrong.mean() == pytest.approx(0.1, abs=0.005)
    assert by_station[-1] / by_station[0] == pytest.approx(
        stations[-1].value / stations[0].value, rel=0.2
    )
    assert wrong[intake.typed_by == online].mean() < 0.08 < wrong[intake.typed_by != online].mean()


def test_a_kind_can_be_one_routes_own() -> None:
    """Where a route never has a kind, that kind never comes from there."""
    stream = Streams(1).for_
    intake = draw_intake(COUNT, RATES, stream, weeks=1)
    plan = draw_faults(FaultTable(RATES), intake, np.full(COUNT, ALL), stream)
    routes = [each.entry_route for each in RATES.typed_by]
    scanned = intake.typed_by[plan.faults["misread_by_scanner"].rows]

    assert {routes[i] for i in scanned.tolist()} == {"written_form"}


def check(**changes: object) -> EntryCheck:
    """Give a check that stops half of the lost digits."""
    given = {"kinds": ["digit_lost"], "from_week": 20, "share": share(0.5), "does": "trained"}
    return EntryCheck(name="counted", **{**given, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "who",
    [
        {},
        {"roles": ["call_taker"]},
        {"entry_routes": ["online_form"]},
        {"stations": ["Marsh End", "Alderbrook"]},
        {"does": "refused", "question": "How many digits?", "share": share(1.0)},
    ],
)
def test_training_stops_its_share(who: dict[str, object]) -> None:
    """From its week on, of the kinds, roles, routes and stations named, and of nothing else."""
    rates = only(digit_lost=0.3, birth_missing=0.1)
    trained = msgspec.structs.replace(rates, entry_checks=[check(**who)])
    before, after = drawn(rates), drawn(trained)
    intake = draw_intake(COUNT, rates, Streams(1).for_, weeks=52)
    gone = np.setdiff1d(before.faults["digit_lost"].rows, after.faults["digit_lost"].rows)
    roles = np.array([each.role for each in rates.typed_by])[intake.typed_by[gone]]
    routes = np.array([each.entry_route for each in rates.typed_by])[intake.typed_by[gone]]
    stations = np.array(list(rates.stations))[intake.station[gone]]
    made = trained.entry_checks[0]

    assert len(gone) == after.stopped["counted"] == after.stopped_kinds["digit_lost"] > 20
    assert intake.week[gone].min() >= 20
    assert not made.roles or set(roles) <= set(made.roles)
    assert not made.entry_routes or set(routes) <= set(made.entry_routes)
    assert not made.stations or set(stations) <= set(made.stations)
    assert (
        before.faults["birth_missing"].rows.tolist() == after.faults["birth_missing"].rows.tolist()
    )
    if not who:
        could = (intake.week[before.faults["digit_lost"].rows] >= 20).sum()
        assert len(gone) == pytest.approx(could / 2, rel=0.1)


def test_nobody_has_no_faults() -> None:
    """No record, no fault; a rate of 1 spoils every record."""
    assert not any(len(each.rows) for each in drawn(count=0).faults.values())
    every = drawn(evenly(only(birth_missing=1.0)), count=500)

    assert len(every.faults["birth_missing"].rows) == 500
