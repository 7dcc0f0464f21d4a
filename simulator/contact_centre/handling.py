"""How long a call takes, and how often a caller rings again: the numbers, and their draws."""

import numpy as np
from numpy.typing import NDArray

from simulator.contact_centre.calls import SERVICE_SECONDS_MAX, Seconds
from simulator.files.checked_toml import Amount, Positive, Share, Strict

REDIALS_MAX = 5
REDIAL_SECONDS_MAX = 4 * 3600


class Handling(Strict, frozen=True, kw_only=True):
    """How long a call takes a handler, including wrap-up: lognormal."""

    seconds_mean: Positive
    spread: Amount

    def draw(self, rng: np.random.Generator, calls: int) -> Seconds:
        """Draw whole seconds; `spread` is the standard deviation over the mean."""
        variance = np.log1p(self.spread.value**2)
        location = np.log(self.seconds_mean.value) - variance / 2
        drawn = np.rint(rng.lognormal(location, np.sqrt(variance), calls))
        return np.clip(drawn, 1, SERVICE_SECONDS_MAX)


class Redialling(Strict, frozen=True, kw_only=True):
    """How many callers ring again after a hang-up, each time, and how soon."""

    share: Share
    minutes_mean: Amount

    def __post_init__(self) -> None:
        if self.share.value == 1:
            raise ValueError("share is 1: callers would ring for ever; give less")

    def draw(
        self, rng: np.random.Generator, calls: int
    ) -> tuple[NDArray[np.int8], NDArray[np.int32]]:
        """Draw for each call how often its caller would ring again, and the seconds between."""
        times = np.minimum(rng.geometric(1 - self.share.value, calls) - 1, REDIALS_MAX)
        gap = np.rint(rng.exponential(60 * self.minutes_mean.value, calls))
        return times.astype(np.int8), np.clip(gap, 1, REDIAL_SECONDS_MAX).astype(np.int32)
