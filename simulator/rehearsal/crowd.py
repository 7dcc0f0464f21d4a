"""How a crowd of victims treats a portal: opens the invitation or not, reads, worries, asks, rings.

Stage 7 for crowds. Whoever truly holds the phone or mailbox acts on what arrives there.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from simulator.drivers.base import Refused, Session
from simulator.evidence.records import MessageAccepted, VictimRefused
from simulator.files.checked_toml import Amount, Share, Strict
from simulator.neighbours.gateway.inbox import Accepted
from simulator.rehearsal.casework import Casework
from simulator.rehearsal.testers import Testers
from simulator.rehearsal.worry import Worries, WorryParameters, is_settled_by_portal
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

_QUESTIONS = (
    "Has anybody looked at the cameras near where it happened?",
    "Is there any news? I have not heard for a while.",
    "I have found the receipt and some photographs. Where shall I send them?",
    "Will I need to come to court?",
    "Can you tell me who is looking after my case now?",
)


class VictimBehaviour(Strict, frozen=True, kw_only=True):
    """What victims do with what they are sent."""

    safe_to_contact: Share
    registers: Share
    opens_hours_mean: Amount
    reads_update: Share
    asks_on_visit: Share


class Crowd:
    """The victims followed through one portal. `rang` says of each worry whether it became a call.

    A person has the row of their own crime; `beside` gives, by a crime's row, the row of somebody
    who is a victim of it, too. With `testers` they also try what should not work.
    `prompted` lists the moments (whole seconds) and rows at which a message itself made somebody
    ring.
    """

    def __init__(
        self,
        world: World,
        casework: Casework,
        *,
        name: str,
        behaviour: VictimBehaviour,
        worries: Worries | None,
        worry: WorryParameters,
        registers: NDArray[np.bool_],
        streams: Streams,
        beside: Mapping[int, int],
        testers: Testers | None,
    ) -> None:
        self._beside = beside
        self._crime_of = {person: crime for crime, person in beside.items()}
        self._testers = testers
        self._trying = streams.for_(f"{name}: what testers try")
        self._row_of_person: dict[str, int] = {}
        self._references: list[str] = []
        self._world = world
        self._casework = casework
        self._behaviour = behaviour
        self._worry = worry
        self._worries = worries
        self._registers = registers
        self._stream = streams.for_(f"{name}: visits")
        self._row_of: dict[str, int] = {}
        self._victims: dict[int, Victim] = {}
        self._strangers: set[str] = set()
        self._has_registered: set[int] = set()
        self._news_at: dict[int, datetime] = {}
        self._reached_at: dict[int, str] = {}
        self._looked_at: dict[int, datetime] = {}
        self._asked = 0
        self.rang = np.ones(len(worries) if worries else 0, dtype=np.bool_)
        self.prompted: list[tuple[int, int]] = []
        world.on_message(self._read)
        if worries is not None:
            self._schedule_worries(worries)

    def victim(self, row: int) -> Victim:
        """Give a row's victim, who from the first time on is in the world."""
        if row not in self._victims:
            self._victims[row] = self._casework.victim(row)
            self._row_of_person[self._victims[row].person_id] = row
            self._world.meet(self._victims[row].known)
            for stranger in self._casework.strangers(row):
                if stranger.person_id not in self._strangers:
                    self._strangers.add(stranger.person_id)
                    self._world.meet(stranger)
        return self._victims[row]

    def row_of(self, crime_reference: str) -> int:
        """Find the row of a crime that was recorded here."""
        return self._row_of[crime_reference]

    def row_of_person(self, person_id: str) -> int:
        """Find the row of somebody who is a victim here."""
        return self._row_of_person[person_id]

    def hears_of(self, row: int, event_id: str, *, is_shown: bool = True) -> None:
        """Note that there is news of a row, told by an event; not `is_shown` before it may be."""
        self._row_of[event_id] = row
        reference = self._casework.reference(row)
        if reference not in self._row_of:
            self._references.append(reference)
        self._row_of[reference] = row
        if is_shown:
            self._news_at[row] = self._world.now

    def _read(self, message: MessageAccepted, accepted: Accepted) -> None:
        crime = self._row_of.get(message.reference)
        if crime is None or message.carries == "one_time_code":
            return
        row = self._reader(crime, message.to)
        if row is None:
            return
        self._reached_at[row] = message.to
        if message.carries == "invitation":
            if self._registers[row] and row not in self._has_registered:
                link = self._world.link_in(accepted)
                self._later(lambda: self._register(row, link))
        elif row in self._has_registered:
            if self._stream.random() < self._behaviour.reads_update.value:
                self._later(lambda: self._visit(row, message.to))
        elif self._worries is not None and (
            self._stream.random() < self._worry.message_makes_call.value
        ):
            self.prompted.append((self._world.clock.seconds(self._world.now), row))

    def _reader(self, crime: int, address: str) -> int | None:
        """Find which victim of a crime truly reads what comes to an address."""
        people = [crime, *([self._beside[crime]] if crime in self._beside else [])]
        return next((each for each in people if address in self.victim(each).addresses), None)

    def _later(self, act: Callable[[], None]) -> None:
        hours = self._stream.exponential(self._behaviour.opens_hours_mean.value)
        seconds = min(int(3600 * hours) + 30, 14 * 86_400)
        when = self._world.now + timedelta(seconds=seconds)
        self._world.clock.at(when, lambda: None if self._world.is_over else act())

    def _register(self, row: int, link: str) -> None:
        """Come in by the invitation, if a text and an email have not both been tried already."""
        if row in self._has_registered:
            return
        victim = self.victim(row)
        try:
            session = accept_invitation(self._world, victim, link)
        except Refused:
            return
        self._has_registered.add(row)
        self._look(row, session)

    def _visit(self, row: int, address: str) -> None:
        """Come back, read, and in phase 3 sometimes write."""
        session = self._sign_in(row, address)
        if session is None:
            return
        self._look(row, session)
        if self._testers is not None:
            self._test(row, session, self._testers)
        elif self._two_way() and self._stream.random() < self._behaviour.asks_on_visit.value:
            self._ask(row, session)

    def _test(self, row: int, session: Session, testers: Testers) -> None:
        """Write more often than victims do, and ask for what is somebody else's."""
        asks, tries = self._trying.random(2)
        if self._two_way() and asks < testers.asks_on_visit.value:
            self._ask(row, session)
        others = [each for each in self._references[-2:] if each != self._reference(row)]
        if others and tries < testers.tries_anothers_crime.value:
            who = (self._world, self.victim(row), session, others[-1])
            with suppress(Refused):
                look_at_timeline(*who)
            if self._two_way():
                with suppress(Refused):
                    look_at_conversation(*who)

    def _sign_in(self, row: int, address: str) -> Session | None:
        try:
            return sign_in_again(self._world, self.victim(row), address)
        except Refused:
            return None

    def _look(self, row: int, session: Session) -> None:
        who = (self._world, self.victim(row), session)
        try:
            shown = look_at_crimes(*who)
        except Refused:
            shown = []
            self._refused(row, "reading")
        for reference in shown if self._two_way() else []:
            try:
                look_at_conversation(*who, reference)
            except Refused:
                self._refused(row, "reading the conversation")
        self._looked_at[row] = self._world.now

    def _ask(self, row: int, session: Session) -> None:
        self._asked += 1
        reference = self._reference(row)
        words = f"{_QUESTIONS[self._asked % len(_QUESTIONS)]} ({reference}, {self._asked})"
        try:
            ask(self._world, self.victim(row), session, reference, words)
        except Refused:
            self._refused(row, "writing")

    def _refused(self, row: int, step: str) -> None:
        person_id = self.victim(row).person_id
        self._world.evidence.append(
            VictimRefused(at=self._world.now, person_id=person_id, step=step)
        )

    def _reference(self, row: int) -> str:
        """Give the reference of the crime that a person follows."""
        return self._casework.reference(self._crime_of.get(row, row))

    def _two_way(self) -> bool:
        return self._world.order.phase_at(self._world.now) >= 3

    def _schedule_worries(self, worries: Worries) -> None:
        start = self._world.clock.start
        now = self._world.clock.seconds(self._world.now)
        for index in np.flatnonzero(worries.at_seconds >= now).tolist():
            at = start + timedelta(seconds=int(worries.at_seconds[index]))
            self._world.clock.at(at, lambda index=index: self._worries_at(index))  # type: ignore[misc]

    def _worries_at(self, index: int) -> None:
        """Let somebody worry: who has signed in may look at the portal before they ring."""
        assert self._worries is not None
        row = int(self._worries.row[index])
        looks = self._worries.looks[index] < self._worry.looks_at_portal_first.value
        if row not in self._has_registered or not looks:
            return
        victim = self.victim(row)
        session = self._sign_in(row, self._reached_at.get(row, victim.addresses[0]))
        if session is None:
            return
        before = self._looked_at.get(row)
        has_news = before is None or self._news_at[row] > before
        self._look(row, session)
        if is_settled_by_portal(self._worries, index, has_news=has_news, parameters=self._worry):
            self.rang[index] = False
        elif self._two_way() and (
            self._worries.asks[index] < self._worry.asks_officer_instead.value
        ):
            self._ask(row, session)
            self.rang[index] = False
