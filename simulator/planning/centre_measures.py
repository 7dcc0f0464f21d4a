"""What a plan says of call-backs and of a second desk, where a contact centre has them."""

from collections.abc import Mapping
from typing import TypeAlias

from msgspec import Struct

from simulator.contact_centre.call_outcomes import CallBacks
from simulator.contact_centre.service_level import ServiceLevel
from simulator.contact_centre.staffing import ContactCentreParameters
from simulator.planning.scenario import Targets
from simulator.rehearsal.call_comparison import ForceCalls

#: How the name of the mean wait for a call back ends.
CALL_BACK_WAIT = ": mean wait for a call back"
#: How the name ends of the wait of all callers, on the line or until they are rung back.
WAIT_OF_ALL = ": mean wait, called back or not"
#: How the name ends of those who still wait for one at the year's end, longer than is promised.
OVERDUE = ": overdue at the year's end"
#: By name: the unit and the value of one year.
Measures: TypeAlias = dict[str, tuple[str, float]]


class CallBacksKept(Struct, frozen=True, kw_only=True):
    """How the promise to ring back was kept to those who left the line in a time.

    They are promised a first try within so long, picked up or not. Those who still wait at the end
    of the time are `waiting_at_end`; they are `overdue_at_end` where that is longer than promised.
    """

    asked: int
    in_time: int
    waiting_at_end: int
    overdue_at_end: int

    @property
    def in_time_share(self) -> float:
        """Give the share tried in time; of nobody, all."""
        return self.in_time / self.asked if self.asked else 1.0


def call_backs_kept(
    backs: CallBacks, between: tuple[float, float], promised_seconds: float
) -> CallBacksKept:
    """Count how the promise was kept to those who asked for a call back between two seconds."""
    begins, ends = between
    mine = (backs.asked_at_seconds >= begins) & (backs.asked_at_seconds < ends)
    asked, wait = backs.asked_at_seconds[mine], backs.first_wait_seconds[mine]
    waits_at_end = asked + wait >= ends
    return CallBacksKept(
        asked=len(asked),
        in_time=int((wait <= promised_seconds).sum()),
        waiting_at_end=int(waits_at_end.sum()),
        overdue_at_end=int((waits_at_end & (ends - asked > promised_seconds)).sum()),
    )


def centre_measures(
    calls: Mapping[str, ForceCalls],
    centres: ContactCentreParameters,
    targets: Targets,
    between: tuple[float, float],
) -> Measures:
    """Measure one year of each force; nothing where neither is in use."""
    found: Measures = {}
    for force, each in calls.items():
        name = force.replace("_", " ").title()
        offers = centres.call_backs_of(force)
        if offers is not None and each.call_backs is not None:
            _urgent, routine = each.levels
            minutes = targets.call_back_minutes.value
            kept = call_backs_kept(each.call_backs, between, 60 * minutes)
            left, called = routine.left_for_call_back, routine.called_back
            found |= {
                f"{name} 101: left the line for a call back": ("calls", float(left)),
                f"{name} 101: called back": ("calls", float(called)),
                f"{name} 101{CALL_BACK_WAIT}": ("seconds", routine.call_back_seconds_mean or 0.0),
                f"{name} 101: never reached by a call back": ("calls", float(left - called)),
                f"{name} 101: first tried after over {minutes:g} min": (
                    "share",
                    1 - kept.in_time_share,
                ),
                f"{name} 101{WAIT_OF_ALL}": (
                    "seconds",
                    wait_of_all(routine, offers.rules().offered_after_seconds),
                ),
                f"{name} 101: waiting at the year's end": ("calls", float(kept.waiting_at_end)),
                f"{name} 101{OVERDUE}": ("calls", float(kept.overdue_at_end)),
            }
        for level in each.second_desk:
            found |= {
                f"{name} second desk: calls": ("calls", float(level.offered)),
                f"{name} second desk: abandoned": ("share", level.abandoned_share or 0.0),
                f"{name} second desk: mean wait": ("seconds", level.wait_seconds_mean or 0.0),
            }
    return found


def wait_of_all(level: ServiceLevel, offered_after_seconds: float) -> float:
    """Give the mean wait of all who spoke to a handler, on the line or when they were rung back.

    Who left for a call back had waited on the line until it was offered.
    """
    spoke = level.answered + level.called_back
    if not spoke:
        return 0.0
    on_the_line = (level.wait_seconds_mean or 0.0) * level.answered
    rung_back = offered_after_seconds + (level.call_back_seconds_mean or 0.0)
    return (on_the_line + rung_back * level.called_back) / spoke
