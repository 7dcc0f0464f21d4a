"""What was published of the forces' calls, read from `scenarios/published.toml`.

`published_years.py` puts the model's two years beside it. One more force, to which nothing in the
model was ever fitted, published how many update calls it gets in a year: here the model's rate is
tried on its crimes.
"""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np
from msgspec import field

from simulator.errors import BadInput
from simulator.files import checked_toml
from simulator.files.checked_toml import Amount, Share, Strict
from simulator.rehearsal.years_drawn_again import calls_drawn_again
from simulator.results.values import ModelledUpdateCalls, UpdateCallsElsewhere
from simulator.streams import Streams


class PublishedForce(Strict, frozen=True, kw_only=True):
    """What was published of one force."""

    crimes_2022_23: Amount
    crimes_2023_24: Amount
    fall_in_101_calls: Share
    abandoned_999_2022_23: Share
    abandoned_999_2023_24: Share


class ForceElsewhere(Strict, frozen=True, kw_only=True):
    """A force that is not modelled: its update calls in a year, and its crimes by year."""

    update_calls: Amount
    crimes: dict[str, Amount]


class Published(Strict, frozen=True, kw_only=True):
    """All of `scenarios/published.toml`."""

    name: str
    phase_1_live: date
    forces: dict[str, PublishedForce]
    elsewhere: dict[str, ForceElsewhere] = field(default_factory=dict)


def read_published(path: Path, forces: Sequence[str]) -> Published:
    """Read and check the published figures of these forces; raises BadInput naming the field."""
    published = checked_toml.read(path, Published)
    for force in forces:
        if force not in published.forces:
            raise BadInput(f"{path}: forces: {force} is missing; add what was published of it")
    return published


def update_calls_elsewhere(
    published: Published, calls_a_crime: float, streams: Streams
) -> list[UpdateCallsElsewhere]:
    """Give what the model would say of each force elsewhere, from its recorded crimes alone."""
    return [
        UpdateCallsElsewhere(
            force=force,
            published=round(facts.update_calls.value),
            calls_a_crime=calls_a_crime,
            modelled=[
                _modelled(
                    year, crimes.value, calls_a_crime, streams.for_(f"{force} {year}, drawn again")
                )
                for year, crimes in facts.crimes.items()
            ],
        )
        for force, facts in published.elsewhere.items()
    ]


def _modelled(
    year: str, crimes: float, calls_a_crime: float, rng: np.random.Generator
) -> ModelledUpdateCalls:
    calls = crimes * calls_a_crime
    low, high = calls_drawn_again(calls, rng)
    return ModelledUpdateCalls(
        year=year, crimes=round(crimes), calls=round(calls), calls_low=low, calls_high=high
    )
