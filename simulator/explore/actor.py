"""One person of a story in a world: signs in, reads, asks, chooses, as far as they can.

A refusal goes into the evidence, where the judge decides whether it was right.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from msgspec import structs

from reference.contract.events import Channel, Role, VictimRecord
from simulator.drivers.base import Refused, Session
from simulator.errors import PortalNotAvailable
from simulator.evidence.records import PersonKnown, QuestionRefused, Seen, VictimRefused
from simulator.explore.story import Person, SignInBy
from simulator.judge.facts.contact_fields import as_email, as_mobile
from simulator.population.identity import Identity
from simulator.world import victims
from simulator.world.victims import Victim
from simulator.world.world import World


@dataclass
class Actor:
    """A person with what they hold and what the force has written down of them by now."""

    world: World
    identity: Identity
    person: Person
    victim: Victim = field(init=False)
    has_come_in: bool = field(init=False, default=False)
    _known: PersonKnown = field(init=False)
    _session: Session | None = field(init=False, default=None)
    _signed_in_at: datetime | None = field(init=False, default=None)
    _used_at: datetime | None = field(init=False, default=None)
    _links_used: set[str] = field(init=False, default_factory=set)

    def __post_init__(self) -> None:
        """Give the person, and the one they are told for, their phones and mailboxes."""
        person, record = self.person, self.person.record
        if person.own_phone or person.own_mailbox:
            self.world.meet(self._holder(record, person.own_phone, person.own_mailbox))
        self._known = self._holder(_told(record), person.phone, person.mailbox)
        self.world.meet(self._known)
        self.write_down(record)

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

    def sign_in(self, by: SignInBy) -> None:
        """Sign in, if there is a link that was not tried yet, or an address that can be used."""
        victim = self.victim
        if by == "link":
            link = victims.latest_link(self.world, victim)
            if link and link not in self._links_used:
                self._links_used.add(link)
                self._come_in(lambda: victims.accept_invitation(self.world, victim, link))
            return
        address = self.address(by)
        if address and self.has_come_in:
            self._come_in(lambda: victims.sign_in_again(self.world, victim, address))

    def address(self, channel: Channel) -> str:
        """Give the phone or mailbox this person holds, if it is the one on record ("" if not)."""
        told = _told(self.victim.record)
        if channel == "text":
            held, on_record = self.person.phone, as_mobile(told.mobile_phone)
        else:
            held, on_record = self.person.mailbox, as_email(told.email)
        return held if held and held.lower() == on_record else ""

    def session(self) -> Session | None:
        """Give this person's session, as long as the order lets it live; using it renews it."""
        if self._session is None or self._used_at is None or self._signed_in_at is None:
            return None
        now, limits = self.world.now, self.world.order.sign_in
        is_idle = now - self._used_at >= timedelta(minutes=limits.session_minutes)
        is_old = now - self._signed_in_at >= timedelta(hours=limits.session_hours_max)
        if is_idle or is_old:
            self._session = None
        else:
            self._used_at = now
        return self._session

    def lose_session(self) -> None:
        """Forget the session: the portal may have lost it in a restart."""
        self._session = None

    def sign_out(self) -> None:
        """Sign out."""
        session = self.session()
        if session is not None:
            with suppress(Refused):
                self.world.portal.sign_out(session)
            self.lose_session()

    def read(self) -> None:
        """Read the list, every crime's page, every conversation, the advice and the choices."""
        session = self.session()
        if session is None:
            return
        world, victim = self.world, self.victim
        try:
            shown = victims.look_at_crimes(world, victim, session)
        except Refused:
            self._note_refusal("reading")
            return
        for reference in shown:
            with suppress(Refused):
                victims.look_at_conversation(world, victim, session, reference)
        with suppress(Refused):
            pages = world.portal.advice(session)
            self._saw_advice(tuple(f"{each.title}\n{each.summary}" for each in pages))
        with suppress(Refused):
            world.portal.contact(session)

    def read_at_the_end(self) -> None:
        """Read everything once more; sign in again if need be."""
        for by in ("text", "email"):
            if self.session() is None:
                self.sign_in("text" if by == "text" else "email")
        self.read()

    def ask(self, crime_reference: str, text: str) -> None:
        """Write to the officer in charge."""
        session = self.session()
        if session is not None and "two_way" in self.world.portal.capabilities:
            try:
                victims.ask(self.world, self.victim, session, crime_reference, text)
            except Refused as refused:
                self._note_refused_question(crime_reference, text, refused)

    def choose(self, channels: tuple[Channel, ...]) -> None:
        """Choose channels; none means to withdraw."""
        session = self.session()
        if session is None:
            return
        with suppress(Refused):
            if channels:
                victims.choose_contact(self.world, self.victim, session, channels)
            else:
                victims.withdraw(self.world, self.victim, session)

    def pry(self, crime_references: list[str]) -> None:
        """Ask for crimes by their references, as if they were this person's own."""
        session = self.session()
        if session is None:
            return
        for reference in crime_references:
            with suppress(Refused):
                victims.look_at_timeline(self.world, self.victim, session, reference)
            with suppress(Refused):
                victims.look_at_conversation(self.world, self.victim, session, reference)

    def _come_in(self, sign_in: Callable[[], Session]) -> None:
        try:
            self._session = sign_in()
        except Refused:
            return
        except PortalNotAvailable:
            # No code can be sent while the gateway is down, and the contract lets a portal say so.
            if not self.world.breakdowns.is_gateway_down:
                raise
            return
        self.has_come_in = True
        self._signed_in_at = self._used_at = self.world.now

    def _note_refused_question(self, crime_reference: str, text: str, refused: Refused) -> None:
        self.world.evidence.append(
            QuestionRefused(
                at=self.world.now,
                person_id=self.victim.person_id,
                crime_reference=crime_reference,
                text=text,
                status=refused.status,
                said=f"{refused.title}. {refused.detail}",
            )
        )

    def _holder(self, named: VictimRecord, phone: str, mailbox: str) -> PersonKnown:
        return PersonKnown(
            at=self.world.now,
            person_id=self.person.record.person_id,
            role="victim",
            given_name=named.given_name,
            family_name=named.family_name,
            mobile_phone=phone,
            email=mailbox,
        )

    def _saw_advice(self, texts: tuple[str, ...]) -> None:
        self.world.evidence.append(
            Seen(
                at=self.world.now,
                person_id=self.victim.person_id,
                where="advice",
                crime_reference="",
                texts=texts,
            )
        )

    def _note_refusal(self, step: str) -> None:
        self.world.evidence.append(
            VictimRefused(at=self.world.now, person_id=self.victim.person_id, step=step)
        )


def _told(record: VictimRecord) -> VictimRecord:
    """Give a record with the name and addresses of the person who is told."""
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
