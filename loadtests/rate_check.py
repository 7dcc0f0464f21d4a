"""Check, before a burst, that it fits under the cap on requests to the portal: `--rate-max`.

Pure. Counted are what Locust's users send and the receipts that follow. A burst that does not fit
is refused with a scale that does, where there is one.
"""

from collections.abc import Iterator
from pathlib import Path

from msgspec import structs

from loadtests.bursts import Burst
from loadtests.load_options import RATE_MAX, SCALE_MAX, LoadOptions, sized
from loadtests.rate_cap import cap_for, places_needed, usable
from loadtests.receipts import RECEIPTS
from simulator.errors import BadInput
from simulator.inputs.target import Target

#: Arrivals come by chance: a scale that is advised leaves so much room that few wait.
_FULL = 0.8
_SMALLEST = 1e-5


def check_rate(burst: Burst, target: Target, options: LoadOptions, path: Path) -> None:
    """Refuse a burst, as its file has it, that is faster than was allowed; raises BadInput."""
    takes_receipts = RECEIPTS in target.claims.capabilities
    if fits(burst, options, path, takes_receipts=takes_receipts):
        return
    needed = _needed(sized(burst, options, path), options, takes_receipts=takes_receipts)
    scale = next(fitting_scales(burst, options, path, takes_receipts=takes_receipts), 0.0)
    larger = cap_for(needed / _FULL)
    ways = [f"--scale {scale:g}"] if scale else []
    ways += [f"--rate-max {larger}"] if larger <= RATE_MAX else []
    advice = f"give {' or '.join(ways)}" if ways else "no --scale fits: give another burst"
    raise BadInput(
        f"{path} orders {needed:,.0f} requests a second of {target.claims.name}, receipts for "
        f"messages included, more than --rate-max {options.rate_max:g} lets through "
        f"({usable(options.rate_max):.3g}); {advice}"
    )


def fits(
    burst: Burst,
    options: LoadOptions,
    path: Path,
    *,
    takes_receipts: bool,
    full: float = 1.0,
) -> bool:
    """Say whether a burst fits under the cap at the scale that was asked for; raises BadInput.

    `full` is how much of the cap it may take.
    """
    if not options.rate_max:
        return True
    needed = _needed(sized(burst, options, path), options, takes_receipts=takes_receipts)
    return needed <= full * usable(options.rate_max)


def fitting_scales(
    burst: Burst, options: LoadOptions, path: Path, *, takes_receipts: bool
) -> Iterator[float]:
    """Give the scales that fit under the cap and are no larger than that asked for; largest first.

    Each has two figures, so that what is printed is what was checked.
    """
    for scale in _two_figures(options.scale):
        smaller = structs.replace(options, scale=scale)
        try:
            if fits(burst, smaller, path, takes_receipts=takes_receipts, full=_FULL):
                yield scale
        except BadInput:
            continue


def largest_scale(burst: Burst, options: LoadOptions, path: Path) -> float:
    """Say how many times as large a burst may be made, and as fast as was allowed (0 for none).

    Any portal may take receipts, so they are counted.
    """
    most = min(burst.scale_max, SCALE_MAX)
    if not options.rate_max:
        return most
    largest = structs.replace(options, scale=most)
    return next(fitting_scales(burst, largest, path, takes_receipts=True), 0.0)


def _needed(burst: Burst, options: LoadOptions, *, takes_receipts: bool) -> float:
    """Say how many places a second a burst needs under the cap."""
    receipts = burst.receipts_per_second(options.journeys) if takes_receipts else 0.0
    users = burst.requests_per_second(options.journeys)
    return places_needed(receipts, users, workers=options.workers)


def _two_figures(most: float) -> Iterator[float]:
    """Give the numbers of two figures up to `most`, largest first."""
    for power in range(3, -6, -1):
        for figures in range(99, 9, -1):
            scale = float(f"{figures}e{power - 1}")
            if _SMALLEST <= scale <= most:
                yield scale
