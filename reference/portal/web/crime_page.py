"""What a crime's page shows: gathered here, laid out by `pages/crime.html`."""

from datetime import datetime
from typing import Any

from reference.contract.messages import ConversationPost, CrimeSummary, TimelineEntry
from reference.portal.force.tasks import officer_is_at_work
from reference.portal.portal import Portal
from reference.portal.rules import victims_code
from reference.portal.rules.crime_state import Crime
from reference.portal.timestamps import moment
from reference.portal.words.dates import london
from reference.portal.words.languages import words_of

_WRITING = {"officer": "open", "court": "court", "nobody": "closed"}


async def crime_page(portal: Portal, person_id: str, found: CrimeSummary) -> dict[str, Any]:
    """Gather everything one victim sees of one crime of theirs."""
    reference, now = found.crime_reference, portal.clock.now()
    crime = await portal.crimes.crime(reference)
    assert crime is not None
    timeline = await portal.case_file.entries(reference, person_id)
    force = portal.settings.forces[crime.force]
    conversation, writing = None, ""
    days = await _days(portal, person_id)
    if portal.conversations.is_open(now):
        conversation = await portal.conversations.read(reference, person_id)
        writing = _WRITING[portal.conversations.answerer(crime, found.status, now)]
    return {
        "banner": _acknowledgement(portal, crime, found.status, conversation or [], now, days=days),
        "crime": found,
        "timeline": timeline,
        "appointments": [
            {"starts_at": moment(each.starts_at), "place": each.place, "status": each.status}
            for each in await portal.case_file.appointments(reference, person_id)
        ],
        "outcome": _outcome(timeline) if found.status in {"charged", "closed"} else None,
        "informed_by": _informed_by(crime, found, force.witness_care),
        "conversation": conversation,
        "writing": writing,
        "force": force.name,
        "non_emergency": force.non_emergency,
        "contact_routes": {
            "force": force.name,
            "non_emergency": force.non_emergency,
            "website": force.website,
            "witness_care": force.witness_care,
        },
    }


def how_to_reach(portal: Portal, found: CrimeSummary) -> str:
    """Say in English how a victim reaches the officer in charge, a line for each step."""
    say, force = words_of().plain, portal.settings.forces[found.force]
    lines = [say("reach_us.call_force", number=force.non_emergency, force=force.name)]
    if found.officer_in_charge or found.team:
        lines.append(say("reach_us.ask_for", who=found.officer_in_charge or found.team))
    lines.append(say("reach_us.website", link=force.website))
    lines.append(say("reach_us.reference", reference=found.crime_reference))
    return "\n".join(lines)


def _acknowledgement(
    portal: Portal,
    crime: Crime,
    status: str,
    conversation: list[ConversationPost],
    now: datetime,
    *,
    days: int,
) -> str:
    """Tell the victim what happens to a question that has no answer yet, even when it is late.

    `status` is the crime's as this victim knows it.
    """
    if not conversation or conversation[-1].author != "victim":
        return ""
    last = conversation[-1]
    is_late = victims_code.within_working_days(last.at, days, portal.settings) <= now
    trigger = "late_answer" if is_late and last.is_with_force else "question_received"
    words = portal.words.entry(trigger, variant=_with_whom(crime, status, last, now))
    until = moment(crime.officer_until) if crime.officer_until else None
    _, text = words.render(
        officer=crime.officer,
        collar_number=crime.collar_number,
        team=crime.team,
        until=london(until) if until else "",
        force=portal.settings.forces[crime.force].name,
        witness_care=portal.settings.forces[crime.force].witness_care,
    )
    return text


async def _days(portal: Portal, person_id: str) -> int:
    known = await portal.people.find(person_id)
    settings = portal.settings
    if known is not None and known.record.enhanced_rights:
        return min(settings.answer_working_days, settings.working_days_enhanced)
    return settings.answer_working_days


def _with_whom(crime: Crime, status: str, last: ConversationPost, now: datetime) -> str:
    """Tell where a question is: not sent yet, or with the court, a closed case or the officer."""
    if not last.is_with_force:
        return "system_down"
    if status in {"charged", "closed"}:
        return "court" if status == "charged" else "closed"
    if officer_is_at_work(crime, now):
        return "officer"
    return "away" if crime.officer_is == "away" and crime.officer_until else "team"


def _outcome(timeline: list[TimelineEntry]) -> dict[str, Any] | None:
    """Find the last outcome that this victim was told."""
    told = [each for each in timeline if each.kind in {"OutcomeRecorded", "CrimeClosed"}]
    if not told:
        return None
    return {"title": told[-1].title, "text": told[-1].text, "decided_at": told[-1].at}


def _informed_by(crime: Crime, found: CrimeSummary, witness_care: str) -> str:
    """Name who keeps the victim informed now, where it is no longer this force's officer."""
    if found.status == "charged":
        return witness_care
    return crime.transferred_to if found.status == "transferred" else ""
