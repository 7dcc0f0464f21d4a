"""One person of a story in a world: signs in, reads, asks, chooses, as far as they can.

A refusal goes into the evidence, where the judge decides whether it was right.
"""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Literal

import msgspec
from msgspec import structs

from reference.contract.events import Channel, CrimeRecorded, Role, VictimRecord
from reference.contract.messages import Subject
from simulator.drivers.base import Refused, Session, WithdrawalStep
from simulator.evidence.records import (
    ChoiceRefused,
    EventDelivered,
    EventRecorded,
    PageRefused,
    PersonKnown,
    QuestionRefused,
    Record,
    SessionUsed,
    VictimRefused,
    Where,
)
from simulator.explore.sign_in_under_way import SignInUnderWay
from simulator.explore.steps import SignInBy, Typed
from simulator.explore.story import Person, Stranger
from simulator.judge.facts.contact_fields import as_email, as_mobile
from simulator.neighbours.gateway.inbox import Accepted
from simulator.population.identity import Identity
from simulator.world import victims
from simulator.world.victims import Victim
from simulator.world.world import World

_FOREIGN_WORDS = "I was there too. What do you know?"
#: From this phase on a victim reads what was written to them and by them.
_TWO_WAY = 3


@dataclass
class _Visit:
    """One session of a person, in a browser of its own; `stands` until they sign in elsewhere.

    Whether that ends it nobody says: it stands again when it answers.
    """

    session: Session
    signed_in_at: datetime
    used_at: datetime
    is_signed_out: bool = False
    may_be_lost: bool = False
    stands: bool = True


@dataclass
class Actor:
    """A person with what they hold and what the force has written down of them by now."""

    world: World
    identity: Identity
    person: Person
    #: The id of an earlier record of the same person ("" for none).
    same_as: str = ""
    victim: Victim = field(init=False)
    #: The ids of others at their phone or mailbox who prove who they are by the same.
    alike: frozenset[str] = field(init=False, default=frozenset())
    #: Whether one of these is another person, by what is written down.
    has_a_twin: bool = field(init=False, default=False)
    #: Whether that is themselves, written down otherwise: as whose they come in is open.
    is_taken_for_two: bool = field(init=False, default=False)
    has_come_in: bool = field(init=False, default=False)
    links_used: set[str] = field(init=False, default_factory=set)
    #: The word that they had before the one they have agreed on now ("" if it is their first).
    old_word: str = field(init=False, default="")
    _known: PersonKnown = field(init=False)
    #: The last session, and the one before.
    _visits: list[_Visit] = field(init=False, default_factory=list)
    _crimes_read: set[str] = field(init=False, default_factory=set)

    def __post_init__(self) -> None:
        """Give the person, and the one they are told for, their phones and mailboxes."""
        person, record = self.person, self.person.record
        if person.own_phone or person.own_mailbox:
            self.world.meet(self._holder(record, person.own_phone, person.own_mailbox))
        self._known = self._holder(_told(record), person.phone, person.mailbox)
        self.world.meet(self._known)
        self.write_down(record)

    def meet_others(self, everyone: Iterable["Actor"]) -> None:
        """Note who proves who they are by the same, at a phone or mailbox of both."""
        alike = [
            each
            for each in everyone
            if each is not self
            and {*each.victim.addresses} & {*self.victim.addresses}
            and each.victim.proof.casefold() == self.victim.proof.casefold()
        ]
        self.alike = frozenset(each.victim.person_id for each in alike)
        twins = [e for e in alike if not _is_one_person(e.person.record, self.person.record)]
        self.has_a_twin = bool(twins)
        self.is_taken_for_two = any(
            self.same_as == each.victim.person_id or each.same_as == self.victim.person_id
            for each in twins
        )

    def write_down(self, record: VictimRecord, *, role: Role | None = None) -> None:
        """Have the force write down this record, with the digest of the person's proof."""
        proof = self.identity.proof_of(agreed_word=self.person.word, born=self.person.born)
        written = self.identity.written_down(record, proof)
        if record.told_instead is not None:
            # The digest belongs to the person who is told.
            instead = structs.replace(
                record.told_instead,
                agreed_word_digest=written.agreed_word_digest,
                date_of_birth_digest=written.date_of_birth_digest,
            )
            written = structs.replace(record, told_instead=instead)
        if role is not None:
            written = structs.replace(written, role=role)
        self.victim = Victim(self._known, written, proof)

    def agree(self, word: str) -> None:
        """Agree another word with the force ("" for the same)."""
        if word:
            self.old_word, self.person = self.person.word, structs.replace(self.person, word=word)

    def move(self, *, phone: str, mailbox: str) -> Stranger:
        """Give up a phone or mailbox for another one; return what was given up."""
        person, own = self.person, self.person.record.person_id
        old = Stranger(
            label=person.label,
            phone=person.phone if phone else "",
            mailbox=person.mailbox if mailbox else "",
        )
        for address in (old.phone, old.mailbox):
            if address:
                self.world.give_up(own, address)
        self.person = structs.replace(
            person, phone=phone or person.phone, mailbox=mailbox or person.mailbox
        )
        self.world.meet(self._holder(_told(self.victim.record), phone, mailbox))
        self._known = self._holder(
            _told(self.victim.record), self.person.phone, self.person.mailbox
        )
        self.victim = replace(self.victim, known=self._known)
        return old

    def sign_in(self, by: SignInBy, *, written: str = "", typed: Typed = "as agreed") -> None:
        """Sign in, if there is a link that was not tried yet, or an address that can be used."""
        if by == "link":
            link = self._newest_link()
            if not link or link in self.links_used:
                return
        elif not self.has_come_in:
            return
        under_way = self.begin(by, written=written)
        if under_way is not None:
            if under_way.prove(self._typed(typed)):
                under_way.enter(under_way.code)
            self.come_in(under_way)

    def begin(self, by: SignInBy, *, written: str = "") -> SignInUnderWay | None:
        """Begin to sign in by the newest link or an address; None if there is none.

        No address tells two records of theirs apart that are written down as two people's, nor two
        people who give the same once a portal may tell only one of them.
        """
        under_way = SignInUnderWay(self.world, self.victim, self.victim)
        if by == "link":
            link = self._newest_link()
            if not link:
                return None
            self.links_used.add(link)
            under_way.follow(link, sent=link)
            return under_way
        address = self.address(by)
        if not address or self.is_taken_for_two or (self.alike and not self.has_come_in):
            return None
        if self.has_a_twin and not self._are_crimes_only_recorded():
            return None
        under_way.begin(address, written=written)
        return under_way

    def links(self) -> list[str]:
        """List the links that came for this person, the oldest first.

        Where others prove who they are by the same, a link is this person's if it came of a crime
        that none of these is in.
        """
        messages = victims.messages_of(self.world, self.victim)
        sent = [(each, link) for each in messages if (link := self.world.link_in(each))]
        return [link for each, link in sent if not self.alike or self._is_surely_own(each)]

    def _are_crimes_only_recorded(self) -> bool:
        """Say whether the force has recorded crimes, and nothing since that changes who is told."""
        events = [e for e in self.world.evidence.records if isinstance(e, EventRecorded)]
        return all(each.event_type == CrimeRecorded.__name__ for each in events)

    def _newest_link(self) -> str:
        return next(reversed(self.links()), "")

    def _is_surely_own(self, invitation: Accepted) -> bool:
        records = self.world.evidence.records
        delivered = {
            each.event_id
            for each in records
            if isinstance(each, EventDelivered)
            and each.correlation_id == invitation.correlation_id != ""
        }
        people = [
            _victims_of(each)
            for each in records
            if isinstance(each, EventRecorded) and each.event_id in delivered
        ]
        own = self.victim.person_id
        return bool(people) and all(own in each and not each & self.alike for each in people)

    def come_in(self, under_way: SignInUnderWay) -> None:
        """Write down a sign-in, and keep its session if it opened one."""
        under_way.write_down()
        session, now = under_way.session, self.world.now
        if session is not None and all(session is not each.session for each in self._visits):
            self._visits = [*self._visits[-1:], _Visit(session, now, now)]
            self._visits[0].stands = len(self._visits) == 1
            self.has_come_in = True

    def address(self, channel: Channel) -> str:
        """Give the phone or mailbox this person holds, if it is the one on record ("" if not)."""
        told = _told(self.victim.record)
        if channel == "text":
            held, on_record = self.person.phone, as_mobile(told.mobile_phone)
        else:
            held, on_record = self.person.mailbox, as_email(told.email)
        return held if held and held.lower() == on_record else ""

    def session(self, *, older: bool = False) -> Session | None:
        """Give this person's session, as long as the order lets it live; using it renews it."""
        visit = self._visit(older=older)
        if visit is None or visit.is_signed_out or visit.may_be_lost or not visit.stands:
            return None
        now, limits = self.world.now, self.world.order.sign_in
        is_idle = now - visit.used_at >= timedelta(minutes=limits.session_minutes)
        is_old = now - visit.signed_in_at >= timedelta(hours=limits.session_hours_max)
        if is_idle or is_old:
            return None
        visit.used_at = now
        return visit.session

    def use_session(self, *, older: bool = False) -> bool:
        """Ask for the crimes in a session, even if it is over; return if that works."""
        visit = self._visit(older=older)
        if visit is None:
            return False
        answer: Literal["shown", "nothing", "refused"] = "refused"
        with suppress(Refused):
            answer = "shown" if self.world.portal.crimes(visit.session) else "nothing"
        self.note(
            SessionUsed,
            signed_in_at=visit.signed_in_at,
            used_at=visit.used_at,
            signed_out=visit.is_signed_out,
            answer=answer,
            signed_in_since=not visit.stands,
        )
        if answer != "refused":
            visit.used_at, visit.stands = self.world.now, True
        return answer != "refused"

    def lose_sessions(self) -> None:
        """Do without the sessions: the portal may have lost them in a restart."""
        for visit in self._visits:
            visit.may_be_lost = True

    def sign_out(self, *, older: bool = False) -> bool:
        """Sign out; return whether there was a session to end."""
        visit, session = self._visit(older=older), self.session(older=older)
        if visit is None or session is None:
            return False
        with suppress(Refused):
            self.world.portal.sign_out(session)
            visit.is_signed_out = True
        visit.may_be_lost = True
        return True

    def _visit(self, *, older: bool) -> _Visit | None:
        return self._visits[-1 - older] if len(self._visits) > older else None

    def read(self, *, older: bool = False) -> None:
        """Read the list, every crime's page, every conversation, the advice and the choices."""
        session = self.session(older=older)
        if session is None:
            return
        try:
            shown = victims.look_at_list(self.world, self.victim, session)
        except Refused:
            self.note(VictimRefused, step="reading")
            return
        refused = []
        for where, reference in self._pages(shown):
            try:
                self._look_at(session, where, reference)
            except Refused as no:
                refused.append((where, reference, no.status))
        self._crimes_read |= {*shown}
        self._note_refused_pages(session, shown, refused)

    def come_and_read(self) -> None:
        """Read everything once more; sign in first, or again, if need be and they can."""
        if not self.has_come_in:
            self.sign_in("link")
        for by in ("text", "email"):
            if self.session() is None:
                self.sign_in("text" if by == "text" else "email")
        self.read()

    def ask(self, crime_reference: str, text: str, about: Subject | Literal[""] = "") -> None:
        """Write to the officer in charge, and say what it is about."""
        session = self.session()
        if session is not None and "two_way" in self.world.portal.capabilities:
            try:
                victims.ask(self.world, self.victim, session, crime_reference, text, about)
            except Refused as refused:
                said = f"{refused.title}. {refused.detail}"
                asked = {"crime_reference": crime_reference, "text": text}
                self.note(QuestionRefused, **asked, status=refused.status, said=said)

    def choose(self, channels: tuple[Channel, ...]) -> bool:
        """Choose channels; none stops all messages. Return whether the portal was asked."""
        session = self.session()
        if session is None:
            return False
        try:
            if channels:
                victims.choose_contact(self.world, self.victim, session, channels)
            else:
                victims.stop_messages(self.world, self.victim, session)
        except Refused as no:
            listed = self._listed(session)
            self.note(ChoiceRefused, channels=channels, status=no.status, listed=listed)
        return True

    def withdraw_support(self, crime_reference: str, until: WithdrawalStep = "confirmed") -> None:
        """Ask to talk about no longer supporting a case, or only go to where it asks again."""
        session = self.session()
        if session is not None and "withdraw_support" in self.world.portal.capabilities:
            with suppress(Refused):
                victims.withdraw_support(self.world, self.victim, session, crime_reference, until)

    def pry(self, crime_references: list[str]) -> bool:
        """Ask for crimes by their references, as if they were this person's own.

        Return whether the portal was asked.
        """
        session = self.session()
        if session is None:
            return False
        world, victim = self.world, self.victim
        for reference in crime_references:
            with suppress(Refused):
                victims.look_at_timeline(world, victim, session, reference)
            with suppress(Refused):
                victims.look_at_conversation(world, victim, session, reference)
        return bool(crime_references)

    def write_about(self, crime_references: list[str]) -> None:
        """Write to the officer about crimes that are not this person's, and ask to withdraw."""
        for reference in crime_references:
            self.ask(reference, _FOREIGN_WORDS)
            self.withdraw_support(reference)

    def note(self, kind: type[Record], **what: Any) -> None:
        """Write down in the evidence what this person did, or was refused."""
        own: dict[str, Any] = {"at": self.world.now, "person_id": self.victim.person_id}
        self.world.evidence.append(kind(**own, **what))

    def _pages(self, shown: list[str]) -> list[tuple[Where, str]]:
        # Pages that they have kept, of crimes that their list does not have any more.
        kept = sorted(self._crimes_read - {*shown})
        timelines: list[tuple[Where, str]] = [("timeline", each) for each in (*shown, *kept)]
        conversations: list[tuple[Where, str]] = [("conversation", each) for each in shown]
        return [*timelines, *conversations, ("advice", ""), ("contact", "")]

    def _look_at(self, session: Session, where: Where, crime_reference: str) -> None:
        of_them = (self.world, self.victim, session)
        match where:
            case "timeline":
                victims.look_at_timeline(*of_them, crime_reference)
            case "conversation":
                victims.look_at_conversation(*of_them, crime_reference)
            case "advice":
                victims.look_at_advice(*of_them)
            case "contact":
                victims.look_at_contact(*of_them)

    def _note_refused_pages(
        self, session: Session, shown: list[str], refused: list[tuple[Where, str, int]]
    ) -> None:
        has_two_way = "two_way" in self.world.portal.capabilities
        can_converse = has_two_way and self.world.order.phase_at(self.world.now) >= _TWO_WAY
        of_now = [each for each in refused if can_converse or each[0] != "conversation"]
        if not of_now:
            return
        listed = self._listed(session)
        if listed is None:
            # The session that showed the list a moment ago is over: the reading was refused.
            self.note(VictimRefused, step="reading")
        else:
            listed = tuple(each for each in listed if each in shown)
        for where, reference, status in of_now:
            page = {"where": where, "crime_reference": reference}
            self.note(PageRefused, **page, status=status, listed=listed)

    def _listed(self, session: Session) -> tuple[str, ...] | None:
        try:
            return tuple(each.crime_reference for each in self.world.portal.crimes(session))
        except Refused:
            return None

    def _typed(self, typed: Typed) -> str:
        proof = self.victim.proof
        if self.identity.ordered != "agreed_word" or typed == "as agreed":
            return proof
        return proof.upper() if typed == "capital letters" else f"  {proof.replace(' ', '  ')} "

    def _holder(self, named: VictimRecord, phone: str, mailbox: str) -> PersonKnown:
        return PersonKnown(
            at=self.world.now,
            person_id=self.person.record.person_id,
            role="victim",
            given_name=named.given_name,
            family_name=named.family_name,
            mobile_phone=phone,
            email=mailbox,
            same_as=self.same_as,
        )


def _is_one_person(one: VictimRecord, other: VictimRecord) -> bool:
    fields = ("given_name", "family_name", "born")
    return all(getattr(one, each) == getattr(other, each) for each in fields)


def _victims_of(recorded: EventRecorded) -> set[str]:
    """Give the people of a crime by the event that it was recorded (none for another event)."""
    if recorded.event_type != CrimeRecorded.__name__:
        return set()
    crime = msgspec.json.decode(recorded.data, type=CrimeRecorded)
    return {each.person_id for each in crime.victims}


def _told(record: VictimRecord) -> VictimRecord:
    instead = record.told_instead if record.who_is_told == "another" else None
    if instead is None:
        return record
    return structs.replace(
        record,
        given_name=instead.given_name,
        family_name=instead.family_name,
        mobile_phone=instead.mobile_phone,
        email=instead.email,
    )


def as_known(stranger: Stranger, at: datetime) -> PersonKnown:
    """Say what a stranger holds, as the evidence has it."""
    return PersonKnown(
        at=at,
        person_id=stranger.label,
        role="stranger",
        given_name="",
        family_name="",
        mobile_phone=stranger.phone,
        email=stranger.mailbox,
    )
