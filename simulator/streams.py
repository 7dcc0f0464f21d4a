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

#: With this seed people and officers are called as in the features: only the rest is drawn.
FEATURES_SEED = 0
_KEY_BYTES = 32
#: What stands between the parts of an occasion.
PART = "\x1f"
_NORMAL = NormalDist()


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

    def exponential(self, mean: float, *occasion: int | str) -> float:
        """Draw from an exponential distribution."""
        return -mean * log(self.uniform_of(PART.join(map(str, occasion))))

    def normal(self, *occasion: int | str) -> float:
        """Draw from a normal distribution with mean 0 and standard deviation 1."""
        return _NORMAL.inv_cdf(min(self.uniform(*occasion), 1 - 2**-53))
