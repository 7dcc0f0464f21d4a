"""Try each claimed capability once with a synthetic person, and note the others."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any, get_args

from reference.contract.events import Channel
from reference.contract.messages import DeliveryReceipt
from simulator.check.people import SyntheticPeople
from simulator.check.table import CheckFailed, CheckTable
from simulator.clock import LONDON
from simulator.drivers.base import Session
from simulator.evidence.records import MessageAccepted, Record, Stamped, TaskRaised
from simulator.inputs.capabilities import Capability
from simulator.judge.traceability import why_not_traceable
from simulator.neighbours.gateway.inbox import NOTIFICATION_TYPES, Accepted
from simulator.world.victims import (
    Victim,
    accept_invitation,
    ask,
    latest_link,
    withdraw_support,
)

_TWO_WAY_PHASE = 3
_UNDIALABLE = "07700 90012"
_QUESTION = "Is anybody there? (asked by portal-suite check)"


def note_unclaimed(rows: CheckTable, claimed: tuple[Capability, ...]) -> None:
    """Note how much is not claimed in one short row, so that the rows that matter are seen."""
    every = get_args(Capability)
    if unclaimed := {*every}.difference(claimed):
        seen = f"{len(unclaimed)} of {len(every)} capabilities: docs/drivers.md lists all at hello"
        rows.add("not claimed", "nothing: it is not tested", seen, "OMIT")


def check_test_clock(rows: CheckTable, people: SyntheticPeople, invited: Victim) -> None:
    """Check that time moves: news recorded in the quiet hours is told when they end.

    If the order has no quiet hours, check that the clock answers the time it was given.
    """
    world = people.world
    opens = world.order.quiet_until(world.now)

    def look() -> str:
        if opens == world.now:
            world.advance(world.order.working_days.next_morning(world.now))
            return "it answers the time it is given"
        world.advance(opens - timedelta(minutes=1))
        if people.invitations(invited):
            raise CheckFailed("an invitation came in the quiet hours: is the clock moved?")
        if not people.wait_for(lambda: bool(people.invitations(invited))):
            raise CheckFailed(
                f"nothing came by {_shown(world.now)}: the clock answers but moves nothing"
            )
        world.advance(world.order.working_days.next_morning(world.now))
        return f"nothing before {_shown(opens)}, and an invitation then"

    tried = f"record a crime at {_shown(world.now)}, and move time on"
    rows.try_check("test_clock", tried, look)


def check_channel(
    rows: CheckTable, people: SyntheticPeople, victim: Victim, channel: Channel
) -> None:
    """Check that an invitation arrives on a claimed channel."""

    def look() -> str:
        if not people.wait_for(lambda: bool(people.invitations(victim, channel))):
            raise CheckFailed(f"no {channel} with an invitation link came; see access.patterns")
        return "an invitation with a link came"

    rows.try_check(channel, f"record a crime whose victim prefers {channel}", look)


def check_gateway(rows: CheckTable, people: SyntheticPeople, elsewhere: str) -> None:
    """Check that the portal's messages go to our gateway."""
    tried = "does the portal reach our gateway?"

    def look() -> str:
        if not any(
            isinstance(each, MessageAccepted) and each.how == "intercepted"
            for each in people.world.evidence.records
        ):
            raise CheckFailed(
                "no message came: point the portal at our gateway, or say in access.handsets "
                "where its messages go"
            )
        return "it took a message"

    if elsewhere:
        rows.add("gateway", tried, elsewhere, "OMIT")
    else:
        rows.try_check("gateway", tried, look)


def check_crime_system(rows: CheckTable, people: SyntheticPeople) -> None:
    """Check that the portal reaches the crime system: an unusable number must raise a task."""

    def look() -> str:
        victim, crime = people.meet("Cora", people.channels[:1], mobile_phone=_UNDIALABLE, email="")
        people.record(crime)
        if not people.wait_for(lambda: people.has_task(victim, "contact_details", "not_sent")):
            raise CheckFailed("no task came; point the portal at our crime system")
        return "a task came"

    tried = "record a victim whose number cannot be dialled; a task must come"
    rows.try_check("crime system", tried, look)


def check_correlates(
    rows: CheckTable, people: SyntheticPeople, victim: Victim, event_id: str
) -> None:
    """Check that a message carries the id of the event that it is about."""

    def look() -> str:
        found = people.invitations(victim)
        if not found:
            raise CheckFailed("no message came")
        wrong = [each for each in found if each.reference != event_id]
        if wrong:
            raise CheckFailed(f"the {wrong[0].channel}'s reference is {wrong[0].reference!r:.60}")
        return "the gateway's reference is the event's id"

    rows.try_check("correlates", "the reference of the invitation", look)


def check_carries_correlation_id(
    rows: CheckTable, people: SyntheticPeople, victim: Victim, event_id: str
) -> None:
    """Check that a message carries the id of the delivery that caused it."""

    def look() -> str:
        found = people.invitations(victim)
        if not found:
            raise CheckFailed("no message came")
        for each in found:
            carried = (each.correlation_id, each.reference)
            records = people.world.evidence.records
            why = [why_not_traceable(records, [event_id], one) for one in carried]
            if all(why):
                raise CheckFailed(f"the {each.channel}: {why[0]}")
        return "it carries the id of its delivery"

    rows.try_check("carries_correlation_id", "the delivery id of the invitation", look)


def check_receipts(rows: CheckTable, people: SyntheticPeople) -> None:
    """Check that the portal accepts a receipt, and acts on one that says "failed"."""

    def look() -> str:
        victim, invitation = _invited(people, "Ben", "for a receipt to be about")
        if invitation.message_key:
            people.world.messages.tell_outcome(invitation, "permanent-failure")
        else:
            people.world.portal.deliver_receipt(_failed(invitation))
        if not people.wait_for(lambda: people.has_task(victim, "contact_details", "not_sent")):
            raise CheckFailed("the portal accepted it, but raised no task to check the address")
        return "accepted, and a task asks the force to check the address"

    rows.try_check("receipts", "send a receipt: an invitation was not delivered", look)


def check_sign_in(rows: CheckTable, people: SyntheticPeople, victim: Victim) -> Session | None:
    """Check that the victim can sign in by the invitation, with the proof that was ordered."""
    found: list[Session] = []

    def look() -> str:
        found.append(accept_invitation(people.world, victim, latest_link(people.world, victim)))
        return "signed in by link, proof and one-time code"

    rows.try_check("sign-in", "follow the link and sign in as the victim", look)
    return found[0] if found else None


def check_two_way(
    rows: CheckTable, people: SyntheticPeople, victim: Victim, session: Session | None
) -> None:
    """Check that what a victim writes is stamped in the crime system, word for word."""

    def look() -> str:
        if people.world.order.phase_at(people.world.now) < _TWO_WAY_PHASE:
            raise CheckFailed(f"two_way is claimed, but claims.phases has no {_TWO_WAY_PHASE}")
        if session is None:
            raise CheckFailed("the victim could not sign in to write")
        reference = people.world.portal.crimes(session)[0].crime_reference
        ask(people.world, victim, session, reference, _QUESTION)
        if not people.wait_for(lambda: _is_stamped(people, victim)):
            raise CheckFailed("the portal accepted it, but stamped nothing in the crime system")
        return "stamped in the crime system, word for word"

    rows.try_check("two_way", "write to the officer as the victim", look)


def check_withdraw_support(
    rows: CheckTable, people: SyntheticPeople, victim: Victim, session: Session | None
) -> None:
    """Check that a victim who asks to talk about withdrawing becomes a task, by two steps."""

    def look() -> str:
        if session is None:
            raise CheckFailed("the victim could not sign in to ask")
        reference = people.world.portal.crimes(session)[0].crime_reference
        withdraw_support(people.world, victim, session, reference, "asked again")
        if people.has_task(victim, "withdrawal_discussion"):
            raise CheckFailed("the first step raised a task already")
        withdraw_support(people.world, victim, session, reference)
        if not people.wait_for(lambda: people.has_task(victim, "withdrawal_discussion")):
            raise CheckFailed("the portal accepted it, but raised no task to speak to the victim")
        return "two steps, and a task asks the force to speak to the victim"

    rows.try_check("withdraw_support", "ask to talk about no longer supporting the case", look)


def check_received_texts(rows: CheckTable, people: SyntheticPeople, victim: Victim) -> None:
    """Check that the portal accepts a text from a victim, and acts on STOP."""

    def look() -> str:
        if "text" not in people.channels:
            raise CheckFailed("received_texts is claimed, but text is not: nobody can text back")
        people.world.inbound.by_text(victim.known.mobile_phone, "STOP")
        if not people.wait_for(lambda: people.has_task(victim, "contact_ended")):
            raise CheckFailed("the portal accepted it, but raised no task to find another channel")
        return "accepted, and a task asks the force to find another channel"

    rows.try_check("received_texts", "text STOP as the victim", look)


def check_not_for_me(rows: CheckTable, people: SyntheticPeople) -> None:
    """Check that the portal acts when a person says that a message was not for them.

    First as anybody could, who names the address alone; then as the person who has the message.
    """

    def look() -> str:
        victim, invitation = _invited(people, "Dara", "that could be for someone else")
        people.world.inbound.not_for_me(invitation.to, is_holder=False)
        if not people.wait_for(lambda: people.has_task(victim, "breach")):
            raise CheckFailed("the portal accepted it, but raised no task about a breach")
        people.world.inbound.not_for_me(invitation.to)
        return "accepted, and a task asks the force to look into it"

    rows.try_check("not_for_me", "say that an invitation was not for this person", look)


def check_own_record(
    rows: CheckTable, records: Iterable[Record], claimed: Collection[Capability]
) -> None:
    """Check that the vendor's own record has the messages sent, and the stamps and tasks."""
    shown = [each for each in records if getattr(each, "how", "") == "vendor's own record"]
    for name, kinds, what in (
        ("messages_since", MessageAccepted, "message"),
        ("stamps_since", Stamped | TaskRaised, "stamp or task"),
    ):

        def look(kinds: Any = kinds, what: str = what) -> str:
            count = sum(isinstance(each, kinds) for each in shown)
            if not count:
                raise CheckFailed(f"it has no {what} of this check")
            return f"it has {count} so far"

        if name in claimed:
            rows.try_check(name, f"look in the vendor's own record for a {what}", look)


def _invited(people: SyntheticPeople, given_name: str, purpose: str) -> tuple[Victim, Accepted]:
    """Have someone report a crime; return them and the first invitation that comes."""
    victim, crime = people.meet(given_name, (people.channels[0],))
    people.record(crime)
    if not people.wait_for(lambda: bool(people.invitations(victim))):
        raise CheckFailed(f"no message came {purpose}")
    return victim, people.invitations(victim)[0]


def _failed(message: Accepted) -> DeliveryReceipt:
    return DeliveryReceipt(
        id=message.message_id,
        reference=message.reference or None,
        to=message.to_given,
        status="permanent-failure",
        notification_type=NOTIFICATION_TYPES[message.channel],
        template_id=message.template_id,
    )


def _is_stamped(people: SyntheticPeople, victim: Victim) -> bool:
    return any(
        isinstance(each, Stamped) and each.person_id == victim.person_id and each.text == _QUESTION
        for each in people.world.evidence.records
    )


def _shown(at: datetime) -> str:
    return f"{at.astimezone(LONDON):%H:%M}"
