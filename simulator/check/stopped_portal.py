"""Asks a vendor's driver while its portal is stopped: what answers then is not the portal.

Only where the suite itself starts the portal. A driver that starts it may start another one: that
its answers are the portal's own can only be suspected, and the signatory vouches for it.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from reference.contract.events import OfficerDeployed
from reference.contract.messages import ReceivedText
from simulator.check.table import CheckFailed, CheckTable
from simulator.drivers.base import Delivery, Refused, Session, Step
from simulator.errors import SuiteError
from simulator.inputs.target import Target
from simulator.population.drama_numbers import mobile_phone
from simulator.world.world import World

_TRIED = "stop the portal, and ask its driver all the same"
_NOBODYS = mobile_phone(998)


def can_be_stopped(target: Target) -> bool:
    """Say whether the suite starts a portal that a vendor's own driver stands before."""
    access = target.access
    return bool(access.command) and access.has_driver


def note_driver(
    rows: CheckTable, target: Target, world: World, session: Session | None, link: str
) -> None:
    """Check that a driver answers nothing while its portal is stopped; stops it for good."""
    access = target.access
    if not access.has_driver:
        return
    if not can_be_stopped(target):
        vouches = target.claims.signatory.strip() or "nobody"
        seen = (
            "not tried: the suite does not start this portal, so it cannot stop it; that every "
            f"answer is the portal's own is vouched for by {vouches}"
        )
        rows.add("driver", _TRIED, seen, "OMIT")
        return

    def look() -> str:
        answered = answers_while_stopped(world, session=session, link=link)
        if answered:
            raise CheckFailed(f"{told_of(answered)}; pass on what the portal answers, or fail")
        return "it answered nothing"

    rows.try_check("driver", _TRIED, look)


def told_of(answered: tuple[str, ...]) -> str:
    """Say which methods a driver answered."""
    return f"the driver answered {', '.join(answered)} while its portal was stopped"


def answers_while_stopped(
    world: World, *, session: Session | None = None, link: str = ""
) -> tuple[str, ...]:
    """Stop the portal for good, and list the driver's methods that give an answer all the same.

    An error is what they should raise. A refusal does not count: a driver may refuse by itself a
    session or a link that cannot be right.
    """
    world.breakdowns.stop_portal()
    return tuple(
        name for name, ask in _questions(world, session, link).items() if _is_answered(ask)
    )


def _questions(world: World, session: Session | None, link: str) -> dict[str, Callable[[], object]]:
    """Make a call of each method that has nothing to do without the portal.

    `enter_phase` and `sign_out` may have nothing to ask.
    """
    portal = world.messages.portal.driver
    claimed = portal.capabilities
    known = session or Session("stopped")
    step = Step("stopped", "agreed_word")
    reference = next(iter(world.order.forces.values())).reference_prefix + "0000000"
    event = OfficerDeployed(crime_reference=reference, deployed_at=world.now)
    said = world.crime_system.say_as_another(event)
    found: dict[str, Callable[[], object]] = {
        "deliver": partial(portal.deliver, Delivery(said.event_id, (said.body,))),
        "visit": partial(portal.visit, link),
        "open_invitation": partial(portal.open_invitation, link),
        "begin_sign_in": partial(portal.begin_sign_in, _NOBODYS),
        "prove": partial(portal.prove, step, "lantern"),
        "enter_code": partial(portal.enter_code, step, "000000"),
        "crimes": partial(portal.crimes, known),
        "timeline": partial(portal.timeline, known, reference),
        "advice": partial(portal.advice, known),
        "contact": partial(portal.contact, known),
        "choose_contact": partial(portal.choose_contact, known, ("text",)),
    }
    if not link:
        del found["visit"], found["open_invitation"]
    if "two_way" in claimed:
        found["conversation"] = partial(portal.conversation, known, reference)
        found["ask_officer"] = partial(portal.ask_officer, known, reference, "Is anyone there?")
    if "ask_officer_about" in claimed:
        about = partial(portal.ask_officer_about, known, reference, "Is anyone there?", "bail")
        found["ask_officer_about"] = about
    if "withdraw_support" in claimed:
        ask = partial(portal.withdraw_support, known, reference, "asked again")
        found["withdraw_support"] = ask
    if "not_for_me" in claimed:
        found["not_for_me"] = partial(portal.not_for_me, _NOBODYS, "")
    if "received_texts" in claimed:
        text = ReceivedText(
            id="stopped",
            source_number=_NOBODYS,
            destination_number=_NOBODYS,
            message="Hello",
            date_received=world.now.isoformat(),
        )
        found["receive_text"] = partial(portal.receive_text, text)
    if "test_clock" in claimed:
        found["advance_to"] = partial(portal.advance_to, world.now + timedelta(minutes=1))
    return found


def _is_answered(ask: Callable[[], object]) -> bool:
    try:
        answer = ask()
    except (Refused, SuiteError):
        return False
    # A status says whether the portal has the events: only 2xx says so.
    return not isinstance(answer, int) or 200 <= answer < 300
