"""What the operator tells the portal: the settings, and the secrets kept apart from them.

`reference.operations.environment` reads both where the portal runs as a service.
"""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from reference.contract.events import EVENT_TYPES, MILESTONES_OF_THE_CODE, Milestone, Moment
from reference.contract.identity import Proof
from reference.portal.timestamps import LONDON

Positive = Annotated[int, Meta(ge=1)]


class Support(Struct, frozen=True, forbid_unknown_fields=True):
    """How victims reach the service that supports them in a force's area."""

    name: str
    number: str
    website: str


class Force(Struct, frozen=True, forbid_unknown_fields=True):
    """How victims know and reach one force; `witness_care` keeps them informed after a charge.

    `control_room` is its queue for what cannot wait for an officer ("" for the supervisors').
    """

    name: str
    non_emergency: str
    website: str
    witness_care: str
    support: Support | None = None
    control_room: str = ""


class Announcement(Struct, frozen=True, forbid_unknown_fields=True):
    """The message that announces an event, and the phase from which it does."""

    notice: Literal["invitation", "update", "reply"]
    phase: Annotated[int, Meta(ge=1, le=3)]


class CodePeriods(Struct, frozen=True, forbid_unknown_fields=True):
    """The working days of one version of the Victims' Code."""

    working_days: Positive
    working_days_enhanced: Positive


class RightsCheck(Struct, frozen=True, forbid_unknown_fields=True):
    """Who has enhanced rights whatever is recorded; `under_years` 0 for none."""

    markers: frozenset[str] = frozenset()
    under_years: int = 0
    bereaved: bool = False


class Settings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything but the secrets."""

    public_url: str
    gateway_url: str
    crime_system_url: str
    text_template_id: str
    email_template_id: str
    database: str = ":memory:"
    test_clock_start: Moment | None = None
    # Whether a rehearsal's numbers, 0693 to 0699, count as mobiles. Nobody can dial them.
    crowd_numbers: bool = False
    forces: Annotated[dict[str, Force], Meta(min_length=1)]
    go_live: Annotated[tuple[Moment, ...], Meta(min_length=3, max_length=3)]
    eligible_subgroups: frozenset[str]
    safeguarding_exclusions: frozenset[str]
    # A flag of these on one crime of a person counts for all of their crimes.
    safeguarding_of_the_person: frozenset[str]
    # A flag of these has an officer be the only contact.
    through_a_person: frozenset[str] = frozenset()
    # Whether the force records by which channel, and until when, an officer found contact safe.
    approved_channels: bool = False
    age_min_years: int
    # What it means where nobody recorded it: that contact is safe, that a record is restricted.
    blank_safe_to_contact: Literal["not_safe", "safe"] = "not_safe"
    unmarked_police_employee: Literal["restricted", "not_restricted"] = "restricted"
    announcements: dict[str, Announcement]
    milestones_switched_off: frozenset[Milestone] = frozenset()
    quiet_from: time | None = None
    quiet_until: time | None = None
    bundle_minutes: int
    per_week_max: Positive
    # Of the weekly limit: the last seven days, or a calendar week from Monday in London.
    week: Literal["rolling", "calendar"] = "rolling"
    still_with_us_days: Positive
    advice_after_days: int
    advice_for: dict[str, str]
    proof: Proof = "agreed_word"
    invitation_days: Positive
    # A code on a phone or in a mailbox lasts no longer (OWASP ASVS 5.0, 6.5.5).
    code_minutes: Annotated[int, Meta(ge=1, le=10)]
    attempts_max: Positive
    session_minutes: Positive
    session_hours_max: Positive
    sensitive_outcomes: frozenset[int]
    sensitive_subgroups: frozenset[str]
    # Milestones that an officer tells a victim with enhanced rights first.
    sensitive_if_enhanced: frozenset[Milestone] = frozenset()
    rights_check: RightsCheck = RightsCheck()
    supervisor_confirms: frozenset[int] = frozenset()
    answer_working_days: Positive
    danger_minutes: Positive = 60
    working_days: Positive
    working_days_enhanced: Positive
    # By the London day from which a version of the Victims' Code is in force; else those above.
    code: dict[date, CodePeriods] = {}
    breach_hours: Positive
    bail_views_hours: Positive | None = None
    bank_holidays: frozenset[date]
    closed_case_days: Annotated[int, Meta(ge=0)]
    review_days: Annotated[int, Meta(ge=0)] = 0
    people_per_address_max: Positive | None = None
    not_a_victims: frozenset[str]
    falls_back: bool = False
    retention_days: Positive
    # By a force's key, or by the name of a team whose questions have supervisors of their own.
    supervisors: dict[str, str]
    # Proofs that one client, or all, may get wrong in an hour before the answers are hidden.
    wrong_proofs_per_client_max: Positive = 20
    wrong_proofs_per_hour_max: Positive = 100
    # How long the audit is kept, apart from what names nobody.
    audit_days: Positive = 1096
    # How often an hour anybody may say "this is not for me" before the supervisors are told.
    not_for_me_per_client_max: Positive
    not_for_me_per_hour_max: Positive

    def __post_init__(self) -> None:
        if (self.quiet_from is None) != (self.quiet_until is None):
            raise ValueError("quiet_from and quiet_until come together; give both or neither")
        if self.crowd_numbers and self.test_clock_start is None:
            raise ValueError("crowd_numbers: only a rehearsal has them; give test_clock_start too")
        if not all(each.isascii() and each.isdigit() for each in self.not_a_victims):
            raise ValueError("not_a_victims: give each number as digits only, such as 01632960101")
        if list(self.go_live) != sorted(self.go_live):
            raise ValueError("go_live: the phases go live one after another")
        if lacking := self.forces.keys() - self.supervisors.keys():
            name = min(lacking)
            raise ValueError(f"supervisors: {name} is missing; name the queue of its supervisors")
        if owed := self.milestones_switched_off & MILESTONES_OF_THE_CODE:
            name = min(owed)
            raise ValueError(f"milestones_switched_off: the Victims' Code has {name} told")
        unknown = self.announcements.keys() - EVENT_TYPES.keys()
        if unknown:
            raise ValueError(f"announcements: no such event: {', '.join(sorted(unknown))}")

    def supervisors_of(self, team: str, force: str) -> str:
        """Find the queue for what a team left undone: its own supervisors', or else the force's."""
        return self.supervisors.get(team) or self.supervisors[force]

    def code_at(self, at: datetime) -> CodePeriods:
        """Find the periods of the Victims' Code in force at a time."""
        day = at.astimezone(LONDON).date()
        since = max((each for each in self.code if each <= day), default=None)
        if since is not None:
            return self.code[since]
        return CodePeriods(self.working_days, self.working_days_enhanced)

    def control_room_of(self, team: str, force: str) -> str:
        """Find the queue for danger when no officer is at work."""
        return self.forces[force].control_room or self.supervisors_of(team, force)

    def phase_at(self, now: datetime) -> int:
        """Return the phase that is live, 0 before the first."""
        return sum(moment <= now for moment in self.go_live)


class Secrets(Struct, frozen=True, kw_only=True):
    """What must never be logged, shown or stored."""

    events: str
    receipts: str
    gateway: str
    crime_system: str
    identity: str
    test_clock: str = ""

    def __repr__(self) -> str:
        return "Secrets(…)"


def settings_from(values: Mapping[str, Any]) -> Settings:
    """Check values an operator gave; raises msgspec.ValidationError naming the field."""
    return msgspec.convert(values, Settings)
