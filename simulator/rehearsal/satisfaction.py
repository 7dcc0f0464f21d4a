"""How satisfied victims may be, by what can be counted. All of it is assumed.

Told on time, no long silence, not too many messages, questions answered soon, and no complaint: no
force publishes what victims of a portal feel. They count alike.
"""

from collections.abc import Collection, Sequence
from statistics import mean

import numpy as np
from numpy.typing import NDArray

from simulator.files.checked_toml import Amount, Strict
from simulator.force.event_times import NEVER
from simulator.rehearsal.full_volume import Told
from simulator.rehearsal.worries import CrimeCourses, Seconds
from simulator.results.satisfaction import Satisfaction

_DAY = 86_400


class SatisfactionParameters(Strict, frozen=True, kw_only=True):
    """What is soon enough, and how long a silence is too long."""

    told_within_days: Amount
    silence_days: Amount
    answered_within_hours: Amount


def satisfaction(
    told: Told,
    courses: CrimeCourses,
    rows: NDArray[np.intp],
    answers: Sequence[float | None],
    parameters: SatisfactionParameters,
    *,
    ends: int,
    complained: Collection[int] | None = None,
) -> Satisfaction:
    """Count for the victims of the crimes in `rows`, whom the portal should tell, until `ends`.

    `answers` has the hours until each question was answered, None for never. `complained` has the
    rows of victims who complained, None where complaints are not counted.
    """
    told = told.messages()
    is_here = np.isin(told.row, rows)
    at, of = told.at_seconds[is_here], told.row[is_here]
    shares = (
        _told_on_time(at, of, courses, rows, parameters, ends),
        _not_silent(at, of, courses, rows, parameters, ends),
        _share(~np.isin(rows, told.row[is_here & told.is_too_many])),
        _share(np.array([_is_soon(each, parameters) for each in answers], dtype=np.bool_)),
        None if complained is None else _share(~np.isin(rows, list(complained))),
    )
    return Satisfaction(
        victims=len(rows),
        told_on_time=shares[0],
        not_silent=shares[1],
        not_overloaded=shares[2],
        answered=shares[3],
        no_complaint=shares[4],
        overall=mean(known) if (known := [e for e in shares if e is not None]) else None,
    )


def _told_on_time(
    at: Seconds,
    of: NDArray[np.intp],
    courses: CrimeCourses,
    rows: NDArray[np.intp],
    parameters: SatisfactionParameters,
    ends: int,
) -> float | None:
    """Give the share of ended cases whose victim heard from the portal soon after the end."""
    within = int(parameters.told_within_days.value * _DAY)
    ended = courses.ended[rows]
    is_over = (ended != NEVER) & (ended + within <= ends)
    ended_of = courses.ended[of]
    hears = of[(at >= ended_of) & (at <= ended_of + within)]
    return _share(np.isin(rows[is_over], hears))


def _not_silent(
    at: Seconds,
    of: NDArray[np.intp],
    courses: CrimeCourses,
    rows: NDArray[np.intp],
    parameters: SatisfactionParameters,
    ends: int,
) -> float | None:
    """Give the share of victims who never waited too long for a message while the case was open."""
    stops = np.where(courses.ended == NEVER, ends, np.minimum(courses.ended, ends))
    is_open = at <= stops[of]
    moments = np.concatenate([courses.recorded[rows], at[is_open], stops[rows]])
    whose = np.concatenate([rows, of[is_open], rows])
    order = np.lexsort((moments, whose))
    moments, whose = moments[order], whose[order]
    gaps = np.where(whose[1:] == whose[:-1], np.diff(moments), 0)
    silent = whose[1:][gaps > parameters.silence_days.value * _DAY]
    return _share(~np.isin(rows, silent))


def _is_soon(hours: float | None, parameters: SatisfactionParameters) -> bool:
    return hours is not None and hours <= parameters.answered_within_hours.value


def _share(is_so: NDArray[np.bool_]) -> float | None:
    return round(float(is_so.mean()), 4) if len(is_so) else None
