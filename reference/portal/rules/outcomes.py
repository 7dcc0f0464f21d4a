"""Pure: what the outcome of a crime means: its status, and whether an officer tells it first."""

from typing import Literal

from reference.contract.events import (
    AnyEvent,
    CrimeClosed,
    MilestoneReached,
    OutcomeRecorded,
    VictimRecord,
)
from reference.portal.settings import Settings


def status_after(event: OutcomeRecorded | CrimeClosed) -> Literal["charged", "closed"]:
    """Give the status of a crime after a decision: a charge is not a closure."""
    return "closed" if isinstance(event, CrimeClosed) else "charged"


def is_sensitive(event: AnyEvent, offence_subgroup: str, settings: Settings) -> bool:
    """Say whether this is a closure that an officer tells the victim first."""
    return isinstance(event, CrimeClosed) and (
        event.outcome in settings.sensitive_outcomes
        or offence_subgroup in settings.sensitive_subgroups
    )


def is_sensitive_to(event: AnyEvent, record: VictimRecord, settings: Settings) -> bool:
    """Say whether this is a milestone that an officer tells this victim first."""
    return (
        isinstance(event, MilestoneReached)
        and event.milestone in settings.sensitive_if_enhanced
        and record.enhanced_rights
    )


def is_unconfirmed(event: AnyEvent, settings: Settings) -> bool:
    """Say whether this is a closure that a supervisor has still to confirm."""
    return (
        isinstance(event, CrimeClosed)
        and event.confirmed_at is None
        and event.outcome in settings.supervisor_confirms
    )


def may_offer_review(*, decided_by: str, interviewed: bool | None, outcome: int) -> bool:
    """Say whether the police Victims' Right to Review applies to a closure.

    It needs a police decision about a suspect interviewed under caution; never after an
    out-of-court disposal, where the victim does not support, or where enquiries ended (outcome 21)
    (Wiltshire and Cleveland PCC, Hertfordshire Constabulary).
    """
    return decided_by == "police" and interviewed is True and outcome in _REVIEWABLE


def how_it_is_told(closed: CrimeClosed) -> Literal["review", "cps", ""]:
    """Say in which words of the catalogue a closure is told: by who can look at it again."""
    if may_offer_review(
        decided_by=closed.decided_by,
        interviewed=closed.interviewed_under_caution,
        outcome=closed.outcome,
    ):
        return "review"
    return "cps" if closed.decided_by == "CPS" else ""


_REVIEWABLE = frozenset({9, 10, 11, 12, 13, 15, 17})
