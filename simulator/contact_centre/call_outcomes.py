"""What became of calls: answered or hung up, after how long, and who rang again.

`call_queue.py` and `skilled_desk.py` give these, and `service_level.py` counts them.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulator.contact_centre.calls import Seconds


@dataclass(frozen=True, eq=False, kw_only=True)
class CallOutcomes:
    """The outcome of each call, in order of `call`, its number from 0 since the desk began.

    `wait_seconds` ends with the answer, the hang-up, or the caller's wish to be called back: a row
    of `CallBacks`. `abandoned` is every hang-up, however soon.
    """

    call: NDArray[np.int64]
    wait_seconds: Seconds
    abandoned: NDArray[np.bool_]


@dataclass(frozen=True, eq=False, kw_only=True)
class Redials:
    """Calls by people who had hung up, in order of `at_seconds`; `call` is the first of each."""

    call: NDArray[np.int64]
    at_seconds: Seconds
    line: NDArray[np.int8]
    wait_seconds: Seconds
    abandoned: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.call)


@dataclass(frozen=True, eq=False, kw_only=True)
class CallBacks:
    """Calls back to those who left the line for one, in order of `call`.

    `wait_seconds` is from when the caller left the line to the last attempt, `first_wait_seconds`
    to the first. One who is not `reached` after all the attempts is given up.
    """

    call: NDArray[np.int64]
    asked_at_seconds: Seconds
    first_wait_seconds: Seconds
    wait_seconds: Seconds
    attempts: NDArray[np.int64]
    reached: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.call)


def join_outcomes(*parts: CallOutcomes) -> CallOutcomes:
    """Join the outcomes of several runs in order of call."""
    call = np.concatenate([part.call for part in parts])
    order = np.argsort(call, kind="stable")
    return CallOutcomes(
        call=call[order],
        wait_seconds=np.concatenate([part.wait_seconds for part in parts])[order],
        abandoned=np.concatenate([part.abandoned for part in parts])[order],
    )
