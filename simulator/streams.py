"""One seed, named streams: a new random draw in one stage changes no other stage."""

import hashlib
from dataclasses import dataclass

import numpy as np

#: With this seed people and officers are called as in the features: only the rest is drawn.
FEATURES_SEED = 0


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
