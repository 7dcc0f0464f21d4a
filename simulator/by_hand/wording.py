"""Instructions to key in an event, in the force's words. Pure: events in, sentences out."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime

import msgspec

from reference.contract.events import (
    AnyEvent,
    CrimeAllocated,
    CrimeClosed,
    CrimeRecorded,
    Officer,
    OutcomeRecorded,
    ToldInstead,
    VictimDetailsChanged,
    VictimRecord,
)
from reference.contract.outcomes import OUTCOMES
from simulator.clock import LONDON

#: Gives a person's name, or their proof of identity, by the id in our events.
NameOf = Callable[[str], str]

_DONE = {
    "OfficerDeployed": "an officer was deployed",
    "CrimeAllocated": "it was allocated",
    "AppointmentMade": "an appointment was made",
    "AppointmentChanged": "the appointment was moved",
    "AppointmentCancelled": "the appointment was cancelled",
    "OutcomeRecorded": "a suspect was charged or summonsed (outcome 1)",
    "CrimeClosed": "it was closed",
    "MilestoneReached": "the investigation reached a milestone",
    "CrimeReopened": "it was reopened",
    "CrimeReclassified": "it was reclassified",
    "CrimeMerged": "it was merged into another crime",
    "IncidentReported": "something was reported, and no crime is recorded yet",
    "IncidentClosed": "no crime was recorded of what was reported",
    "PersonsMerged": "two records of one person were merged",
    "PersonsUnmerged": "the merger of two persons' records was taken back",
    "CrimeUnmerged": "the merger with another crime was taken back",
    "CrimeTransferred": "it was transferred to another force",
    "CrimeCancelled": "the record was cancelled",
    "VictimContacted": "an officer spoke to the victim",
    "OfficerUnavailable": "the officer is not available",
    "VictimDetailsChanged": "the victim's details were changed",
    "OfficerReplied": "the officer replied to the victim, for the victim to read",
}
#: Fields that are stated elsewhere, or that the tester does not need.
_LEFT_OUT = frozenset({"crime_reference", "person_id", "reply_id", "appointment_id", "in_reply_to"})
_ANSWERS = {True: "yes", False: "no", None: "not recorded"}


def instruction(
    event: AnyEvent, *, reference: str, name_of: NameOf, proof_of: NameOf, now: datetime
) -> str:
    """Write what to key in. `reference` is the test crime system's, or "" for a new crime."""
    if isinstance(event, CrimeRecorded):
        return _record_a_crime(event, proof_of=proof_of, now=now)
    done = _DONE.get(type(event).__name__, f"this happened: {type(event).__name__}")
    facts = _facts(event, name_of=name_of, proof_of=proof_of)
    return "\n".join([f"On crime {reference}, record that {done}.", *_listed(facts)])


def note_instruction(reference: str, text: str, author: str) -> str:
    """Write what to note in the enquiry log for colleagues only."""
    return (
        f"On crime {reference}, write into the enquiry log, as {author} and for the force only "
        f"(not as a reply to the victim):\n  {text}"
    )


def _record_a_crime(event: CrimeRecorded, *, proof_of: NameOf, now: datetime) -> str:
    victims = event.victims
    whom = " and ".join(_name(each) for each in victims)
    lines = [f"Record this crime for {whom} in the test crime system: {event.offence}."]
    facts = {
        # Messages name the force of the crime: a tester of two must know for which this is.
        "Force": event.force.replace("_", " ").title(),
        "Offence code and subgroup": f"{event.offence_code}, {event.offence_subgroup}",
    }
    if event.recorded_at.astimezone(LONDON).date() != now.astimezone(LONDON).date():
        facts["Recorded on, back-dated"] = _shown(event.recorded_at)
    if event.safeguarding:
        facts["Marked as"] = ", ".join(each.replace("_", " ") for each in event.safeguarding)
    lines += _listed(facts)
    for each in victims:
        lines += [f"Of {_name(each)}:", *_listed(_details(each, proof_of))]
    return "\n".join(lines)


def _facts(event: AnyEvent, *, name_of: NameOf, proof_of: NameOf) -> Mapping[str, str]:
    """Give the facts of an event."""
    if isinstance(event, VictimDetailsChanged):
        name = _name(event.victim)
        return {
            f"{each} of {name}": said for each, said in _details(event.victim, proof_of).items()
        }
    if isinstance(event, CrimeAllocated):
        officer = event.officer_in_charge
        return {
            "Officer in charge": _officer(officer) if officer else "nobody",
            "Team": event.team or "none",
        }
    concerned = getattr(event, "person_id", None)
    facts = {"Victim": name_of(concerned)} if concerned else {}
    for field in msgspec.structs.fields(event):
        value = getattr(event, field.name)
        if field.name not in _LEFT_OUT and value not in ("", None, ()):
            facts[field.name.replace("_", " ").capitalize()] = _shown(value)
    if isinstance(event, CrimeClosed | OutcomeRecorded):
        facts["Outcome"] = f"{event.outcome}: {OUTCOMES[event.outcome]}"
        facts["Interviewed under caution"] = _ANSWERS[event.interviewed_under_caution]
    return facts


def _details(victim: VictimRecord | ToldInstead, proof_of: NameOf) -> dict[str, str]:
    """Give a victim's details word for word: some are wrong on purpose."""
    found = {
        "Given name": victim.given_name,
        "Family name": victim.family_name,
        "Mobile phone": victim.mobile_phone,
        "Other phone": victim.other_phone,
        "Email": victim.email,
        "Preferred channels": " and ".join(victim.preferred_channels),
        "Safe to contact": _ANSWERS[victim.safe_to_contact],
    }
    if isinstance(victim, VictimRecord):
        found |= _of_a_victim(victim, proof_of)
    return {name: said or "leave empty" for name, said in found.items()}


def _of_a_victim(victim: VictimRecord, proof_of: NameOf) -> dict[str, str]:
    found: dict[str, str] = {}
    if victim.born is not None:
        found["Born"] = _shown(victim.born)
    if proof := proof_of(victim.person_id):
        found["Proof of identity"] = proof
    if victim.update_frequency_days is not None:
        found["Wants an update every"] = f"{victim.update_frequency_days} days"
    if victim.kind == "organisation":
        found["Organisation"] = victim.organisation_name
    if victim.role != "victim":
        found["Role"] = victim.role
    if victim.who_is_told is not None:
        found["Who is told, decided by an officer"] = victim.who_is_told
    marks = ("enhanced_rights", "has_died", "is_suspect_in_linked_crime", "is_police_employee")
    if victim.is_restricted is not None:
        found["Restricted record"] = _ANSWERS[victim.is_restricted]
    for each in marks:
        if getattr(victim, each):
            found[each.removeprefix("is_").replace("_", " ").capitalize()] = "yes"
    if victim.told_instead is not None:
        instead = _details(victim.told_instead, proof_of)
        found |= {f"Told instead, {name.lower()}": said for name, said in instead.items()}
    return found


def _name(victim: VictimRecord) -> str:
    return victim.organisation_name or f"{victim.given_name} {victim.family_name}".strip()


def _officer(officer: Officer) -> str:
    return f"{officer.name}, collar number {officer.collar_number}"


def _listed(facts: Mapping[str, str]) -> Iterable[str]:
    return [f"  {name}: {said}" for name, said in facts.items()]


def _shown(value: object) -> str:
    if isinstance(value, datetime):
        return f"{value.astimezone(LONDON):%-d %B %Y, %H:%M}"
    if isinstance(value, date):
        return f"{value:%-d %B %Y}"
    if isinstance(value, Officer):
        return _officer(value)
    if isinstance(value, tuple):
        return ", ".join(map(_shown, value))
    return _ANSWERS[value] if isinstance(value, bool) else str(value).replace("_", " ")
