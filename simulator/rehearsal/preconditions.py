"""Check, before a rehearsal runs, that it can use its order, its portal and its people."""

from collections.abc import Iterable
from pathlib import Path

from msgspec import structs

from simulator.contact_centre.staffing import ContactCentreParameters, update_calls_a_year
from simulator.errors import BadInput
from simulator.force.figures import Figures
from simulator.inputs.order import Order
from simulator.inputs.target import Target
from simulator.population.phone_numbers import Numbers
from simulator.rehearsal.casework import Casework
from simulator.world.recipient_guard import CouldBeReal, Recipients, check_recipients

#: One quantity from two published figures, rounded: 94,000 by the calls, 93,000 by the crimes.
CALLS_FOR_NEWS_APART_MAX = 0.1


def order_for_shared_numbers(order: Order) -> Order:
    """Give the order for many people who share Ofcom's 1,000 drama mobiles.

    Each number is recorded for more people than a household has, so the number of people per
    number says nothing about whose it is.
    """
    contact = structs.replace(order.contact, people_per_address_max=None)
    return structs.replace(order, contact=contact)


def check_update_calls(
    figures: Figures, centres: ContactCentreParameters, moments_mean: float, name: str
) -> None:
    """Refuse two files that say different things about how many victims ring for news.

    The rollout says it for each crime, and the contact centre as a share of 101. Raises BadInput.
    """
    for force in figures.forces:
        crimes = sum(each.count for each in figures.quarters if each.force == force)
        from_crimes, of_101 = crimes * moments_mean, update_calls_a_year(centres, force)
        if abs(from_crimes - of_101) > CALLS_FOR_NEWS_APART_MAX * max(from_crimes, of_101):
            raise BadInput(
                f"{name}: worry.moments_mean: {moments_mean} for each of {crimes:,} crimes a year "
                f"makes {from_crimes:,.0f} update calls, but update_calls.share_of_101 of the "
                f"contact centre makes {of_101:,.0f} for {force}; change one of them"
            )


def check_target(target: Target, name: str) -> None:
    """Refuse a portal that a rehearsal cannot drive, before it runs for an hour.

    Raises BadInput.
    """
    check_recipients(target, Path(name))
    access = target.access
    if not (access.application or access.command or access.portal_url):
        raise BadInput(
            f"{name}: access: a rehearsal starts a portal for each test period and a live one; "
            "give application or command, or the portal_url of one that runs already"
        )
    for needed, why in (
        ("test_clock", "a year passes in a minute"),
        ("correlates", "many victims share Ofcom's 1,000 drama numbers"),
    ):
        if needed not in target.claims.capabilities:
            raise BadInput(f"{name}: claims.capabilities: {needed} is needed here: {why}")
    if not access.lives_with_the_run and not access.neighbours_port:
        raise BadInput(
            f"{name}: access.neighbours_port: missing; give the port at which the portal reaches "
            "our gateway (its crime system and mail server are at the next two)"
        )


def check_starts_portals(target: Target, name: str, what: str) -> None:
    """Refuse a portal that runs already where `what` needs fresh ones; raises BadInput."""
    if not target.access.lives_with_the_run:
        raise BadInput(
            f"{name}: access: {what} needs a fresh portal for each test period, and this one runs "
            "already; give application or command"
        )


def check_numbers(numbers: Numbers, target: Target, path: Path) -> None:
    """Refuse a crowd's numbers for a portal at a socket; raises BadInput."""
    if numbers == "crowd" and not target.access.application:
        raise BadInput(
            f"{path}: numbers: crowd is for a portal in this process (access.application); this "
            "one is reached by sockets, so give drama"
        )


def check_addresses(target: Target, casework: Casework, rows: Iterable[int]) -> None:
    """Refuse people who hold, or are recorded with, an address that could be real.

    Raises CouldBeReal.
    """
    recipients = Recipients.of(target, crowd_numbers=casework.numbers == "crowd")
    for row in rows:
        recipients.refuse_real(casework.strangers(row))
        for victim in (casework.victim(row), *casework.victims(row)[1:]):
            recipients.refuse_real([victim.known])
            if field := recipients.could_reach(victim.record):
                raise CouldBeReal(
                    f"{victim.person_id}: {field} could be a real person's number or mailbox; "
                    "nothing was sent"
                )
