"""One seed, named streams: a new draw in one stage leaves the others unmoved."""

import hashlib
from dataclasses import dataclass

import numpy as np

#: The features write their people and crimes out: only what is left over is drawn.
FEATURES_SEED = 0


@dataclass(frozen=True)
class Streams:
    """All the randomness of a run, from one seed.

    A with/without pair built from the same `Streams` differs in nothing but what is compared.
    """

    seed: int

    def for_(self, name: str) -> np.random.Generator:
        """Make the stream of this name: the same draws each time for one seed and name."""
        key = hashlib.sha256(name.encode()).digest()
        words = [int.from_bytes(key[i : i + 4], "big") for i in range(0, 32, 4)]
        return np.random.Generator(np.random.PCG64DXSM(np.random.SeedSequence([self.seed, *words])))
