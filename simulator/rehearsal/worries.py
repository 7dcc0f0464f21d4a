"""Worries: moments at which a victim would ring 101 for news, and which of them a portal answers.

All crimes have theirs, at full volume. Everything about a worry is drawn when it is made, so a run
with the portal and one without it differ only in who rings.
"""

from dataclasses import dataclass, fields
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from simulator.files.checked_toml import Amount, Share, Strict
from simulator.force.crimes import Crimes
from simulator.force.event_times import NEVER
from simulator.streams import Streams

_DAY = 86_400
_MOMENTS_MEAN_MAX = 50
_WAKING_HOURS = (8, 21)
# Longer silences make no more worries: by then a victim has rung or given up.
_SILENCE_DAYS_MAX = 56

Seconds: TypeAlias = NDArray[np.int64]

#: What a worry comes of: that time passes, that nothing has happened for long, that it has ended.
ORDINARY, SILENCE, CLOSURE = 0, 1, 2
CAUSES = ("as time passes", "nothing happened for long", "the case ended")


class OffenceWorry(Strict, frozen=True, kw_only=True):
    """How much more often victims of some offences ring for news than victims of others do."""

    offence_subgroups: tuple[str, ...]
    times: Amount


class WorryParameters(Strict, frozen=True, kw_only=True):
    """How often victims ring for news, and how a portal changes that.

    `moments_mean` is of all crimes and causes together: the others share it out. Messages above
    `too_many_in_week` in seven days make a share of victims ring, whether they have signed in or
    not.
    """

    moments_mean: Amount
    days_mean: Amount
    by_offence: tuple[OffenceWorry, ...] = ()
    from_silence: Share
    silence_days: Amount
    from_closure: Share
    closure_days_mean: Amount
    news_calms: Share
    calm_days: Amount
    looks_at_portal_first: Share
    finds_answer: Share
    content_without_news: Share
    asks_officer_instead: Share
    message_makes_call: Share
    too_many_in_week: Amount
    too_many_makes_call: Share

    def __post_init__(self) -> None:
        if self.moments_mean.value > _MOMENTS_MEAN_MAX:
            raise ValueError(
                f"moments_mean is {self.moments_mean.value}; give {_MOMENTS_MEAN_MAX} or fewer"
            )
        if self.from_silence.value + self.from_closure.value > 1:
            raise ValueError("from_silence and from_closure are over 1 together; give less")


@dataclass(frozen=True)
class CrimeCourses:
    """What worry hangs on: one row a crime, in seconds; `ended` is -1 while a crime is open.

    `last_event` is the last of what happened before the end. `times` is how often such victims ring
    beside others.
    """

    recorded: Seconds
    last_event: Seconds
    ended: Seconds
    times: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.recorded)


@dataclass(frozen=True)
class Worries:
    """Moments at which a victim would ring for news, in order of time, one row a moment.

    `row` is the crime's row and `cause` an index of CAUSES; `calmed`, `looks`, `answered`, `asks`
    and `thinned` are draws between 0 and 1. `worries[which]` takes a mask or index.
    """

    at_seconds: Seconds
    row: NDArray[np.intp]
    cause: NDArray[np.int8]
    calmed: NDArray[np.float64]
    looks: NDArray[np.float64]
    answered: NDArray[np.float64]
    asks: NDArray[np.float64]
    thinned: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.at_seconds)

    def __getitem__(self, which: NDArray[np.bool_] | NDArray[np.intp]) -> "Worries":
        return Worries(*(getattr(self, each.name)[which] for each in fields(self)))

    def before(self, seconds: int) -> "Worries":
        """Take those before the end of a run: what becomes of later ones nobody sees."""
        return self[self.at_seconds < seconds]


def crime_courses(crimes: Crimes, parameters: WorryParameters) -> CrimeCourses:
    """Take from the crimes what worry hangs on."""
    ending = {each.event for each in crimes.journey.states if each.ends}
    happened = [at for kind, at in crimes.seconds.items() if kind not in ending]
    ended = np.full(len(crimes), NEVER, dtype=np.int64)
    for kind in ending:
        at = crimes.seconds[kind]
        ended = np.where((at != NEVER) & ((ended == NEVER) | (at < ended)), at, ended)
    times = np.ones(len(crimes))
    for each in parameters.by_offence:
        among = [offence.subgroup in each.offence_subgroups for offence in crimes.figures.offences]
        times[np.array(among)[crimes.offence]] = each.times.value
    return CrimeCourses(
        recorded=crimes.seconds["CrimeRecorded"],
        last_event=np.max(happened, axis=0),
        ended=ended,
        times=times,
    )


def make_worries(courses: CrimeCourses, parameters: WorryParameters, streams: Streams) -> Worries:
    """Draw the moments of every crime, by cause.

    They fall in waking hours, as calls to 101 do (in UTC, so an hour early in summer).
    """
    if not len(courses):
        return _sorted([], streams)
    silence, closure = parameters.from_silence.value, parameters.from_closure.value
    begins = courses.last_event + int(parameters.silence_days.value * _DAY)
    stops = begins + _SILENCE_DAYS_MAX * _DAY
    stops = np.where(courses.ended == NEVER, stops, np.minimum(courses.ended, stops))
    silent = np.maximum(stops - begins, 0)
    parts = []
    for cause, share, weight in (
        (ORDINARY, 1 - silence - closure, courses.times),
        (SILENCE, silence, courses.times * silent),
        (CLOSURE, closure, courses.times * (courses.ended != NEVER)),
    ):
        if not weight.any():
            continue
        mean = parameters.moments_mean.value * share * weight / weight.mean()
        counts = streams.for_(f"worries, {CAUSES[cause]}").poisson(mean)
        owner = np.repeat(np.arange(len(courses)), counts)
        stream = streams.for_(f"worry moments, {CAUSES[cause]}")
        if cause == SILENCE:
            at = begins[owner] + stream.random(len(owner)) * silent[owner]
        else:
            after = courses.recorded if cause == ORDINARY else courses.ended
            days = parameters.days_mean if cause == ORDINARY else parameters.closure_days_mean
            at = after[owner] + _DAY * stream.exponential(days.value, len(owner))
        parts.append((_awake(at, courses.recorded[owner], stream), owner, cause))
    return _sorted(parts, streams)


def _awake(moments: NDArray[np.float64], recorded: Seconds, stream: np.random.Generator) -> Seconds:
    """Move each moment into the waking hours of its day, and no sooner than an hour on."""
    first, last = _WAKING_HOURS
    of_day = stream.integers(first * 3600, last * 3600, len(moments))
    at: Seconds = moments.astype(np.int64) // _DAY * _DAY + of_day
    at += _DAY * (at < recorded + 3600)
    return at


def _sorted(parts: list[tuple[Seconds, NDArray[np.intp], int]], streams: Streams) -> Worries:
    nothing = (np.empty(0, dtype=np.int64), np.empty(0, dtype=np.intp), ORDINARY)
    at, row = (np.concatenate([each[n] for each in (*parts, nothing)]) for n in (0, 1))
    cause = np.concatenate([np.full(len(each[0]), each[2], np.int8) for each in (*parts, nothing)])
    draws = streams.for_("what worry leads to").random((5, len(at)))
    order = np.argsort(at, kind="stable")
    return Worries(at[order], row[order], cause[order], *(draw[order] for draw in draws))


def is_settled_by_portal(
    worries: Worries, index: int, *, has_news: bool, parameters: WorryParameters
) -> bool:
    """Return whether a look at the portal settles this worry."""
    limit = parameters.finds_answer if has_news else parameters.content_without_news
    return bool(worries.answered[index] < limit.value)


def may_be_calmed(worries: Worries, parameters: WorryParameters) -> NDArray[np.bool_]:
    """Return which worries would not arise in a victim who has read news in the last days.

    News that a case has ended calms nobody about its end.
    """
    calmed: NDArray[np.bool_] = (worries.calmed < parameters.news_calms.value) & (
        worries.cause != CLOSURE
    )
    return calmed
