"""The triggers of automatic messages and entries, and what a victim is told of each.

A trigger is an event of the contract, or something of the portal's own. Every event is here, or
in the list of those that are never told automatically.
"""

from typing import TypeAlias, get_args

from msgspec import Struct

from reference.contract.events import (
    AppointmentCancelled,
    AppointmentChanged,
    AppointmentMade,
    ClosingOutcome,
    CrimeAllocated,
    CrimeCancelled,
    CrimeClosed,
    CrimeMerged,
    CrimeReclassified,
    CrimeRecorded,
    CrimeReopened,
    CrimeTransferred,
    CrimeUnmerged,
    IncidentClosed,
    IncidentReported,
    Milestone,
    MilestoneReached,
    OfficerDeployed,
    OfficerReplied,
    OfficerUnavailable,
    OutcomeRecorded,
    PersonsMerged,
    PersonsUnmerged,
    VictimContacted,
    VictimDetailsChanged,
)
from reference.contract.outcomes import CHARGED
from reference.portal.rules.outcomes import may_offer_review

# A detail (an outcome, a milestone, a grade, an offence subgroup, a round) and a variant of it.
Detailed: TypeAlias = tuple[str, str]

# The messages that other modules ask for by name.
MESSAGES = (
    *("invitation", "update", "reply", "one_time_code", "still_with_us", "advice"),
    *("stopped", "where_to_write", "acknowledgement"),
)
SENT_AND_SHOWN = ("text", "email", "page")
SENT = ("text", "email")
SHOWN = ("page",)
# Milestones that could warn a suspect before an arrest, or put a witness at risk.
WITHOUT_WORDS = ("suspect_identified", "witness_spoken_to")
# Offence subgroups of the Home Office that have advice in words of their own.
ADVISED = (
    *("Bicycle theft", "Criminal damage", "Non-residential burglary", "Other theft offences"),
    *("Public order offences", "Residential burglary", "Robbery of personal property"),
    *("Theft from the person", "Vehicle offences", "Violence without injury"),
)


class Trigger(Struct, frozen=True, kw_only=True):
    """One occasion: its cases, how each reaches a victim, and what its page may name."""

    cases: tuple[Detailed, ...] = (("", ""),)
    channels: tuple[str, ...] = SENT_AND_SHOWN
    messages: tuple[str, ...] = ("update",)
    fills: frozenset[str] = frozenset({"force"})


def _details(details: tuple[object, ...], *variants: str) -> tuple[Detailed, ...]:
    return tuple((str(detail), variant) for detail in details for variant in variants or ("",))


def _closures() -> tuple[Detailed, ...]:
    """List each way a case can end: as it is, and where the decision can be looked at again.

    Outcome 9 is always the prosecutors' decision, and 11, 12, 13, 15 and 17 can be. A crime that
    nobody ever had ends in other words.
    """
    outcomes = get_args(ClosingOutcome)
    reviewed = [
        each
        for each in outcomes
        if may_offer_review(decided_by="police", interviewed=True, outcome=each)
    ]
    return (
        *_details(outcomes),
        *_details(tuple(reviewed), "review"),
        *_details((11, 12, 13, 15, 17), "cps"),
        ("18", "unallocated"),
    )


_WHO = frozenset({"force", "officer", "collar_number", "team"})
_MEETING = Trigger(fills=frozenset({"force", "when", "place"}))

TRIGGERS: dict[str, Trigger] = {
    "invitation": Trigger(channels=SENT, messages=("invitation",)),
    "code": Trigger(channels=SENT, messages=("one_time_code",)),
    IncidentReported.__name__: Trigger(channels=SENT, messages=("acknowledgement",)),
    CrimeRecorded.__name__: Trigger(cases=_details(("", 1, 2, 3, 4))),
    OfficerDeployed.__name__: Trigger(),
    CrimeAllocated.__name__: Trigger(
        cases=_details(("",), "officer", "team", "new_officer", "new_team"), fills=_WHO
    ),
    OfficerUnavailable.__name__: Trigger(
        cases=(("away", "until"), ("away", ""), ("left", "")),
        channels=SHOWN,
        messages=(),
        fills=_WHO | {"until"},
    ),
    AppointmentMade.__name__: _MEETING,
    AppointmentChanged.__name__: _MEETING,
    AppointmentCancelled.__name__: Trigger(),
    MilestoneReached.__name__: Trigger(
        # Some have no words of their own, but those of any milestone: "Enquiries are continuing".
        cases=_details(("", *(each for each in get_args(Milestone) if each not in WITHOUT_WORDS))),
        fills=frozenset({"force", "witness_care", "when", "told_by"}),
    ),
    OutcomeRecorded.__name__: Trigger(
        cases=_details((CHARGED,)), fills=frozenset({"force", "witness_care"})
    ),
    CrimeClosed.__name__: Trigger(
        cases=_closures(), fills=frozenset({"force", "to_body", "to_body_contact"})
    ),
    CrimeReopened.__name__: Trigger(),
    CrimeReclassified.__name__: Trigger(channels=SHOWN, messages=()),
    CrimeMerged.__name__: Trigger(
        channels=SHOWN, messages=(), fills=frozenset({"force", "reference"})
    ),
    CrimeUnmerged.__name__: Trigger(
        channels=SHOWN, messages=(), fills=frozenset({"force", "reference"})
    ),
    CrimeTransferred.__name__: Trigger(fills=frozenset({"force", "to_force"})),
    "advice": Trigger(cases=_details(("", *ADVISED)), messages=("advice",)),
    "still_with_us": Trigger(
        # After a charge the witness care unit keeps the victim informed, and this ends.
        cases=_details(("", 1, 2), "officer", "team"),
        messages=("still_with_us",),
        fills=_WHO,
    ),
    "question_received": Trigger(
        cases=_details(("",), "officer", "team", "away", "system_down", "court", "closed"),
        channels=SHOWN,
        messages=(),
        fills=_WHO | {"witness_care", "until"},
    ),
    "late_answer": Trigger(channels=SHOWN, messages=()),
    OfficerReplied.__name__: Trigger(channels=SENT, messages=("reply",)),
    "received_text": Trigger(
        cases=_details(("",), "stop", "other"),
        channels=("text",),
        messages=("stopped", "where_to_write"),
    ),
}

# Events of which nothing is said automatically, and why.
UNTOLD: dict[str, str] = {
    IncidentClosed.__name__: "no crime was recorded, and there is nothing to follow",
    CrimeCancelled.__name__: "an officer tells the victim in person",
    VictimContacted.__name__: "the victim was there",
    VictimDetailsChanged.__name__: "it is no news of the case",
    PersonsMerged.__name__: "it is no news of the case",
    PersonsUnmerged.__name__: "it is no news of the case",
}
