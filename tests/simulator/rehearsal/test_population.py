"""The population: one seed gives the same people, and a larger fraction follows more of them."""

from datetime import date
from functools import cache
from typing import Any

import numpy as np
import pytest
from msgspec import structs

from simulator.errors import BadInput
from simulator.inputs.order import read_order
from simulator.rehearsal.population import Population, make_population
from simulator.rehearsal.rollout import read_rollout
from simulator.streams import Streams
from tests.simulator.real_files import ORDER, ROLLOUT, ROOT

REAL = read_rollout(ROLLOUT)


@cache
def population(
    *, fraction: float = 0.1, seed: int = 1, registers: float | None = None, safe: float = 0.97
) -> Population:
    """Make a week's crimes of both forces."""
    victims = structs.replace(
        REAL.victims,
        safe_to_contact=structs.replace(REAL.victims.safe_to_contact, value=safe),
        registers=structs.replace(
            REAL.victims.registers,
            value=REAL.victims.registers.value if registers is None else registers,
        ),
    )
    return make_population(
        structs.replace(REAL, victims=victims),
        read_order(ORDER),
        root=ROOT,
        start=date(2026, 6, 1),
        end=date(2026, 6, 8),
        fraction=fraction,
        identity_key="a key of a test",
        streams=Streams(seed),
    )


def test_training_stops_faults_and_changes_nothing_else() -> None:
    """The same people, with fewer of the faults that the training is about."""
    before, after = (
        make_population(
            structs.replace(REAL, entry_checks=checks),
            read_order(ORDER),
            root=ROOT,
            start=date(2026, 1, 5),
            end=date(2026, 5, 4),
            fraction=0.1,
            identity_key="a key of a test",
            streams=Streams(1),
        ).casework.recorded
        for checks in ("", "scenarios/data-quality/training.toml")
    )
    kinds = {kind for each in after.rates.entry_checks for kind in each.kinds}
    fewer = 0
    for row in range(len(after) - 3_000, len(after)):
        had, has = before.faults(row), after.faults(row)
        assert set(has) <= set(had)
        assert set(had) - set(has) <= kinds
        fewer += had != has
    assert fewer > 50
    assert not before.stopped
    assert sum(after.stopped.values()) > 500


def test_a_missing_file_of_rates_is_a_sentence() -> None:
    """The file is named."""
    with pytest.raises(BadInput, match=r"nowhere\.toml"):
        make_population(
            structs.replace(REAL, data_quality="nowhere.toml"),
            read_order(ORDER),
            root=ROOT,
            start=date(2026, 6, 1),
            end=date(2026, 6, 2),
            fraction=0.1,
            identity_key="a key of a test",
            streams=Streams(1),
        )


def rows_of(made: Population) -> list[Any]:
    """Return all that describes the first few people of a population."""
    return [made.casework.victim(row) for row in range(50)] + [
        made.casework.event(row, 0) for row in range(50)
    ]


def test_there_is_one_entry_a_crime() -> None:
    """Every column has a row for each crime."""
    made = population()

    assert len(made.crimes) > 5000
    for column in (made.would_be_invited, made.followed, made.registers):
        assert len(column) == len(made.crimes)
        assert column.dtype == np.bool_


@pytest.mark.parametrize("fraction", [0.001, 0.1, 0.5])
def test_the_fraction_is_followed(fraction: float) -> None:
    """About the requested fraction of crimes is followed, and all at a fraction of 1."""
    followed = population(fraction=fraction).followed

    spread = (fraction * (1 - fraction) / len(followed)) ** 0.5
    assert followed.mean() == pytest.approx(fraction, abs=4 * spread)
    assert population(fraction=1).followed.all()


def test_a_larger_fraction_follows_the_same_and_more() -> None:
    """A larger fraction includes the crimes of a smaller one."""
    small, large = population(fraction=0.1), population(fraction=0.3)

    assert (large.followed | ~small.followed).all()
    assert large.followed.sum() > small.followed.sum()
    assert rows_of(small) == rows_of(large)
    assert small.registers.tolist() == large.registers.tolist()


def test_the_same_seed_has_the_same_people() -> None:
    """One seed gives one population; another seed gives other people."""
    again = make_population(
        REAL,
        read_order(ORDER),
        root=ROOT,
        start=date(2026, 6, 1),
        end=date(2026, 6, 8),
        fraction=0.1,
        identity_key="a key of a test",
        streams=Streams(1),
    )

    assert rows_of(again) == rows_of(population())
    assert again.followed.tolist() == population().followed.tolist()
    assert rows_of(population(seed=2)) != rows_of(population())


def test_who_registers_is_drawn_apart() -> None:
    """With a larger share the same people register, plus more, and nothing else changes."""
    none, some, everybody = (population(registers=share) for share in (0.0, 0.4, 1.0))

    assert not none.registers.any()
    has_no_need = everybody.access_needs.registers() == 1
    assert everybody.registers[has_no_need].all()
    assert 0 < everybody.registers[~has_no_need].mean() < 1
    assert some.registers[has_no_need].mean() == pytest.approx(0.4, abs=0.03)
    assert (population(registers=0.6).registers | ~some.registers).all()
    assert rows_of(none) == rows_of(everybody)
    assert none.followed.tolist() == everybody.followed.tolist()
    assert none.would_be_invited.tolist() == everybody.would_be_invited.tolist()


def test_only_people_who_are_safe_to_contact_are_invited() -> None:
    """If nobody is recorded as safe, nobody is invited, and nothing else changes."""
    made, safe = population(safe=0.0), population(safe=1.0)

    assert not made.would_be_invited.any()
    assert safe.would_be_invited.any()
    assert made.followed.tolist() == safe.followed.tolist()


def test_the_parameters_are_kept_for_the_report() -> None:
    """Every parameter file is named."""
    assert set(population().sources) == {"people", "contact details", "journey"}
