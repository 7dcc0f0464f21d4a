"""Plays a story in a world: the force acts, victims use the portal, neighbours break down.

What a person cannot do, because no link or code has come, they do not do. The portal's answers and
all else go into the evidence; whether they were right is for the judge.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from msgspec import structs

from reference.contract.events import Channel, CrimeRecorded
from simulator.drivers.base import Refused, Session
from simulator.evidence.records import PersonKnown, Seen, VictimRefused
from simulator.explore import story as told
from simulator.explore.force_events import Named, event_of
from simulator.inputs.order import Order
from simulator.judge.facts.contact_fields import as_email, as_mobile
from simulator.population.identity import Identity
from simulator.world import victims
from simulator.world.victims import Victim
from simulator.world.world import World

_ADVICE = "advice"
_LAST_LOOKS = timedelta(minutes=1)


@dataclass
class _Actor:
    """One person as the story has them now."""

    person: told.Person
    known: PersonKnown
    victim: Victim
    session: Session | None = None
    signed_in_at: datetime | None = None
    used_at: datetime | None = None
    links_used: set[str] = field(default_factory=set)


@dataclass
class Play:
    """A story that is being played. `play` does all of it."""

    world: World
    order: Order
    identity: Identity
    story: told.Story
    _actors: dict[str, _Actor] = field(init=False, default_factory=dict)
    _references: dict[str, str] = field(init=False, default_factory=dict)
    _event_ids: dict[str, str] = field(init=False, default_factory=dict)
    _held: dict[str, told.Stranger] = field(init=False, default_factory=dict)
    _phase: int = field(init=False, default=0)

    def play(self) -> None:
        """Play every step, let time pass until the end, and let everyone read once more."""
        self._meet()
        self.advance(self.story.begins_at)
        for step in self.story.steps:
            self._take(step)
        self.world.breakdowns.bring_all_back()
        self.advance(self.world.now + timedelta(seconds=self.story.ends_after_seconds))
        for label in self._actors:
            if self._actors[label].signed_in_at is not None:
                self._read_at_the_end(label)
        self.advance(self.world.now + _LAST_LOOKS)

    def advance(self, to: datetime) -> None:
        """Move time on, and enter each phase on the day it goes live."""
        while self._phase < self.story.phase:
            live_at = self.order.go_live_at(self._phase + 1)
            if live_at > to:
                break
            self._phase += 1
            self.world.enter_phase(self._phase)
        if to > self.world.now:
            self.world.advance(to)
        else:
            self.world.settle()

    def _meet(self) -> None:
        at = self.world.now
        for person in self.story.people:
            record = person.record
            instead = record.told_instead if record.who_is_told == "another" else None
            named = instead or record
            if person.own_phone or person.own_mailbox:
                self.world.meet(
                    PersonKnown(
                        at=at,
                        person_id=record.person_id,
                        role="victim",
                        given_name=record.given_name,
                        family_name=record.family_name,
                        mobile_phone=person.own_phone,
                        email=person.own_mailbox,
                    )
                )
            known = PersonKnown(
                at=at,
                person_id=record.person_id,
                role="victim",
                given_name=named.given_name,
                family_name=named.family_name,
                mobile_phone=person.phone,
                email=person.mailbox,
            )
            self.world.meet(known)
            proof = self.identity.proof_of(agreed_word=person.word, born=person.born)
            written = self._written(record, proof)
            self._actors[person.label] = _Actor(person, known, Victim(known, written, proof))
        for stranger in self.story.strangers:
            self._held[stranger.label] = stranger
            self.world.meet(
                PersonKnown(
                    at=at,
                    person_id=f"stranger {stranger.label}",
                    role="stranger",
                    given_name=stranger.label,
                    family_name="",
                    mobile_phone=stranger.phone,
                    email=stranger.mailbox,
                )
            )

    def _written(self, record: told.VictimRecord, proof: str) -> told.VictimRecord:
        """Put the digest of the proof into the part of the record of the person who is told."""
        written = self.identity.written_down(record, proof)
        if record.told_instead is None:
            return written
        instead = structs.replace(
            record.told_instead,
            agreed_word_digest=written.agreed_word_digest,
            date_of_birth_digest=written.date_of_birth_digest,
        )
        return structs.replace(record, told_instead=instead)

    def _take(self, step: told.Step) -> None:
        match step:
            case told.Wait(seconds=seconds):
                self.advance(self.world.now + timedelta(seconds=seconds))
            case told.ForceStep():
                self._record(step)
            case told.SendHeldBack(event=event):
                self.world.integration.redeliver(self._event_ids[event])
                self.advance(self.world.now)
            case told.WriteNote(crime=crime, text=text):
                self.world.crime_system.write_note(
                    self._references[crime], text, author="Investigation"
                )
            case told.SignIn():
                self._sign_in(self._actors[step.person], step.by)
            case told.SignOut(person=label):
                self._sign_out(self._actors[label])
            case told.Read(person=label):
                self._read(self._actors[label])
            case told.Ask():
                self._ask(step)
            case told.ChooseChannels():
                self._choose(self._actors[step.person], step.channels)
            case told.TextBack():
                self._text_back(step)
            case told.SayNotForMe():
                self._not_for_me(step)
            case told.Try():
                self._try(step)
            case told.Breakdown(what=what):
                self._break_down(what)

    def _record(self, step: told.ForceStep) -> None:
        if isinstance(step, told.RecordCrime):
            prefix = self.order.forces[step.force].reference_prefix
            self._references[step.crime] = f"{prefix}{self.world.now:%y}{step.crime}"
        if isinstance(step, told.ChangeDetails):
            actor = self._actors[step.person]
            written = self._written(step.record, actor.victim.proof)
            actor.victim = Victim(actor.known, written, actor.victim.proof)
        records = {label: each.victim.record for label, each in self._actors.items()}
        event = event_of(step, Named(self._references, records), self.world.now)
        happened_at = self.world.now - timedelta(seconds=step.happened_seconds_ago)
        event_id = self.world.crime_system.record(event, happened_at=happened_at)
        self._event_ids[step.event] = event_id
        if isinstance(event, CrimeRecorded):
            for label, role in zip(step.people, step.roles, strict=True):  # type: ignore[attr-defined]
                actor = self._actors[label]
                record = structs.replace(actor.victim.record, role=role)
                actor.victim = Victim(actor.known, record, actor.victim.proof)
        if step.carriage == "held back":
            self.world.integration.hold_back(event_id)
            return
        self.advance(self.world.now)
        if step.carriage == "twice":
            self.world.integration.redeliver(event_id)
            self.advance(self.world.now)

    def _sign_in(self, actor: _Actor, by: told.SignInBy) -> None:
        victim = actor.victim
        if by == "link":
            link = victims.latest_link(self.world, victim)
            if not link or link in actor.links_used:
                return
            actor.links_used.add(link)
            self._come_in(actor, lambda: victims.accept_invitation(self.world, victim, link))
            return
        address = self._address_of(actor, "text" if by == "text" else "email")
        if address and actor.signed_in_at is not None:
            self._come_in(actor, lambda: victims.sign_in_again(self.world, victim, address))

    def _address_of(self, actor: _Actor, channel: Channel) -> str:
        """Give what a person signs in with: the phone or mailbox they hold, if it is on record."""
        record = actor.victim.record
        named = (record.told_instead if record.who_is_told == "another" else None) or record
        if channel == "text":
            held, on_record = actor.known.mobile_phone, as_mobile(named.mobile_phone)
        else:
            held, on_record = actor.known.email, as_email(named.email)
        return held if held and held.lower() == on_record else ""

    def _come_in(self, actor: _Actor, sign_in: Callable[[], Session]) -> None:
        try:
            actor.session = sign_in()
        except Refused:
            return
        actor.signed_in_at = actor.used_at = self.world.now

    def _session(self, actor: _Actor) -> Session | None:
        """Give the session of a person, if the order lets it live still."""
        if actor.session is None or actor.used_at is None or actor.signed_in_at is None:
            return None
        now, limits = self.world.now, self.order.sign_in
        is_idle = now - actor.used_at >= timedelta(minutes=limits.session_minutes)
        is_old = now - actor.signed_in_at >= timedelta(hours=limits.session_hours_max)
        if is_idle or is_old:
            actor.session = None
        else:
            actor.used_at = now
        return actor.session

    def _sign_out(self, actor: _Actor) -> None:
        session = self._session(actor)
        if session is not None:
            with suppress(Refused):
                self.world.portal.sign_out(session)
            actor.session = None

    def _read(self, actor: _Actor) -> None:
        """Read the list, every crime's page, every conversation, the advice and the choices."""
        session = self._session(actor)
        if session is None:
            return
        try:
            shown = victims.look_at_crimes(self.world, actor.victim, session)
        except Refused:
            self._note_refusal(actor, "reading")
            return
        for reference in shown:
            with suppress(Refused):
                victims.look_at_conversation(self.world, actor.victim, session, reference)
        with suppress(Refused):
            pages = self.world.portal.advice(session)
            texts = tuple(f"{each.title}\n{each.summary}" for each in pages)
            self._saw(actor, "advice", texts)
        with suppress(Refused):
            self.world.portal.contact(session)

    def _saw(self, actor: _Actor, where: victims.Where, texts: tuple[str, ...]) -> None:
        self.world.evidence.append(
            Seen(
                at=self.world.now,
                person_id=actor.victim.person_id,
                where=where,
                crime_reference="",
                texts=texts,
            )
        )

    def _note_refusal(self, actor: _Actor, step: str) -> None:
        self.world.evidence.append(
            VictimRefused(at=self.world.now, person_id=actor.victim.person_id, step=step)
        )

    def _read_at_the_end(self, label: str) -> None:
        actor = self._actors[label]
        if self._session(actor) is None:
            for by in ("text", "email"):
                if actor.session is None:
                    self._sign_in(actor, by)  # type: ignore[arg-type]
        self._read(actor)

    def _ask(self, step: told.Ask) -> None:
        actor = self._actors[step.person]
        session = self._session(actor)
        if session is None or "two_way" not in self.world.portal.capabilities:
            return
        with suppress(Refused):
            victims.ask(
                self.world, actor.victim, session, self._references[step.crime], step.text
            )
        self.advance(self.world.now)

    def _choose(self, actor: _Actor, channels: tuple[Channel, ...]) -> None:
        session = self._session(actor)
        if session is None:
            return
        with suppress(Refused):
            if channels:
                victims.choose_contact(self.world, actor.victim, session, channels)
            else:
                victims.withdraw(self.world, actor.victim, session)
        self.advance(self.world.now)

    def _holds(self, label: str) -> told.Stranger | told.Person:
        return self._held[label] if label in self._held else self._actors[label].person

    def _text_back(self, step: told.TextBack) -> None:
        phone = self._holds(step.person).phone
        if phone and "received_texts" in self.world.portal.capabilities:
            self.world.inbound.by_text(phone, step.words)
            self.advance(self.world.now)

    def _not_for_me(self, step: told.SayNotForMe) -> None:
        held = self._holds(step.person)
        address = held.phone if step.channel == "text" else held.mailbox
        if address and "not_for_me" in self.world.portal.capabilities:
            with suppress(Refused):
                self.world.inbound.not_for_me(address, written=step.written)
            self.advance(self.world.now)

    def _break_down(self, what: str) -> None:
        breakdowns = self.world.breakdowns
        match what:
            case "crime system down":
                breakdowns.take_crime_system_down()
            case "crime system back":
                breakdowns.bring_crime_system_back()
            case "gateway down":
                breakdowns.take_gateway_down()
            case "gateway back":
                breakdowns.bring_gateway_back()
            case "portal restarted":
                if breakdowns.restart is None or "restarts" not in self.world.portal.capabilities:
                    return
                breakdowns.restart_portal()
                for actor in self._actors.values():
                    actor.session = None
        self.advance(self.world.now)

    def _try(self, step: told.Try) -> None:
        actor = self._actors[step.person]
        if step.attempt == "another's crime":
            self._try_anothers_crime(actor, self._actors.get(step.by))
            return
        link = victims.latest_link(self.world, actor.victim)
        portal = self.world.portal
        with suppress(Refused):
            if step.attempt == "changed link" and link:
                portal.open_invitation(f"{link[:-3]}{link[-3:][::-1]}x")
            elif step.attempt == "wrong proof by address" and actor.signed_in_at is not None:
                address = self._address_of(actor, "text") or self._address_of(actor, "email")
                if address:
                    first = portal.begin_sign_in(address)
                    portal.prove(first, self._wrong_proof(actor))

    def _wrong_proof(self, actor: _Actor) -> str:
        return self.identity.proof_of(
            agreed_word="lighthouse", born=actor.person.born + timedelta(days=400)
        )

    def _try_anothers_crime(self, actor: _Actor, by: _Actor | None) -> None:
        """Ask for a person's crimes with the session of another."""
        session = self._session(by) if by is not None else None
        if by is None or session is None or by is actor:
            return
        for reference in self._references.values():
            with suppress(Refused):
                victims.look_at_timeline(self.world, by.victim, session, reference)
            with suppress(Refused):
                victims.look_at_conversation(self.world, by.victim, session, reference)
