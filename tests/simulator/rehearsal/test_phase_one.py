"""What phase 1 did, played in the published years: at the rehearsed uptake, and at another.

One force a tenth as large, whose portal settles every worry of those who registered, and whose
messages make calls as one number in the rollout says.
"""

from datetime import date
from functools import cache
from typing import Any

import msgspec
import numpy as np
import pytest

from simulator.contact_centre.staffing import ContactCentreParameters
from simulator.force.crime_journey import read_journey
from simulator.force.crimes import make_crimes
from simulator.force.figures import load_figures
from simulator.population.access_needs import make_access_needs
from simulator.rehearsal import published_years
from simulator.rehearsal.full_volume import KINDS, Settled, Told
from simulator.rehearsal.phase_one import made_calls, phase_one
from simulator.rehearsal.plan import Plan
from simulator.rehearsal.population import Population, draws_to_register
from simulator.rehearsal.portal_use import PortalUse
from simulator.rehearsal.published_figures import Published, read_published
from simulator.rehearsal.published_years import compare_years, figures_of_a_year
from simulator.rehearsal.rollout import Span, read_rollout
from simulator.results.values import PublishedYears
from simulator.streams import Streams
from tests.simulator.real_files import CENTRE, ROLLOUT, parsed
from tests.simulator.rehearsal.test_published_years import PUBLISHED

FORCE = "hampshire"
SMALLER = 10
START, LIVE, END = date(2026, 1, 5), date(2026, 2, 2), date(2026, 4, 6)
MESSAGES_EACH = 4


class _Part:
    """A part of a plan or population that has only what phase 1 and the published years read."""

    def __init__(self, **fields: object) -> None:
        self.__dict__.update(fields)


@cache
def _rehearsed() -> tuple[Plan, PortalUse]:
    """Make a plan with one phase, in which everybody followed is sent four pieces of news."""
    rollout, streams = read_rollout(ROLLOUT), Streams(3)
    crimes = make_crimes(
        figures=figures_of_a_year(load_figures(), FORCE, 160_000 / SMALLER),
        start=START,
        end=END,
        journey=read_journey(),
        streams=streams,
    )
    raw = parsed(CENTRE)
    for line in ("999", "101"):
        raw["forces"][FORCE][f"calls_a_year_{line}"]["value"] /= SMALLER
    recorded = crimes.seconds["CrimeRecorded"]
    everybody = np.ones(len(crimes), dtype=np.bool_)
    live = (LIVE - START).days * 86_400
    draws = draws_to_register(
        make_access_needs(len(crimes), rollout.access_needs, streams), streams
    )
    population: Any = _Part(
        crimes=crimes,
        would_be_invited=everybody,
        followed=everybody,
        registers=draws < rollout.victims.registers.value,
        registers_draws=draws,
    )
    plan: Any = _Part(
        rollout=rollout,
        streams=streams,
        periods=[Span(name="Phase 1", starts=LIVE, ends=END, phase=1)],
        population=population,
        centres=msgspec.convert(raw, ContactCentreParameters),
    )
    return plan, _use(population, recorded, live)


def _use(population: Population, recorded: np.ndarray[Any, Any], live: int) -> PortalUse:
    settled = np.zeros((KINDS, 4))
    settled[1:, 1:] = 1
    invited = np.flatnonzero(recorded >= live)
    told = [
        (
            int(recorded[row]) + 3600 * number,
            int(row),
            not registers,
            False,
            False,
            0.0,
            False,
            False,
        )
        for row in invited
        for registers in [bool(population.registers[row])]
        for number in range(MESSAGES_EACH)
    ]
    nobody = np.empty(0, dtype=np.int64)
    return PortalUse(
        rings=np.empty(0, dtype=np.bool_),
        phases=nobody,
        settled=Settled(settled),
        may_register=recorded >= live,
        told=Told.of(told).in_order(),
        registered=int(population.registers[invited].sum()) // 2,
        fraction=1.0,
        saved_error=0.0,
        net_error=0.0,
        net_error_by_force={},
        followed_kinds=nobody,
        followed_rows=nobody,
        followed_saved=np.empty(0, dtype=np.int8),
        followed_phases=nobody,
    )


def _published() -> Published:
    """Read what was published of the force, with a tenth of its crimes."""
    published = read_published(PUBLISHED, [FORCE])
    facts = published.forces[FORCE]
    crimes = {
        name: msgspec.structs.replace(rate, value=rate.value / SMALLER)
        for name in ("crimes_2022_23", "crimes_2023_24")
        for rate in [getattr(facts, name)]
    }
    return msgspec.structs.replace(
        published, forces={FORCE: msgspec.structs.replace(facts, **crimes)}
    )


def _compared(monkeypatch: pytest.MonkeyPatch, registered: int) -> PublishedYears:
    monkeypatch.setattr(published_years, "PUBLISHED_REGISTERED", registered)
    [found] = compare_years(*_rehearsed(), _published())
    return found


def test_what_phase_one_did_is_taken_from_the_followed() -> None:
    """Everybody was invited, where a crime occurred; half of those willing signed in by the end."""
    plan, use = _rehearsed()
    seen = phase_one(plan, use)

    occurred = np.unique(plan.population.crimes.offence)
    assert seen.invited_share[occurred] == pytest.approx(1)
    assert seen.invited_share.sum() == pytest.approx(len(occurred))
    assert seen.signs_in == pytest.approx(0.5, abs=0.01)


@pytest.mark.parametrize("registers", [0.0, 0.2, 0.6])
def test_messages_make_calls_of_those_who_never_sign_in(registers: float) -> None:
    """Four messages to each, of which some make a call; those who register get no such ones.

    At another share, who would not have signed in at 60% stands for all who do not; who never
    would at any share is as many. The last messages of the last day come after the end.
    """
    plan, use = _rehearsed()
    made = made_calls(plan, use, registers)
    draws = plan.population.registers_draws[use.may_register]
    might, never = ((draws >= 0.6) & (draws <= 1)).mean(), (draws > 1).mean()
    strangers = might * (1 - registers) / (1 - 0.6) + never
    chance = plan.rollout.worry.message_makes_call.value

    assert made.each == pytest.approx(MESSAGES_EACH * chance * strangers, rel=0.005)
    assert set(made.lags) == {0, 3600, 7200, 10_800}
    assert len(made.victims.told_rows) == len(made.lags) == len(made.of_lags)
    assert made.of_lags.sum() == pytest.approx(1)


@pytest.mark.slow(seconds=5)
def test_with_fewer_registered_the_portal_explains_less(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nearly nobody: messages make calls and nothing is saved. Half as many: half is saved."""
    nobody, half = (_compared(monkeypatch, each) for each in (1, 1_600))

    assert nobody.falls[0].by_portal == half.falls[0].by_portal
    for few, some in zip(nobody.falls, half.falls, strict=True):
        assert few.few is not None
        assert some.few is not None
        assert few.few.mean < 0 < some.few.mean < some.by_portal
        assert few.ceiling is not None
        assert some.by_portal < few.ceiling
    assert nobody.registers == 0.6
    assert nobody.registers_few == pytest.approx(0.0, abs=0.001)
    assert half.registers_few == pytest.approx(0.3, abs=0.1)
    assert nobody.abandoned_999_with[0] == nobody.abandoned_999_without[0]


def test_where_nobody_can_register_so_many_everybody_would(monkeypatch: pytest.MonkeyPatch) -> None:
    """The published number is above that of those invited."""
    found = _compared(monkeypatch, 10**6)

    assert found.registers_few == 1
    for fall in found.falls:
        assert fall.few is not None
        assert fall.by_portal < fall.few.mean
