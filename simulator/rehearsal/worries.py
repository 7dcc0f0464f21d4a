"""Worries: moments at which a victim may ring 101 for news, and which of them a portal answers.

All crimes have theirs, at full volume. Worry grows with silence and with too many messages, and
both depend on the portal. So moments are drawn at the highest rate there can be, each with how much
silence or how many messages it needs to arise: a run keeps those that it gives cause for. All of
that is drawn when a moment is made, so two runs differ only in who rings.
"""

from collections.abc import Sequence
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
_WEEK_DAYS = 7
# More worries of one victim in a week than this are a mistake, and would be drawn for each crime.
_TOO_MANY_A_WEEK_MAX = 1

Seconds: TypeAlias = NDArray[np.int64]

#: What a worry comes of: that time passes, that the victim has not heard for long, that the case
#: has ended, that too many messages came, that the case has ended and nobody told the victim.
ORDINARY, SILENCE, CLOSURE, TOO_MANY, UNTOLD = 0, 1, 2, 3, 4
CAUSES = (
    "as time passes",
    "nothing happened for long",
    "the case ended",
    "too many messages",
    "nobody told of the end",
)
#: What silence makes: before the end of a case, and after it.
OF_SILENCE = (SILENCE, UNTOLD)
#: The events by which a case ends. A crime that is cancelled, or goes on as another, has neither.
ENDS = ("CrimeClosed", "OutcomeRecorded")


class OffenceWorry(Strict, frozen=True, kw_only=True):
    """How much more often victims of some offences ring for news than victims of others do."""

    offence_subgroups: tuple[str, ...]
    times: Amount


class WorryParameters(Strict, frozen=True, kw_only=True):
    """How often victims ring for news, and how a portal changes that.

    `moments_mean` is of all crimes and causes together, without a portal: the others share it out.
    Silence begins to worry after `silence_days`, and worries most `silence_grows_days` later. Each
    message above `too_many_in_week` in seven days makes `too_many_worries` in the week after it, of
    at most `too_many_most` messages.
    """

    moments_mean: Amount
    days_mean: Amount
    by_offence: tuple[OffenceWorry, ...] = ()
    from_silence: Share
    silence_days: Amount
    silence_grows_days: Amount
    from_closure: Share
    closure_days_mean: Amount
    news_calms: Share
    calm_days: Amount
    looks_at_portal_first: Share
    finds_answer: Share
    content_without_news: Share
    asks_officer_instead: Share
    message_makes_call: Share
    refused_sign_in_makes_call: Share
    too_many_in_week: Amount
    too_many_worries: Share
    too_many_most: Amount

    def __post_init__(self) -> None:
        if self.moments_mean.value > _MOMENTS_MEAN_MAX:
            raise ValueError(
                f"moments_mean is {self.moments_mean.value}; give {_MOMENTS_MEAN_MAX} or fewer"
            )
        if self.from_silence.value + self.from_closure.value > 1:
            raise ValueError("from_silence and from_closure are over 1 together; give less")
        if self.silence_grows_days.value > _SILENCE_DAYS_MAX:
            raise ValueError(
                f"silence_grows_days is {self.silence_grows_days.value}; "
                f"give {_SILENCE_DAYS_MAX} or fewer"
            )
        if self.too_many_worries.value * self.too_many_most.value > _TOO_MANY_A_WEEK_MAX:
            raise ValueError(
                "too_many_worries times too_many_most is over "
                f"{_TOO_MANY_A_WEEK_MAX} a week; give less"
            )


@dataclass(frozen=True)
class CrimeCourses:
    """What worry hangs on: one row a crime, in seconds; `ended` is -1 while a crime is open.

    `heard` has a column a crime: when its victim hears from the force without a portal, in order.
    That is at each event before the end; what did not happen stands as the report. `times` is how
    often such victims ring beside others.
    """

    recorded: Seconds
    heard: Seconds
    ended: Seconds
    times: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.recorded)


@dataclass(frozen=True)
class Worries:
    """Moments at which a victim may ring for news, in order of time, one row a moment.

    `row` is the crime's row and `cause` an index of CAUSES. `arises` says whether it arises without
    a portal. `needs` is what it needs to arise: of silence the seconds since the victim heard, and
    after the end more than those since it; of too many messages those of the last seven days; it
    arises above that. `calmed`, `looks`, `answered`, `asks` and `thinned` are draws between 0 and
    1. `worries[which]` takes a mask or index.
    """

    at_seconds: Seconds
    row: NDArray[np.intp]
    cause: NDArray[np.int8]
    arises: NDArray[np.bool_]
    needs: NDArray[np.float64]
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
    recorded = crimes.seconds["CrimeRecorded"]
    # Worry counts from the recording; officers may come before it.
    heard = [np.maximum(at, recorded) for kind, at in crimes.seconds.items() if kind not in ending]
    ended = np.full(len(crimes), NEVER, dtype=np.int64)
    for kind in ending:
        at = crimes.seconds[kind]
        ended = np.where((at != NEVER) & ((ended == NEVER) | (at < ended)), at, ended)
    times = np.ones(len(crimes))
    for each in parameters.by_offence:
        among = [offence.subgroup in each.offence_subgroups for offence in crimes.figures.offences]
        times[np.array(among)[crimes.offence]] = each.times.value
    return CrimeCourses(
        recorded=recorded, heard=np.sort(np.stack(heard), axis=0), ended=ended, times=times
    )


def make_worries(courses: CrimeCourses, parameters: WorryParameters, streams: Streams) -> Worries:
    """Draw the moments of every crime, by cause, at the highest rate of each.

    Those that arise without a portal are `moments_mean` a crime: the force is then assumed to tell
    every victim of the end. They fall in waking hours, as calls to 101 do (in UTC, so an hour early
    in summer).
    """
    if not len(courses):
        return _NONE
    silence, closure = parameters.from_silence.value, parameters.from_closure.value
    calls = parameters.moments_mean.value
    begins, stops, lasts = _restless(courses, parameters)
    silent = calls * silence * _silence_a_second(courses, stops, parameters)
    is_over = courses.times * (courses.ended != NEVER)
    spans = {SILENCE: (begins, stops), UNTOLD: (stops, lasts), TOO_MANY: (courses.recorded, stops)}
    parts = []
    for cause, mean in (
        (ORDINARY, calls * (1 - silence - closure) * _shared_out(courses.times)),
        (SILENCE, silent * (stops - begins)),
        (CLOSURE, calls * closure * _shared_out(is_over)),
        (TOO_MANY, _too_many_at_most(courses, stops, parameters)),
        (UNTOLD, silent * (lasts - stops)),
    ):
        counts = streams.for_(f"worries, {CAUSES[cause]}").poisson(mean)
        owner = np.repeat(np.arange(len(courses)), counts)
        stream = streams.for_(f"worry moments, {CAUSES[cause]}")
        seconds: NDArray[np.float64]
        if cause in spans:
            after, until = (each[owner] for each in spans[cause])
            seconds = stream.random(len(owner)) * (until - after)
        else:
            after = (courses.ended if cause == CLOSURE else courses.recorded)[owner]
            days = parameters.days_mean if cause == ORDINARY else parameters.closure_days_mean
            seconds = _DAY * stream.exponential(days.value, len(owner))
        at = _awake(after + seconds, courses.recorded[owner], stream)
        parts.append(_of_cause(cause, courses, owner, at, parameters, streams))
    return _in_order(parts)


def _restless(
    courses: CrimeCourses, parameters: WorryParameters
) -> tuple[Seconds, Seconds, Seconds]:
    """Give from and until when silence may worry, and until when if nobody told of the end.

    It may while a case is open, and not for ever.
    """
    silent = int(parameters.silence_days.value * _DAY)
    begins = courses.recorded + silent
    lasts = np.maximum(courses.heard[-1] + silent + _SILENCE_DAYS_MAX * _DAY, begins)
    stops = np.where(courses.ended == NEVER, lasts, np.minimum(courses.ended, lasts))
    return begins, np.maximum(stops, begins), lasts


def _shared_out(weight: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give each crime's part of one for each crime, by weight."""
    mean = weight.mean()
    return weight / mean if mean else weight


def _silence_a_second(
    courses: CrimeCourses, stops: Seconds, parameters: WorryParameters
) -> NDArray[np.float64]:
    """Give how often silence would worry each victim a second were they never to hear.

    It is such that the worries which arise without a portal are one for each crime: the rate grows
    from `silence_days` on as a straight line for `silence_grows_days`, and is added up between
    hearings.
    """
    quiet, grows = (
        each.value * _DAY for each in (parameters.silence_days, parameters.silence_grows_days)
    )
    heard = np.minimum(np.vstack([courses.heard, stops]), stops)
    above = np.maximum(np.diff(heard, axis=0) - quiet, 0.0)
    growing = np.minimum(above, grows)
    area = growing**2 / (2 * grows) if grows else 0.0 * above
    mean = (courses.times * (area + above - growing).sum(axis=0)).mean()
    return courses.times / mean if mean else np.zeros(len(courses))


def _too_many_at_most(
    courses: CrimeCourses, stops: Seconds, parameters: WorryParameters
) -> NDArray[np.float64]:
    """Give how many worries each crime would have were there always far too many messages."""
    weeks = (stops - courses.recorded) / (_WEEK_DAYS * _DAY)
    found: NDArray[np.float64] = (
        parameters.too_many_worries.value * parameters.too_many_most.value * weeks
    )
    return found


def _awake(moments: NDArray[np.float64], recorded: Seconds, stream: np.random.Generator) -> Seconds:
    """Move each moment into the waking hours of its day, and no sooner than an hour on."""
    first, last = _WAKING_HOURS
    of_day = stream.integers(first * 3600, last * 3600, len(moments))
    at: Seconds = moments.astype(np.int64) // _DAY * _DAY + of_day
    at += _DAY * (at < recorded + 3600)
    return at


def _of_cause(
    cause: int,
    courses: CrimeCourses,
    row: NDArray[np.intp],
    at: Seconds,
    parameters: WorryParameters,
    streams: Streams,
) -> Worries:
    """Draw what the moments of one cause lead to, apart from those of another.

    The rate grows as a straight line, so above so much silence, or so many messages, it makes a
    moment as often as a uniform draw says.
    """
    grows, *draws = streams.for_(f"what worry leads to, {CAUSES[cause]}").random((6, len(at)))
    needs = np.zeros(len(at))
    arises = np.full(len(at), cause not in {TOO_MANY, UNTOLD})
    if cause in OF_SILENCE:
        days = parameters.silence_days.value + grows * parameters.silence_grows_days.value
        needs = days * _DAY
    if cause == SILENCE:
        arises = _silent_seconds(courses, row, at) > needs
    elif cause == UNTOLD:
        # Who has heard since the end knows of it. Without a portal that is everybody.
        needs = np.maximum(needs, at - courses.ended[row])
    elif cause == TOO_MANY:
        needs = parameters.too_many_in_week.value + grows * parameters.too_many_most.value
    causes = np.full(len(at), cause, dtype=np.int8)
    return Worries(at, row, causes, arises, needs, *draws)


def _in_order(parts: Sequence[Worries]) -> Worries:
    every = Worries(*(np.concatenate([getattr(each, name) for each in parts]) for name in _COLUMNS))
    return every[np.argsort(every.at_seconds, kind="stable")]


_COLUMNS = tuple(each.name for each in fields(Worries))
_NOTHING = np.empty(0)
_NONE = Worries(
    _NOTHING.astype(np.int64),
    _NOTHING.astype(np.intp),
    _NOTHING.astype(np.int8),
    _NOTHING.astype(np.bool_),
    *[_NOTHING] * 6,
)


def _silent_seconds(courses: CrimeCourses, row: NDArray[np.intp], at: Seconds) -> Seconds:
    """Give how long before `at` the victims of some crimes heard without a portal."""
    heard = courses.recorded[row]
    for each in courses.heard:
        of_event = each[row]
        heard = np.where(of_event <= at, of_event, heard)
    return at - heard


def arises_with_portal(
    worries: Worries, index: int, *, silent_seconds: int | None, messages: int, has_ended: bool
) -> bool:
    """Return whether a worry arises in a victim who has a portal.

    `silent_seconds` have passed since it last told them something or they looked at it. It is None
    until they have signed in: they hear as without a portal. From then on the force leaves it to
    the portal to tell them (assumed), of the end too: until it has, silence goes on after it.
    `messages` came in the last seven days. `has_ended` says that the end was recorded.
    """
    cause = worries.cause[index]
    if cause == TOO_MANY:
        return bool(messages > worries.needs[index])
    if cause == UNTOLD and not has_ended:
        return False
    if cause in OF_SILENCE and silent_seconds is not None:
        return bool(silent_seconds > worries.needs[index])
    return bool(worries.arises[index])


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
