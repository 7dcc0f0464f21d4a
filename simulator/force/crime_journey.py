"""The journey of a reported crime as data: its states, their delays and shares, with sources.

It is read from `scenarios/journeys/*.toml`; `event_times` follows it.
"""

from collections import Counter
from pathlib import Path
from typing import Annotated, Literal, TypeAlias, get_args

from msgspec import Meta

from reference.contract.events import Milestone
from simulator.files import checked_toml
from simulator.files.checked_toml import Amount, Positive, Share, Sourced, Strict
from simulator.files.paths import ROOT

JOURNEY = ROOT / "scenarios" / "journeys" / "reported-crime.toml"
# At 5, one in six takes 150 times as long as the median; more is a mistake.
SPREAD_MAX = 5
_ROUNDING = 1e-6
SECONDS_IN = {"minutes": 60, "hours": 3600, "days": 86_400}

EventKind: TypeAlias = Literal[
    "CrimeRecorded",
    "OfficerDeployed",
    "CrimeAllocated",
    "AppointmentMade",
    "OutcomeRecorded",
    "CrimeClosed",
]
EVENT_KINDS: tuple[EventKind, ...] = get_args(EventKind)

Grade = Annotated[int, Meta(ge=1, le=4)]
OutcomeCode = Annotated[int, Meta(ge=1, le=22)]
Fraction = Annotated[float, Meta(ge=0, le=1)]
Weights: TypeAlias = tuple[Annotated[float, Meta(ge=0)], ...]


class Profile(Sourced, frozen=True, kw_only=True):
    """How something is spread over a week or a day; only the ratios count."""

    weights: Weights

    def __post_init__(self) -> None:
        super().__post_init__()
        if not sum(self.weights):
            raise ValueError("every weight is 0; make at least one larger")


class Delay(Strict, frozen=True, kw_only=True):
    """How long something takes, for crimes of these grades, outcomes and offence subgroups.

    It is lognormal, with half within `median`. An empty list matches every crime.
    """

    distribution: Literal["lognormal"]
    median: Positive
    spread: Amount
    grades: tuple[Grade, ...] = ()
    outcomes: tuple[OutcomeCode, ...] = ()
    offence_subgroups: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.median.unit not in SECONDS_IN:
            raise ValueError(
                f"median.unit is {self.median.unit!r}; give one of {', '.join(SECONDS_IN)}"
            )
        if self.spread.value > SPREAD_MAX:
            raise ValueError(f"spread.value is {self.spread.value}; give at most {SPREAD_MAX}")


class State(Strict, frozen=True, kw_only=True):
    """One event of the journey: the event before it, its share, its delay, and whether it ends.

    For crimes of `from_report_grades` the delay runs from when the crime was reported, which may be
    hours before it was recorded: so the event may come before the recording.
    """

    event: EventKind
    after: EventKind | None = None
    share: Share | None = None
    desk_hours: bool = False
    ends: bool = False
    delays: tuple[Delay, ...] = ()
    from_report_grades: tuple[Grade, ...] = ()

    def __post_init__(self) -> None:
        if self.from_report_grades and (self.after != "CrimeRecorded" or self.ends):
            raise ValueError(
                f"from_report_grades is given to {self.event}; give it only where after is "
                "CrimeRecorded, and not where the event ends the journey"
            )


FurtherEventKind: TypeAlias = Literal[
    "IncidentReported",
    "IncidentClosed",
    "AppointmentChanged",
    "AppointmentCancelled",
    "MilestoneReached",
    "CrimeReopened",
    "CrimeClosed",
    "CrimeReclassified",
    "CrimeMerged",
    "CrimeUnmerged",
    "CrimeTransferred",
    "CrimeCancelled",
    "VictimDetailsChanged",
    "PersonsMerged",
    "PersonsUnmerged",
]
#: What is changed in a record of a crime or of its victim.
Change: TypeAlias = Literal["offence", "marker_added", "marker_removed", "mailbox", "died"]
_CHANGES: dict[str, tuple[Change, ...]] = {
    "CrimeReclassified": ("offence", "marker_added", "marker_removed"),
    "VictimDetailsChanged": ("mailbox", "died"),
}


class Further(Strict, frozen=True, kw_only=True):
    """Something else that happens to a share of the crimes to which `after` happened.

    `after` is a state's event or the `name` of an earlier entry. It does not happen to a crime that
    has ended, unless it is `after_the_end`. An incident that is reported `before` its crime is
    recorded comes by the delay before it; another is one of its own, of which no crime is recorded.
    `change` says what is another in a record, and `to` the offence subgroup or the marker that it
    is, or was.
    """

    name: str
    event: FurtherEventKind
    after: str
    milestone: Milestone | None = None
    after_the_end: bool = False
    share: Share
    delay: Delay
    before: bool = False
    change: Change | None = None
    to: str = ""

    def __post_init__(self) -> None:
        changes = _CHANGES.get(self.event, (None,))
        if self.change not in changes:
            fix = f"one of {', '.join(map(str, changes))}" if self.event in _CHANGES else "none"
            raise ValueError(f"{self.name}: change is {self.change}; give {fix}")
        if bool(self.to) != (self.event == "CrimeReclassified"):
            raise ValueError(f"{self.name}: give to with CrimeReclassified, and only then")
        if self.before and self.event != "IncidentReported":
            raise ValueError(f"{self.name}: only an IncidentReported may come before")
        if (self.event == "MilestoneReached") != (self.milestone is not None):
            raise ValueError(f"{self.name}: give a milestone with MilestoneReached, and only then")


class OffenceList(Strict, frozen=True, kw_only=True):
    """Offence subgroups, and the reason why they are listed."""

    offence_subgroups: tuple[str, ...]
    reason: str


class SubgroupShare(Strict, frozen=True, kw_only=True):
    """A share of the crimes of some offence subgroups."""

    offence_subgroups: tuple[str, ...]
    share: Share


class OutcomeShare(Strict, frozen=True, kw_only=True):
    """A share of the crimes with some outcomes."""

    outcomes: tuple[OutcomeCode, ...]
    share: Share


class Safeguarding(Strict, frozen=True, kw_only=True):
    """A marker that every crime of these subgroups or Home Office codes carries."""

    marker: str
    offence_subgroups: tuple[str, ...] = ()
    offence_codes: tuple[str, ...] = ()


class GradesOfOffences(Sourced, frozen=True, kw_only=True):
    """The shares of the four response grades among the crimes of some offence subgroups."""

    name: str
    offence_subgroups: tuple[str, ...]
    shares: tuple[Fraction, Fraction, Fraction, Fraction]

    def __post_init__(self) -> None:
        super().__post_init__()
        if abs(sum(self.shares) - 1) > _ROUNDING:
            raise ValueError(
                f"shares of grades_by_offence {self.name!r} add up to {sum(self.shares):g}; "
                "change them so that they add up to 1"
            )

    @property
    def by_grade(self) -> dict[int, Share]:
        """Each grade's share, with where it is from."""
        return {
            grade: Share(value=share, unit=self.unit, source=self.source, assumed=self.assumed)
            for grade, share in enumerate(self.shares, start=1)
        }


class Journey(Strict, frozen=True, kw_only=True):
    """The whole journey: when crimes are recorded, their properties, and what happens to them."""

    name: str
    recorded_by_weekday: Profile
    recorded_by_hour: Profile
    desk_by_hour: Profile
    grades: tuple[Share, Share, Share, Share]
    grades_by_offence: tuple[GradesOfOffences, ...] = ()
    no_individual_victim: OffenceList
    domestic_abuse: tuple[SubgroupShare, ...]
    safeguarding: tuple[Safeguarding, ...]
    states: tuple[State, ...]
    appointment_starts: Delay
    not_written_down: Share
    interviewed_under_caution: tuple[OutcomeShare, ...]
    decided_by_cps: tuple[OutcomeShare, ...]
    further: tuple[Further, ...] = ()

    def __post_init__(self) -> None:
        for name, length in (
            ("recorded_by_weekday", 7),
            ("recorded_by_hour", 24),
            ("desk_by_hour", 24),
        ):
            found = len(getattr(self, name).weights)
            if found != length:
                raise ValueError(f"{name}.weights has {found} weights; give {length}")
        if abs(sum(each.value for each in self.grades) - 1) > _ROUNDING:
            raise ValueError("grades do not add up to 1; change them so that they do")
        graded = Counter(s for each in self.grades_by_offence for s in each.offence_subgroups)
        twice = [subgroup for subgroup, times in graded.items() if times > 1]
        if twice:
            raise ValueError(f"grades_by_offence: {twice[0]!r} is there twice; give it once")
        self._check_order()

    @property
    def subgroups_named(self) -> frozenset[str]:
        """Offence subgroups that the journey names anywhere."""
        lists = [
            self.no_individual_victim.offence_subgroups,
            *(each.offence_subgroups for each in self.grades_by_offence),
            *(each.offence_subgroups for each in self.domestic_abuse),
            *(each.offence_subgroups for each in self.safeguarding),
            *(delay.offence_subgroups for state in self.states for delay in state.delays),
            self.appointment_starts.offence_subgroups,
            *(each.delay.offence_subgroups for each in self.further),
            *((each.to,) for each in self.further if each.change == "offence"),
        ]
        return frozenset(name for each in lists for name in each)

    @property
    def report_before(self) -> Further | None:
        """What says which crimes are reported some time before they are recorded, if any are."""
        return next((each for each in self.further if each.before), None)

    def _check_order(self) -> None:
        """Refuse a state whose earlier state does not come before it in the file."""
        before: list[str] = []
        for state in self.states:
            starts = state.event == "CrimeRecorded"
            if starts != (not before) or starts != (state.after is None):
                raise ValueError("begin states with CrimeRecorded; give each other state an after")
            if state.after is not None and state.after not in before:
                raise ValueError(
                    f"{state.event} is after {state.after}, which must come before it in the file"
                )
            before.append(state.event)
        if sorted(before) != sorted(EVENT_KINDS):
            raise ValueError(f"states are {before}; give each once: {', '.join(EVENT_KINDS)}")
        if not any(state.ends for state in self.states):
            raise ValueError("no state ends the journey; give at least one `ends = true`")
        if sum(each.before for each in self.further) > 1:
            raise ValueError("further: two entries come before; a crime is reported first but once")
        for each in self.further:
            if each.before and each.after != "CrimeRecorded":
                raise ValueError(f"further: {each.name} comes before; give after CrimeRecorded")
            if each.after not in before:
                raise ValueError(
                    f"further: {each.name} is after {each.after}; name a state or an earlier entry"
                )
            if each.name in before:
                raise ValueError(f"further: {each.name} is there twice; give each its own name")
            before.append(each.name)


def read_journey(*, path: Path = JOURNEY) -> Journey:
    """Read and check a journey; raises BadInput naming the field."""
    return checked_toml.read(path, Journey)
