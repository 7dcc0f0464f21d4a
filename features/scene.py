"""One scenario's people and crimes, in a world it may share with others: nobody is used twice."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from msgspec import structs

from reference.contract.events import (
    AnyEvent,
    Channel,
    CrimeRecorded,
    Officer,
    VictimDetailsChanged,
    VictimRecord,
)
from reference.contract.identity import agreed_word_digest
from simulator.clock import next_working_morning
from simulator.drivers.base import Session
from simulator.evidence import PersonKnown, TaskRaised
from simulator.gateway.inbox import Accepted
from simulator.victims import Victim, accept_invitation, latest_link, messages_of, sign_in_again
from simulator.world import World

OFFICER = Officer("PC Okafor", "4271")
TEAM = "Burglary Team"
WORD = "kingfisher"

#: Crimes by the words of the features: subgroup, code, offence.
OFFENCES = {
    "bicycle theft": ("Bicycle theft", "44", "Theft of a pedal cycle"),
    "burglary at home": ("Residential burglary", "28I", "Burglary in a dwelling"),
    "assault": ("Violence without injury", "105A", "Assault without injury"),
    "public order offence": ("Public order offences", "9A", "Causing public fear or alarm"),
    "sexual offence": ("Other sexual offences", "20A", "Sexual assault"),
}


class Unmet(AssertionError):
    """What a step asked for was not so."""

    def __init__(self, expected: str, observed: str) -> None:
        super().__init__(f"expected: {expected}; observed: {observed}")
        self.expected = expected
        self.observed = observed


@dataclass
class Actor:
    """One person of a scenario, as the sentences have built them so far."""

    name: str
    known: PersonKnown
    record: VictimRecord
    crime_reference: str = ""
    session: Session | None = None
    since: datetime | None = None
    asked: list[str] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)
    told: list[Accepted] = field(default_factory=list)

    session_at: datetime | None = None

    @property
    def victim(self) -> Victim:
        """This person, as the functions of the simulator want them."""
        return Victim(self.known, self.record, WORD)


class Register:
    """Numbers, names and references that a run has not used yet."""

    def __init__(self, identity_key: str) -> None:
        self._identity_key = identity_key
        self._people = 0
        self._crimes = 0

    def person(self, name: str, channels: tuple[Channel, ...], at: datetime) -> Actor:
        """Make a person with a phone and a mailbox of their own."""
        self._people += 1
        number = self._people
        person_id = f"person-{number:05d}"
        known = PersonKnown(
            at=at,
            person_id=person_id,
            role="victim",
            given_name=name,
            family_name=_FAMILY_NAMES[number % len(_FAMILY_NAMES)],
            mobile_phone=self._mobile(number),
            email=f"{name.lower()}.{number}@example.com",
        )
        record = VictimRecord(
            person_id=person_id,
            given_name=known.given_name,
            family_name=known.family_name,
            born=date(1984, 5, 1),
            mobile_phone=known.mobile_phone if "text" in channels else "",
            email=known.email if "email" in channels else "",
            preferred_channels=channels,
            safe_to_contact=True,
            agreed_word_digest=agreed_word_digest(self._identity_key, person_id, WORD),
        )
        return Actor(name, known, record)

    def crime_reference(self, prefix: str, at: datetime) -> str:
        """Make an occurrence number nobody has."""
        self._crimes += 1
        return f"{prefix}{at:%y}{self._crimes:07d}"

    @staticmethod
    def _mobile(number: int) -> str:
        """Ofcom's drama mobiles, without those to which Notify gives a meaning."""
        usable = [n for n in range(1000) if n not in _MAGIC]
        if number >= len(usable):
            raise RuntimeError("a run has at most 994 people with a phone of their own")
        return f"07700900{usable[number]:03d}"


class Scene:
    """What the steps of one scenario act on."""

    def __init__(self, world: World, register: Register) -> None:
        self.world = world
        self.register = register
        self.actors: dict[str, Actor] = {}
        self.last_event_id = ""
        self.held_event_id = ""
        self.refused = ""
        self.stranger_came_in = False
        if "test_clock" in world.portal.capabilities:
            world.advance(next_working_morning(world.now))
        self.starts = world.now

    def actor(self, name: str) -> Actor:
        """Find a person of this scenario."""
        return self.actors[name]

    def add(self, name: str, channels: tuple[Channel, ...]) -> Actor:
        """Bring a person into the scenario."""
        actor = self.register.person(name, channels, self.world.now)
        self.actors[name] = actor
        return actor

    def change(self, actor: Actor, **fields: object) -> None:
        """Write something else down of a person, before the crime is recorded."""
        actor.record = structs.replace(actor.record, **fields)

    def record_crime(
        self,
        actors: list[Actor],
        crime: str,
        *,
        recorded_at: datetime | None = None,
        marker: str = "",
        hold_back: bool = False,
    ) -> None:
        """Record a crime with its victims, who from now on exist."""
        subgroup, code, offence = OFFENCES[crime]
        force = next(iter(self.world.order.forces))
        prefix = self.world.order.forces[force].reference_prefix
        reference = self.register.crime_reference(prefix, self.world.now)
        for actor in actors:
            self.world.meet(actor.known)
            actor.crime_reference = reference
            actor.since = self.world.now
        event = CrimeRecorded(
            crime_reference=reference,
            force=force,
            offence_code=code,
            offence_subgroup=subgroup,
            offence=offence,
            recorded_at=recorded_at or self.world.now,
            safeguarding=(marker,) if marker else (),
            victims=tuple(actor.record for actor in actors),
        )
        if hold_back:
            self.held_event_id = self.world.crime_system.record(event)
            self.world.integration.hold_back(self.held_event_id)
        else:
            self.happens(event)

    def mend(self, actor: Actor, **fields: object) -> None:
        """Have the force write something else down once the portal knows the crime."""
        actor.record = structs.replace(actor.record, **fields)
        self.happens(
            VictimDetailsChanged(crime_reference=actor.crime_reference, victim=actor.record)
        )

    def happens(self, event: AnyEvent) -> None:
        """Record a fact in the crime system, to be delivered at once."""
        self.last_event_id = self.world.crime_system.record(event)
        if "test_clock" in self.world.portal.capabilities:
            self.world.advance(self.world.now)

    def register_with_portal(self, actor: Actor) -> None:
        """Be invited and come through the sign-in."""
        self.await_message(actor, "an invitation", lambda each: bool(self.world.link_in(each)))
        link = latest_link(self.world, actor.victim)
        self.come_in(actor, lambda: accept_invitation(self.world, actor.victim, link))
        self.world.advance(self.world.now + timedelta(minutes=1))
        actor.since = self.world.now

    def come_in(self, actor: Actor, sign_in: Callable[[], Session]) -> None:
        """Sign in, and remember when."""
        actor.session = sign_in()
        actor.session_at = self.world.now

    def session_of(self, actor: Actor) -> Session:
        """Give the session of somebody who has signed in; after a while they sign in again."""
        assert actor.session is not None, f"{actor.name} never signed in"
        assert actor.session_at is not None
        age = self.world.now - actor.session_at
        if age >= timedelta(minutes=self.world.order.sign_in.session_minutes / 2):
            address = actor.record.mobile_phone or actor.record.email
            self.come_in(actor, lambda: sign_in_again(self.world, actor.victim, address))
        return actor.session

    def heard(self, actor: Actor, channel: str = "") -> list[Accepted]:
        """List what a person was sent since the scenario last looked, one-time codes apart."""
        since = actor.since or self.starts
        return [
            each
            for each in messages_of(self.world, actor.victim)
            if each.accepted_at >= since
            and channel in ("", each.channel)
            and (self.world.link_in(each) or not self.world.code_in(each))
        ]

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
            raise Unmet(
                f"{actor.name} hears {what}{by} within {limit}", "; ".join(others) or "nothing"
            )
        return found()[0]

    def is_asked_to_look(self, actor: Actor) -> bool:
        """Say whether somebody at the force was asked to look at a person's details."""
        return any(
            isinstance(record, TaskRaised)
            and record.task_kind == "contact_details"
            and record.person_id == actor.record.person_id
            for record in self.world.evidence.records
        )

    def patience(self) -> timedelta:
        """How long a message may take in this phase, quiet hours included."""
        messages = self.world.order.messages
        wanted = self.world.now
        if self.world.order.phase_at(self.world.now) >= 2:
            wanted += timedelta(minutes=messages.bundle_minutes)
        opens = self.world.order.quiet_until(wanted)
        return opens - self.world.now + timedelta(minutes=messages.minutes_max)


def channels_of(words: str) -> tuple[Channel, ...]:
    """Read "text", "email" or "text and email"."""
    wanted: tuple[Channel, ...] = ("text", "email")
    return tuple(channel for channel in wanted if channel in words.split(" and "))


_MAGIC = {0, 1, 2, 3, 111, 222}
_FAMILY_NAMES = ("Blythe", "Corran", "Dunmore", "Ellwood", "Farrow", "Garside", "Hexham", "Ilmore")
