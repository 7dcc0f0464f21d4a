"""What order, portal and people a rehearsal can be run with: checked before anything runs."""

from collections.abc import Iterable
from pathlib import Path

from msgspec import structs

from simulator.errors import BadInput
from simulator.inputs.order import Order
from simulator.inputs.target import Target
from simulator.rehearsal.casework import Casework
from simulator.world.recipient_guard import CouldBeReal, Recipients, check_recipients


def for_a_crowd(order: Order) -> Order:
    """Give the order of a crowd that shares Ofcom's 1,000 drama mobiles.

    There every number is recorded for more people than a household has, so that how many there are
    says nothing of whose it is.
    """
    contact = structs.replace(order.contact, people_per_address_max=None)
    return structs.replace(order, contact=contact)


def check_drivable(target: Target, name: str) -> None:
    """Refuse a portal that a rehearsal cannot drive, before an hour is spent on it."""
    check_recipients(target, Path(name))
    if not (target.access.application or target.access.command):
        raise BadInput(
            f"{name}: access: a rehearsal needs a portal for each test period and a live one; "
            "give application or command, so that it can start them"
        )
    for needed, why in (
        ("test_clock", "a year passes in a minute"),
        ("correlates", "many victims share Ofcom's 1,000 drama numbers"),
    ):
        if needed not in target.claims.capabilities:
            raise BadInput(f"{name}: claims.capabilities: {needed} is needed here: {why}")


def check_everybody(target: Target, casework: Casework, rows: Iterable[int]) -> None:
    """Refuse a crowd in which somebody holds, or is written down with, what could be real.

    Raises CouldBeReal.
    """
    recipients = Recipients.of(target)
    for row in rows:
        victim = casework.victim(row)
        recipients.refuse_real([victim.known, *casework.strangers(row)])
        if field := recipients.could_reach(victim.record):
            raise CouldBeReal(
                f"{victim.person_id}: what is written in {field} could be somebody's number or "
                "mailbox; nothing is sent"
            )
