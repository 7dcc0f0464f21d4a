"""How many victims use a portal: they open the invitation or not, read, worry, ask and ring.

Stage 7 of a rehearsal. The person who really holds the phone or mailbox acts on what arrives there.
"""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from reference.contract.events import VictimRecord
from simulator.drivers.base import Refused, Session
from simulator.evidence.records import MessageAccepted, VictimRefused
from simulator.files.checked_toml import Amount, Share, Strict
from simulator.force.crime_journey import Change
from simulator.inputs.capabilities import Capability
from simulator.neighbours.gateway.inbox import Accepted
from simulator.population.access_needs import AccessNeeds
from simulator.rehearsal.casework import Casework
from simulator.rehearsal.full_volume import (
    Told,
    ToldRow,
    call_chance,
    is_too_many,
    messages_of_week,
    refusal,
)
from simulator.rehearsal.tester_crimes import BehaviourOfTesters, FollowedCrimes
from simulator.rehearsal.trust import Trust, TrustParameters
from simulator.rehearsal.victim_records import VictimRecords
from simulator.rehearsal.worries import (
    ENDS,
    OF_SILENCE,
    UNTOLD,
    Worries,
    WorryParameters,
    arises_with_portal,
    is_settled_by_portal,
    may_be_calmed,
)
from simulator.streams import Streams
from simulator.world.victims import (
    Victim,
    accept_invitation,
    ask,
    choose_contact,
    look_at_contact,
    look_at_conversation,
    look_at_crimes,
    look_at_timeline,
    sign_in_again,
    withdraw_support,
)
from simulator.world.world import World

_STOP = "STOP"
_QUESTIONS = (
    "Has anybody looked at the cameras near where it happened?",
    "Is there any news? I have not heard for a while.",
    "I have found the receipt and some photographs. Where shall I send them?",
    "Will I need to come to court?",
    "Can you tell me who is looking after my case now?",
)


class VictimBehaviour(Strict, frozen=True, kw_only=True):
    """What victims do with the messages they get.

    `texts_stop` is of texts, the others of visits. Of those who have another address,
    `changes_mobile` have another mobile, and the others another mailbox; the force hears of it
    later.
    """

    safe_to_contact: Share
    enhanced_rights: Share
    registers: Share
    opens_hours_mean: Amount
    reads_update: Share
    asks_on_visit: Share
    texts_stop: Share
    chooses_channel: Share
    withdraws_support: Share
    changes_mobile: Share
    tells_force_days_mean: Amount


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


class SimulatedVictims:
    """The victims followed through one portal. `rang` says for each worry whether it led to a call.

    `records` has who they are, and what the force wrote down. A person has the row of their own
    crime. `followed.beside` gives, by a crime's row, the row of its second victim. Testers also try
    what must not work.

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
        self._references: list[str] = []
        self._world = world
        self._casework = casework
        self.records = VictimRecords(world, casework)
        self._behaviour = parameters.behaviour
        self._worry = parameters.worry
        self._worries = worries
        self._registers = parameters.registers
        self._reads = parameters.behaviour.reads_update.value * parameters.needs.reads()
        self._asks_help = parameters.needs.rings()
        self._draws = streams.of_occasions(f"{name}: what victims do")
        self._row_of: dict[str, int] = {}
        self._has_registered: set[int] = set()
        self._has_died: set[int] = set()
        self._news_at: dict[int, datetime] = {}
        self._read_news_at: dict[int, datetime] = {}
        self._occasions: dict[str, str] = {}
        self._times: Counter[tuple[int, str]] = Counter()
        self._reached_at: dict[int, str] = {}
        self._looked_at: dict[int, datetime] = {}
        self._heard_at: dict[int, int] = {}
        self.rang = worries.arises.copy() if worries else np.empty(0, dtype=np.bool_)
        self._may_be_calmed = may_be_calmed(worries, parameters.worry) if worries else self.rang
        self._told: list[ToldRow] = []
        self._told_at: dict[int, list[int]] = {}
        #: Called with the row of a crime whose victim rings.
        self.rings: Callable[[int], None] = lambda _row: None
        self._trust: Trust | None = None
        if parameters.trust is not None:
            whom = streams.of_occasions(f"{name}: whom victims trust")
            self._trust = Trust(parameters.trust, whom)
        world.on_message(self._read_message)
        if worries is not None:
            self._schedule_worries(worries)

    def row_of(self, crime_reference: str) -> int:
        """Find the row of a crime that was recorded here."""
        return self._row_of[crime_reference]

    def turn(self, row: int, change: Change, note: Callable[[VictimRecord], None]) -> None:
        """Let a victim have another mobile or mailbox, or die; `note` their record once known.

        The force knows of a death at once, and of another address when the victim tells it. It
        notes nothing of somebody it wrote nothing down about, or who has died; a second record of
        the same person stays as it is.
        """
        self.records.victim(row)
        if self._casework.recorded.omitted[row] or row in self._has_died:
            return
        if change == "died":
            self._has_died.add(row)
            note(self.records.died(row))
            return
        is_mobile = self._draws.uniform(row, "changes") < self._behaviour.changes_mobile.value
        old, new = self.records.moved(row, is_mobile=is_mobile)
        if self._reached_at.get(row) == old:
            self._reached_at[row] = new
        mean = self._behaviour.tells_force_days_mean.value
        days = self._draws.exponential(mean, row, "tells the force")

        def tell() -> None:
            record = self.records.told_of_move(row)
            if record is not None and not self._world.is_over and row not in self._has_died:
                note(record)

        self._world.clock.at(self._world.now + timedelta(days=days), tell)

    @property
    def what_they_did(self) -> WhatVictimsDid:
        """Give what all victims did so far."""
        return WhatVictimsDid(self.rang, Told.of(self._told), len(self._has_registered))

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
        if what == "VictimContacted" and row in self._heard_at:
            self._heard_at[row] = self._seconds()

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
        if not is_new:
            self._heard_at[row] = now
        surplus = is_too_many(self._told_at.setdefault(row, []), now, self._worry)
        follows = self._follows(row, message, is_too_many=surplus)
        if not follows:
            pass
        elif message.carries == "invitation":
            if self._registers[row] and is_new:
                link = self._world.link_in(accepted)
                self._act_later(
                    row, occasion, lambda: self._register(row, link, message.to, occasion)
                )
        elif not is_new and (self._draws.uniform(row, "reads", occasion) < self._reads[row]):
            self._act_later(row, occasion, lambda: self._visit(row, message.to, occasion))
        if self._worries is not None:
            if message.channel == "text":
                self._perhaps_stop(row, message.to, occasion)
            # An invitation is what the victim waited for: it makes nobody ring.
            is_invitation = message.carries == "invitation"
            is_exposed = is_new and not is_invitation
            other = float(self._asks_help[row])
            if self._trust:
                other += self._trust.chance_of_call(row)
            chance = call_chance(self._worry, is_new=is_exposed, other_chance=other)
            rings = bool(chance) and self._draws.uniform(row, "rings", occasion) < chance
            if rings:
                self._ring_about_message(row)
            self._told.append((now, row, is_exposed, rings, surplus, other, is_invitation, False))

    def _ring_about_message(self, row: int) -> None:
        self.rings(self._crime_of.get(row, row))
        if self._trust:
            self._trust.hear_that_it_is_genuine(row)

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
        about = self.news_of(message.reference)
        told = f"{message.carries} {about} {message.channel}"
        return f"{told} {self._count(row, told)}"

    def news_of(self, reference: str) -> str:
        """Name what a message with a reference tells of, the same in every scenario."""
        return self._occasions.get(reference, "the crime")

    def _count(self, row: int, what: str) -> int:
        self._times[row, what] += 1
        return self._times[row, what]

    def _reader(self, crime: int, address: str) -> int | None:
        """Find the victim of a crime who really reads what comes to an address."""
        people = [crime, *([self._beside[crime]] if crime in self._beside else [])]
        return next(
            (each for each in people if address in self.records.victim(each).addresses), None
        )

    def _act_later(self, row: int, occasion: str, act: Callable[[], None]) -> None:
        mean = self._behaviour.opens_hours_mean.value
        hours = self._draws.exponential(mean, row, "opens", occasion)
        seconds = min(int(3600 * hours) + 30, 14 * 86_400)
        when = self._world.now + timedelta(seconds=seconds)
        self._world.clock.at(
            when, lambda: None if self._world.is_over or row in self._has_died else act()
        )

    def _register(self, row: int, link: str, address: str, occasion: str) -> None:
        """Sign in by the invitation, unless the victim has done so by their other message."""
        if row in self._has_registered:
            return
        victim = self.records.with_address(row, address)
        used = victim

        def by_address(to: str) -> Victim:
            nonlocal used
            used = self.records.by_the_code(row, victim, to)
            return used

        try:
            session = accept_invitation(self._world, victim, link, by_address=by_address)
        except Refused:
            self._is_refused(row, occasion)
            return
        self._has_registered.add(row)
        self.records.note_signed_in(row, used)
        self._read_pages(row, session)

    def _visit(self, row: int, address: str, occasion: str) -> None:
        """Sign in again, read, and in phase 3 sometimes write."""
        session = self._sign_in(row, address)
        if session is None:
            self._is_refused(row, occasion)
            return
        self._read_pages(row, session)
        if self._testers is not None:
            self._try_what_testers_try(row, session, self._testers, occasion)
            return
        self._choose(row, session, occasion)
        if self._can_write() and (
            self._draws.uniform(row, "asks", occasion) < self._behaviour.asks_on_visit.value
        ):
            self._ask(row, session)

    def _perhaps_stop(self, row: int, number: str, occasion: str) -> None:
        """Have a victim text STOP some time after a text, if the portal takes texts."""
        drawn = self._draws.uniform(row, "stops", occasion)
        if drawn >= self._behaviour.texts_stop.value or not self._claims("received_texts"):
            return
        self._act_later(row, f"stop {occasion}", lambda: self._text_stop(number))

    def _text_stop(self, number: str) -> None:
        self._world.inbound.by_text(number, _STOP)

    def _choose(self, row: int, session: Session, occasion: str) -> None:
        """Have a victim choose one channel of two, or ask to withdraw support, on some visits."""
        who = (self._world, self.records.signed_in(row), session)
        behaviour = self._behaviour
        if self._draws.uniform(row, "chooses", occasion) < behaviour.chooses_channel.value:
            with suppress(Refused):
                has = sorted(look_at_contact(*who).addresses)
                if len(has) > 1:
                    place = int(len(has) * self._draws.uniform(row, "which channel", occasion))
                    choose_contact(*who, [has[place]])
        withdraws = self._draws.uniform(row, "withdraws", occasion)
        if withdraws < behaviour.withdraws_support.value and self._claims("withdraw_support"):
            with suppress(Refused):
                withdraw_support(*who, self._reference(row))

    def _claims(self, capability: Capability) -> bool:
        return capability in self._world.portal.capabilities

    def _try_what_testers_try(
        self, row: int, session: Session, testers: BehaviourOfTesters, occasion: str
    ) -> None:
        """Write more often than victims do, and ask for another person's crime."""
        asks, tries = (self._draws.uniform(row, each, occasion) for each in ("asks", "tries"))
        if self._can_write() and asks < testers.asks_on_visit.value:
            self._ask(row, session)
        others = [each for each in self._references[-2:] if each != self._reference(row)]
        if others and tries < testers.tries_anothers_crime.value:
            who = (self._world, self.records.signed_in(row), session, others[-1])
            with suppress(Refused):
                look_at_timeline(*who)
            if self._can_write():
                with suppress(Refused):
                    look_at_conversation(*who)

    def _is_refused(self, row: int, occasion: str) -> None:
        """Note a sign-in that did not work: some victims ring because of it. Testers do not."""
        if self._worries is None:
            return
        drawn = self._draws.uniform(row, "cannot sign in", occasion)
        rings = drawn < self._worry.refused_sign_in_makes_call.value
        self._told.append(refusal(self._seconds(), row, rings=rings))

    def _sign_in(self, row: int, address: str) -> Session | None:
        victim = self.records.with_address(row, address)
        try:
            session = sign_in_again(self._world, victim, address)
        except Refused:
            return None
        self.records.note_signed_in(row, victim)
        return session

    def _read_pages(self, row: int, session: Session) -> None:
        who = (self._world, self.records.signed_in(row), session)
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
        self._heard_at[row] = self._seconds()

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
            ask(self._world, self.records.signed_in(row), session, reference, words)
            if self._trust:
                self._trust.note_question(self._crime_of.get(row, row), self._seconds())
        except Refused:
            self._note_refusal(row, "writing")

    def _note_refusal(self, row: int, step: str) -> None:
        person_id = self.records.signed_in(row).person_id
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
        # Who never signs in is told of the end as without a portal.
        may_arise = self._registers[worries.row] | (worries.cause != UNTOLD)
        for index in np.flatnonzero((worries.at_seconds >= now) & may_arise).tolist():
            at = start + timedelta(seconds=int(worries.at_seconds[index]))
            self._world.clock.at(at, lambda index=index: self._worry_once(index))  # type: ignore[misc]

    def _worry_once(self, index: int) -> None:
        """Let a victim worry, if there is cause, and perhaps ring."""
        assert self._worries is not None
        row = int(self._worries.row[index])
        if row in self._has_died:
            return  # their family rings
        self._worry_or_not(self._worries, row, index)
        if self.rang[index]:
            self.rings(row)

    def _worry_or_not(self, worries: Worries, row: int, index: int) -> None:
        """Let a victim worry, if there is cause. One who has registered may look before ringing."""
        self.rang[index] = self._is_cause(worries, row, index)
        if not self.rang[index]:
            return
        if self._may_be_calmed[index] and self._has_read_news(row):
            self.rang[index] = False
            return
        looks = worries.looks[index] < self._worry.looks_at_portal_first.value
        if self._trust:
            if worries.cause[index] in OF_SILENCE:
                self._trust.wait_in_vain(row)
            looks &= not self._trust.is_low(row)
        if row not in self._has_registered or not looks:
            return
        victim = self.records.victim(row)
        session = self._sign_in(row, self._reached_at.get(row, victim.addresses[0]))
        if session is None:
            return
        has_news = self._has_news(row)
        self._read_pages(row, session)
        if is_settled_by_portal(worries, index, has_news=has_news, parameters=self._worry):
            self.rang[index] = False
        elif self._can_write() and (worries.asks[index] < self._worry.asks_officer_instead.value):
            self._ask(row, session)
            self.rang[index] = False

    def _is_cause(self, worries: Worries, row: int, index: int) -> bool:
        """Return whether a worry arises, by what the portal told the victim."""
        now = self._seconds()
        heard_at = self._heard_at.get(row)
        return arises_with_portal(
            worries,
            index,
            silent_seconds=None if heard_at is None else now - heard_at,
            messages=messages_of_week(self._told_at.get(row, []), now),
            has_ended=any(self._times[row, each] for each in ENDS),
        )

    def _has_read_news(self, row: int) -> bool:
        """Return whether the victim has read news lately: there is nothing to worry about yet."""
        read_at = self._read_news_at.get(row)
        calm = timedelta(days=self._worry.calm_days.value)
        return read_at is not None and self._world.now - read_at < calm
