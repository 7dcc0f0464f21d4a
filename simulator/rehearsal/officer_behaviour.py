"""How officers behave, as data: how much each has to do, how soon they answer, when they work.

Part of a rollout. `postings` says who has which crime by it, and `Officers` does the tasks.
"""

from math import exp
from typing import NamedTuple

from simulator.files.checked_toml import Amount, OneOrMore, Positive, Share, Strict
from simulator.rehearsal.net_benefit import Costs
from simulator.rehearsal.rosters import LEAVE_SHARE_MAX, Shifts

_HOURS_MAX = 24 * 60
_DAYS_A_YEAR = 365.25
#: The task of ringing back a victim who rang: a call leaves it, and no portal raises it.
CALL_BACK = "call_back"


class CallBackTasks(NamedTuple):
    """Of which share of update calls the handler leaves a task, and how it goes.

    A try that is `picked_up` takes `minutes`, one in vain `try_minutes`: the next is due
    `again_hours` later, up to so many `tries`.
    """

    share: float
    minutes: float
    picked_up: float = 1.0
    tries: int = 1
    try_minutes: float = 0.0
    again_hours: float = 0.0

    def minutes_of(self, *, is_picked_up: bool) -> float:
        """Give the minutes that a try takes."""
        return self.minutes if is_picked_up else self.try_minutes


def call_back_tasks(costs: Costs) -> CallBackTasks:
    """Take the tasks that update calls leave officers from what such calls cost."""
    return CallBackTasks(
        costs.call_back_share.value,
        costs.call_back_minutes.value,
        costs.call_back_picked_up.value,
        int(costs.call_back_tries.value),
        costs.call_back_try_minutes.value,
        costs.call_back_again_hours.value,
    )


class OfficerBehaviour(Strict, frozen=True, kw_only=True):
    """How long officers take, how much they can do, and how often they succeed.

    `caseload` is the crimes that one is given in a year. Each brings work of `work_hours_mean` when
    it is given, and again after `work_days_mean` as long as it is open. That, and victims' tasks of
    `task_minutes`, an officer does in turn in `share_of_shift`: how long a task waits follows from
    it, and `usual_answer_hours` is what comes out. A task for other people of the force, such as
    supervisors, the control room and Witness Care, takes them `other_task_minutes`. `shifts` and
    `leave` say when officers work. Officers of a team of `team_size` stand in for each other; of
    those who leave, `handover_days_mean` later others have the crimes.
    """

    usual_answer_hours: Amount
    mends_details: Share
    mend_hours_median: Amount
    speaks_to_victim: Share
    speak_hours_median: Amount
    reach_spread: Amount
    named: Share
    caseload: OneOrMore
    work_hours_mean: Amount
    work_days_mean: Positive
    task_minutes: Amount
    other_task_minutes: Amount
    share_of_shift: Share
    leave: Share
    team_size: OneOrMore
    leaves_in_year: Share
    handover_days_mean: Amount
    shifts: Shifts

    def __post_init__(self) -> None:
        if self.team_size.value % 1:
            raise ValueError(f"team_size is {self.team_size.value}; give a whole number from 1")
        if not self.share_of_shift.value:
            raise ValueError("share_of_shift is 0: nobody would be answered; give more than 0")
        if self.leave.value > LEAVE_SHARE_MAX:
            raise ValueError(f"leave is {self.leave.value}; give at most {LEAVE_SHARE_MAX}")

    def number_of_officers(self, crimes: int, days: float) -> int:
        """Say how many officers so many crimes, recorded in so many days, are shared out among."""
        return max(1, round(crimes / max(days, 1) * _DAYS_A_YEAR / self.caseload.value))

    def hours_until_reached(self, hours_median: Amount, normal: float) -> float:
        """Say how long it takes until a victim can be reached, by a normal draw."""
        return min(exp(self.reach_spread.value * normal) * hours_median.value, _HOURS_MAX)

    def share_used(self, minutes: float, officers: int, weeks: float) -> float:
        """Give the share that work of so many minutes takes of the time that officers have."""
        cycle = self.shifts.cycle
        hours_a_day = sum(ends - begins for begins, ends in filter(None, cycle)) / len(cycle)
        hours = officers * 7 * weeks * hours_a_day * (1 - self.leave.value)
        return minutes / 60 / (hours * self.share_of_shift.value)
