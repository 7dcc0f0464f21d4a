"""What stands on a crime's page: gathered here, shown by `pages/crime.html`."""

from typing import Any

from reference.contract.messages import CrimeSummary, TimelineEntry
from reference.portal.portal import Portal
from reference.portal.store import Crime, moment

_WRITING = {"officer": "open", "court": "court", "nobody": "closed"}


async def crime_page(portal: Portal, person_id: str, found: CrimeSummary) -> dict[str, Any]:
    """Gather everything one victim sees of one crime of theirs."""
    reference, now = found.crime_reference, portal.clock.now()
    crime = await portal.store.crime(reference)
    assert crime is not None
    timeline = await portal.case_file.entries(reference, person_id)
    force = portal.settings.forces[crime.force]
    conversation, writing = None, ""
    if portal.conversations.is_open(now):
        conversation = await portal.conversations.read(reference, person_id)
        is_held = found.status != crime.status
        writing = _WRITING[portal.conversations.answerer(crime, now, is_held=is_held)]
    return {
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


def _outcome(timeline: list[TimelineEntry]) -> dict[str, Any] | None:
    """Find the last outcome that this victim was told."""
    told = [each for each in timeline if each.kind in {"OutcomeRecorded", "CrimeClosed"}]
    if not told:
        return None
    return {"title": told[-1].title, "text": told[-1].text, "decided_at": told[-1].at}


def _informed_by(crime: Crime, found: CrimeSummary, witness_care: str) -> str:
    """Say who keeps the victim informed from here, where it is no longer this force's officer."""
    if found.status == "charged":
        return witness_care
    return crime.transferred_to if found.status == "transferred" else ""
