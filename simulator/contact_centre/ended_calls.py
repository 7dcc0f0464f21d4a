"""How each caller's attempts ended: a check, for every run, that nobody is lost or answered twice.

A caller rings, may hang up and ring again, and ends in one of four ways.
"""

from typing import NamedTuple

import numpy as np

from simulator.contact_centre.centre import Answered
from simulator.errors import NotConserved


class EndedCalls(NamedTuple):
    """How many callers ended in each way. One who was `given_up` was never reached again."""

    answered: int
    abandoned: int
    called_back: int
    given_up: int


def ended_calls(found: Answered) -> EndedCalls:
    """Count how the callers ended.

    Raises NotConserved for one who was lost, answered twice, rang again though answered, or did
    anything before they rang.
    """
    calls, outcomes, redials, back = found.calls, found.outcomes, found.redials, found.call_backs
    number = len(calls)
    _refuse(not np.array_equal(outcomes.call, np.arange(number)), "a call has no end, or two")
    left = np.zeros(number, dtype=np.int64)
    reached = 0
    if back is not None:
        np.add.at(left, back.call, 1)
        reached = int(back.reached.sum())
        _refuse(bool((back.wait_seconds < 0).any()), "a call back came before it was asked for")
    answered = (~outcomes.abandoned).astype(np.int64) - left
    np.add.at(answered, redials.call[~redials.abandoned], 1)
    rang_again = np.bincount(redials.call, minlength=number)
    _refuse(bool((answered < 0).any()), "a caller hung up and is rung back, or is rung back twice")
    _refuse(bool((answered + left > 1).any()), "a caller was answered twice")
    has_not_hung_up = (rang_again > 0) & ~outcomes.abandoned
    _refuse(bool(has_not_hung_up.any()), "a caller rang again and had not hung up")
    _refuse(bool((rang_again > calls.redials).any()), "a caller rang again too often")
    gave_up = calls.at_seconds + outcomes.wait_seconds
    _refuse(bool((outcomes.wait_seconds < 0).any()), "a wait ended before it began")
    _refuse(bool((redials.at_seconds < gave_up[redials.call]).any()), "a redial came too soon")
    return EndedCalls(
        answered=int(answered.sum()),
        abandoned=int((outcomes.abandoned & (answered == 0)).sum()),
        called_back=reached,
        given_up=int(left.sum()) - reached,
    )


def _refuse(is_wrong: bool, what: str) -> None:  # noqa: FBT001  a check and what it found
    if is_wrong:
        raise NotConserved(f"calls: {what}")
