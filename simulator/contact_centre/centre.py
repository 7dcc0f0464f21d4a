"""A force's contact centre answers its calls: the first desk, call-backs, and the second desk.

Where no handler has skills and nobody is rung back, the quick desk of `call_queue.py` answers.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from simulator.contact_centre.call_desk import CallDesk
from simulator.contact_centre.call_outcomes import (
    CallBacks,
    CallOutcomes,
    Redials,
    join_outcomes,
)
from simulator.contact_centre.call_queue import Desk
from simulator.contact_centre.calls import Calls, FurtherSteps, Seconds
from simulator.contact_centre.rosters import first_desk, second_desk, teams_of
from simulator.contact_centre.skilled_desk import SkilledDesk
from simulator.contact_centre.staffing import ContactCentreParameters, ForceCentre
from simulator.errors import BadInput


@dataclass(frozen=True, eq=False, kw_only=True)
class Answered:
    """What became of calls: of each, of those who rang again, and of those who were rung back."""

    calls: Calls
    outcomes: CallOutcomes
    redials: Redials
    call_backs: CallBacks | None = None


def answer_calls(
    calls: Calls, parameters: ContactCentreParameters, force: str, start: datetime
) -> tuple[Answered, Answered | None]:
    """Answer the calls of a force; also those passed on, None where there is no second desk."""
    desk = _first_desk(parameters, force, start)
    outcomes = join_outcomes(desk.run(calls), desk.finish())
    call_backs = desk.call_backs() if isinstance(desk, SkilledDesk) else None
    first = Answered(calls=calls, outcomes=outcomes, redials=desk.redials(), call_backs=call_backs)
    if parameters.second_desk_of(force) is None:
        return first, None
    usual, summer = (
        second_desk(parameters, force, is_summer=each).on_duty for each in (False, True)
    )
    return first, answer_passed_on(first, Desk(roster=usual, summer_roster=summer, start=start))


def check_centres(parameters: ContactCentreParameters, said_in: str) -> None:
    """Refuse a force's centre in which nobody ever answers a line; raises BadInput."""
    for force in parameters.forces:
        try:
            _first_desk(parameters, force, datetime(2026, 1, 1, tzinfo=UTC))
        except BadInput as error:
            raise BadInput(f"{said_in}: contact centre: forces.{force}: {error}") from None


def answer_passed_on(first: Answered, desk: Desk) -> Answered:
    """Let a second desk take the calls that the first one answered and passed on.

    A caller who hangs up there does not ring again.
    """
    calls = passed_on(first)
    outcomes = join_outcomes(desk.run(calls), desk.finish())
    return Answered(calls=calls, outcomes=outcomes, redials=desk.redials())


def passed_on(first: Answered) -> Calls:
    """Make the calls to the second desk: each begins when the first desk has done its part."""
    calls = first.calls
    further = calls.further or FurtherSteps.none_of(len(calls))
    call, ends = _ended_at_first(first)
    passes = further.second_seconds[call] > 0
    call, ends = call[passes], ends[passes]
    order = np.argsort(ends, kind="stable")
    call = call[order]
    return Calls(
        at_seconds=ends[order],
        line=calls.line[call],
        service_seconds=further.second_seconds[call],
        patience_seconds=further.second_patience_seconds[call],
    )


def _ended_at_first(first: Answered) -> tuple[NDArray[np.int64], Seconds]:
    """Find which calls the first desk has answered or rung back, and when it was done."""
    calls, outcomes, redials, back = first.calls, first.outcomes, first.redials, first.call_backs
    is_answered = ~outcomes.abandoned
    again = ~redials.abandoned
    parts = [(redials.call[again], (redials.at_seconds + redials.wait_seconds)[again])]
    if back is not None:
        is_answered = is_answered.copy()
        is_answered[back.call] = False
        picked_up = back.asked_at_seconds + back.wait_seconds
        parts.append((back.call[back.reached], picked_up[back.reached]))
    mine = np.flatnonzero(is_answered)
    parts.append((mine, calls.at_seconds[mine] + outcomes.wait_seconds[mine]))
    call = np.concatenate([each[0] for each in parts])
    picked_up = np.concatenate([each[1] for each in parts])
    return call, picked_up + calls.service_seconds[call]


def _first_desk(parameters: ContactCentreParameters, force: str, start: datetime) -> CallDesk:
    centre = parameters.centre(force)
    usual, summer = (
        first_desk(parameters, force, is_summer=each).on_duty for each in (False, True)
    )
    offers = parameters.call_backs_of(force)
    if offers is None and not _has_skills(centre):
        return Desk(roster=usual, summer_roster=summer, start=start)
    return SkilledDesk(
        teams=teams_of(usual, centre),
        summer_teams=teams_of(summer, centre),
        start=start,
        reserve=centre.reserve,
        call_backs=offers.rules() if offers else None,
    )


def _has_skills(centre: ForceCentre) -> bool:
    return any(each and each.value for each in (centre.only_999, centre.only_101)) or bool(
        centre.reserve
    )
