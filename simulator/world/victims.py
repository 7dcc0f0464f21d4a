"""Stage 7, what a victim does with a portal: open the invitation, sign in, read, ask.

One victim is a small frozen object; crowds call the same functions. The evidence records everything
that victims see and do.
"""

from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypedDict, Unpack

from reference.contract.events import Channel, VictimRecord
from reference.contract.messages import ConversationPost, CrimeSummary, Subject
from simulator.drivers.base import ContactChoice, Refused, Session, Step, WithdrawalStep
from simulator.errors import CannotVerify
from simulator.evidence.records import (
    ContactChosen,
    PersonKnown,
    QuestionAsked,
    Seen,
    SignedIn,
    SigningIn,
    VictimRefused,
    Where,
    WithdrawalAsked,
    WithdrawalRefused,
)
from simulator.neighbours.gateway.inbox import Accepted
from simulator.world.world import World


class _Shown(TypedDict, total=False):
    """What a page showed besides its texts, as in `Seen`."""

    kinds: tuple[str, ...]
    dated: tuple[datetime, ...]
    statuses: tuple[tuple[str, str], ...]
    crimes: tuple[CrimeSummary, ...]
    posts: tuple[ConversationPost, ...]
    slugs: tuple[str, ...]
    pages: tuple[str, ...]
    channels: tuple[Channel, ...]
    addresses: tuple[tuple[Channel, str], ...]


@dataclass(frozen=True)
class Victim:
    """A person, what the force recorded about them, and what proves who they are."""

    known: PersonKnown
    record: VictimRecord
    proof: str

    @property
    def person_id(self) -> str:
        """This person's id."""
        return self.known.person_id

    @property
    def addresses(self) -> tuple[str, ...]:
        """The phone and mailbox this person truly holds."""
        return tuple(each for each in (self.known.mobile_phone, self.known.email) if each)


def messages_of(world: World, victim: Victim) -> list[Accepted]:
    """List the messages on a victim's phone and in their mailbox, oldest first."""
    found = [each for address in victim.addresses for each in world.messages_at(address)]
    return sorted(found, key=lambda message: message.accepted_at)


def latest_link(world: World, victim: Victim) -> str:
    """Find the newest invitation link that this victim holds ("" for none)."""
    links = [world.link_in(each) for each in messages_of(world, victim)]
    return next((link for link in reversed(links) if link), "")


def accept_invitation(
    world: World,
    victim: Victim,
    link: str,
    *,
    by_address: Callable[[str], Victim] | None = None,
) -> Session:
    """Sign in from an invitation link; raises Refused.

    Of a person with two records, `by_address` gives the one in which the code's address stands: the
    link was of that record's invitation.
    """
    return _come_in(
        world,
        victim,
        lambda: world.portal.open_invitation(link),
        link=link,
        by_address=by_address,
    )


def sign_in_again(world: World, victim: Victim, address: str) -> Session:
    """Sign in from a phone number or email address; raises Refused."""
    return _come_in(world, victim, lambda: world.portal.begin_sign_in(address), address=address)


def prove(world: World, victim: Victim, step: Step, proof: str) -> Step:
    """Give the proof of who the victim is; the portal may then send a one-time code."""
    portal = world.portal
    world.evidence.append(SigningIn(at=world.now, person_id=victim.person_id))
    return portal.prove(step, proof)


def look_at_crimes(world: World, victim: Victim, session: Session) -> list[str]:
    """Read the list of crimes and every timeline; return the references shown."""
    listed = look_at_list(world, victim, session)
    for reference in listed:
        look_at_timeline(world, victim, session, reference)
    return listed


def look_at_list(world: World, victim: Victim, session: Session) -> list[str]:
    """Read the list of crimes alone; return the references shown."""
    summaries = world.portal.crimes(session)
    texts = tuple(f"{s.offence} {s.status} {s.officer_in_charge}" for s in summaries)
    statuses = tuple((each.crime_reference, each.status) for each in summaries)
    whole = () if _is_read_by_a_tester(world) else tuple(summaries)
    _saw(world, victim, "crimes", "", texts, statuses=statuses, crimes=whole)
    return [summary.crime_reference for summary in summaries]


def look_at_timeline(
    world: World, victim: Victim, session: Session, crime_reference: str
) -> tuple[str, ...]:
    """Read one crime's page; return its entries, oldest first."""
    entries = world.portal.timeline(session, crime_reference)
    texts = tuple(f"{entry.title}\n{entry.text}" for entry in entries)
    kinds = tuple(entry.kind for entry in entries)
    # If one entry has no kind, a missing kind proves nothing.
    kinds = kinds if all(kinds) else ()
    dated = tuple(entry.at for entry in entries)
    _saw(world, victim, "timeline", crime_reference, texts, kinds=kinds, dated=dated)
    return texts


def look_at_conversation(
    world: World, victim: Victim, session: Session, crime_reference: str
) -> tuple[str, ...]:
    """Read the conversation about a crime; return its messages, oldest first."""
    posts = world.portal.conversation(session, crime_reference)
    texts = tuple(post.text for post in posts)
    whole = () if _is_read_by_a_tester(world) else tuple(posts)
    _saw(world, victim, "conversation", crime_reference, texts, posts=whole)
    return texts


def look_at_advice(world: World, victim: Victim, session: Session) -> tuple[str, ...]:
    """Read the list of advice; return its pages, the most relevant first."""
    pages = world.portal.advice(session)
    texts = tuple(f"{page.title}\n{page.summary}" for page in pages)
    slugs = () if _is_read_by_a_tester(world) else tuple(page.slug for page in pages)
    gives_whole = "advice_text" in world.portal.capabilities
    whole = tuple(f"{page.title}\n{page.summary}\n{page.text}" for page in pages)
    _saw(world, victim, "advice", "", texts, slugs=slugs, pages=whole if gives_whole else ())
    return texts


def look_at_contact(world: World, victim: Victim, session: Session) -> ContactChoice:
    """Read by which channels the victim hears, and at which addresses."""
    chosen = world.portal.contact(session)
    addresses = tuple(chosen.addresses.items())
    texts = tuple(masked for _channel, masked in addresses)
    _saw(world, victim, "contact", "", texts, channels=chosen.channels, addresses=addresses)
    return chosen


def ask(
    world: World,
    victim: Victim,
    session: Session,
    crime_reference: str,
    text: str,
    about: Subject | Literal[""] = "",
) -> None:
    """Write to the officer, and say what it is about if the portal asks; raises Refused."""
    says = about if "ask_officer_about" in world.portal.capabilities else ""
    if says:
        world.portal.ask_officer_about(session, crime_reference, text, says)
    else:
        world.portal.ask_officer(session, crime_reference, text)
    world.evidence.append(
        QuestionAsked(
            at=world.now,
            person_id=victim.person_id,
            crime_reference=crime_reference,
            text=text,
            about=says,
        )
    )


def choose_contact(
    world: World, victim: Victim, session: Session, channels: Sequence[Channel]
) -> None:
    """Choose by which channels to hear from now on; raises Refused."""
    world.settle()
    world.portal.choose_contact(session, channels)
    _chose(world, victim, tuple(channels))


def stop_messages(world: World, victim: Victim, session: Session) -> None:
    """Stop all messages; raises Refused."""
    world.settle()
    world.portal.stop_messages(session)
    _chose(world, victim, ())


def withdraw_support(
    world: World,
    victim: Victim,
    session: Session,
    crime_reference: str,
    until: WithdrawalStep = "confirmed",
) -> None:
    """Ask to talk about no longer supporting the investigation of a crime.

    Raises Refused, and CannotVerify if the portal does not claim it.
    """
    if "withdraw_support" not in world.portal.capabilities:
        raise CannotVerify("the portal does not claim withdraw_support: not verified")
    world.settle()
    try:
        said = world.portal.withdraw_support(session, crime_reference, until)
    except Refused as refused:
        world.evidence.append(
            WithdrawalRefused(
                at=world.now,
                person_id=victim.person_id,
                crime_reference=crime_reference,
                status=refused.status,
            )
        )
        raise
    world.evidence.append(
        WithdrawalAsked(
            at=world.now,
            person_id=victim.person_id,
            crime_reference=crime_reference,
            confirmed=until == "confirmed",
            said=said,
        )
    )


def _chose(world: World, victim: Victim, channels: tuple[Channel, ...]) -> None:
    world.evidence.append(
        ContactChosen(at=world.now, person_id=victim.person_id, channels=channels)
    )


def _come_in(
    world: World,
    victim: Victim,
    begin: Callable[[], Step],
    *,
    link: str = "",
    address: str = "",
    by_address: Callable[[str], Victim] | None = None,
) -> Session:
    step_name = "invitation" if link else "address"
    try:
        step = begin()
        step_name = step.asks
        before = {each.message_id for each in messages_of(world, victim)}
        step = prove(world, victim, step, victim.proof)
        await_code(world, victim, before)
        step_name = "one_time_code"
        session = world.portal.enter_code(step, code_for_it(world, victim, before))
    except Refused:
        world.evidence.append(
            VictimRefused(
                at=world.now,
                person_id=victim.person_id,
                step=step_name,
                invitation_id=carrier_of(world, victim, link) if link else "",
                address=address,
            )
        )
        raise
    told_at = [each.to for each in _codes_from(world, victim, before)]
    as_recorded = by_address(told_at[0]) if by_address and told_at else victim
    world.evidence.append(SignedIn(at=world.now, person_id=as_recorded.person_id))
    return session


def carrier_of(world: World, victim: Victim, link: str) -> str:
    """Find the message that brought a link ("" if this victim has no such message)."""
    carriers = [each for each in messages_of(world, victim) if world.link_in(each) == link]
    return carriers[-1].message_id if carriers else ""


def await_code(world: World, victim: Victim, before: Set[str]) -> None:
    """Wait for the code that follows the messages `before`."""
    world.await_code(lambda: bool(codes_since(world, victim, before)))


def codes_since(world: World, victim: Victim, before: Set[str] = frozenset()) -> list[str]:
    """List possible codes in messages that came after those `before`, oldest first."""
    return [world.code_in(each) for each in _codes_from(world, victim, before)]


def code_for_it(world: World, victim: Victim, before: Set[str]) -> str:
    """Find the code for this sign-in; if none came, an earlier one may still be valid."""
    codes = codes_since(world, victim, before)[:1] or codes_since(world, victim)[-1:]
    if not codes:
        raise Refused(0, "no one-time code arrived")
    return codes[0]


def _codes_from(world: World, victim: Victim, before: Set[str]) -> list[Accepted]:
    came = [each for each in messages_of(world, victim) if each.message_id not in before]
    return [each for each in came if not world.link_in(each) and world.code_in(each)]


def _saw(
    world: World,
    victim: Victim,
    where: Where,
    crime_reference: str,
    texts: tuple[str, ...],
    **shown: Unpack[_Shown],
) -> None:
    world.evidence.append(
        Seen(
            at=world.now,
            person_id=victim.person_id,
            where=where,
            crime_reference=crime_reference,
            texts=texts,
            how=getattr(world.portal, "pages_seen", ""),
            **shown,
        )
    )


def _is_read_by_a_tester(world: World) -> bool:
    """Say whether a tester types what the pages show: dates, keys and slugs are then made up."""
    return getattr(world.portal, "pages_seen", "") == "by the tester"
