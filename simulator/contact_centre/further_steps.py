"""Call-backs on 101, and a second desk to which calls are passed on: their numbers and draws.

All is drawn when a call is made, from streams of its own: so without them every other draw is the
same.
"""

from dataclasses import replace

import numpy as np

from simulator.contact_centre.calls import ATTEMPTS_MAX, Calls, FurtherSteps
from simulator.contact_centre.handling import Handling
from simulator.contact_centre.skilled_desk import CallBackRules
from simulator.files.checked_toml import Amount, OneOrMore, Share, Strict
from simulator.streams import Streams

_ATTEMPTS_MAX = 20


class CallBackOffers(Strict, frozen=True, kw_only=True):
    """The offer to ring back callers on 101, who else would wait longer.

    Each attempt is `picked_up` by so many. One that is not takes a handler `attempt_seconds`, and
    the next is `retry_minutes` later.
    """

    in_use: bool
    offered_after_minutes: Amount
    accepted: Share
    picked_up: Share
    attempts_max: OneOrMore
    attempt_seconds: Amount
    retry_minutes: Amount

    def __post_init__(self) -> None:
        attempts = self.attempts_max.value
        if attempts != int(attempts) or attempts > _ATTEMPTS_MAX:
            raise ValueError(
                f"attempts_max is {attempts:g}; give a whole number from 1 to {_ATTEMPTS_MAX}"
            )

    def rules(self) -> CallBackRules:
        """Give what the desk keeps to."""
        return CallBackRules(
            offered_after_seconds=60 * self.offered_after_minutes.value,
            attempts_max=int(self.attempts_max.value),
            attempt_seconds=self.attempt_seconds.value,
            retry_seconds=60 * self.retry_minutes.value,
        )


class SecondDesk(Strict, frozen=True, kw_only=True):
    """A second desk. Operators answer 101 and pass on some calls, which keep their length there.

    `passed_on` are of reports and enquiries, `passed_on_updates` of update calls. The operator's
    own time for them is `operator`.
    """

    in_use: bool
    passed_on: Share
    passed_on_updates: Share
    operator: Handling
    patience_seconds_mean: Amount
    occupancy_target: Share
    handlers_min: OneOrMore

    def __post_init__(self) -> None:
        if self.occupancy_target.value == 0:
            raise ValueError("occupancy_target is 0; give a share above 0, such as 0.85")


def with_further_steps(
    calls: Calls,
    call_backs: CallBackOffers | None,
    second_desk: SecondDesk | None,
    streams: Streams,
    name: str,
    *,
    passed_on: float,
) -> Calls:
    """Draw what else becomes of calls to 101; `name` is that of the streams."""
    count = len(calls)
    has_call_backs = call_backs is not None and call_backs.in_use
    has_second_desk = second_desk is not None and second_desk.in_use
    if not (has_call_backs or has_second_desk):
        return calls
    steps = FurtherSteps.none_of(count)
    if call_backs is not None and has_call_backs:
        rng = streams.for_(f"{name} call-backs")
        accepts = rng.random(count) < call_backs.accepted.value
        never = np.full(count, ATTEMPTS_MAX)
        share = call_backs.picked_up.value
        picks_up_at = np.minimum(rng.geometric(share, count), never) if share else never
        steps = replace(steps, picks_up_at=np.where(accepts, picks_up_at, 0).astype(np.int8))
    if second_desk is not None and has_second_desk:
        rng = streams.for_(f"{name} second desk")
        passes = rng.random(count) < passed_on
        operator = second_desk.operator.draw(rng, count)
        patience = np.rint(rng.exponential(second_desk.patience_seconds_mean.value, count))
        steps = replace(
            steps,
            second_seconds=np.where(passes, calls.service_seconds, 0.0),
            second_patience_seconds=np.where(passes, patience, 0.0),
        )
        calls = replace(calls, service_seconds=np.where(passes, operator, calls.service_seconds))
    return replace(calls, further=steps)
