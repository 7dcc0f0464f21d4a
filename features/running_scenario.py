"""What the steps of one scenario act on: its people and crimes, in a world that scenarios share."""

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import islice
from typing import TypeVar

from msgspec import structs

from features.bystanders import record_beside
from features.offences import Offence, marker
from features.one_time_codes import Codes
from features.people import Actor, Register
from features.real_data import Deal
from features.scenario_data import ScenarioData
from features.scenario_evidence import Past
from reference.contract.events import (
    AnyEvent,
    Channel,
    CrimeRecorded,
    IncidentReported,
    Officer,
    VictimDetailsChanged,
)
from reference.contract.lawful_words import Ending
from simulator.clock import LONDON
from simulator.drivers.base import Refused, Session, Step
from simulator.evidence.records import (
    CrimeSystemCameBack,
    EventRecorded,
    GatewayCameBack,
    PersonKnown,
    Record,
    SignedIn,
)
from simulator.judge.facts.contact_fields import addresses_in
from simulator.neighbours.gateway.inbox import Accepted
from simulator.world.victims import (
    accept_invitation,
    latest_link,
    look_at_conversation,
    look_at_timeline,
    messages_of,
    sign_in_again,
)
from simulator.world.world import World

Written = TypeVar("Written", bound=Record)
#: A scenario that begins by now usually ends before the quiet hours. If each waited for a morning
#: of its own, the people of earlier scenarios would be sent years of messages meanwhile.
BEGINS_UNTIL_HOUR = 16


class Unmet(AssertionError):
    """A step did not find what it asked for."""

    def __init__(self, expected: str, observed: str) -> None:
        super().__init__(f"expected: {expected}; observed: {observed}")
        self.expected = expected
        self.observed = observed


class Scene:
    """One scenario in progress."""

    def __init__(
        self,
        world: World,
        register: Register,
        past: Past,
        *,
        scenario: str = "",
        drawn_by: str = "",
        deal: Deal | None = None,
        id: str = "",
    ) -> None:
        self.world = world
        self.register = register
        self._past = past
        self.name = scenario
        self.drawn_by = drawn_by or scenario
        self.actors: dict[str, Actor] = {}
        #: What the scenario was dealt, and others of whose crimes nothing may be told.
        self.data = ScenarioData(deal or Deal(), id, world.order)
        self.bystanders: list[Actor] = []
        #: The force whose crimes this scenario is about.
        self.force = register.one_of(list(world.order.forces), self.drawn_by)
        self.last_event_id = ""
        self.held_event_id = ""
        #: Every crime as it was recorded, by its reference.
        self.recorded: dict[str, CrimeRecorded] = {}
        #: The references of crimes that its people went through before.
        self.earlier: set[str] = set()
        #: How the last crime that was closed ended.
        self.ending = Ending(18, "unknown", interviewed=None)
        #: What happened that no message may say: offences, references, officers, places.
        self.secrets: set[str] = set()
        self.refused = ""
        self.shown_of_another: list[str] = []
        self.stranger_came_in_by = ""
        #: A sign-in under way, the code that was sent for it, and the person whose it is.
        self.step: Step | None = None
        self.code = ""
        self.at_code: Actor | None = None
        #: The link or code tried by a person it was not meant for, if the portal accepted it.
        self.tried = ""
        if "test_clock" in world.portal.capabilities:
            working_days = world.order.working_days
            world.advance(working_days.next_between(world.now, until_hour=BEGINS_UNTIL_HOUR))
        records = world.evidence.records
        self._begun = len(records)
        self._codes = Codes(world.order, records, self._begun, self._whose)
        self.starts = world.now
        self.happened_at = self.took_place_at = world.now
        self.asked_at = world.now
        self.appointment_at = world.now

    @property
    def begun(self) -> int:
        """How many records there were when this scenario, or the earliest of its people, began."""
        return self._begun

    def own_evidence(self, *, until: int | None = None) -> list[Record]:
        """List the evidence since this scenario began by which its people may be judged."""
        return list(self._past.own_of(self.world.evidence.records, self._begun, until))

    def written(self, kind: type[Written]) -> list[Written]:
        """List the records of one kind since this scenario began."""
        records = islice(self.world.evidence.records, self._begun, None)
        return [each for each in records if isinstance(each, kind)]

    def actor(self, name: str) -> Actor:
        """Find a person of this scenario."""
        return self.actors[name]

    def officer(self, named: str) -> Officer:
        """Give the officer whom the features call so."""
        return self.data.officer(named, self.register.officers[named])

    @property
    def officers(self) -> dict[str, Officer]:
        """The officers, by what the features call them."""
        return {each: self.officer(each) for each in self.register.officers}

    def offence(self, words: str) -> Offence:
        """Give the crime that the features call so."""
        return self.data.offence(words)

    def as_drawn(self, words: str) -> str:
        """Put what was drawn in for officers and words of the features."""
        for role, officer in self.officers.items():
            words = words.replace(family_of(role), family_of(officer.name))
        return self.data.said(words)

    @property
    def first(self) -> Actor:
        """The person the scenario is about when a step names none."""
        return next(iter(self.actors.values()))

    def add(self, name: str, channels: tuple[Channel, ...], *, of_record: str = "") -> Actor:
        """Add a person to the scenario, with a record of their own unless one is named."""
        actor = self.register.person(
            name, channels, self.world.now, of_record=of_record, scenario=self.drawn_by
        )
        known = [each.known for each in self.actors.values()]
        others = {name for each in known for name in (each.given_name, each.family_name)}
        today = self.world.now.astimezone(LONDON).date()
        self.data.write_down(actor, len(self.actors), today, others)
        self.actors[name] = actor
        return actor

    def meet(self, known: PersonKnown) -> None:
        """Add a person to the world, with what they hold."""
        self.world.meet(known)

    def bring_in(self, actor: Actor, begun: int) -> None:
        """Add a person from before, who is judged by all evidence since they appeared."""
        self.actors[actor.name] = actor
        self._begun = min(self._begun, begun)
        self.take_note_of_page(actor)
        self.take_note(actor)

    def change(self, actor: Actor, **fields: object) -> None:
        """Change a person's record before the crime is recorded."""
        actor.record = structs.replace(actor.record, **fields)

    def record_crime(
        self,
        actors: list[Actor],
        crime: str,
        *,
        recorded_at: datetime | None = None,
        markers: tuple[str, ...] = (),
        hold_back: bool = False,
        reference: str = "",
    ) -> None:
        """Record a crime with its victims, who exist in the world from now on.

        One that was reported before has its `reference` already.
        """
        recorded_as = self.offence(crime)
        self._record_beside()
        prefix = self.world.order.forces[self.force].reference_prefix
        reference = reference or self.register.crime_reference(prefix, self.world.now)
        self.secrets |= {reference, recorded_as.offence}
        for actor in actors:
            if not actor.crime_reference:
                self.meet(actor.known)
            actor.crime_reference = reference
            actor.crimes[crime] = reference
            self.data.recorded(actor.record)
        event = CrimeRecorded(
            crime_reference=reference,
            force=self.force,
            offence_code=recorded_as.code,
            offence_subgroup=recorded_as.subgroup,
            offence=recorded_as.offence,
            recorded_at=recorded_at or self.world.now,
            safeguarding=markers,
            victims=tuple(actor.record for actor in actors),
        )
        event = self.data.described(event)
        self.secrets |= {event.area} - {""}
        self.recorded[reference] = event
        if hold_back:
            self.held_event_id = self.world.crime_system.record(event)
            self.world.integration.hold_back(self.held_event_id)
        else:
            self.happens(event)

    def _record_beside(self) -> None:
        """Record a bystander's crime before the first of the scenario's own."""
        if not self.recorded and not self.bystanders:
            self.bystanders = record_beside(self.world, self.register, self.data, self.force)

    def mend(self, actor: Actor, **fields: object) -> None:
        """Have the force change a person's record once the portal knows the crime."""
        actor.record = structs.replace(actor.record, **fields)
        self.happens(
            VictimDetailsChanged(crime_reference=actor.crime_reference, victim=actor.record)
        )

    def report_incident(self, actor: Actor, *, flag: str = "") -> None:
        """Have a person report something of which no crime is recorded yet."""
        if not actor.crime_reference:
            self.meet(actor.known)
        prefix = self.world.order.forces[self.force].reference_prefix
        actor.crime_reference = self.register.crime_reference(prefix, self.world.now)
        self.secrets.add(actor.crime_reference)
        self.data.recorded(actor.record)
        event = IncidentReported(
            crime_reference=actor.crime_reference,
            force=self.force,
            received_at=self.world.now,
            safeguarding=(marker(flag),) if flag else (),
            victim=actor.record,
        )
        self.happens(event)

    def happens(self, event: AnyEvent) -> None:
        """Record a fact in the crime system, to be delivered at once."""
        self.happened(self.world.crime_system.record(event))

    def happened(self, event_id: str, *, took_place_at: datetime | None = None) -> None:
        """Note what was just recorded in the crime system, and deliver it at once.

        It took place then, if at no other time.
        """
        self.happened_at = self.world.now
        self.took_place_at = took_place_at or self.world.now
        self.last_event_id = event_id
        if "test_clock" in self.world.portal.capabilities:
            self.world.advance(self.world.now)

    def appointment_id(self, actor: Actor) -> str:
        """Name the appointment with a person."""
        return f"{actor.crime_reference}-1"

    def steps_recorded(self, actor: Actor) -> int:
        """Count what happened to a person's crime after it was recorded."""
        silent = (CrimeRecorded.__name__, VictimDetailsChanged.__name__)
        return sum(
            each.crime_reference == actor.crime_reference and each.event_type not in silent
            for each in self.written(EventRecorded)
        )

    def register_with_portal(self, actor: Actor) -> None:
        """Wait for the invitation, sign in, and read the page."""
        self.await_message(actor, "an invitation", lambda each: bool(self.world.link_in(each)))
        link = latest_link(self.world, actor.victim)
        self.come_in(actor, lambda: accept_invitation(self.world, actor.victim, link))
        self.take_note_of_page(actor)
        self.world.advance(self.world.now + timedelta(minutes=1))
        self.take_note(actor)

    def come_in(self, actor: Actor, sign_in: Callable[[], Session]) -> None:
        """Sign in, and remember when."""
        actor.session = sign_in()
        actor.session_at = self.world.now

    def comes_in_by_code(self, actor: Actor, session: Session) -> None:
        """Note in the evidence that a person entered the code themselves, and came in."""
        self.world.evidence.append(SignedIn(at=self.world.now, person_id=actor.victim.person_id))
        self.come_in(actor, lambda: session)

    def session_of(self, actor: Actor) -> Session:
        """Give the session of a person who has signed in; after a while they sign in again."""
        assert actor.session is not None, f"{actor.name} never signed in"
        assert actor.session_at is not None
        age = self.world.now - actor.session_at
        if age >= timedelta(minutes=self.world.order.sign_in.session_minutes / 2):
            self.come_in(actor, lambda: sign_in_again(self.world, actor.victim, actor.address))
        return actor.session

    def read_page(self, actor: Actor) -> list[str]:
        """Read a crime's page as its victim, oldest entry first."""
        session = self.session_of(actor)
        return list(look_at_timeline(self.world, actor.victim, session, actor.crime_reference))

    def take_note_of_page(self, actor: Actor) -> None:
        """Remember the page, so that only later entries are new."""
        actor.page = self.read_page(actor)

    def new_on_page(self, actor: Actor) -> list[str]:
        """Read the entries that were not there before; an entry without words does not count.

        An entry that is repeated counts again: a team may take over a crime twice.
        """
        added = Counter(self.read_page(actor)) - Counter(actor.page)
        return [entry for entry in added.elements() if any(each.isalpha() for each in entry)]

    def read_conversation(self, actor: Actor) -> list[str]:
        """Read a person's own conversation, if the portal has one yet."""
        session = self.session_of(actor)
        reference = actor.crime_reference
        try:
            return list(look_at_conversation(self.world, actor.victim, session, reference))
        except Refused:
            return []

    def read_at_last(self) -> None:
        """Read the conversation for the judge, where an officer's reply was dealt."""
        if self.data.has_reply and self.first.session is not None:
            with suppress(Refused):
                self.read_conversation(self.first)

    def heard(self, actor: Actor, channel: str = "") -> list[Accepted]:
        """List the messages to a person that no step was about yet, without one-time codes."""
        return [
            each
            for each in messages_of(self.world, actor.victim)
            if each.message_id not in actor.noted
            and channel in ("", each.channel)
            and not self.is_code(each)
        ]

    def take_note(self, actor: Actor) -> None:
        """Remember every message so far, so that only later ones are new."""
        actor.noted |= {each.message_id for each in messages_of(self.world, actor.victim)}

    def is_code(self, message: Accepted) -> bool:
        """Say whether a message is the one-time code of a person who signs in."""
        return bool(self.world.code_in(message)) and self._codes.have(message.message_id)

    def _whose(self, address: str) -> set[str]:
        return {
            actor.record.person_id
            for actor in self.actors.values()
            if address in addresses_in(actor.record) or address in actor.victim.addresses
        }

    def await_message(
        self,
        actor: Actor,
        what: str,
        fits: Callable[[Accepted], bool],
        channel: str = "",
        within: timedelta | None = None,
    ) -> Accepted:
        """Wait for a message as long as the order allows; raises Unmet."""
        limit = within if within is not None else self.patience()

        def found() -> list[Accepted]:
            return [each for each in self.heard(actor, channel) if fits(each)]

        self.world.wait_for(lambda: bool(found()), limit)
        if not found():
            others = [f"{each.channel}: {each.body[:60]!r}" for each in self.heard(actor)]
            by = f" by {channel}" if channel else ""
            seen = ("; ".join(others) or "nothing") + self._wanted_reference(actor)
            raise Unmet(f"{actor.name} gets {what}{by} within {limit}", seen)
        return found()[0]

    def _wanted_reference(self, actor: Actor) -> str:
        """Say which event a message should name, where the portal names events; "" elsewhere."""
        if "correlates" not in self.world.portal.capabilities or not self.last_event_id:
            return ""
        came = ", ".join(repr(each.reference) for each in self.heard(actor)) or "none"
        return f": the latest event is {self.last_event_id!r}, and the references since are {came}"

    def comes_true(self, condition: Callable[[], bool]) -> bool:
        """Wait as long as the order lets a message take: no portal knows everything at once.

        After an outage, wait until the portal must have caught up.
        """
        now, order = self.world.now, self.world.order
        until = now + timedelta(minutes=order.messages.minutes_max)
        for ended in self._outages_ended_at():
            until = max(until, ended + timedelta(minutes=order.two_way.catch_up_minutes_max))
        return self.world.wait_for(condition, until - now)

    def patience(self) -> timedelta:
        """How long a message may take in this phase, with quiet hours and outages."""
        now, order = self.world.now, self.world.order
        wanted = now
        if order.phase_at(now) >= 2:
            wanted += timedelta(minutes=order.messages.bundle_minutes)
        until = order.quiet_until(wanted) + timedelta(minutes=order.messages.minutes_max)
        catch_up = timedelta(minutes=order.two_way.catch_up_minutes_max)
        for ended in self._outages_ended_at():
            caught_up = order.quiet_until(ended) + catch_up
            if (opens := order.quiet_until(caught_up)) > caught_up:
                caught_up = opens + catch_up
            until = max(until, caught_up)
        return until - now

    def _outages_ended_at(self) -> list[datetime]:
        """List when the crime system or the gateway came back in this scenario."""
        came_back = [*self.written(CrimeSystemCameBack), *self.written(GatewayCameBack)]
        return [each.at for each in came_back]


def family_of(name: str) -> str:
    """Give an officer's name without the rank."""
    return name.rsplit(maxsplit=1)[-1]


def refuse_any(messages: Sequence[Accepted], actor: Actor) -> None:
    """Raise Unmet if there is a message."""
    if messages:
        seen = "; ".join(f"{each.channel}: {each.body[:80]!r}" for each in messages[:3])
        raise Unmet(f"{actor.name} gets no message", f"{len(messages)} messages: {seen}")
