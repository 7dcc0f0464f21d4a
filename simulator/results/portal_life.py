"""What victims, officers and callers did while a portal was live: the values behind the plots.

What is counted is of the followed crimes; what is scaled stands for all crimes, with a 95% interval
for the chance of the count alone.
"""

from datetime import date, datetime

from msgspec import Struct

from simulator.verdicts import Harm, Kind, Owner


class Scaled(Struct, frozen=True, kw_only=True):
    """A count among the followed crimes, and what it comes to at full volume, with its interval."""

    counted: int
    full_volume: float
    low: float
    high: float


class FewerCalls(Struct, frozen=True, kw_only=True):
    """One force's calls to 101 in the last period: how many fewer with the portal.

    The interval comes from how the weeks differ and from who happened to be followed.
    """

    force: str
    without: int
    with_portal: int
    fewer: float
    low: float
    high: float


class Headline(Struct, frozen=True, kw_only=True):
    """What a programme lead reads first, of the last period; harms by the portal since go-live.

    `wrongly_told` counts victims whose news went to another person. `licence_a_year` is in pounds;
    None without a file of costs.
    """

    period: str
    weeks: int
    forces: list[FewerCalls]
    wrongly_told: Scaled
    portal_harms: Scaled
    licence_a_year: float | None = None


class SpreadOfWeek(Struct, frozen=True, kw_only=True):
    """Where 95 in 100 weeks with the same demand would lie, without the portal."""

    starts: date
    calls_101_low: int
    calls_101_high: int
    update_calls_low: int
    update_calls_high: int


class FunnelStep(Struct, frozen=True, kw_only=True):
    """How many victims came so far: of crimes recorded since go-live, and since phase 3 alone.

    None where the step cannot be counted. Each counts those of the step before only.
    """

    name: str
    since_go_live: Scaled | None
    since_phase_3: Scaled | None


class ToldWithin(Struct, frozen=True, kw_only=True):
    """What share of the Victims' Code's news was told within a time.

    By right of the victim it runs from when it happened; `of_portal` from when the portal had it.
    None of no news. `working_days` is 0 where the time is in hours.
    """

    within: str
    working_days: int = 0
    standard: float | None
    enhanced: float | None
    of_portal: float | None


class TimeToNews(Struct, frozen=True, kw_only=True):
    """How soon news was told, by growing times. The days are working days of the Code."""

    standard_news: int
    enhanced_news: int
    standard_days: int
    enhanced_days: int
    told: list[ToldWithin]


class HourOfDay(Struct, frozen=True, kw_only=True):
    """One line of one force in one hour of London's day, over the last period.

    Shares are of the calls offered, and the mean wait is of the answered; None of no calls.
    """

    force: str
    line: str
    hour: int
    offered_without: int
    offered_with: int
    abandoned_without: float | None
    abandoned_with: float | None
    wait_seconds_without: float | None
    wait_seconds_with: float | None


class MessagesAWeek(Struct, frozen=True, kw_only=True):
    """In how many weeks of a victim so many messages reached them, while a phase was live.

    `weeks` has an entry for one message, for two, and so on; the last is for all above.
    """

    phase: int
    weeks: list[int]


class TasksOfWeek(Struct, frozen=True, kw_only=True):
    """The tasks that the portal raised in a week at full volume, by kind, and officers' hours."""

    starts: date
    tasks: dict[str, float]
    hours: float


class OwnedHarm(Struct, frozen=True, kw_only=True):
    """One kind of harm of the live portal since go-live, by who caused it, at full volume."""

    owner: Owner
    harm: Harm
    kind: Kind
    avoidable: bool
    count: Scaled


class ToldLate(Struct, frozen=True, kw_only=True):
    """News that the portal held up past the Victims' Code's time, and why that is no failure.

    `told_at` is None if it was never told. `is_failure` says that a finding of the run is about it.
    """

    portal: str
    crime_reference: str
    person_id: str
    event_id: str
    what: str
    told_by: datetime
    told_at: datetime | None
    is_failure: bool
    reason: str


class PortalRequests(Struct, frozen=True, kw_only=True):
    """Requests a second that the live portal gets, at full volume.

    `mean` is since it is live. `in_busiest_hour` is the mean of the last period's days in the
    London hour that begins at `busiest_hour`.
    """

    mean: float
    busiest_hour: int
    in_busiest_hour: float


class JourneyStep(Struct, frozen=True, kw_only=True):
    """One thing that may happen to a crime: after what, to which share, and how soon."""

    name: str
    after: str
    share: float
    soon: str


class JourneyOfGroup(Struct, frozen=True, kw_only=True):
    """The journey of the crimes of one offence group; what happened to none of them is left out."""

    group: str
    steps: list[JourneyStep]


class PortalLife(Struct, frozen=True, kw_only=True):
    """All of it; a list is empty where a run has none."""

    headline: Headline
    spread: list[SpreadOfWeek] = []
    funnel: list[FunnelStep] = []
    time_to_news: TimeToNews | None = None
    hours: list[HourOfDay] = []
    messages: list[MessagesAWeek] = []
    per_week_max: int = 0
    tasks: list[TasksOfWeek] = []
    harms: list[OwnedHarm] = []
    told_late: list[ToldLate] = []
    #: None in results from before it was counted.
    requests: PortalRequests | None = None
    journey: list[JourneyStep] = []
    journeys_by_group: list[JourneyOfGroup] = []
