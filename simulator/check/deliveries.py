"""Checks of event deliveries: signed, signed wrongly, stale, and sent again."""

from functools import partial

from reference.contract.events import CrimeRecorded
from simulator.check.people import SyntheticPeople
from simulator.check.table import CheckFailed, CheckTable
from simulator.drivers.base import Delivery, SignedBy
from simulator.drivers.http import by_http
from simulator.world.other_senders import deliver_signed_by
from simulator.world.victims import Victim

_TAKEN, _NOT_AS_AGREED = 202, 400


def check_taken(rows: CheckTable, people: SyntheticPeople, crime: CrimeRecorded) -> str:
    """Check that the portal accepts an event signed as agreed; return its id, or "" if not."""
    recorded: list[str] = []

    def look() -> str:
        recorded.append(people.record(crime))
        status = people.last_answer_to(recorded[0])
        if status is None:
            raise CheckFailed(
                "the portal neither answered nor fetched it: does it read the change feed?"
            )
        if status == _NOT_AS_AGREED:
            raise CheckFailed(
                f"answered {status}; does it read the contract's events, and does its clock go "
                "where /test-clock says?"
            )
        if status != _TAKEN:
            raise CheckFailed(f"answered {status}; is the events secret the same on both sides?")
        return f"{_TAKEN}"

    is_taken = rows.try_check("events", "record a crime, signed as agreed", look)
    return recorded[0] if is_taken else ""


def check_again(rows: CheckTable, people: SyntheticPeople, victim: Victim, event_id: str) -> None:
    """Check that the portal accepts an event that is sent again, and does nothing more."""

    def look() -> str:
        before = len(people.invitations(victim))
        people.world.integration.redeliver(event_id)
        status = people.last_answer_to(event_id)
        if status != _TAKEN:
            raise CheckFailed(f"answered {status}: the crime system would retry for a week")
        people.wait_for_nothing()
        more = len(people.invitations(victim)) - before
        if more:
            raise CheckFailed(f"{_TAKEN}, but {more} more invitations came: it acts twice")
        return f"{_TAKEN}, and nothing more is sent"

    rows.try_check("events again", "send the same event again, with a new signature", look)


def check_forged(rows: CheckTable, people: SyntheticPeople, known: str) -> None:
    """Check that the portal refuses a wrong or stale signature, and sends nothing for it.

    `known` is the id of an event that the portal has ("" for none).
    """
    attempts: dict[str, tuple[str, SignedBy]] = {
        "bad signature": ("another secret", "another key"),
        "stale signature": ("the right secret, an hour ago", "the force an hour ago"),
    }
    portal = people.world.portal
    for name, (by, signed_by) in attempts.items():
        tried = f"record a crime, signed with {by}"
        if by_http(portal) is None and "signed_events" not in portal.capabilities:
            seen = "not tried: the driver does not claim signed_events (deliver_signed_by)"
            rows.add(name, tried, seen, "OMIT")
            continue
        rows.try_check(name, tried, partial(_forge, people, signed_by, known))


def _forge(people: SyntheticPeople, signed_by: SignedBy, known: str) -> str:
    channels = people.channels[:1]
    victim, crime = people.meet("Eve", channels)
    event_id = people.world.crime_system.record(crime)
    # It bypasses the integration, which would sign it correctly.
    body = people.world.crime_system.outgoing.pop().body
    delivery = Delivery(f"{event_id}-forged", [body])
    status = deliver_signed_by(people.world, delivery, signed_by, known)
    if 200 <= status < 300:
        raise CheckFailed(f"answered {status}: anyone can put crimes into this portal")
    if not 400 <= status < 500:
        raise CheckFailed(f"answered {status}; the contract asks for a status from 400 to 499")
    people.wait_for_nothing()
    if people.invitations(victim):
        raise CheckFailed(f"answered {status}, but invited the victim")
    return f"{status}, and nothing is sent"
