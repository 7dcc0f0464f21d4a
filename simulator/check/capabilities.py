"""Each capability that is claimed, tried once with somebody synthetic; the others are noted."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any, get_args

from reference.contract.events import Channel
from reference.contract.messages import DeliveryReceipt
from simulator.check.people import People
from simulator.check.rows import NotSo, Rows
from simulator.clock import LONDON
from simulator.drivers.base import Session
from simulator.evidence.records import MessageAccepted, Record, Stamped, TaskRaised
from simulator.inputs.capabilities import Capability
from simulator.judge.traceability import why_not_traceable
from simulator.neighbours.gateway.inbox import NOTIFICATION_TYPES, Accepted
from simulator.world.victims import Victim, accept_invitation, ask, latest_link

_TWO_WAY_PHASE = 3
_UNDIALABLE = "07700 90012"
_QUESTION = "Is anybody there? (asked by portal-suite check)"


def note_unclaimed(rows: Rows, claimed: tuple[Capability, ...]) -> None:
    """Note what is not claimed: it is not asked for, and not judged."""
    for each in get_args(Capability):
        if each not in claimed:
            rows.note(each, "not claimed", "nothing that needs it is judged", "OMIT")


def check_test_clock(rows: Rows, people: People, invited: Victim) -> None:
    """See that time moves: what was recorded in the quiet hours is told when they are over.

    Without quiet hours in the order, that the clock answers the time it was given.
    """
    world = people.world
    opens = world.order.quiet_until(world.now)

    def look() -> str:
        if opens == world.now:
            world.advance(world.order.working_days.next_morning(world.now))
            return "it answers the time it is given"
        world.advance(opens - timedelta(minutes=1))
        if people.invitations(invited):
            raise NotSo("an invitation came in the quiet hours: is the clock not moved?")
        if not people.comes(lambda: bool(people.invitations(invited))):
            raise NotSo(
                f"nothing came by {_shown(world.now)}: the clock answers, and moves nothing"
            )
        world.advance(world.order.working_days.next_morning(world.now))
        return f"nothing before {_shown(opens)}, and an invitation then"

    tried = f"a crime is recorded at {_shown(world.now)}, and time is moved on"
    rows.tried("test_clock", tried, look)


def check_channel(rows: Rows, people: People, victim: Victim, channel: Channel) -> None:
    """See that an invitation arrives by a channel that is claimed."""

    def look() -> str:
        if not people.comes(lambda: bool(people.invitations(victim, channel))):
            raise NotSo(f"no {channel} with an invitation's link came; see access.patterns")
        return "an invitation with a link came"

    rows.tried(channel, f"somebody who wants to hear by {channel} is a victim", look)


def check_gateway(rows: Rows, people: People, elsewhere: str) -> None:
    """See that our gateway is what the portal's messages went to."""
    tried = "whether our gateway is reached from the portal"

    def look() -> str:
        if not any(
            isinstance(each, MessageAccepted) and each.how == "intercepted"
            for each in people.world.evidence.records
        ):
            raise NotSo(
                "no message came: point the portal's gateway at ours, or say in access.handsets "
                "where its messages go"
            )
        return "it took a message"

    if elsewhere:
        rows.note("gateway", tried, elsewhere, "OMIT")
    else:
        rows.tried("gateway", tried, look)


def check_crime_system(rows: Rows, people: People) -> None:
    """See that the crime system is reached: a number that cannot be dialled is asked about."""

    def look() -> str:
        victim, crime = people.meet("Cora", people.channels[:1], mobile_phone=_UNDIALABLE, email="")
        people.record(crime)
        if not people.comes(lambda: people.has_task(victim, "contact_details", "not_sent")):
            raise NotSo("no task came; point the portal at our crime system")
        return "a task came"

    tried = "a victim's number cannot be dialled, and the force is asked to look at it"
    rows.tried("crime system", tried, look)


def check_correlates(rows: Rows, people: People, victim: Victim, event_id: str) -> None:
    """See that a message carries the id of the event that it answers."""

    def look() -> str:
        found = people.invitations(victim)
        if not found:
            raise NotSo("no message came")
        wrong = [each for each in found if each.reference != event_id]
        if wrong:
            raise NotSo(f"the {wrong[0].channel}'s reference is {wrong[0].reference!r:.60}")
        return "the gateway's reference is the event's id"

    rows.tried("correlates", "the reference of the invitation", look)


def check_carries_correlation_id(rows: Rows, people: People, victim: Victim, event_id: str) -> None:
    """See that a message carries the id of the delivery that it comes of."""

    def look() -> str:
        found = people.invitations(victim)
        if not found:
            raise NotSo("no message came")
        for each in found:
            carried = (each.correlation_id, each.reference)
            records = people.world.evidence.records
            why = [why_not_traceable(records, [event_id], one) for one in carried]
            if all(why):
                raise NotSo(f"the {each.channel}: {why[0]}")
        return "it carries the id of its delivery"

    rows.tried("carries_correlation_id", "which delivery the invitation comes of", look)


def check_receipts(rows: Rows, people: People) -> None:
    """See that a receipt is taken, and that one which says "failed" is not passed over."""

    def look() -> str:
        channel = people.channels[0]
        victim, crime = people.meet("Ben", (channel,))
        people.record(crime)
        if not people.comes(lambda: bool(people.invitations(victim))):
            raise NotSo("no message came of which a receipt could tell")
        failed = _failed(people.invitations(victim)[0])
        people.world.portal.deliver_receipt(failed)
        if not people.comes(lambda: people.has_task(victim, "contact_details", "not_sent")):
            raise NotSo("it was taken, and nobody is asked to look at the address: nothing is done")
        return "it was taken, and the force is asked to look at the address"

    rows.tried("receipts", "the gateway says that an invitation could not be delivered", look)


def check_sign_in(rows: Rows, people: People, victim: Victim) -> Session | None:
    """See that the victim comes in by the invitation, with what the order says they prove by."""
    found: list[Session] = []

    def look() -> str:
        found.append(accept_invitation(people.world, victim, latest_link(people.world, victim)))
        return "in, by link, proof and one-time code"

    rows.tried("sign-in", "the victim follows the link and signs in", look)
    return found[0] if found else None


def check_two_way(rows: Rows, people: People, victim: Victim, session: Session | None) -> None:
    """See that what a victim writes is stamped in the crime system, word for word."""

    def look() -> str:
        if people.world.order.phase_at(people.world.now) < _TWO_WAY_PHASE:
            raise NotSo(f"two_way is claimed, and claims.phases has no {_TWO_WAY_PHASE}")
        if session is None:
            raise NotSo("nobody could sign in to write")
        reference = people.world.portal.crimes(session)[0].crime_reference
        ask(people.world, victim, session, reference, _QUESTION)
        if not people.comes(lambda: _is_stamped(people, victim)):
            raise NotSo("the portal took it, and nothing was stamped in the crime system")
        return "stamped in the crime system, word for word"

    rows.tried("two_way", "the victim writes to the officer", look)


def check_received_texts(rows: Rows, people: People, victim: Victim) -> None:
    """See that a text back is taken, and that STOP is not passed over."""

    def look() -> str:
        if "text" not in people.channels:
            raise NotSo("received_texts is claimed, and text is not: nobody texts back")
        people.world.inbound.by_text(victim.known.mobile_phone, "STOP")
        if not people.comes(lambda: people.has_task(victim, "contact_ended")):
            raise NotSo("it was taken, and the force is not asked to find another way: is it read?")
        return "taken, and the force is asked to find another way"

    rows.tried("received_texts", "the victim texts STOP", look)


def check_not_for_me(rows: Rows, people: People) -> None:
    """See that somebody whom a message reached by mistake is heard, and that it is looked into."""

    def look() -> str:
        channel = people.channels[0]
        victim, crime = people.meet("Dara", (channel,))
        people.record(crime)
        if not people.comes(lambda: bool(people.invitations(victim))):
            raise NotSo("no message came that could be for somebody else")
        people.world.inbound.not_for_me(people.invitations(victim)[0].to)
        if not people.comes(lambda: people.has_task(victim, "breach")):
            raise NotSo("it was taken, and the force is not asked to look into it: is it read?")
        return "taken, and the force is asked to look into it"

    rows.tried("not_for_me", "somebody says that an invitation was not for them", look)


def check_own_record(
    rows: Rows, records: Iterable[Record], claimed: Collection[Capability]
) -> None:
    """See that a vendor's own record has what was sent, and what was written for the force."""
    shown = [each for each in records if getattr(each, "how", "") == "vendor's own record"]
    for name, kinds, what in (
        ("messages_since", MessageAccepted, "message"),
        ("stamps_since", Stamped | TaskRaised, "stamp or task"),
    ):

        def look(kinds: Any = kinds, what: str = what) -> str:
            count = sum(isinstance(each, kinds) for each in shown)
            if not count:
                raise NotSo(f"no {what} of all that was done here is in it")
            return f"it has {count} so far"

        if name in claimed:
            rows.tried(name, f"the vendor's own record, for a {what}", look)


def _failed(message: Accepted) -> DeliveryReceipt:
    return DeliveryReceipt(
        id=message.message_id,
        reference=message.reference or None,
        to=message.to_given,
        status="permanent-failure",
        notification_type=NOTIFICATION_TYPES[message.channel],
        template_id=message.template_id,
    )


def _is_stamped(people: People, victim: Victim) -> bool:
    return any(
        isinstance(each, Stamped) and each.person_id == victim.person_id and each.text == _QUESTION
        for each in people.world.evidence.records
    )


def _shown(at: datetime) -> str:
    return f"{at.astimezone(LONDON):%H:%M}"
