"""Has the same people go through a scenario again: for the same crime, and then for another.

Many portals do right by the first question, code or closure, and take the second for the first. The
judge decides alone: a step of a twin may well not hold, as with an invitation that is used by then.
"""

import importlib
import re
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from time import monotonic
from typing import Any, Literal, TypeAlias

import msgspec
import pytest
from msgspec import structs
from pytest_bdd.parser import Feature, Scenario

from features.people import LUND, OKAFOR, Actor
from features.running_scenario import BEGINS_UNTIL_HOUR, Scene
from reference.contract.events import (
    Channel,
    CrimeCancelled,
    CrimeClosed,
    CrimeMerged,
    CrimeReopened,
    CrimeTransferred,
    CrimeUnmerged,
    Officer,
    OutcomeRecorded,
    PersonsMerged,
    PersonsUnmerged,
)
from simulator.accept.twins import NOT_REACHED
from simulator.drivers.base import Refused, Session
from simulator.errors import CannotVerify, SuiteError
from simulator.evidence.records import EventRecorded, PersonKnown
from simulator.judge.text.danger_sentences import is_certainly_dangerous
from simulator.verdicts import Kind
from simulator.world.victims import (
    choose_contact,
    look_at_contact,
    look_at_conversation,
    look_at_crimes,
)

Round: TypeAlias = Literal["once before", "again", "with another crime"]
ROUNDS: tuple[Round, ...] = ("once before", "again", "with another crime")
#: Sentences of a scenario that cannot come a second time, and why.
HAVE_NO_TWIN = {
    " since phase 1": "it is about the day on which a phase goes live, which comes once",
    " turns 18 in ": "a person comes of age once",
    "the retention period ": "the case is deleted before anything of it comes again",
    " by the same\n": "by sign-in alone nobody can tell which of the two comes back",
}
#: So many twins share one portal: its start takes long, and so do the messages to all before.
SHARE_A_START = 10
#: Days until it happens again: within a week's limit, after it, and after regular word.
_DAYS_APART = ("1", "3", "8")
#: What a step has people say or write: other words each time.
_WORDS = re.compile(r'(\b(?:asks|asked|writes|replies|replied|note)\b[^"]*")([^"]+)(?=")')
#: Endings that the portal itself tells: another one each time.
_ENDING = re.compile(r"(?<= is closed with outcome )(\d+)$")
_ENDINGS = ("8", "14", "15", "16", "18")
_OVER, _GONE = "over", "gone"
_TURNS = {
    CrimeClosed.__name__: _OVER,
    OutcomeRecorded.__name__: _OVER,
    CrimeReopened.__name__: "",
    CrimeCancelled.__name__: _GONE,
    CrimeTransferred.__name__: _GONE,
    CrimeMerged.__name__: _GONE,
    CrimeUnmerged.__name__: "",
}
_COMES_BACK = (CrimeReopened.__name__, CrimeUnmerged.__name__)
_OTHER = {OKAFOR: LUND, LUND: OKAFOR}
# The package has a function of the module's name.
_scenario: Any = importlib.import_module("pytest_bdd.scenario")


def begin(seconds: float) -> None:
    """Play twins from now on in place of scenarios, and begin none after so many seconds."""
    until = monotonic() + seconds

    def play(feature: Feature, scenario: Scenario, request: pytest.FixtureRequest) -> None:
        request.config.hook.pytest_bdd_before_scenario(
            request=request, feature=feature, scenario=scenario
        )
        if why := why_no_twin(step.name for step in scenario.steps):
            raise CannotVerify(why)
        if monotonic() >= until:
            raise CannotVerify(NOT_REACHED)
        _play(scenario, request, request.getfixturevalue("scene"))

    vars(_scenario).update(_execute_scenario=play)


def renews_world(played: int, verdict: Kind) -> bool:
    """Say whether the next twin gets a portal of its own: after ten, and after one that failed."""
    return played % SHARE_A_START == 0 or verdict in ("FAIL", "ERROR", "INCONCLUSIVE")


def why_no_twin(sentences: Any) -> str:
    """Say why a scenario with these sentences has no twin; "" if it has one."""
    said = "\n".join(sentences)
    return next((why for words, why in HAVE_NO_TWIN.items() if words in said), "")


def _play(scenario: Scenario, request: pytest.FixtureRequest, scene: "TwinScene") -> None:
    for each in ROUNDS:
        if not scene.begins(each):
            continue
        for step in scenario.steps:
            told = replace(step, name=in_round(step.name, each), keyword=f"{each}: {step.keyword}")
            context = _scenario.get_step_function(request=request, step=told)
            # What the steps of a scenario take for granted need not be so the second time.
            with suppress(Refused, AssertionError, LookupError):
                _scenario._execute_step_function(request, scenario, told, context)  # noqa: SLF001
        scene.ends()


def in_round(sentence: str, which: Round) -> str:
    """Put another ending and other words into a sentence that has been said before."""
    place = ROUNDS.index(which)
    if place == 0:
        return sentence
    ending = _ENDING.search(sentence)
    if ending and ending[0] in _ENDINGS:
        another = _ENDINGS[(_ENDINGS.index(ending[0]) + place) % len(_ENDINGS)]
        return _ENDING.sub(another, sentence)
    words = _WORDS.search(sentence)
    if words is None or is_certainly_dangerous(words[2]):
        # Of other words the judge cannot be certain.
        return sentence
    return f"{sentence[: words.end()]} ({place + 1}){sentence[words.end() :]}"


class TwinScene(Scene):
    """A scenario of people who go through it three times.

    The second time is about the same crimes, as far as they are still there; the third is about
    others.
    """

    round: Round = ROUNDS[0]

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._at_first: dict[str, Actor] = {}
        self._is_of_two = False
        self._met: set[PersonKnown] = set()
        self._crimes: list[tuple[list[str], str, str]] = []
        self._left: list[tuple[list[str], str, str]] = []
        days = self.register.one_of(_DAYS_APART, self.drawn_by)
        self._apart = timedelta(days=int(days))

    def begins(self, which: Round) -> bool:
        """Begin a round, some days after the one before; return whether it can be."""
        self.round = which
        if which == ROUNDS[0]:
            return True
        turned = self._turned()
        if which == "again" and (_GONE in turned.values() or not self._crimes):
            return False
        if which == "with another crime" and self._is_told_for_another():
            return False
        self._settle()
        self.world.advance(self.world.now + self._apart)
        self._part_records()
        for reference in turned if which == "again" else ():
            if turned[reference] == _OVER:
                self.happened(self.world.crime_system.reopen(reference))
                self.world.advance(self.world.now + timedelta(hours=1))
        for actor in self.actors.values():
            if actor.session is not None:
                with suppress(Refused):
                    self._hears_as_at_first(actor)
        days = self.world.order.working_days
        self.world.advance(days.next_between(self.world.now, until_hour=BEGINS_UNTIL_HOUR))
        self._left = list(self._crimes)
        self.happened_at = self.took_place_at = self.world.now
        self.refused = self.tried = self.code = self.stranger_came_in_by = ""
        self.shown_of_another, self.step = [], None
        if which == "with another crime":
            self.earlier |= {*self.recorded}
            self.recorded = {}
        for actor in self.actors.values():
            self.take_note(actor)
            actor.asked, actor.answered = [], 0
        return True

    def ends(self) -> None:
        """Let what is owed come, and have everybody who follows a crime read all that there is."""
        self._settle()
        self.world.advance(self.world.now + self.patience() + timedelta(hours=1))
        for actor in self.actors.values():
            if actor.session is not None:
                with suppress(Refused):
                    self._reads_all(actor)

    def put_away(self) -> None:
        """Cancel the crimes that are still here: else their people are told of them for years."""
        turned = self._turned()
        there = {each.crime_reference for each in self.written(EventRecorded)}
        for reference in sorted(each for each in there if turned.get(each) != _GONE):
            self.world.crime_system.record(
                CrimeCancelled(crime_reference=reference, cancelled_at=self.world.now)
            )
        # A portal that fails at this is no part of the twin.
        with suppress(SuiteError):
            self.world.settle()

    def add(self, name: str, channels: tuple[Channel, ...], *, of_record: str = "") -> Actor:
        """Add a person, or have the same one again, with the record that they had at first."""
        if name not in self.actors:
            actor = super().add(name, channels, of_record=of_record)
            self._at_first[name] = replace(actor)
            self._is_of_two |= bool(of_record)
        actor, first = self.actors[name], self._at_first[name]
        if self.round == "with another crime" or of_record:
            # They may have another phone by now: the force writes down what they hold, or what it
            # takes for theirs since the last one did not work.
            held = {each: getattr(actor.known, each) for each in ("mobile_phone", "email")}
            if not all(held.values()):
                another = self.register.person(name, channels, self.world.now).known
                held = {each: held[each] or getattr(another, each) for each in held}
            actor.record, actor.proof = structs.replace(first.record, **held), first.proof
            who = {"person_id": first.known.person_id, "role": first.known.role}
            actor.known = structs.replace(actor.known, **who)
        return actor

    def change(self, actor: Actor, **fields: object) -> None:
        """Change a record before a crime is recorded: of the same crime it was already."""
        if self.round != "again":
            super().change(actor, **fields)

    def record_crime(self, actors: list[Actor], crime: str, **how: Any) -> None:
        """Record a crime, or go on with the one that was recorded the first time."""
        names = [each.name for each in actors]
        if self.round != "again" or how.get("reference"):
            super().record_crime(actors, crime, **how)
            if self.round == ROUNDS[0]:
                self._crimes.append((names, crime, actors[0].crime_reference))
            return
        same = next(each for each in self._left if each[:2] == (names, crime))
        self._left.remove(same)
        for actor in actors:
            actor.crime_reference = actor.crimes[crime] = same[2]

    def register_with_portal(self, actor: Actor) -> None:
        """Come in; who has come in before needs no invitation."""
        if actor.session is None:
            super().register_with_portal(actor)
            return
        if self.round != "again":
            self.world.wait_for(lambda: bool(self.heard(actor)), self.patience())
        self.take_note_of_page(actor)
        self.take_note(actor)

    def meet(self, known: PersonKnown) -> None:
        """Add a person to the world once."""
        if known not in self._met:
            self._met.add(known)
            super().meet(known)

    def session_of(self, actor: Actor) -> Session:
        """Give the session of a person; nobody signs in with what another holds by now."""
        if actor.address.lower() not in {each.lower() for each in actor.victim.addresses}:
            raise Refused(0, f"{actor.name} does not hold {actor.address}")
        return super().session_of(actor)

    def officer(self, named: str) -> Officer:
        """Give the officer of the features, or the other one the next time."""
        return super().officer(named if self.round == ROUNDS[0] else _OTHER[named])

    def appointment_id(self, actor: Actor) -> str:
        """Name the appointment with a person, another one each time."""
        return f"{actor.crime_reference}-{ROUNDS.index(self.round) + 1}"

    def _settle(self) -> None:
        self.world.breakdowns.bring_all_back()
        self.world.breakdowns.stop_second_worker()

    def _part_records(self) -> None:
        """Take back the mergers of records that still stand, the last first."""
        merged: dict[str, str] = {}
        for each in self.written(EventRecorded):
            if each.event_type == PersonsMerged.__name__:
                person_id = msgspec.json.decode(each.data, type=PersonsMerged).person_id
                merged[person_id] = each.crime_reference
            elif each.event_type == PersonsUnmerged.__name__:
                merged.pop(msgspec.json.decode(each.data, type=PersonsUnmerged).person_id, None)
        for person_id, reference in reversed(merged.items()):
            now = self.world.now
            self.happens(
                PersonsUnmerged(crime_reference=reference, person_id=person_id, unmerged_at=now)
            )
            self.world.advance(now + timedelta(hours=1))

    def _is_told_for_another(self) -> bool:
        """Say whether anybody here is told in another's place, and may not be any more.

        Whether such a person is invited again, when they are told again, is for each portal to say.
        """
        records = (each.record for each in self.actors.values())
        return self._is_of_two or any(each.kind == "organisation" for each in records)

    def _turned(self) -> dict[str, str]:
        """Say of each crime that took a turn whether it is over, or gone, or goes on ("")."""
        turned: dict[str, str] = {}
        for each in self.written(EventRecorded):
            is_gone = turned.get(each.crime_reference) == _GONE
            if each.event_type in _TURNS and (not is_gone or each.event_type in _COMES_BACK):
                turned[each.crime_reference] = _TURNS[each.event_type]
        return turned

    def _hears_as_at_first(self, actor: Actor) -> None:
        """Have a person who has ended a channel choose it again."""
        wanted, session = (
            self._at_first[actor.name].record.preferred_channels,
            self.session_of(actor),
        )
        if {*look_at_contact(self.world, actor.victim, session).channels} < {*wanted}:
            choose_contact(self.world, actor.victim, session, wanted)
            self.world.advance(self.world.now + timedelta(hours=1))

    def _reads_all(self, actor: Actor) -> None:
        session = self.session_of(actor)
        for reference in look_at_crimes(self.world, actor.victim, session):
            if "two_way" in self.world.portal.capabilities:
                with suppress(Refused):
                    look_at_conversation(self.world, actor.victim, session, reference)
