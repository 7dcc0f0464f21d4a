"""What a planner asks beside calls: messages a second, and the handlers that are rostered."""

from collections import Counter

from simulator.contact_centre.duty_roster import HOURS_A_WEEK
from simulator.contact_centre.rosters import week_over_the_year
from simulator.contact_centre.staffing import ContactCentreParameters
from simulator.planning.scenario import YearFiles
from simulator.planning.year import YearOfPortal
from simulator.rehearsal.net_benefit import Costs
from simulator.results.planning import Peak

SECONDS_A_WEEK = 3600 * HOURS_A_WEEK


#: To ask for a code, to give it, and to read the case.
_REQUESTS_OF_A_SIGN_IN = 3


def peak_of(
    use: YearOfPortal, files: YearFiles, *, warm_up_weeks: float, weeks: float, fraction: float
) -> Peak:
    """Find the busiest minute of what was sent, at full volume, and the rate that it asks for.

    The sign-ins are those of so many measured weeks. Requests are events of the crime system, a
    receipt for each message, and those of sign-ins.
    """
    visits = use.use.visits / (weeks * SECONDS_A_WEEK)
    others = (use.use.recorded + len(use.use.sent.at)) / ((warm_up_weeks + weeks) * SECONDS_A_WEEK)
    minutes = files.order.messages.minutes_max
    by_minute = Counter(at // 60 for at in use.use.sent.at)
    most = max(by_minute.values(), default=0) / fraction
    return Peak(
        messages=most,
        minutes=minutes,
        per_second=most / (60 * minutes),
        sign_ins_an_hour=use.use.visits / fraction / (weeks * HOURS_A_WEEK),
        requests_per_second=(others + _REQUESTS_OF_A_SIGN_IN * visits) / fraction,
        fraction=fraction,
    )


def full_time_equivalents(centres: ContactCentreParameters, force: str, costs: Costs) -> float:
    """Give the full-time equivalents that a force rosters, over the year.

    Shifts have the shrinkage in them; else it is that of the costs.
    """
    at_work, rostered = week_over_the_year(centres, force)
    if centres.shifts_of(force) is not None:
        return rostered / costs.hours_a_week.value
    return costs.full_time_equivalents(at_work)


def handler_hours_a_week(centres: ContactCentreParameters, force: str, costs: Costs) -> float:
    """Give the hours of a force's handlers that are paid for in a week, over the year.

    They are hours on the phones. On shifts they are those that as many full-time equivalents are on
    the phones without shifts: so pounds and full-time equivalents say the same, and breaks, which
    shifts have in them and hours have not, are paid once.
    """
    at_work, rostered = week_over_the_year(centres, force)
    if centres.shifts_of(force) is not None:
        return rostered * (1 - costs.shrinkage.value)
    return at_work
