"""What a portal must hold in a burst, as data: `loadtests/slo.toml`, by burst and measure.

Pure. A missed *must* fails the burst, a missed *should* is a warning. Beyond a limit of what is
*sure*, the machine was not the burst's, and no other limit can be judged. A measure that the burst
did not make is not met and not missed: it is not told.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from simulator.files import checked_toml
from simulator.files.checked_toml import Strict
from simulator.results.load import Level, LoadMeasure, SloOutcome
from simulator.verdicts import Kind

SLOS = Path(__file__).with_name("slo.toml")
_MISSED: dict[Level, Kind] = {"must": "FAIL", "should": "WARNING", "sure": "INCONCLUSIVE"}


class Slo(Strict, frozen=True, kw_only=True):
    """One limit: a measure may be `most` at most, in the bursts of those names (none for all).

    One for `comfort` is stricter than the order: the knee of `--find-capacity` is decided without.
    """

    bursts: tuple[str, ...] = ()
    measure: LoadMeasure
    level: Level
    most: float
    comfort: bool = False
    source: str = ""
    assumed: str = ""

    def __post_init__(self) -> None:
        if bool(self.source) == bool(self.assumed):
            raise ValueError("give either source or assumed, with a sentence in it")
        if not 0 <= self.most < float("inf"):
            raise ValueError(f"most is {self.most}; it must be 0 or more")


class SloFile(Strict, frozen=True, kw_only=True):
    """All limits."""

    slos: tuple[Slo, ...]


def read_slos(burst_name: str, path: Path = SLOS) -> tuple[Slo, ...]:
    """Read the limits of a burst; raises BadInput. Those by its name replace those for all."""
    slos = checked_toml.read(path, SloFile).slos
    own = {each.measure for each in slos if burst_name in each.bursts}
    return tuple(
        each
        for each in slos
        if burst_name in each.bursts or (not each.bursts and each.measure not in own)
    )


def outcomes(slos: Sequence[Slo], measures: Mapping[LoadMeasure, float]) -> list[SloOutcome]:
    """Compare what was measured with the limits."""
    return [
        SloOutcome(
            measure=slo.measure,
            level=slo.level,
            most=slo.most,
            measured=measures[slo.measure],
            verdict=_verdict(slo, measures[slo.measure]),
            why=slo.source or slo.assumed,
            is_comfort=slo.comfort,
        )
        for slo in slos
        if slo.measure in measures
    ]


def _verdict(slo: Slo, measured: float) -> Kind:
    if measured <= slo.most:
        return "PASS"
    return _MISSED[slo.level]
