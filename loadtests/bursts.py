"""The burst file and its schedule: which crimes are closed when, and which victims sign in.

Pure. The schedule is open-loop: it says when each thing happens, whatever the portal does.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from msgspec import Meta

from reference.contract.events import BATCH_EVENTS_MAX
from simulator.files import checked_toml
from simulator.files.checked_toml import Amount, Strict
from simulator.population.drama_numbers import ORDINARY_MOBILES

CRIMES_MAX = 20_000
SECONDS_MAX = 3600
VISITS_MAX = 100_000
#: Visitors cannot share a telephone, because of their one-time codes.
VISITORS_MAX = len(ORDINARY_MOBILES)

Seconds = Annotated[float, Meta(gt=0, le=SECONDS_MAX)]


class Slo(Strict, frozen=True, kw_only=True):
    """The speed that is required; missing a `should` is a WARNING."""

    update_to_message_p95_seconds: Amount
    level: Literal["must", "should"]


class Burst(Strict, frozen=True, kw_only=True):
    """One burst: crimes closed in bulk, while some of their victims sign in and read.

    After `silence_seconds` without a message, the missing ones are lost. The wait ends after
    `drain_seconds_max`.
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
    slo: Slo | None = None

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
    """One visitor signs in and reads, `due_seconds` after the start."""

    due_seconds: float
    visitor: int


def read_burst(path: Path) -> Burst:
    """Read and check a burst file; raises BadInput naming the field."""
    return checked_toml.read(path, Burst)


def batches(burst: Burst) -> list[Batch]:
    """Schedule the closures: each crime once, evenly, a batch at a time."""
    return [
        Batch(
            first / burst.closures_per_second.value,
            range(first, min(first + burst.batch_events, burst.crime_count)),
        )
        for first in range(0, burst.crime_count, burst.batch_events)
    ]


def visits(burst: Burst) -> list[Visit]:
    """Schedule the visits evenly over the burst, with the visitors in turn."""
    if not burst.visitor_count:
        return []
    rate = burst.visits_per_second.value
    return [
        Visit(number / rate, number % burst.visitor_count)
        for number in range(int(burst.seconds * rate))
    ]
