"""The synthetic people of one check, their crimes, and the messages that reach them.

Each check has its own people and references, so a portal can be checked again.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from msgspec import structs

from reference.contract.events import Channel, CrimeRecorded, VictimRecord
from reference.contract.messages import TaskKind
from simulator.errors import CannotVerify
from simulator.evidence.records import EventDelivered, PersonKnown, TaskRaised
from simulator.neighbours.gateway.inbox import Accepted
from simulator.population.identity import Identity
from simulator.world.integration import READ_SECONDS_MAX
from simulator.world.victims import Victim, messages_of
from simulator.world.world import World

_WORD, _BORN = "kingfisher", date(1984, 5, 1)
_LINGER_SECONDS = 2.0
_LINGER_MINUTES = 30


class SyntheticPeople:
    """The people of one check. `run` distinguishes one check from another."""

    def __init__(self, world: World, *, identity: Identity, run: datetime) -> None:
        self.world = world
        self._identity = identity
        self._run = f"{run:%y%m%d%H%M%S}"
        #: The channels of a person if the check does not depend on them.
        self.channels: tuple[Channel, ...] = ("text",)
        # Each run uses other numbers: a number that many people gave belongs to nobody.
        has_handsets = world.recipients.handsets is not None
        self._first = 0 if has_handsets else int(run.timestamp()) % 900
        self._count = 0

    def meet(
        self, name: str, channels: tuple[Channel, ...], **written: str
    ) -> tuple[Victim, CrimeRecorded]:
        """Add a victim to the world, with a crime that is not recorded yet.

        `written` is what the force wrote down in place of the truth. Raises CannotVerify if the
        run has no phone or mailbox left.
        """
        number = self._first + self._count
        self._count += 1
        recipients = self.world.recipients
        held = {
            "text": recipients.mobile(number),
            "email": recipients.mailbox(f"{name}{self._run}", number),
        }
        if missing := [each for each in channels if not held[each]]:
            raise CannotVerify(
                f"access.handsets has no address left for {missing[0]}; "
                f"this check needs {self._count} people so far"
            )
        known = PersonKnown(
            at=self.world.now,
            person_id=f"check-{self._run}-{self._count}",
            role="victim",
            given_name=name,
            family_name="Blythe",
            mobile_phone=held["text"],
            email=held["email"],
        )
        proof = self._identity.proof_of(agreed_word=_WORD, born=_BORN)
        record = VictimRecord(
            person_id=known.person_id,
            given_name=name,
            family_name=known.family_name,
            born=_BORN,
            mobile_phone=known.mobile_phone,
            email=known.email,
            preferred_channels=channels,
            safe_to_contact=True,
        )
        record = self._identity.written_down(structs.replace(record, **written), proof)
        self.world.meet(known)
        return Victim(known, record, proof), self._crime(record)

    def record(self, crime: CrimeRecorded) -> str:
        """Record a crime and deliver it at once; return the event's id."""
        event_id = self.world.crime_system.record(crime)
        self.world.settle()
        return event_id

    def last_answer_to(self, event_id: str) -> int | None:
        """Return the portal's last answer to an event; None if it has not taken the event.

        A portal that fetches events is given the time to do so.
        """
        within = timedelta(seconds=READ_SECONDS_MAX)
        self.world.wait_for(lambda: bool(self._statuses_of(event_id)), within)
        return next(reversed(self._statuses_of(event_id)), None)

    def _statuses_of(self, event_id: str) -> list[int]:
        """List the portal's answers to an event, delivery by delivery."""
        return [
            each.status
            for each in self.world.evidence.records
            if isinstance(each, EventDelivered) and each.event_id == event_id
        ]

    def invitations(self, victim: Victim, channel: str = "") -> list[Accepted]:
        """List the invitations that reached a victim."""
        return [
            each
            for each in messages_of(self.world, victim)
            if self.world.link_in(each) and channel in ("", each.channel)
        ]

    def has_task(self, victim: Victim, *kinds: TaskKind) -> bool:
        """Return whether the portal raised a task of these kinds about a victim."""
        return any(
            isinstance(each, TaskRaised)
            and each.person_id == victim.person_id
            and each.task_kind in kinds
            for each in self.world.evidence.records
        )

    def wait_for(self, condition: Callable[[], bool]) -> bool:
        """Wait as long as the order lets a message take, including quiet hours."""
        opens = self.world.order.quiet_until(self.world.now)
        minutes = timedelta(minutes=self.world.order.messages.minutes_max)
        return self.world.wait_for(condition, opens - self.world.now + minutes)

    def wait_for_nothing(self) -> None:
        """Wait long enough for an unwanted message to arrive."""
        is_virtual = "test_clock" in self.world.portal.capabilities
        longer = timedelta(minutes=_LINGER_MINUTES)
        self.world.wait_for(
            lambda: False, longer if is_virtual else timedelta(seconds=_LINGER_SECONDS)
        )

    def _crime(self, record: VictimRecord) -> CrimeRecorded:
        order = self.world.order
        force = next(iter(order.forces))
        subgroup = order.eligibility.offence_subgroups[0]
        return CrimeRecorded(
            crime_reference=f"{order.forces[force].reference_prefix}{self._run}{self._count:02d}",
            force=force,
            offence_code="",
            offence_subgroup=subgroup,
            offence=subgroup,
            recorded_at=self.world.now,
            victims=(record,),
        )
