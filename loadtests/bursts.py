"""The burst file and its schedule: which crimes have an update when, and which victims sign in.

Pure but for the files it reads. The schedule is open-loop: it says when each thing happens,
whatever the portal does.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, TypeAlias, get_args

import numpy as np
from msgspec import Meta, structs

from loadtests.arrival_curves import Curve, check_curve, curve_of_evidence, share_at
from loadtests.faults import Fault
from loadtests.page_watch import LOOK_SECONDS
from reference.contract.events import BATCH_EVENTS_MAX
from simulator.errors import BadInput
from simulator.files import checked_toml
from simulator.files.checked_toml import Amount, Strict
from simulator.files.paths import found
from simulator.population.drama_numbers import ORDINARY_MOBILES
from simulator.population.faults.rates import read_fault_rates

CRIMES_MAX = 50_000
SECONDS_MAX = 3600
VISITS_MAX = 100_000
#: Visitors cannot share a telephone, because of their one-time codes.
VISITORS_MAX = len(ORDINARY_MOBILES)
#: A visit that meets trouble asks again; so many times the ordered requests are the most.
REQUESTS_SPARE = 5

#: So often a page is looked at, at most, that is slow to show its update.
_LOOKS_MAX = 500

#: What happens to each crime. A crime that is recorded in the burst was not known before it.
Update: TypeAlias = Literal["closed", "deployed", "recorded"]
Shape: TypeAlias = Literal["even", "at once", "random", "ramp", "curve", "trace"]
#: What the users of a burst do; each is a tag of Locust's.
Journey: TypeAlias = Literal["updates", "sign-in", "read", "ask", "stop"]
JOURNEYS: tuple[Journey, ...] = get_args(Journey)
#: Those that visitors make.
VISIT_JOURNEYS: frozenset[Journey] = frozenset({"sign-in", "read", "ask"})
Seconds = Annotated[float, Meta(gt=0, le=SECONDS_MAX)]

#: Address, proof, code and sign-out; then the list of crimes and one timeline; then the question.
_SIGN_IN_REQUESTS, _READ_REQUESTS, _ASK_REQUESTS = 4, 2, 1


class Burst(Strict, frozen=True, kw_only=True):
    """One burst: updates of many crimes, while some of their victims sign in and read.

    Updates are due by `shape`: evenly; at once, as after an outage; at random; faster and faster;
    by a `curve` of shares; or as in a `trace`, the evidence of a rehearsal, whose busiest hour is
    played in the time of the burst. Visits come by `visits_shape`. Visitors ask a question in
    `asks_share` of their visits. Of `pages_watched` crimes the page is looked at until it shows the
    update.

    After `silence_seconds` without a message, the missing ones are lost. The wait ends after
    `drain_seconds_max`. When all have come, `repeats_seconds` more are waited for what comes twice:
    a queue hands over again within a minute what was not confirmed. A portal that answers nothing
    for `down_seconds_max` ends the burst.
    `gateway_per_minute_max` is what our gateway takes (0 for no limit; 3,000 is Notify's).
    Of the telephones of victims who do not visit, `stops_share` text STOP in the first half of the
    burst, each as often as victims have it. With `quiet_seconds` the burst is in the night: the
    quiet hours end so long after the run began, and what was recorded is told then.
    `data_quality` is a file of rates: the force's records of victims who do not visit have faults,
    as in a rehearsal, so that some of them cannot be told. "" leaves every record right.
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
    down_seconds_max: Seconds = 30.0
    repeats_seconds: Annotated[float, Meta(ge=0, le=600)] = 65.0
    update: Update = "closed"
    shape: Shape = "even"
    curve: Curve = ()
    trace: str = ""
    seed: Annotated[int, Meta(ge=0)] = 1
    visits_shape: Literal["random", "even"] = "random"
    asks_share: Annotated[float, Meta(ge=0, le=1)] = 0.0
    pages_watched: Annotated[int, Meta(ge=0, le=100)] = 0
    stops_share: Annotated[float, Meta(ge=0, le=1)] = 0.0
    quiet_seconds: Annotated[float, Meta(ge=0, le=600)] = 0.0
    data_quality: str = ""
    gateway_per_minute_max: Annotated[int, Meta(ge=0, le=1_000_000)] = 0
    faults: tuple[Fault, ...] = ()

    def __post_init__(self) -> None:
        for name, least, most in (
            ("crimes", 1, CRIMES_MAX),
            ("visitors", 0, min(VISITORS_MAX, self.crimes.value) - self.pages_watched),
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
        self._check_shape()
        for each in self.faults:
            if each.at_seconds > self.seconds:
                raise ValueError(
                    f"faults: {each.kind} at_seconds is {each.at_seconds:g}, after the burst, "
                    f"which takes {self.seconds:g} s"
                )

    def _check_shape(self) -> None:
        """Refuse a shape without what it needs, and what another shape needs."""
        for name, is_given in (("curve", bool(self.curve)), ("trace", bool(self.trace))):
            if (self.shape == name) != is_given:
                raise ValueError(f'give {name} with shape = "{name}", and only with it')
        if self.pages_watched and self.update == "recorded":
            raise ValueError(
                "pages_watched: the victim of a crime that is recorded in the burst has no page "
                "before it; leave it out"
            )
        if self.quiet_seconds and self.update != "recorded":
            raise ValueError(
                "quiet_seconds: a crime is closed after its victim was invited, which would wait "
                'too; give update = "recorded"'
            )
        if self.stops_share and self.update == "recorded":
            raise ValueError(
                "stops_share: who is not known yet gets no texts to stop; leave it out"
            )
        check_curve(self.curve)

    def scaled(self, scale: float) -> "Burst":
        """Give the same burst with so many times as many crimes and visits in the same time.

        Raises ValueError if that is more than a burst may have.
        """
        crimes = structs.replace(self.crimes, value=float(round(self.crimes.value * scale)))
        rate = self.closures_per_second.value * scale
        closures = structs.replace(self.closures_per_second, value=rate)
        visits = self.visits_per_second.value * scale
        pages = min(self.pages_watched, int(crimes.value))
        most = min(VISITORS_MAX, crimes.value) - pages
        visitors = min(round(self.visitors.value * scale), most)
        return structs.replace(
            self,
            crimes=crimes,
            closures_per_second=closures,
            visits_per_second=structs.replace(self.visits_per_second, value=visits),
            visitors=structs.replace(self.visitors, value=float(visitors)),
            pages_watched=pages,
        )

    def with_visitors(self, count: int) -> "Burst":
        """Give the same burst with so many visitors at most at once, and visits in proportion.

        Raises ValueError if that is more than a burst may have, or if nobody visits in it.
        """
        if not self.visitors.value:
            raise ValueError("nobody visits in this burst")
        rate = self.visits_per_second.value * count / self.visitors.value
        return structs.replace(
            self,
            visitors=structs.replace(self.visitors, value=float(count)),
            visits_per_second=structs.replace(self.visits_per_second, value=rate),
        )

    def lasting(self, seconds: float) -> "Burst":
        """Give the same burst at the same rates for so long: a soak.

        Repeats are waited for no longer than that.

        Raises ValueError if that is more than a burst may have.
        """
        count = max(1.0, float(round(self.closures_per_second.value * seconds)))
        return structs.replace(
            self,
            crimes=structs.replace(self.crimes, value=count),
            repeats_seconds=min(self.repeats_seconds, seconds),
        )

    def waiting(self, seconds: float) -> "Burst":
        """Give the same burst with so long to tell everyone after the last update."""
        return structs.replace(self, drain_seconds_max=max(self.drain_seconds_max, seconds))

    @property
    def scale_max(self) -> float:
        """How many times as large the burst may be made."""
        visits_made = self.seconds * self.visits_per_second.value
        most = CRIMES_MAX / self.crimes.value
        return min(most, VISITS_MAX / visits_made) if visits_made else most

    @property
    def crime_count(self) -> int:
        """The number of crimes to close."""
        return int(self.crimes.value)

    @property
    def visitor_count(self) -> int:
        """The number of victims who sign in and read."""
        return int(self.visitors.value)

    @property
    def registered_count(self) -> int:
        """The number of victims who register before the burst: visitors, then watchers of pages."""
        return self.visitor_count + self.pages_watched

    @property
    def seconds(self) -> float:
        """The seconds needed to close all crimes on schedule."""
        return self.crimes.value / self.closures_per_second.value

    def requests_per_second(self, journeys: tuple[Journey, ...] = JOURNEYS) -> float:
        """The requests a second that are ordered of the portal."""
        rate = 0.0
        if "updates" in journeys:
            rate += self.closures_per_second.value / self.batch_events
            rate += self.pages_watched / LOOK_SECONDS
        if "stop" in journeys:
            rate += 2 * self.stops_share * self.crimes.value / self.seconds
        asks = self.asks_share if "ask" in journeys else 0.0
        each = _SIGN_IN_REQUESTS + _READ_REQUESTS * ("read" in journeys) + _ASK_REQUESTS * asks
        return rate + each * self._visit_rate(journeys)

    def receipts_per_second(self, journeys: tuple[Journey, ...] = JOURNEYS) -> float:
        """The receipts a second that follow: for the message of each update, and for each code."""
        updates = self.closures_per_second.value if "updates" in journeys else 0.0
        pages = self.pages_watched / self.seconds if "updates" in journeys else 0.0
        return updates + pages + self._visit_rate(journeys)

    def _visit_rate(self, journeys: tuple[Journey, ...]) -> float:
        """The visits a second that are made; none where nobody visits."""
        are_some = self.visitor_count and int(self.seconds * self.visits_per_second.value)
        is_asked = not VISIT_JOURNEYS.isdisjoint(journeys)
        return self.visits_per_second.value if are_some and is_asked else 0.0

    def requests_max(self, journeys: tuple[Journey, ...] = JOURNEYS) -> int:
        """The most requests that the burst may send, those that are sent again included."""
        ordered = self.requests_per_second(journeys) * self.seconds
        again = self.senders * self.drain_seconds_max + self.pages_watched * _LOOKS_MAX
        return int(REQUESTS_SPARE * ordered + again) + 1000


@dataclass(frozen=True)
class Batch:
    """Crimes closed together, `due_seconds` after the start; `crimes` are their numbers."""

    due_seconds: float
    crimes: tuple[int, ...]


@dataclass(frozen=True)
class Visit:
    """One visitor signs in and reads, `due_seconds` after the start; some ask a question."""

    due_seconds: float
    asks: bool


@dataclass(frozen=True)
class PageWatch:
    """The page of a crime is looked at from when its update is due until it shows it."""

    due_seconds: float
    crime: int


def read_burst(path: Path) -> Burst:
    """Read and check a burst file, and the files that it names; raises BadInput."""
    burst = checked_toml.read(path, Burst)
    if burst.data_quality:
        try:
            read_fault_rates(path=found(Path(burst.data_quality)))
        except BadInput as error:
            raise BadInput(f"{path}: data_quality: {error}") from None
    if not burst.trace:
        return burst
    try:
        curve = curve_of_evidence(found(Path(burst.trace)))
    except BadInput as error:
        raise BadInput(f"{path}: trace: {error}") from None
    return structs.replace(burst, shape="curve", curve=curve, trace="")


def batches(burst: Burst, journeys: tuple[Journey, ...] = JOURNEYS) -> list[Batch]:
    """Schedule the updates: each crime once, a batch at a time, in the order they are due."""
    if "updates" not in journeys:
        return []
    numbers = _spread(burst.crime_count, burst.registered_count)
    firsts = range(0, burst.crime_count, burst.batch_events)
    due = _due_seconds(burst, firsts)
    return [
        Batch(at, tuple(numbers[first : first + burst.batch_events]))
        for at, first in zip(due, firsts, strict=True)
    ]


def visits(burst: Burst, journeys: tuple[Journey, ...] = JOURNEYS) -> list[Visit]:
    """Schedule the visits over the burst; a visitor who is free makes the next.

    They come by chance, as people do who know nothing of each other: a Poisson process whose number
    is given, or evenly where the burst says so.
    """
    if not burst.visitor_count or VISIT_JOURNEYS.isdisjoint(journeys):
        return []
    rate, share = burst.visits_per_second.value, burst.asks_share if "ask" in journeys else 0.0
    count = int(burst.seconds * rate)
    due = [number / rate for number in range(count)]
    if burst.visits_shape == "random":
        due = _by_chance(count, burst.seconds, seed=(burst.seed, count))
    return [
        Visit(at, asks=int((number + 1) * share) > int(number * share))
        for number, at in enumerate(due)
    ]


def page_watches(burst: Burst, journeys: tuple[Journey, ...] = JOURNEYS) -> list[PageWatch]:
    """Say which crimes' pages are watched, in the order in which their updates are due."""
    watched = range(burst.visitor_count, burst.registered_count)
    return [
        PageWatch(batch.due_seconds, number)
        for batch in batches(burst, journeys)
        for number in batch.crimes
        if number in watched
    ]


def _due_seconds(burst: Burst, firsts: range) -> list[float]:
    """Say when each batch is due, by its first crime: by the rate, or by the shape."""
    count, seconds = burst.crime_count, burst.seconds
    match burst.shape:
        case "at once":
            return [0.0] * len(firsts)
        case "random":
            return _by_chance(len(firsts), seconds, seed=burst.seed)
        case "ramp":
            return [seconds * (first / count) ** 0.5 for first in firsts]
        case "curve":
            return [seconds * share_at(burst.curve, first / count) for first in firsts]
        case _:
            return [first / burst.closures_per_second.value for first in firsts]


def _by_chance(count: int, seconds: float, *, seed: int | tuple[int, ...]) -> list[float]:
    """Draw the times of a Poisson process whose number is given: uniform draws in order."""
    drawn = np.random.default_rng(seed).uniform(0, seconds, count)
    return [float(each) for each in np.sort(drawn)]


def _spread(count: int, registered: int) -> list[int]:
    """Order the crimes so that those of registered victims are spread over the burst."""
    if not registered:
        return list(range(count))
    places = [(number + 0.5) / registered for number in range(registered)]
    others = count - registered
    places += [(number + 0.5) / others for number in range(others)]
    return sorted(range(count), key=lambda number: places[number])
