"""Plays a story in a world: the force acts, victims use the portal, neighbours break down.

What a person cannot do, because no link or code has come, they do not do. The portal's answers and
all else go into the evidence; whether they were right is for the judge.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from msgspec import structs

from reference.contract.events import (
    AppointmentMade,
    CrimeAllocated,
    CrimeRecorded,
    CrimeTransferred,
    Officer,
    OfficerDeployed,
    OfficerReplied,
    VictimDetailsChanged,
    VictimRecord,
)
from simulator.drivers.base import Refused
from simulator.errors import CannotVerify, SuiteError
from simulator.evidence.records import Stamped
from simulator.explore import steps as told
from simulator.explore.actor import Actor, as_known
from simulator.explore.contract_limits import LIMITS
from simulator.explore.force_events import Named, event_of
from simulator.explore.labels import Labels
from simulator.explore.odd_deliveries import OddDeliveries
from simulator.explore.sign_in_playing import SignInPlay
from simulator.explore.story import Person, Story, Stranger
from simulator.inputs.own_people import OwnPeople
from simulator.population.identity import Identity
from simulator.world.made_up_records import MadeUpRecords
from simulator.world.world import World

_LAST_LOOKS = timedelta(minutes=1)
_AUTHOR = "Investigation"
_DAY = 86_400
#: These need nothing of the portal; what comes of them may go into the evidence later.
_ALWAYS_DONE = (
    told.Wait,
    told.ForceStep,
    told.WriteNote,
    told.SendHeldBack,
    told.DeliverTogether,
    told.SendInvalid,
    told.SendBeyond,
    told.Forge,
    told.Move,
)


@dataclass
class Play:
    """A story that is being played in a world, perhaps beside others: `play` plays all of it."""

    world: World
    identity: Identity
    story: Story
    own: OwnPeople = field(default_factory=OwnPeople)
    #: The steps that were really done, in their order: others needed a link or a claim.
    done: list[told.Step] = field(init=False, default_factory=list)
    _actors: dict[str, Actor] = field(init=False, default_factory=dict)
    _strangers: dict[str, Stranger] = field(init=False, default_factory=dict)
    _references: dict[str, str] = field(init=False, default_factory=dict)
    _event_ids: dict[str, str] = field(init=False, default_factory=dict)
    _odd: OddDeliveries = field(init=False)

    def __post_init__(self) -> None:
        self._odd = OddDeliveries(self.world)
        self.world.breakdowns.on_restart.append(self._lose_sessions)
        self._sign_ins = SignInPlay(self.world, self.identity, self._actors, self._strangers)
        # A way returns True if it is done though it leaves no evidence.
        self._ways: dict[type, Callable[[Any], bool | Iterator[datetime] | None]] = {
            told.Wait: self._wait,
            told.SendHeldBack: self._send_held_back,
            told.WriteNote: self._write_note,
            told.SignIn: self._sign_in,
            told.SignOut: lambda step: self._actors[step.person].sign_out(older=step.older),
            told.Read: lambda step: self._actors[step.person].read(older=step.older),
            told.Ask: self._ask,
            told.ChooseChannels: lambda step: self._actors[step.person].choose(step.channels),
            told.WithdrawSupport: self._withdraw_support,
            told.TextBack: self._text_back,
            told.SayNotForMe: self._not_for_me,
            told.Move: self._move,
            told.Pry: self._pry,
            told.Guess: self._sign_ins.guess,
            told.EnterCode: self._sign_ins.enter_code,
            told.SignInTogether: self._sign_ins.sign_in_together,
            told.FollowLink: self._sign_ins.follow_link,
            told.VisitLinks: self._sign_ins.visit_links,
            told.SignInFrom: self._sign_ins.sign_in_from,
            told.CompareAnswers: self._sign_ins.compare_answers,
            told.UseSession: self._sign_ins.use_session,
            told.KeepReading: self._sign_ins.keep_reading,
            told.Breakdown: self._break_down,
            told.StartSecondWorker: self._start_second_worker,
            told.DeliverTogether: self._deliver_together,
            told.SendInvalid: self._send_invalid,
            told.SendBeyond: self._send_beyond,
            told.Forge: self._forge,
            told.TellReceipt: self._tell_receipt,
            told.RefuseSend: self._refuse_send,
        }

    def play(self) -> Iterator[datetime]:
        """Play every step, let time pass until the end, and let everyone who can read it all.

        Gives each time until which all must have happened that is due, before it goes on.
        """
        self._meet()
        yield self.story.begins_at
        for step in self.story.steps:
            yield from self._play_step(step)
            yield self.world.now
        self.world.breakdowns.bring_all_back()
        for label in sorted({it.person for it in self.story.steps if isinstance(it, told.SignIn)}):
            self._actors[label].come_and_read()
        yield self.world.now + timedelta(seconds=self.story.ends_after_seconds)
        for actor in self._actors.values():
            actor.come_and_read()
        yield self.world.now + _LAST_LOOKS

    def _play_step(self, step: told.Step) -> Iterator[datetime]:
        before = len(self.world.evidence.records)
        try:
            is_done = self._ways.get(type(step), self._record)(step)
            if isinstance(is_done, Iterator):
                yield from is_done
                is_done = None
        except CannotVerify:
            # What cannot be done with this portal is not done.
            return
        except SuiteError:
            # The portal gave a wrong answer to the step, so the step was done.
            self.done.append(step)
            raise
        has_evidence = len(self.world.evidence.records) > before
        if is_done or has_evidence or isinstance(step, _ALWAYS_DONE):
            self.done.append(step)

    def _meet(self) -> None:
        ids = {each.label: each.record.person_id for each in self.story.people}
        for person in self.story.people:
            same_as = ids.get(person.same_as, "")
            actor = Actor(self.world, self.identity, person, same_as)
            self._actors[person.label] = actor
        for actor in self._actors.values():
            actor.meet_others(self._actors.values())
        for stranger in self.story.strangers:
            self._strangers[stranger.label] = stranger
            self.world.meet(as_known(stranger, self.world.now))

    def _wait(self, step: told.Wait) -> Iterator[datetime]:
        yield self.world.now + timedelta(seconds=step.seconds)

    def _record(self, step: told.ForceStep) -> None:
        world = self.world
        if isinstance(step, told.ReportIncident):
            self._references[step.crime] = self._new_reference(step)
            self._actors[step.person].write_down(self._actors[step.person].victim.record)
        elif isinstance(step, told.RecordCrime):
            if step.crime not in self._references:
                self._references[step.crime] = self._new_reference(step)
            for label, role in zip(step.people, step.roles, strict=True):
                actor = self._actors[label]
                actor.write_down(actor.victim.record, role=role)
        elif isinstance(step, told.ChangeDetails):
            self._actors[step.person].agree(step.word)
            self._actors[step.person].write_down(step.record)
        event = event_of(step, self._named(), world.now)
        happened_at = world.now - timedelta(seconds=step.happened_seconds_ago)
        event_id = world.crime_system.record(
            event, happened_at=happened_at, elsewhere=step.elsewhere
        )
        self._event_ids[step.event] = event_id
        if step.carriage == "held back":
            world.integration.hold_back(event_id)
        elif step.carriage == "twice":
            world.settle()
            world.integration.redeliver(event_id)

    @property
    def labels(self) -> Labels:
        """What the labels of crimes and events have stood for until now."""
        return Labels(crimes=dict(self._references), events=dict(self._event_ids))

    def _new_reference(self, step: told.RecordCrime | told.ReportIncident) -> str:
        prefix = self.world.order.forces[step.force].reference_prefix
        records = MadeUpRecords(self.story.seed, self.own)
        return records.crime_reference(prefix, self.world.now, step.crime)

    def _named(self, **more: str) -> Named:
        records = {label: each.victim.record for label, each in self._actors.items()}
        asked: dict[str, list[str]] = defaultdict(list)
        label_of = {each.person_id: label for label, each in records.items()}
        for each in self.world.evidence.records:
            if isinstance(each, Stamped) and each.person_id in label_of:
                asked[label_of[each.person_id]].append(each.key)
        return Named(self._references | more, records, asked)

    def _deliver_together(self, step: told.DeliverTogether) -> None:
        events = (step.events[0],) * step.copies_before + step.events
        self.world.integration.redeliver_together([self._event_ids[each] for each in events])

    def _send_invalid(self, step: told.SendInvalid) -> None:
        event = OfficerDeployed(
            crime_reference=self._references[step.crime], deployed_at=self.world.now
        )
        along = self._event_ids[step.along] if step.along else ""
        self._odd.send_invalid(event, step.defect, along=along)

    def _send_beyond(self, step: told.SendBeyond) -> None:
        """Send an event of the crime's first person, all of it as it should be but one field."""
        recorded = next(
            each
            for each in self.story.steps
            if isinstance(each, told.RecordCrime) and each.crime == step.crime
        )
        likely = _event_with(step, recorded, self._named().records[recorded.people[0]])
        event = event_of(likely, self._named(), self.world.now)
        self._odd.send_beyond(event, step.field, step.value)

    def _forge(self, step: told.Forge) -> None:
        claim, named = step.claim, self._named()
        if isinstance(claim, told.RecordCrime):
            named = self._named(**{claim.crime: self._new_reference(claim)})
        elif isinstance(claim, told.ChangeDetails):
            records = {**named.records, claim.person: claim.record}
            named = structs.replace(named, records=records)
        event = event_of(claim, named, self.world.now)
        as_event_id = self._event_ids[step.as_event] if step.as_event else ""
        self._odd.forge(event, step.signed_by, as_event_id=as_event_id)

    def _tell_receipt(self, step: told.TellReceipt) -> bool:
        address = self._actors[step.person].address(step.channel)
        if address:
            self.world.messages.plan_receipt(address, step.receipt, of_code=step.of_code)
        return bool(address) and "receipts" in self.world.portal.capabilities

    def _refuse_send(self, step: told.RefuseSend) -> None:
        if address := self._actors[step.person].address(step.channel):
            self.world.messages.plan_refusal(address, step.status)

    def _send_held_back(self, step: told.SendHeldBack) -> None:
        self.world.integration.redeliver(self._event_ids[step.event])

    def _write_note(self, step: told.WriteNote) -> None:
        reference = self._references[step.crime]
        self.world.crime_system.write_note(reference, step.text, author=_AUTHOR)

    def _ask(self, step: told.Ask) -> None:
        self._actors[step.person].ask(self._references[step.crime], step.text, step.about)

    def _withdraw_support(self, step: told.WithdrawSupport) -> None:
        self._actors[step.person].withdraw_support(self._references[step.crime], step.until)

    def _held_by(self, label: str) -> Stranger | Person:
        return self._strangers.get(label) or self._actors[label].person

    def _text_back(self, step: told.TextBack) -> None:
        phone = self._held_by(step.person).phone
        if phone and "received_texts" in self.world.portal.capabilities:
            self.world.inbound.by_text(phone, step.words)

    def _not_for_me(self, step: told.SayNotForMe) -> None:
        holder = self._held_by(step.person)
        address = holder.phone if step.channel == "text" else holder.mailbox
        if address and "not_for_me" in self.world.portal.capabilities:
            with suppress(Refused):
                self.world.inbound.not_for_me(
                    address, written=step.written, is_holder=step.as_holder
                )

    def _move(self, step: told.Move) -> None:
        old = self._actors[step.person].move(phone=step.phone, mailbox=step.mailbox)
        if step.other:
            known = structs.replace(
                self._strangers[step.other], phone=old.phone, mailbox=old.mailbox
            )
            self._strangers[step.other] = known
            self.world.meet(as_known(known, self.world.now))

    def _sign_in(self, step: told.SignIn) -> None:
        self._actors[step.person].sign_in(step.by, written=step.written, typed=step.typed)

    def _pry(self, step: told.Pry) -> bool:
        """Ask for every crime by its reference, and write about those of others.

        Return whether the portal was asked.
        """
        actor = self._actors[step.person]
        was_asked = actor.pry(list(self._references.values()))
        actor.write_about(self._of_others(step.person))
        return was_asked

    def _of_others(self, person: str) -> list[str]:
        people: dict[str, set[str]] = {}
        merged = self._ever_merged_with(person)
        for step in self.story.steps:
            if isinstance(step, told.RecordCrime):
                people[step.crime] = set(step.people)
            elif isinstance(step, told.Merge):
                both = people.get(step.crime, set()) | people.get(step.into, set())
                people[step.crime] = people[step.into] = both
        return [
            self._references[each]
            for each in self._references
            if not merged & people.get(each, set())
        ]

    def _ever_merged_with(self, person: str) -> set[str]:
        found, before = {person}, set[str]()
        steps = [each for each in self.story.steps if isinstance(each, told.MergePersons)]
        while found != before:
            before = {*found}
            for each in steps:
                pair = {each.person, each.survivor}
                found |= pair if pair & found else set()
        return found

    def _break_down(self, step: told.Breakdown) -> None:
        breakdowns = self.world.breakdowns
        match step.what:
            case "crime system down":
                breakdowns.take_crime_system_down()
            case "crime system back":
                breakdowns.bring_crime_system_back()
            case "gateway down":
                breakdowns.take_gateway_down()
            case "gateway back":
                breakdowns.bring_gateway_back()
            case "portal restarted":
                self._restart()

    def _start_second_worker(self, _step: told.StartSecondWorker) -> None:
        if "workers" in self.world.portal.capabilities:
            self.world.breakdowns.start_second_worker()

    def _restart(self) -> None:
        breakdowns = self.world.breakdowns
        if breakdowns.restart is None or "restarts" not in self.world.portal.capabilities:
            return
        breakdowns.restart_portal()

    def _lose_sessions(self) -> None:
        for actor in self._actors.values():
            actor.lose_sessions()


def _event_with(
    step: told.SendBeyond, recorded: told.RecordCrime, record: VictimRecord
) -> told.ForceStep:
    crime, event, person = step.crime, "beyond", recorded.people[0]
    limit = LIMITS.get(step.field)
    kind = OfficerDeployed if limit is None else limit.event
    officer = Officer("PC Marsh", "4711")
    said: dict[type, told.ForceStep] = {
        OfficerDeployed: told.Deploy(crime=crime, event=event),
        CrimeRecorded: recorded,
        VictimDetailsChanged: told.ChangeDetails(
            crime=crime, event=event, person=person, record=record
        ),
        AppointmentMade: told.MakeAppointment(
            crime=crime, event=event, appointment="beyond", person=person, starts_in_seconds=_DAY
        ),
        CrimeAllocated: told.Allocate(crime=crime, event=event, officer=officer, team="Team"),
        CrimeTransferred: told.Transfer(crime=crime, event=event, to_force="Sussex Police"),
        OfficerReplied: told.Reply(crime=crime, event=event, person=person, text="Thank you."),
    }
    return said[kind]
