"""Who the victims of a burst are, and what the force wrote down about them.

The faults are drawn by the stage that rehearsals use. A victim is a number, and a process that
knows the number of victims and the seed makes the same records as any other.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from simulator.files.paths import found
from simulator.population.data_quality import record_with_faults
from simulator.population.drama_numbers import ORDINARY_MOBILES, mobile_phone
from simulator.population.faults.kinds import Has
from simulator.population.faults.rates import read_fault_rates
from simulator.population.phone_numbers import Numbers
from simulator.population.recorded import Recorded
from simulator.streams import Streams

_GIVEN_NAMES = ("Alex", "Bethan", "Carl", "Donna", "Elliot", "Fiona", "Graham", "Hollie")
_FAMILY_NAMES = ("Bryant", "Clarke", "Dixon", "Elliott", "Foster", "Gibbs", "Howarth", "Ingram")


@dataclass(frozen=True)
class TrueVictim:
    """The truth about a victim: they have a mobile, and nothing else."""

    number: int
    landline: str = ""
    email: str = ""

    @property
    def given_name(self) -> str:
        """Their given name."""
        return _GIVEN_NAMES[self.number % len(_GIVEN_NAMES)]

    @property
    def family_name(self) -> str:
        """Their family name."""
        return _FAMILY_NAMES[self.number // len(_GIVEN_NAMES) % len(_FAMILY_NAMES)]

    @property
    def born(self) -> date:
        """Their date of birth; the prime number of days makes few victims share one."""
        return date(1940, 1, 1) + timedelta(days=self.number % 22_003)

    @property
    def mobile_phone(self) -> str:
        """Their mobile, from the drama range."""
        return mobile_phone(ORDINARY_MOBILES[self.number % len(ORDINARY_MOBILES)])


@lru_cache(maxsize=4)
def victim_records(count: int, data_quality: str, seed: int) -> Recorded:
    """Draw what the force wrote down about so many victims, by a file of rates."""
    return record_with_faults(
        _TrueVictims(count),
        np.ones(count, np.int16),
        rates=read_fault_rates(path=found(Path(data_quality))),
        streams=Streams(seed),
    )


@dataclass(frozen=True)
class _TrueVictims:
    """All victims, as the stage asks about them."""

    count: int
    numbers: Numbers = "drama"

    @property
    def mobile(self) -> NDArray[np.int32]:
        """Their mobiles, counted in the drama range."""
        return np.resize(np.array(ORDINARY_MOBILES, np.int32), self.count)

    @property
    def has_email(self) -> NDArray[np.bool_]:
        """None of them has a mailbox."""
        return np.zeros(self.count, np.bool_)

    def spoilable(self) -> NDArray[np.uint16]:
        """Return what each has that a fault can spoil."""
        births = (self.person(number).born for number in range(self.count))
        swappable = [each.day <= 12 and each.day != each.month for each in births]
        return np.where(swappable, Has.MOBILE | Has.SWAPPABLE_BIRTH, Has.MOBILE).astype(np.uint16)

    def person(self, i: int, /) -> TrueVictim:
        """Return one victim."""
        return TrueVictim(i)
