"""The order: what the force asked for. The judge reads it; the portal is configured from it.

Read from `scenarios/orders/*.toml`. Portal and judge share nothing else.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Literal, get_args

from msgspec import UNSET, Meta, UnsetType, structs

from reference.contract.events import (
    EVENT_TYPES,
    MILESTONES_OF_THE_CODE,
    AnyEvent,
    CrimeRecorded,
    Milestone,
    MilestoneReached,
    VictimRecord,
)
from reference.contract.identity import Proof
from reference.contract.outcomes import CHARGED, OUTCOMES
from simulator.clock import LONDON
from simulator.files import checked_toml
from simulator.files.checked_toml import Strict
from simulator.inputs.working_days import WorkingDays, english_bank_holidays

#: Victims' Code, Right 6: what the police tell a victim of within its working days. That a case is
#: investigated again is a key decision too (assumed).
RIGHT_6 = (
    "not_investigated",
    "suspect_arrested",
    "suspect_interviewed",
    "suspect_released",
    "suspect_on_bail",
    "suspect_under_investigation",
    "bail_changed",
    "OutcomeRecorded",
    "CrimeClosed",
    "CrimeReopened",
)
#: The path of the list of bank holidays, for what changes an order: only this file reads it.
BANK_HOLIDAYS = "deadlines.bank_holidays"
Positive = Annotated[int, Meta(ge=1)]
Count = Annotated[int, Meta(ge=0)]


class Support(Strict, frozen=True, kw_only=True):
    """The service that supports victims in a force's area, and how they reach it themselves."""

    name: str
    number: str
    website: str


class Force(Strict, frozen=True, kw_only=True):
    """A force's name and contact details for victims, and its prefix in occurrence numbers.

    Without `support` nothing is asked of the page on local support.
    `control_room` is its queue for danger when no officer is at work ("" for the supervisors').
    """

    name: str
    reference_prefix: Annotated[str, Meta(pattern="^[0-9]{2}$")]
    non_emergency: str = "101"
    website: Annotated[str, Meta(pattern=r"^https?://[^/\s]+\S*$")]
    witness_care: str
    support: Support | None = None
    control_room: str = ""


class GoLive(Strict, frozen=True, kw_only=True):
    """The day each phase goes live, at 00:00 London time."""

    phase_1: date
    phase_2: date
    phase_3: date

    def __post_init__(self) -> None:
        if not self.phase_1 < self.phase_2 < self.phase_3:
            raise ValueError("phases go live one after another; give phase_1 < phase_2 < phase_3")
        if not (self.phase_1.year >= 2000 and self.phase_3.year <= 2100):
            raise ValueError("a phase goes live before 2000 or after 2100; give days between")


class Eligibility(Strict, frozen=True, kw_only=True):
    """Who is invited: offence subgroups in, safeguarding markers out.

    Some markers are about the person: on one crime, they stop messages about all their crimes.
    Victims of a crime with a marker of `through_a_person` are contacted by an officer alone.
    With `approved_channels` the force records by which channel an officer found contact safe.
    `blank_safe_to_contact` says what it means that nobody recorded whether contact is safe, and
    `unmarked_police_employee` what a police employee's record is where nobody recorded that.
    """

    offence_subgroups: tuple[str, ...]
    safeguarding_exclusions: tuple[str, ...]
    safeguarding_of_the_person: tuple[str, ...]
    through_a_person: tuple[str, ...] = ()
    approved_channels: bool = False
    age_min_years: Count = 18
    open_at_go_live: Literal["not_invited"] = "not_invited"
    blank_safe_to_contact: Literal["not_safe", "safe"] = "not_safe"
    unmarked_police_employee: Literal["restricted", "not_restricted"] = "restricted"

    def is_safe(self, victim: VictimRecord) -> bool:
        """Say whether contact with a victim counts as safe."""
        if victim.safe_to_contact is None:
            return self.blank_safe_to_contact == "safe"
        return victim.safe_to_contact

    def is_restricted(self, victim: VictimRecord) -> bool:
        """Say whether a victim's record is kept from the portal's messages and pages."""
        if victim.is_restricted is None:
            return victim.is_police_employee and self.unmarked_police_employee == "restricted"
        return victim.is_restricted


class Trigger(Strict, frozen=True, kw_only=True):
    """An event that a victim is told about, from a phase on."""

    event: str
    announces: Literal["invitation", "update", "reply"]
    phase: Annotated[int, Meta(ge=1, le=3)]

    def __post_init__(self) -> None:
        if self.event not in EVENT_TYPES:
            raise ValueError(f"event is {self.event!r}; one of {', '.join(EVENT_TYPES)}")


class Catalogue(Strict, frozen=True, kw_only=True):
    """Milestones that the force has switched off: the portal neither announces nor shows them."""

    switched_off: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for each in self.switched_off:
            if each not in get_args(Milestone):
                raise ValueError(
                    f"switched_off has {each!r}, which is no milestone; "
                    f"one of {', '.join(get_args(Milestone))}"
                )
            if each in MILESTONES_OF_THE_CODE:
                raise ValueError(
                    f"switched_off has {each!r}, which the Victims' Code has told (Right 6); "
                    "take it out"
                )


class SensitiveClosures(Strict, frozen=True, kw_only=True):
    """Closures that an officer tells the victim about first, before the portal does.

    A closure is sensitive by its Home Office outcome or by the crime's offence subgroup.
    """

    outcomes: tuple[int, ...]
    offence_subgroups: tuple[str, ...]

    def __post_init__(self) -> None:
        unknown = set(self.outcomes) - OUTCOMES.keys() | ({CHARGED} & set(self.outcomes))
        if unknown:
            raise ValueError(
                f"outcomes has {min(unknown)}, which does not close a case; name outcomes that do"
            )

    def are_told_in_person(self, outcome: int, offence_subgroup: str) -> bool:
        """Say whether a closure with this outcome and offence is sensitive."""
        return outcome in self.outcomes or offence_subgroup in self.offence_subgroups


class SensitiveMilestones(Strict, frozen=True, kw_only=True):
    """Milestones that an officer tells a victim with enhanced rights first, before the portal."""

    enhanced_rights: tuple[Milestone, ...] = ()

    def are_told_in_person(self, event: AnyEvent, victim: VictimRecord) -> bool:
        """Say whether an event is a milestone that an officer tells this victim first."""
        is_named = isinstance(event, MilestoneReached) and event.milestone in self.enhanced_rights
        return is_named and victim.enhanced_rights


class RightsCheck(Strict, frozen=True, kw_only=True):
    """Who has enhanced rights whatever is recorded: the force is asked where the record lacks them.

    Victims of a crime with one of these `markers`, under so many years (0 for none), or who died.
    """

    markers: tuple[str, ...] = ()
    under_years: Count = 0
    bereaved: bool = False


class CodeVersion(Strict, frozen=True, kw_only=True):
    """One version of the Victims' Code, and the London day from which it is in force.

    `working_days` and `working_days_enhanced` are its periods if they are not the order's own.
    `tells_of` names the events and milestones that it has a victim told of within them.
    """

    version: str
    in_force_from: date
    working_days: Positive | None = None
    working_days_enhanced: Positive | None = None
    tells_of: tuple[str, ...] = RIGHT_6

    def __post_init__(self) -> None:
        known = {*EVENT_TYPES, *get_args(Milestone)}
        if unknown := {*self.tells_of} - known:
            raise ValueError(f"tells_of has {min(unknown)!r}; name events and milestones")


class Closures(Strict, frozen=True, kw_only=True):
    """Closures with these Home Office outcomes are not told before a supervisor confirms them."""

    supervisor_confirms: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        unknown = set(self.supervisor_confirms) - OUTCOMES.keys() | (
            {CHARGED} & set(self.supervisor_confirms)
        )
        if unknown:
            raise ValueError(
                f"supervisor_confirms has {min(unknown)}, which does not close a case; name "
                "outcomes that do"
            )


class Deadlines(Strict, frozen=True, kw_only=True):
    """How soon a person at the force must tell or answer a victim.

    An officer asks for the victim's views on bail within `bail_views_hours`; None is for no limit.
    `bank_holidays` is unset in an order that does not name them; `read_order` fills in England's.
    `code` has the versions of the Victims' Code, oldest first.
    """

    working_days: Positive
    working_days_enhanced: Positive
    breach_hours: Positive
    bail_views_hours: Positive | None = None
    bank_holidays: tuple[date, ...] | UnsetType = UNSET
    code: tuple[CodeVersion, ...] = ()

    def __post_init__(self) -> None:
        days = [each.in_force_from for each in self.code]
        if days != sorted(set(days)):
            raise ValueError("code: give the versions oldest first, each from a day of its own")
        for standard, enhanced in [self.periods_of(None), *map(self.periods_of, self.code)]:
            if enhanced > standard:
                raise ValueError(
                    f"working_days_enhanced is {enhanced}; enhanced rights are no "
                    f"slower than others: give at most working_days, {standard}"
                )

    def in_force_at(self, at: datetime) -> CodeVersion | None:
        """Find the version of the Victims' Code in force at a time; None where none is named."""
        day = at.astimezone(LONDON).date()
        versions = [each for each in self.code if each.in_force_from <= day]
        return versions[-1] if versions else None

    def working_days_at(self, at: datetime, *, is_enhanced: bool) -> int:
        """Find in how many working days the Code has a victim told of what happened at a time."""
        standard, enhanced = self.periods_of(self.in_force_at(at))
        return enhanced if is_enhanced else standard

    def periods_of(self, version: CodeVersion | None) -> tuple[int, int]:
        """Give a version's working days, for standard rights and for enhanced."""
        own = (self.working_days, self.working_days_enhanced)
        if version is None:
            return own
        return version.working_days or own[0], version.working_days_enhanced or own[1]


class Contact(Strict, frozen=True, kw_only=True):
    """Which addresses must get no message, and what happens instead.

    With `falls_back` the portal uses the other channel if the only one that a victim asked for
    fails. "This is not for me" may stop so many addresses an hour, by one client and in all; a
    person looks at any more.
    """

    people_per_address_max: Positive | None = None
    not_for_me_per_client_max: Positive
    not_for_me_per_hour_max: Positive
    not_a_victims: tuple[str, ...]
    falls_back: bool

    def are_too_many(self, people: int) -> bool:
        """Say whether an address is recorded for too many people to be any one's."""
        return self.people_per_address_max is not None and people > self.people_per_address_max


class Records(Strict, frozen=True, kw_only=True):
    """How long the portal keeps a closed case."""

    retention_days: Positive


class Messages(Strict, frozen=True, kw_only=True):
    """When messages may be sent, and how many.

    The `week` of the weekly limit is the last seven days, or a calendar week from Monday 00:00
    London time.
    """

    minutes_max: Positive
    quiet_from: time | None = None
    quiet_until: time | None = None
    bundle_minutes: Count
    per_week_max: Positive
    week: Literal["rolling", "calendar"] = "rolling"
    denied_in_text: tuple[str, ...]

    def __post_init__(self) -> None:
        if (self.quiet_from is None) != (self.quiet_until is None):
            raise ValueError("quiet_from and quiet_until come together; give both or neither")
        if any(each and each.tzinfo for each in (self.quiet_from, self.quiet_until)):
            raise ValueError(
                "quiet_from and quiet_until are London times; give them without an offset"
            )
        if self.quiet_from and self.quiet_until and self.quiet_from <= self.quiet_until:
            raise ValueError("quiet hours span midnight; give a quiet_from later than quiet_until")

    def fill_a_week(self, count: int) -> bool:
        """Say whether so many messages leave no room for another one in a week."""
        return count >= self.per_week_max


class Journey(Strict, frozen=True, kw_only=True):
    """Phase 2: the messages that are sent without any action by the officer."""

    still_with_us_days: Positive
    advice_after_days: Count
    advice_for: dict[str, str]


class SignIn(Strict, frozen=True, kw_only=True):
    """How a victim proves who they are, and for how long.

    All forces use one proof: before it, the portal must not show which force has the crime.
    """

    proof: Proof = "agreed_word"
    invitation_days: Positive
    code_minutes: Positive
    attempts_max: Positive
    session_minutes: Positive
    session_hours_max: Positive = 12

    def are_used_up(self, wrong_answers: int) -> bool:
        """Say whether so many wrong answers leave no attempt."""
        return wrong_answers >= self.attempts_max


class TwoWay(Strict, frozen=True, kw_only=True):
    """Phase 3: how soon officers answer, and the portal catches up after an outage.

    Words that speak of danger are to be read within `danger_minutes`. A closed case takes questions
    for `closed_case_days`, or for `review_days` where the victim may ask the police for a review;
    the longer counts.
    """

    reply_working_days: Positive
    danger_minutes: Positive = 60
    catch_up_minutes_max: Positive
    closed_case_days: Count
    review_days: Count = 0

    def takes_questions_days(self, *, may_review: bool) -> int:
        """Find for how many days after it closed a case takes questions."""
        return max(self.closed_case_days, self.review_days if may_review else 0)


class Order(Strict, frozen=True, kw_only=True):
    """The whole order. The force decides every value; `basis` says where they come from."""

    name: str
    basis: str
    forces: dict[str, Force]
    go_live: GoLive
    eligibility: Eligibility
    triggers: tuple[Trigger, ...]
    messages: Messages
    journey: Journey
    sign_in: SignIn
    two_way: TwoWay
    catalogue: Catalogue = Catalogue()
    sensitive_closures: SensitiveClosures
    sensitive_milestones: SensitiveMilestones = SensitiveMilestones()
    rights_check: RightsCheck = RightsCheck()
    deadlines: Deadlines
    contact: Contact
    records: Records
    supervisors: dict[str, str]
    closures: Closures = Closures()

    def __post_init__(self) -> None:
        if lacking := self.forces.keys() - self.supervisors.keys():
            raise ValueError(
                f"supervisors.{min(lacking)} is missing; name the queue of that force's supervisors"
            )
        for name in ("closed_case_days", "review_days"):
            days = getattr(self.two_way, name)
            if self.records.retention_days < days:
                raise ValueError(
                    f"records.retention_days is {self.records.retention_days}; give at least "
                    f"two_way.{name}, {days}, in which a closed case takes questions"
                )

    @property
    def working_days(self) -> WorkingDays:
        """The days on which this force works: portal, features and judge all count by them."""
        assert self.deadlines.bank_holidays is not UNSET, "read_order fills them in"
        return WorkingDays(self.deadlines.bank_holidays)

    def supervisors_of(self, team: str, force: str) -> str:
        """Find the queue for late answers: the team's own supervisors, or the force's."""
        return self.supervisors.get(team) or self.supervisors[force]

    def control_room_of(self, team: str, force: str) -> str:
        """Find the queue for danger when no officer is at work."""
        return self.forces[force].control_room or self.supervisors_of(team, force)

    def go_live_at(self, phase: int) -> datetime:
        """Find the moment a phase goes live, in UTC."""
        return _begin_of(getattr(self.go_live, f"phase_{phase}"))

    def phase_at(self, now: datetime) -> int:
        """Find the phase that is live; 0 before the first."""
        days = self.go_live
        return sum(_begin_of(day) <= now for day in (days.phase_1, days.phase_2, days.phase_3))

    def staying_in(self, phase: int) -> "Order":
        """Return this order for a force that stays in this phase for now."""
        days = structs.asdict(self.go_live)
        later = timedelta(days=3650)
        for number in range(phase + 1, 4):
            days[f"phase_{number}"] += later
        return structs.replace(self, go_live=GoLive(**days))

    def tested_in(self, phase: int, day: date) -> "Order":
        """Return this order for a test environment that starts a phase on an earlier day."""
        go_live = structs.replace(self.go_live, **{f"phase_{phase}": day})
        return structs.replace(self, go_live=go_live).staying_in(phase)

    def trigger_for(self, event: str, phase: int) -> Trigger | None:
        """Find what the victim is told after an event in this phase, if anything."""
        for trigger in self.triggers:
            if trigger.event == event and trigger.phase <= phase:
                return trigger
        return None

    def is_switched_off(self, event: AnyEvent) -> bool:
        """Say whether an event is a milestone that the force has switched off."""
        return (
            isinstance(event, MilestoneReached) and event.milestone in self.catalogue.switched_off
        )

    def exclusion(self, crime: CrimeRecorded, person_id: str) -> str:
        """Say why a victim of this crime is not invited, or "" when they are."""
        if self.phase_at(crime.recorded_at) == 0:
            return "recorded before the portal went live"
        if crime.offence_subgroup not in self.eligibility.offence_subgroups:
            return f"offence: {crime.offence_subgroup}"
        for marker in crime.safeguarding:
            if marker in self.eligibility.safeguarding_exclusions:
                return f"safeguarding: {marker}"
        victim = next(each for each in crime.victims if each.person_id == person_id)
        if not self.eligibility.is_safe(victim):
            return "not recorded as safe to contact"
        if victim.born is not None and self._age_years(victim.born, crime) < (
            self.eligibility.age_min_years
        ):
            return f"under {self.eligibility.age_min_years}"
        return ""

    def quiet_until(self, at: datetime) -> datetime:
        """Find when a message due at `at` may be sent: `at` itself outside quiet hours."""
        quiet_from, quiet_until = self.messages.quiet_from, self.messages.quiet_until
        if quiet_from is None or quiet_until is None:
            return at
        local = at.astimezone(LONDON)
        opens = datetime.combine(local.date(), quiet_until, tzinfo=LONDON)
        if local < opens:
            return opens.astimezone(UTC)
        if local.time() >= quiet_from:
            return (opens + timedelta(days=1)).astimezone(UTC)
        return at

    def counts_until(self, sent_at: datetime) -> datetime:
        """Find from when on a message sent at `sent_at` counts towards the weekly limit no more."""
        if self.messages.week == "rolling":
            return sent_at + timedelta(days=7)
        day = sent_at.astimezone(LONDON).date()
        monday = day + timedelta(days=7 - day.weekday())
        return datetime.combine(monday, time(), tzinfo=LONDON).astimezone(UTC)

    @staticmethod
    def _age_years(born: date, crime: CrimeRecorded) -> int:
        day = crime.recorded_at.astimezone(LONDON).date()
        return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


@lru_cache
def _begin_of(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=LONDON).astimezone(UTC)


def read_order(
    path: Path, changes: Mapping[str, object] = MappingProxyType({}), *, said_in: str = ""
) -> Order:
    """Read and check an order; raises BadInput naming the field.

    An order that does not name its bank holidays gets England's, so that every reader has the same.
    With `changes`, fields have the values that the file `said_in` gives them.
    """
    order = checked_toml.read_changed(path, Order, changes, said_in=said_in)
    if order.deadlines.bank_holidays is not UNSET:
        return order
    days = english_bank_holidays(_years_around(order.go_live))
    deadlines = structs.replace(order.deadlines, bank_holidays=days)
    return structs.replace(order, deadlines=deadlines)


def _years_around(go_live: GoLive) -> range:
    """List the years of a run, with tests before the first phase and deadlines after the last."""
    return range(go_live.phase_1.year - 2, go_live.phase_3.year + 10)
