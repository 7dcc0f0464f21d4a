"""How many victims use a portal: they open the invitation or not, read, worry, ask and ring.

Stage 7 of a rehearsal. The person who really holds the phone or mailbox acts on what arrives there.
"""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np
from msgspec import structs
from numpy.typing import NDArray

from reference.contract.events import VictimRecord
from simulator.drivers.base import Refused, Session
from simulator.evidence.records import MessageAccepted, VictimRefused
from simulator.files.checked_toml import Amount, Share, Strict
from simulator.force.crime_journey import Change
from simulator.judge.facts.contact_fields import as_email, as_mobile
from simulator.neighbours.gateway.inbox import Accepted
from simulator.population.access_needs import AccessNeeds
from simulator.rehearsal.casework import Casework
from simulator.rehearsal.full_volume import Told, call_chance, is_too_many
from simulator.rehearsal.tester_crimes import BehaviourOfTesters, FollowedCrimes
from simulator.rehearsal.trust import Complaint, Trust, TrustParameters
from simulator.rehearsal.worries import (
    SILENCE,
    Worries,
    WorryParameters,
    is_settled_by_portal,
    may_be_calmed,
)
from simulator.streams import Streams
from simulator.world.victims import (
    Victim,
    accept_invitation,
    ask,
    look_at_conversation,
    look_at_crimes,
    look_at_timeline,
    sign_in_again,
)
from simulator.world.world import World

# Nobody can own the domain: RFC 2606 keeps it.
_NEW_MAILBOX = "moved.{row}@example.com"
_QUESTIONS = (
    "Has anybody looked at the cameras near where it happened?",
    "Is there any news? I have not heard for a while.",
    "I have found the receipt and some photographs. Where shall I send them?",
    "Will I need to come to court?",
    "Can you tell me who is looking after my case now?",
)


class VictimBehaviour(Strict, frozen=True, kw_only=True):
    """What victims do with the messages they get."""

    safe_to_contact: Share
    enhanced_rights: Share
    registers: Share
    opens_hours_mean: Amount
    reads_update: Share
    asks_on_visit: Share


@dataclass(frozen=True, kw_only=True)
class VictimParameters:
    """The numbers by which victims act. `registers` and `needs` have one entry a crime.

    `worries` is None, and `testers` is not, in a test period. Without `trust` everybody trusts.
    """

    behaviour: VictimBehaviour
    worry: WorryParameters
    worries: Worries | None
    testers: BehaviourOfTesters | None
    registers: NDArray[np.bool_]
    needs: AccessNeeds
    trust: TrustParameters | None


@dataclass(frozen=True)
class WhatVictimsDid:
    """Whether each worry led to a call, the messages that reached victims, and who signed in.

    `told` has the messages at full seconds, and whom they made ring.
    """

    rang: NDArray[np.bool_]
    told: Told
    registered: int
    complaints: list[Complaint]


class SimulatedVictims:
    """The victims followed through one portal. `rang` says for each worry whether it led to a call.

    A person has the row of their own crime. `followed.beside` gives, by a crime's row, the row of
    its second victim. Testers also try what must not work.

    Everything that a victim does is drawn by the victim, what they do, and what it follows from, so
    a message more or fewer to anybody changes nothing else.
    """

    def __init__(
        self,
        world: World,
        casework: Casework,
        parameters: VictimParameters,
        followed: FollowedCrimes,
        *,
        name: str,
        streams: Streams,
    ) -> None:
        worries = parameters.worries
        self._beside = followed.beside
        self._crime_of = {person: crime for crime, person in followed.beside.items()}
        self._testers = parameters.testers
        self._row_of_person: dict[str, int] = {}
        self._recorded_as: dict[str, Victim] = {}
        self._written: dict[str, VictimRecord] = {}
        self._second: dict[int, Victim] = {}
        self._signed_in_as: dict[int, Victim] = {}
        self._references: list[str] = []
        self._world = world
        self._casework = casework
        self._behaviour = parameters.behaviour
        self._worry = parameters.worry
        self._worries = worries
        self._registers = parameters.registers
        self._reads = parameters.behaviour.reads_update.value * parameters.needs.reads()
        self._asks_help = parameters.needs.rings()
        self._draws = streams.of_occasions(f"{name}: what victims do")
        self._row_of: dict[str, int] = {}
        self._victims: dict[int, Victim] = {}
        self._strangers: set[str] = set()
        self._has_registered: set[int] = set()
        self._has_died: set[int] = set()
        self._news_at: dict[int, datetime] = {}
        self._read_news_at: dict[int, datetime] = {}
        self._occasions: dict[str, str] = {}
        self._times: Counter[tuple[int, str]] = Counter()
        self._reached_at: dict[int, str] = {}
        self._looked_at: dict[int, datetime] = {}
        self.rang = np.ones(len(worries) if worries else 0, dtype=np.bool_)
        self._may_be_calmed = may_be_calmed(worries, parameters.worry) if worries else self.rang
        self._told: list[tuple[int, int, bool, bool, bool, float]] = []
        self._told_at: dict[int, list[int]] = {}
        self._trust: Trust | None = None
        if parameters.trust is not None:
            whom = streams.of_occasions(f"{name}: whom victims trust")
            self._trust = Trust(parameters.trust, whom)
        world.on_message(self._read_message)
        if worries is not None:
            self._schedule_worries(worries)

    def victim(self, row: int) -> Victim:
        """Give a row's victim; the first call adds them to the world."""
        if row not in self._victims:
            self._victims[row] = self._casework.victim(row)
            second = self._casework.second_record(row)
            for each in (self._victims[row], *([second] if second else [])):
                self._recorded_as[each.person_id] = each
                self._row_of_person[each.person_id] = row
                self._written[each.person_id] = each.record
                self._world.meet(each.known)
            if second is not None:
                self._second[row] = second
            for stranger in self._casework.strangers(row):
                if stranger.person_id not in self._strangers:
                    self._strangers.add(stranger.person_id)
                    self._world.meet(stranger)
        return self._victims[row]

    def row_of(self, crime_reference: str) -> int:
        """Find the row of a crime that was recorded here."""
        return self._row_of[crime_reference]

    def recorded_as(self, person_id: str) -> Victim:
        """Find a victim by an id of theirs: somebody who was recorded twice has two."""
        return self._recorded_as[person_id]

    def turn(self, row: int, change: Change) -> VictimRecord | None:
        """Let a victim move to another mailbox, or die; give their record as it is from now on.

        None where the force wrote nothing down, or somebody who has died would move. A second
        record of the same person stays as it is.
        """
        victim = self.victim(row)
        if self._casework.recorded.omitted[row] or row in self._has_died:
            return None
        record = self._written[victim.person_id]
        if change == "died":
            self._has_died.add(row)
            record = structs.replace(record, has_died=True)
        else:
            old, new = victim.known.email, _NEW_MAILBOX.format(row=row)
            known = structs.replace(victim.known, at=self._world.now, email=new)
            if old:
                self._world.give_up(victim.person_id, old)
            self._world.meet(known)
            record = structs.replace(record, email=new)
            self._victims[row] = moved = replace(victim, known=known)
            self._recorded_as[victim.person_id] = moved
            self._signed_in_as.pop(row, None)
            if self._reached_at.get(row) == old:
                self._reached_at[row] = new
        self._written[victim.person_id] = record
        return record

    def note_corrected(self, record: VictimRecord) -> None:
        """Note that an officer wrote a record of a victim's anew."""
        self._written[record.person_id] = record

    def is_right_elsewhere(self, person_id: str) -> bool:
        """Return whether another record of the same victim has an address that is theirs."""
        row = self._row_of_person[person_id]
        others = {self.victim(row).person_id, *self._second_ids(row)} - {person_id}
        found = {address for each in others for address in _addresses_of(self._written[each])}
        return bool(found & set(self.victim(row).addresses))

    def _second_ids(self, row: int) -> list[str]:
        return [self._second[row].person_id] if row in self._second else []

    def _as_recorded_with(self, row: int, address: str) -> Victim:
        """Find by which of their records a victim is known to have an address.

        Where one of two makes them a witness, it is the other: no witness is invited.
        """
        first, second = self.victim(row), self._second.get(row)
        if second is None or second.record.role != "victim":
            return first
        if first.record.role != "victim":
            return second
        # One record may have another date of birth, and so be told of nothing.
        told = [each for each in (first, second) if self._casework.is_told(row, each)]
        if len(told) == 1:
            return told[0]
        if address in _addresses_of(self._written[first.person_id]):
            return first
        return second if address in _addresses_of(self._written[second.person_id]) else first

    def _by_the_code(self, row: int, address: str) -> Victim:
        """Find by the address of a code which record a victim signs in with, and keep it.

        Two records that share a mailbox have an invitation each there, and a phone number each.
        """
        before = self._signed_in_as[row]
        if address not in _addresses_of(self._written[before.person_id]):
            self._signed_in_as[row] = self._as_recorded_with(row, address)
        return self._signed_in_as[row]

    def _signed_in(self, row: int) -> Victim:
        """Give the victim as they signed in last."""
        return self._signed_in_as.get(row) or self.victim(row)

    @property
    def what_they_did(self) -> WhatVictimsDid:
        """Give what all victims did so far."""
        complaints = self._trust.complaints if self._trust else []
        return WhatVictimsDid(self.rang, Told.of(self._told), len(self._has_registered), complaints)

    def note_news(self, row: int, event_id: str, what: str, *, is_shown: bool = True) -> None:
        """Note that an event is news about a row; `is_shown` if the portal may show it now.

        `what` happened: an event of that sort is the same occasion in every scenario.
        """
        self._row_of[event_id] = row
        self._occasions[event_id] = f"{what} {self._count(row, what)}"
        if self._trust:
            is_answer = what == "OfficerReplied"
            self._trust.note_news(row, event_id, self._seconds(), is_answer=is_answer)
        reference = self._casework.reference(row)
        if reference not in self._row_of:
            self._references.append(reference)
        self._row_of[reference] = row
        if is_shown:
            self._news_at[row] = self._world.now

    def _read_message(self, message: MessageAccepted, accepted: Accepted) -> None:
        crime = self._row_of.get(message.reference)
        if crime is None or message.carries == "one_time_code":
            return
        row = self._reader(crime, message.to)
        if row is None or row in self._has_died:
            return
        self._reached_at[row] = message.to
        occasion = self._occasion(row, message)
        is_new = row not in self._has_registered
        now = self._seconds()
        surplus = is_too_many(self._told_at.setdefault(row, []), now, self._worry)
        follows = self._follows(row, message, is_too_many=surplus)
        if not follows:
            pass
        elif message.carries == "invitation":
            if self._registers[row] and is_new:
                link = self._world.link_in(accepted)
                self._act_later(row, occasion, lambda: self._register(row, link, message.to))
        elif not is_new and (self._draws.uniform(row, "reads", occasion) < self._reads[row]):
            self._act_later(row, occasion, lambda: self._visit(row, message.to, occasion))
        if self._worries is not None:
            # An invitation is what the victim waited for: it makes nobody ring.
            is_exposed = is_new and message.carries != "invitation"
            other = float(self._asks_help[row])
            if self._trust:
                other += self._trust.chance_of_call(row)
            chance = call_chance(
                self._worry, is_new=is_exposed, is_too_many=surplus, other_chance=other
            )
            rings = bool(chance) and self._draws.uniform(row, "rings", occasion) < chance
            if rings and self._trust:
                self._trust.hear_that_it_is_genuine(row)
            self._told.append((now, row, is_exposed, rings, surplus, other))

    def _follows(self, row: int, message: MessageAccepted, *, is_too_many: bool) -> bool:
        """Let a victim see a message; say whether they trust it enough to follow its link."""
        if self._trust is None:
            return True
        sender, now = f"{message.channel} {message.sender}", self._seconds()
        return self._trust.see(row, message.reference, sender, now, is_too_many=is_too_many)

    def _seconds(self) -> int:
        return self._world.clock.seconds(self._world.now)

    def _occasion(self, row: int, message: MessageAccepted) -> str:
        """Name what a message is about, the same in every scenario that sends it."""
        about = self._occasions.get(message.reference, "the crime")
        told = f"{message.carries} {about} {message.channel}"
        return f"{told} {self._count(row, told)}"

    def _count(self, row: int, what: str) -> int:
        self._times[row, what] += 1
        return self._times[row, what]

    def _reader(self, crime: int, address: str) -> int | None:
        """Find the victim of a crime who really reads what comes to an address."""
        people = [crime, *([self._beside[crime]] if crime in self._beside else [])]
        return next((each for each in people if address in self.victim(each).addresses), None)

    def _act_later(self, row: int, occasion: str, act: Callable[[], None]) -> None:
        mean = self._behaviour.opens_hours_mean.value
        hours = self._draws.exponential(mean, row, "opens", occasion)
        seconds = min(int(3600 * hours) + 30, 14 * 86_400)
        when = self._world.now + timedelta(seconds=seconds)
        self._world.clock.at(
            when, lambda: None if self._world.is_over or row in self._has_died else act()
        )

    def _register(self, row: int, link: str, address: str) -> None:
        """Sign in by the invitation, unless the victim has done so by their other message."""
        if row in self._has_registered:
            return
        self._signed_in_as[row] = self._as_recorded_with(row, address)
        try:
            session = accept_invitation(
                self._world,
                self._signed_in_as[row],
                link,
                by_address=lambda to: self._by_the_code(row, to),
            )
        except Refused:
            self._signed_in_as.pop(row, None)
            return
        self._has_registered.add(row)
        self._read_pages(row, session)

    def _visit(self, row: int, address: str, occasion: str) -> None:
        """Sign in again, read, and in phase 3 sometimes write."""
        session = self._sign_in(row, address)
        if session is None:
            return
        self._read_pages(row, session)
        if self._testers is not None:
            self._try_what_testers_try(row, session, self._testers, occasion)
        elif self._can_write() and (
            self._draws.uniform(row, "asks", occasion) < self._behaviour.asks_on_visit.value
        ):
            self._ask(row, session)

    def _try_what_testers_try(
        self, row: int, session: Session, testers: BehaviourOfTesters, occasion: str
    ) -> None:
        """Write more often than victims do, and ask for another person's crime."""
        asks, tries = (self._draws.uniform(row, each, occasion) for each in ("asks", "tries"))
        if self._can_write() and asks < testers.asks_on_visit.value:
            self._ask(row, session)
        others = [each for each in self._references[-2:] if each != self._reference(row)]
        if others and tries < testers.tries_anothers_crime.value:
            who = (self._world, self._signed_in(row), session, others[-1])
            with suppress(Refused):
                look_at_timeline(*who)
            if self._can_write():
                with suppress(Refused):
                    look_at_conversation(*who)

    def _sign_in(self, row: int, address: str) -> Session | None:
        victim = self._as_recorded_with(row, address)
        try:
            session = sign_in_again(self._world, victim, address)
        except Refused:
            return None
        self._signed_in_as[row] = victim
        return session

    def _read_pages(self, row: int, session: Session) -> None:
        who = (self._world, self._signed_in(row), session)
        try:
            shown = look_at_crimes(*who)
        except Refused:
            shown = []
            self._note_refusal(row, "reading")
        for reference in shown if self._can_write() else []:
            try:
                look_at_conversation(*who, reference)
            except Refused:
                self._note_refusal(row, "reading the conversation")
        if self._has_news(row):
            self._read_news_at[row] = self._world.now
        self._looked_at[row] = self._world.now

    def _has_news(self, row: int) -> bool:
        """Return whether something was shown since the victim last looked."""
        crime = self._crime_of.get(row, row)
        before = self._looked_at.get(row)
        return before is None or self._news_at.get(crime, before) > before

    def _ask(self, row: int, session: Session) -> None:
        asked = self._count(row, "asked")
        reference = self._reference(row)
        words = f"{_QUESTIONS[(row + asked) % len(_QUESTIONS)]} ({reference}, {row}-{asked})"
        try:
            ask(self._world, self._signed_in(row), session, reference, words)
            if self._trust:
                self._trust.note_question(self._crime_of.get(row, row), self._seconds())
        except Refused:
            self._note_refusal(row, "writing")

    def _note_refusal(self, row: int, step: str) -> None:
        person_id = self._signed_in(row).person_id
        self._world.evidence.append(
            VictimRefused(at=self._world.now, person_id=person_id, step=step)
        )

    def _reference(self, row: int) -> str:
        """Give the reference of the crime that a person follows."""
        return self._casework.reference(self._crime_of.get(row, row))

    def _can_write(self) -> bool:
        return self._world.order.phase_at(self._world.now) >= 3

    def _schedule_worries(self, worries: Worries) -> None:
        start = self._world.clock.start
        now = self._seconds()
        for index in np.flatnonzero(worries.at_seconds >= now).tolist():
            at = start + timedelta(seconds=int(worries.at_seconds[index]))
            self._world.clock.at(at, lambda index=index: self._worry_once(index))  # type: ignore[misc]

    def _worry_once(self, index: int) -> None:
        """Let a victim worry. A victim who has registered may look at the portal before ringing."""
        assert self._worries is not None
        row = int(self._worries.row[index])
        if row in self._has_died:
            return  # their family rings
        if self._may_be_calmed[index] and self._has_read_news(row):
            self.rang[index] = False
            return
        looks = self._worries.looks[index] < self._worry.looks_at_portal_first.value
        if self._trust:
            if self._worries.cause[index] == SILENCE:
                self._trust.wait_in_vain(row, self._seconds())
            looks &= not self._trust.is_low(row)
        if row not in self._has_registered or not looks:
            return
        victim = self.victim(row)
        session = self._sign_in(row, self._reached_at.get(row, victim.addresses[0]))
        if session is None:
            return
        has_news = self._has_news(row)
        self._read_pages(row, session)
        if is_settled_by_portal(self._worries, index, has_news=has_news, parameters=self._worry):
            self.rang[index] = False
        elif self._can_write() and (
            self._worries.asks[index] < self._worry.asks_officer_instead.value
        ):
            self._ask(row, session)
            self.rang[index] = False

    def _has_read_news(self, row: int) -> bool:
        """Return whether the victim has read news lately: there is nothing to worry about yet."""
        read_at = self._read_news_at.get(row)
        calm = timedelta(days=self._worry.calm_days.value)
        return read_at is not None and self._world.now - read_at < calm


def _addresses_of(record: VictimRecord) -> set[str]:
    """Return the mobile and the mailbox that stand in their own fields of a record."""
    return {as_mobile(record.mobile_phone), as_email(record.email)} - {""}
