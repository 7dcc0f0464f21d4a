"""When to kill: moments drawn from a seed, most of them where a portal has something to lose.

Pure. Each is so and so many of a thing after the round began, and a few milliseconds more.
"""

from typing import Literal

from msgspec import Struct

from simulator.streams import Streams

#: What is waited for: an answer 202, a message at the gateway, the gateway's answer to one, nothing
#: in particular, and a question by which a portal that came back finds out what it had sent.
After = Literal["accepted", "arrived", "answered", "nothing", "asked"]
#: Every so many kills hit a portal that is still getting over an earlier one.
RECOVERING_EVERY = 10
_ORDINARY: tuple[After, ...] = ("accepted", "arrived", "answered", "nothing")
_COUNT_MAX = 30
_MOMENTS_SECONDS_MAX = 0.008
_ANY_SECONDS_MAX = 0.4


class KillMoment(Struct, frozen=True, kw_only=True):
    """Kill `seconds` after the `count`-th of these in a round; `portal` says which of several."""

    after: After
    count: int
    seconds: float
    portal: int


def kill_moments(kills: int, *, portals: int, streams: Streams) -> list[KillMoment]:
    """Draw as many moments as there are kills: all kinds in turn, in an order of their own."""
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
