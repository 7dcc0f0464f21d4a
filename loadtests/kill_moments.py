"""Moments at which to kill a portal, drawn from a seed, mostly when it has something to lose.

Pure. Each is a number of some occurrence after the round began, plus a few milliseconds.
"""

from typing import Literal

from msgspec import Struct

from simulator.streams import Streams

#: The occurrence to wait for: an answer 202, a message at the gateway, the gateway's answer to a
#: message, nothing in particular, or a question of a restarted portal about what it had sent.
After = Literal["accepted", "arrived", "answered", "nothing", "asked"]
#: One kill in so many hits a portal that is still recovering from an earlier one.
RECOVERING_EVERY = 10
_ORDINARY: tuple[After, ...] = ("accepted", "arrived", "answered", "nothing")
_COUNT_MAX = 30
_MOMENTS_SECONDS_MAX = 0.008
_ANY_SECONDS_MAX = 0.4


class KillMoment(Struct, frozen=True, kw_only=True):
    """Kill `seconds` after the `count`-th occurrence in a round; `portal` is the one to kill."""

    after: After
    count: int
    seconds: float
    portal: int


def kill_moments(kills: int, *, portals: int, streams: Streams) -> list[KillMoment]:
    """Draw one moment for each kill: all kinds in turn, in a random order."""
    stream = streams.for_("kill moments")
    moments: list[KillMoment] = []
    while len(moments) < kills:
        for kind in stream.permutation(len(_ORDINARY)):
            recovering = len(moments) % RECOVERING_EVERY == RECOVERING_EVERY - 1
            after: After = "asked" if recovering else _ORDINARY[kind]
            seconds_max = _ANY_SECONDS_MAX if after == "nothing" else _MOMENTS_SECONDS_MAX
            moments.append(
                KillMoment(
                    after=after,
                    count=1 + int(stream.integers(5 if recovering else _COUNT_MAX)),
                    seconds=float(stream.uniform(0, seconds_max)),
                    portal=int(stream.integers(portals)),
                )
            )
    return moments[:kills]
