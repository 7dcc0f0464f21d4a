"""Check, before a rehearsal runs, that it can use its order, its portal and its people."""

from collections.abc import Iterable
from pathlib import Path

from msgspec import structs

from simulator.errors import BadInput
from simulator.inputs.order import Order
from simulator.inputs.target import Target
from simulator.rehearsal.casework import Casework
from simulator.world.recipient_guard import CouldBeReal, Recipients, check_recipients


def order_for_shared_numbers(order: Order) -> Order:
    """Give the order for many people who share Ofcom's 1,000 drama mobiles.

    Each number is recorded for more people than a household has, so the number of people per
    number says nothing about whose it is.
    """
    contact = structs.replace(order.contact, people_per_address_max=None)
    return structs.replace(order, contact=contact)


def check_target(target: Target, name: str) -> None:
    """Refuse a portal that a rehearsal cannot drive, before it runs for an hour.

    Raises BadInput.
    """
    check_recipients(target, Path(name))
    if not (target.access.application or target.access.command):
        raise BadInput(
            f"{name}: access: a rehearsal starts a portal for each test period and a live one; "
            "give application or command"
        )
    for needed, why in (
        ("test_clock", "a year passes in a minute"),
        ("correlates", "many victims share Ofcom's 1,000 drama numbers"),
    ):
        if needed not in target.claims.capabilities:
            raise BadInput(f"{name}: claims.capabilities: {needed} is needed here: {why}")


def check_addresses(target: Target, casework: Casework, rows: Iterable[int]) -> None:
    """Refuse people who hold, or are recorded with, an address that could be real.

    Raises CouldBeReal.
    """
    recipients = Recipients.of(target)
    for row in rows:
        victim = casework.victim(row)
        recipients.refuse_real([victim.known, *casework.strangers(row)])
        if field := recipients.could_reach(victim.record):
            raise CouldBeReal(
                f"{victim.person_id}: {field} could be a real person's number or mailbox; "
                "nothing was sent"
            )
