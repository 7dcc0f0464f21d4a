"""One seed, named streams: a new random draw in one stage changes no other stage.

Rows that are all drawn at once come from `Streams.for_`. What people do as the world goes on comes
from `Streams.of_occasions`, where no draw depends on what was drawn before.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from math import log
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

#: With this seed people and officers are called as in the features: only the rest is drawn.
FEATURES_SEED = 0
_KEY_BYTES = 32
#: What stands between the parts of an occasion.
PART = "\x1f"
_NORMAL = NormalDist()
# The steps of SplitMix64, by which one number of 64 bits becomes another that looks unlike it.
_STEP, _MIX_1, _MIX_2 = (
    np.uint64(each) for each in (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB)
)


@dataclass(frozen=True)
class Streams:
    """All the randomness of a run, from one seed.

    Two runs built from the same `Streams`, with and without a portal, differ only in the portal.
    """

    seed: int

    def for_(self, name: str) -> np.random.Generator:
        """Make the stream of this name: one seed and name always give the same draws."""
        key = hashlib.sha256(name.encode()).digest()
        words = [int.from_bytes(key[i : i + 4], "big") for i in range(0, 32, 4)]
        return np.random.Generator(np.random.PCG64DXSM(np.random.SeedSequence([self.seed, *words])))

    def of_occasions(self, name: str) -> "Occasions":
        """Make the draws of this name that are asked for by occasion."""
        return Occasions(hashlib.sha256(f"{self.seed}:{name}".encode()).digest()[:_KEY_BYTES])


@dataclass(frozen=True)
class Occasions:
    """Draws by occasion: a person, a purpose, and which time it is, such as `(7, "reads", 2)`.

    One occasion always has the same draw, whatever happened before it. So two scenarios differ in
    nothing else where one sends a message fewer. Each purpose needs a word of its own.
    """

    key: bytes

    @cached_property
    def _begun(self) -> Callable[[], "hashlib.blake2b"]:
        """Give the hash with the key in it, to go on from."""
        return hashlib.blake2b(digest_size=8, key=self.key).copy

    def uniform(self, *occasion: int | str) -> float:
        """Draw a number above 0 and below 1."""
        return self.uniform_of(PART.join(map(str, occasion)))

    def uniform_of(self, occasion: str) -> float:
        """Draw as `uniform` does, of an occasion whose parts are joined already by `PART`."""
        drawn = self._begun()
        drawn.update(occasion.encode())
        # A power of two is exact, either way round.
        return (int.from_bytes(drawn.digest(), "big") + 0.5) * 2.0**-64

    def uniforms(self, purpose: str, rows: NDArray[np.integer], number: int) -> NDArray[np.float64]:
        """Draw as `uniform` does for each row at once, the `number`th time of a purpose.

        A row's draw is the same whichever other rows there are.
        """
        drawn = self._begun()
        drawn.update(f"{purpose}{PART}{number}".encode())
        of_purpose = np.uint64(int.from_bytes(drawn.digest(), "big"))
        mixed = _mixed(_mixed(rows.astype(np.uint64) * _STEP + of_purpose) ^ of_purpose)
        # As many bits as a float holds, so that none is rounded up to 1.
        return ((mixed >> np.uint64(12)).astype(np.float64) + 0.5) * 2.0**-52

    def exponential(self, mean: float, *occasion: int | str) -> float:
        """Draw from an exponential distribution."""
        return -mean * log(self.uniform_of(PART.join(map(str, occasion))))

    def normal(self, *occasion: int | str) -> float:
        """Draw from a normal distribution with mean 0 and standard deviation 1."""
        return _NORMAL.inv_cdf(min(self.uniform(*occasion), 1 - 2**-53))


def _mixed(words: NDArray[np.uint64]) -> NDArray[np.uint64]:
    words = (words ^ (words >> np.uint64(30))) * _MIX_1
    words = (words ^ (words >> np.uint64(27))) * _MIX_2
    found: NDArray[np.uint64] = words ^ (words >> np.uint64(31))
    return found
