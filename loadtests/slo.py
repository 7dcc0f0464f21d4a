"""What a portal must hold in a burst, as data: `loadtests/slo.toml`, by burst and measure.

Pure. A missed *must* fails the burst, a missed *should* is a warning. A measure that the burst did
not make is not met and not missed: it is not told.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

from simulator.files import checked_toml
from simulator.files.checked_toml import Strict
from simulator.results.load import LoadMeasure, SloOutcome
from simulator.verdicts import Kind

SLOS = Path(__file__).with_name("slo.toml")


class Slo(Strict, frozen=True, kw_only=True):
    """One limit: a measure may be `most` at most, in the bursts of that name ("" for all).

    One for `comfort` is stricter than the order: the knee of `--find-capacity` is decided without.
    """

    burst: str = ""
    measure: LoadMeasure
    level: Literal["must", "should"]
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
    """Read the limits of a burst; raises BadInput. One by its name replaces one for all."""
    found: dict[LoadMeasure, Slo] = {}
    for slo in checked_toml.read(path, SloFile).slos:
        if slo.burst == burst_name or (not slo.burst and slo.measure not in found):
            found[slo.measure] = slo
    return tuple(found.values())


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
    return "FAIL" if slo.level == "must" else "WARNING"
