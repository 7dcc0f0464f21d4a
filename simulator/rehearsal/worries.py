"""Worries: moments at which a victim would ring 101 for news, and which of them a portal answers.

Everything about a worry is drawn when it is made, so a run with the portal and one without it
differ only in who rings.
"""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from simulator.files.checked_toml import Amount, Share, Strict
from simulator.streams import Streams

_DAY = 86_400
_MOMENTS_MEAN_MAX = 50
_WAKING_HOURS = (8, 21)

Seconds: TypeAlias = NDArray[np.int64]


class WorryParameters(Strict, frozen=True, kw_only=True):
    """How often victims ring for news, and how a portal changes that."""

    moments_mean: Amount
    days_mean: Amount
    looks_at_portal_first: Share
    finds_answer: Share
    content_without_news: Share
    asks_officer_instead: Share
    message_makes_call: Share

    def __post_init__(self) -> None:
        if self.moments_mean.value > _MOMENTS_MEAN_MAX:
            raise ValueError(
                f"moments_mean is {self.moments_mean.value}; give {_MOMENTS_MEAN_MAX} or fewer"
            )


@dataclass(frozen=True)
class Worries:
    """Moments at which a victim would ring for news, in order of time, one row a moment.

    `row` is the crime's row; `looks`, `answered` and `asks` are draws between 0 and 1.
    """

    at_seconds: Seconds
    row: NDArray[np.intp]
    looks: NDArray[np.float64]
    answered: NDArray[np.float64]
    asks: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.at_seconds)


def make_worries(
    rows: NDArray[np.intp],
    recorded_seconds: Seconds,
    parameters: WorryParameters,
    streams: Streams,
) -> Worries:
    """Draw the moments for crimes `rows` recorded at `recorded_seconds`, two arrays of one length.

    They fall in waking hours, as calls to 101 do (in UTC, so an hour early in summer).
    """
    counts = streams.for_("worries a crime").poisson(parameters.moments_mean.value, len(rows))
    owner = np.repeat(np.arange(len(rows)), counts)
    stream = streams.for_("worry moments")
    days = stream.exponential(parameters.days_mean.value, len(owner))
    first, last = _WAKING_HOURS
    of_day = stream.integers(first * 3600, last * 3600, len(owner))
    day = (recorded_seconds[owner] + days * _DAY).astype(np.int64) // _DAY
    at = day * _DAY + of_day
    at += _DAY * (at < recorded_seconds[owner] + 3600)
    draws = streams.for_("what worry leads to").random((3, len(owner)))
    order = np.argsort(at, kind="stable")
    return Worries(
        at_seconds=at[order],
        row=rows[owner[order]],
        looks=draws[0][order],
        answered=draws[1][order],
        asks=draws[2][order],
    )


def is_settled_by_portal(
    worries: Worries, index: int, *, has_news: bool, parameters: WorryParameters
) -> bool:
    """Return whether a look at the portal settles this worry."""
    limit = parameters.finds_answer if has_news else parameters.content_without_news
    return bool(worries.answered[index] < limit.value)
