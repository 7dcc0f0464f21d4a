"""The burst file and its schedule: which crimes have an update when, and which victims sign in.

Pure. The schedule is open-loop: it says when each thing happens, whatever the portal does.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

from msgspec import Meta, structs

from reference.contract.events import BATCH_EVENTS_MAX
from simulator.files import checked_toml
from simulator.files.checked_toml import Amount, Strict
from simulator.population.drama_numbers import ORDINARY_MOBILES

CRIMES_MAX = 20_000
SECONDS_MAX = 3600
VISITS_MAX = 100_000
#: Visitors cannot share a telephone, because of their one-time codes.
VISITORS_MAX = len(ORDINARY_MOBILES)

#: What happens to each crime. A crime that is recorded in the burst was not known before it.
Update: TypeAlias = Literal["closed", "deployed", "recorded"]
Shape: TypeAlias = Literal["even", "at once"]
Seconds = Annotated[float, Meta(gt=0, le=SECONDS_MAX)]


class Burst(Strict, frozen=True, kw_only=True):
    """One burst: updates of many crimes, while some of their victims sign in and read.

    With the shape `at once` every update is due at the start, as after an outage. Visitors ask a
    question in `asks_share` of their visits. After `silence_seconds` without a message, the missing
    ones are lost. The wait ends after `drain_seconds_max`.
    """

    name: str
    target: str
    crimes: Amount
    closures_per_second: Amount
    batch_events: Annotated[int, Meta(ge=1, le=BATCH_EVENTS_MAX)]
    senders: Annotated[int, Meta(ge=1, le=64)]
    visitors: Amount
    visits_per_second: Amount
    silence_seconds: Seconds
    drain_seconds_max: Seconds
    update: Update = "closed"
    shape: Shape = "even"
    asks_share: Annotated[float, Meta(ge=0, le=1)] = 0.0

    def __post_init__(self) -> None:
        for name, least, most in (
            ("crimes", 1, CRIMES_MAX),
            ("visitors", 0, min(VISITORS_MAX, self.crimes.value)),
        ):
            value = getattr(self, name).value
            if value != int(value) or not least <= value <= most:
                raise ValueError(
                    f"{name}.value is {value:g}; give a whole number from {least} to {most:g}"
                )
        if not self.closures_per_second.value:
            raise ValueError("closures_per_second.value is 0; give a rate above 0")
        if self.seconds > SECONDS_MAX:
            raise ValueError(
                f"closures_per_second.value is {self.closures_per_second.value:g}: that takes "
                f"{self.seconds:,.0f} s, and a burst takes {SECONDS_MAX:,} s at most"
            )
        if self.seconds * self.visits_per_second.value > VISITS_MAX:
            raise ValueError(
                f"visits_per_second.value is {self.visits_per_second.value:g}: more than "
                f"{VISITS_MAX:,} visits in a burst"
            )

    def scaled(self, scale: float) -> "Burst":
        """Give the same burst with so many times as many crimes and visits in the same time.

        Raises ValueError if that is more than a burst may have.
        """
        crimes = structs.replace(self.crimes, value=float(round(self.crimes.value * scale)))
        rate = self.closures_per_second.value * scale
        closures = structs.replace(self.closures_per_second, value=rate)
        visits = self.visits_per_second.value * scale
        visitors = min(round(self.visitors.value * scale), VISITORS_MAX, crimes.value)
        return structs.replace(
            self,
            crimes=crimes,
            closures_per_second=closures,
            visits_per_second=structs.replace(self.visits_per_second, value=visits),
            visitors=structs.replace(self.visitors, value=float(visitors)),
        )

    @property
    def crime_count(self) -> int:
        """The number of crimes to close."""
        return int(self.crimes.value)

    @property
    def visitor_count(self) -> int:
        """The number of victims who sign in and read."""
        return int(self.visitors.value)

    @property
    def seconds(self) -> float:
        """The seconds needed to close all crimes on schedule."""
        return self.crimes.value / self.closures_per_second.value


@dataclass(frozen=True)
class Batch:
    """Crimes closed together, `due_seconds` after the start; `crimes` are their numbers."""

    due_seconds: float
    crimes: range


@dataclass(frozen=True)
class Visit:
    """One visitor signs in and reads, `due_seconds` after the start; some ask a question."""

    due_seconds: float
    asks: bool


def read_burst(path: Path) -> Burst:
    """Read and check a burst file; raises BadInput naming the field."""
    return checked_toml.read(path, Burst)


def batches(burst: Burst) -> list[Batch]:
    """Schedule the updates: each crime once, a batch at a time, evenly or all at once."""
    return [
        Batch(
            0.0 if burst.shape == "at once" else first / burst.closures_per_second.value,
            range(first, min(first + burst.batch_events, burst.crime_count)),
        )
        for first in range(0, burst.crime_count, burst.batch_events)
    ]


def visits(burst: Burst) -> list[Visit]:
    """Schedule the visits evenly over the burst; a visitor who is free makes the next."""
    if not burst.visitor_count:
        return []
    rate, share = burst.visits_per_second.value, burst.asks_share
    return [
        Visit(number / rate, asks=int((number + 1) * share) > int(number * share))
        for number in range(int(burst.seconds * rate))
    ]
