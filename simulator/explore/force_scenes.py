"""Draws short scenes of the force's side, each a few steps that lean to one edge.

Deliveries that come together, forged or invalid; receipts; officers who come and go; questions near
the end of the days to answer, or of the days in which a closed case takes them.
"""

from typing import Any, get_args

from msgspec import structs

from reference.contract.events import BATCH_EVENTS_MAX, Channel, ClosingOutcome
from simulator.explore import steps as told
from simulator.explore.scene_steps import SceneSteps, scene_about
from simulator.explore.times import WAIT_SECONDS_MAX
from simulator.explore.words import QUESTIONS

_DAY = 86_400
_ASIDE = (-60, -1, 0, 1, 60)
#: Outcomes after which a victim asks: 15 can be reviewed where the police decided.
_OUTCOMES_THAT_END: tuple[ClosingOutcome, ...] = (18, 18, 16, 14, 5, 15, 15)
#: Outcomes that a force may order an officer to tell first.
_OUTCOMES_TOLD_FIRST: tuple[ClosingOutcome, ...] = (5, 8, 12, 13, 14, 15, 16, 18)
#: Kinds of step, as they are drawn: the portal must know what was before to take the last rightly.
_CHAINS = (
    ("_reclassify", "_close"),
    ("_reclassify", "_reclassify", "milestone"),
    ("_close", "_reopen", "_close"),
    ("_close", "_note_contact"),
    ("_charge", "_reopen", "_close"),
    ("_charge", "_close"),
    ("_make_appointment", "_change_appointment", "_change_appointment"),
    ("_make_appointment", "_make_appointment", "_change_appointment"),
    ("_allocate", "_officer_away", "_allocate"),
    ("_change_details", "_change_details", "_deploy"),
    ("merge", "merge", "milestone"),
    ("merge", "_make_appointment"),
    ("merge", "_deploy"),
    ("_make_appointment", "merge", "_change_appointment"),
    ("_transfer", "milestone"),
)
#: News that anyone is told at once.
_PLAIN_NEWS = ("_deploy", "_allocate", "_make_appointment")
#: What may have happened just before a merger that integration delivers first.
_LATE = (
    *("_deploy", "_deploy", "_allocate", "_allocate", "_allocate"),
    *("milestone", "_make_appointment", "_change_details"),
)


#: How often the first event of a delivery is in it once more.
_COPIES = (0, 0, 0, 0, BATCH_EVENTS_MAX - 2, BATCH_EVENTS_MAX - 1)


def _conversation(scenes: SceneSteps) -> tuple[str, ...]:
    chosen = scenes.crime_and_victim()
    if chosen and chosen[1] not in scenes.drawn.signed_in:
        scenes.drawn.signed_in.add(chosen[1])
        scenes.add(told.SignIn(person=chosen[1], by="link"))
    return chosen


class ForceScenes(SceneSteps):
    """Draws scenes of the force's side."""

    def together(self) -> None:
        """Have several events come in one delivery, some of them old, in any order."""
        is_shuffled = self.draw.random() < 0.5
        events: list[str] = []
        known = sorted(self.so_far.events)
        for number in range(self.draw.choice((2, 2, 3, 4, 6))):
            is_crime = number == 0 and self.draw.random() < 0.2
            step = self.force.record_crime() if is_crime else self.force.step()
            if isinstance(step, told.ForceStep):
                self.add(structs.replace(step, carriage="held back"))
                events += [step.event] if step.event in self.so_far.held_back else []
                if is_shuffled:
                    self.wait(1)
        if is_shuffled:
            self.draw.shuffle(events)
        copies = 0
        if known and self.draw.random() < 0.4:
            events.insert(self.draw.choice((0, len(events) // 2)), self.draw.choice(known))
            copies = self.draw.choice(_COPIES) if events[0] in known else 0
        if events and self.draw.random() < 0.2:
            events.append(self.draw.choice(events))
        self.add(told.DeliverTogether(events=tuple(events), copies_before=copies))

    def forge(self) -> None:
        """Have somebody who is not the force claim something."""
        is_crime = self.draw.random() < 0.2
        claim = self.force.record_crime() if is_crime else self.force.step()
        if self.draw.random() < 0.15:
            claim = self.force.reply()
        if not isinstance(claim, get_args(told.Claim)):
            return
        held = self.so_far.held_back
        self.add(
            told.Forge(
                claim=claim,
                signed_by=self.draw.choice(get_args(told.SignedBy)),
                as_event=self.draw.choice(held) if held and self.draw.random() < 0.5 else "",
            )
        )

    def send_invalid(self) -> None:
        """Have the force send what the contract does not allow, alone or with something else."""
        crime = self.force.a_crime()
        held = self.so_far.held_back
        along = self.draw.choice(held) if held else ""
        if crime is not None:
            defect = self.draw.choice(get_args(told.Defect))
            self.add(told.SendInvalid(crime=crime, defect=defect, along=along))
        if along and self.draw.random() < 0.8:
            self.add(told.SendHeldBack(event=along))

    @scene_about(SceneSteps.a_crime)
    def receipt(self, crime: str) -> None:
        """Have the next message to somebody fail, or its receipt come at another time."""
        person = self.draw.choice(self.so_far.crimes[crime].people)
        channel: Channel = self.draw.choice(("text", "text", "email"))
        receipt: told.NextReceipt = self.draw.choice(get_args(told.NextReceipt))
        self.add(told.TellReceipt(person=person, channel=channel, receipt=receipt))
        self.add(self.force.step())
        if self.draw.random() < 0.5:
            self._pause(120, 2 * 3_600, _DAY)
            self.add(self.force.step())

    @scene_about(SceneSteps.a_crime)
    def chain(self, crime: str) -> None:
        """Have one crime take turns of which the second depends on the first."""
        for kind in self.draw.choice(_CHAINS):
            self.add(self.force.step_of(kind, crime))
            self._pause(1, 60, 3_600, _DAY)

    @scene_about(SceneSteps.a_crime)
    def within_a_bundle(self, crime: str) -> None:
        """Have a crime take two steps of which the portal tells by one message, from phase 2 on."""
        bundle = 60 * self.order.messages.bundle_minutes
        self.add(self.force.step_of(self.draw.choice(_PLAIN_NEWS), crime))
        self.wait(max(1, self.draw.choice((bundle // 2, bundle - 60, bundle - 1))))
        self.add(self.force.step_of(self.draw.choice(_PLAIN_NEWS), crime))
        self._pause(3_600, _DAY)

    @scene_about(SceneSteps.crime_and_victim)
    def told_in_person(self, crime: str, person: str) -> None:
        """Have an officer tell a victim how the case ended: soon, late, or before the portal knows.

        The portal may hear of the end only after the officer has spoken of it.
        """
        comes_late = self.draw.random() < 0.4
        event = {**self._event(crime), "carriage": "held back" if comes_late else "at once"}
        ordered = self.order.sensitive_closures.outcomes
        outcomes = [each for each in _OUTCOMES_TOLD_FIRST if each in ordered]
        event["happened_seconds_ago"] = self.draw.choice((0, 0, _DAY, 3 * _DAY, 6 * _DAY))
        close = told.Close(outcome=self.draw.choice(outcomes or _OUTCOMES_TOLD_FIRST), **event)
        self.add(close)
        over = self.order.working_days.deadline(self.now, self.order.deadlines.working_days)
        late = int((over - self.now).total_seconds()) + _DAY
        self._pause(3_600, _DAY, late)
        self.add(told.NoteContact(person=person, **self._event(crime)))
        self._pause(60, 3_600)
        self._sends(close.event)

    @scene_about(SceneSteps.a_crime)
    def merger(self, crime: str) -> None:
        """Have a crime become part of another, with a history before it and news after it."""
        if len(self.so_far.crimes) == 1 or self.draw.random() < 0.3:
            self.add(self.force.record_crime_beside(crime))
        for _event in range(self.draw.choice((0, 1, 2, 3))):
            self.add(self.force.step())
            self._pause(1, 3_600, _DAY)
        late = self._comes_late(crime) if self.draw.random() < 0.7 else ""
        merge = self.force.merge(crime)
        self.add(merge)
        self._pause(1, 3_600, _DAY)
        if isinstance(merge, told.Merge) and self.draw.random() < 0.3:
            self._merge_again(merge.into)
        event = late or self.draw.choice(sorted(self.so_far.events))
        self.add(told.SendHeldBack(event=event))
        for _event in range(self.draw.choice((0, 1, 2, 2))):
            self.add(self.force.under_the_old_reference(crime))
            self._pause(1, 60, 3_600)
        for _event in range(self.draw.choice((0, 1, 2))):
            self.add(self.force.step())
        if self.draw.random() < 0.5:
            self._pause(1, 3_600, _DAY)
            self._asks_meanwhile(crime)
            self.add(self.force.unmerge(crime))
            self._pause(1, 3_600, _DAY)
            for _event in range(self.draw.choice((0, 1, 2))):
                self.add(self.force.step())

    def _comes_late(self, crime: str) -> str:
        step = self.force.step_of(self.draw.choice(_LATE), crime)
        if isinstance(step, told.ForceStep):
            self.add(structs.replace(step, carriage="held back"))
        self._pause(1, 60, 3_600)
        return self.so_far.held_back[-1] if self.so_far.held_back else ""

    def _asks_meanwhile(self, crime: str) -> None:
        so_far = self.so_far.crimes[crime]
        if so_far.gone == "merged" and so_far.victims and self.draw.random() < 0.5:
            self._comes_and_asks(so_far.into, self.draw.choice(so_far.victims))

    def _merge_again(self, crime: str) -> None:
        self.add(self.force.record_crime_beside(crime))
        self.add(self.force.merge(crime))
        self._pause(1, 3_600, _DAY)

    def report(self) -> None:
        """Have a person report something, which may become a crime, and may come late."""
        report = self.force.report()
        self.add(report)
        self._pause(1, 3_600, _DAY)
        becomes = self.draw.choice(("nothing yet", "no crime", "a crime", "a crime"))
        if becomes == "no crime":
            self.add(self.force.close_report(report))
        crime = self.force.record_crime() if becomes == "a crime" else None
        if isinstance(crime, told.RecordCrime):
            people = (report.person, *(each for each in crime.people if each != report.person))
            changes = {"people": people[: len(crime.roles)], "crime": report.crime}
            self.add(structs.replace(crime, force=report.force, **changes))
        if report.event in self.so_far.held_back:
            self._pause(1, 3_600)
            self.add(told.SendHeldBack(event=report.event))
        self._pause(1, 3_600, _DAY)
        self.add(self.force.step())

    @scene_about(_conversation)
    def absence(self, crime: str, person: str) -> None:
        """Have an officer with a team be away, and be wanted around their return."""
        officer = self._allocates(crime, "", *self.force.names.teams)
        away = self.draw.choice((3_600, 8 * 3_600, 3 * _DAY))
        self._pause(1, 3_600)
        self.add(
            told.OfficerAway(
                officer=officer,
                why=self.draw.choice(("away", "away", "away", "left")),
                for_seconds=self.draw.choice((away, away, None)),
                **self._event(crime),
            )
        )
        if self.draw.random() < 0.4:
            self._wants_an_officer(crime, person)
        self.wait(max(1, away + self.draw.choice(_ASIDE)))
        self._wants_an_officer(crime, person)

    @scene_about(_conversation)
    def turns(self, crime: str, person: str) -> None:
        """Have the crime change hands, or go to court and come back, with a question each time."""
        teams = self.force.names.teams
        for _turn in range(self.draw.choice((1, 2, 3))):
            officer = self.draw.choice((*self.force.officers, None))
            team = self.draw.choice(teams) if officer is None else self.draw.choice(("", *teams))
            event = self._event(crime)
            step: told.Step = told.Allocate(officer=officer, team=team, **event)
            if self.draw.random() < 0.3:
                step = self.draw.choice((told.Charge(**event), told.Reopen(**event)))
            self.add(step)
            self._pause(1, 60, 3_600)
            self._comes_and_asks(crime, person)

    @scene_about(_conversation)
    def questions(self, crime: str, person: str) -> None:
        """Have one, two or many questions wait for an answer until the days for it are over."""
        for _question in range(self.draw.choice((1, 1, 2, 5))):
            self._comes_and_asks(crime, person)
            self._pause(1, 60, 3_600)
        if self.draw.random() < 0.4:
            self.add(self._reply(crime, person))
        days = self.order.two_way.reply_working_days
        over = self.order.working_days.deadline(self.now, days)
        self.wait(max(1, int((over - self.now).total_seconds()) + self.draw.choice(_ASIDE)))
        if self.draw.random() < 0.4:
            self.add(self._reply(crime, person))
        self._pause(3_600, _DAY)

    @scene_about(_conversation)
    def closed_case(self, crime: str, person: str) -> None:
        """Have a question asked around the end of the days in which a closed case takes them."""
        outcome: ClosingOutcome = self.draw.choice(_OUTCOMES_THAT_END)
        may_review = outcome == 15
        decided: dict[str, Any] = {
            "decided_by": "police" if may_review else "unknown",
            "interviewed": may_review or None,
        }
        days = self.order.two_way.takes_questions_days(may_review=may_review)
        if self.draw.random() < 0.4:
            # It ended before: the days count from the last time.
            self.add(told.Close(outcome=outcome, **decided, **self._event(crime)))
            self.wait(min(WAIT_SECONDS_MAX, days * _DAY))
            self.add(told.Reopen(**self._event(crime)))
            self._pause(3_600, _DAY)
        self.add(told.Close(outcome=outcome, **decided, **self._event(crime)))
        part = self.draw.choice((0.4, 0.6, 1, 1, 1.2, 1.5))
        self.wait(min(WAIT_SECONDS_MAX, max(1, int(days * part * _DAY) + self.draw.choice(_ASIDE))))
        self._comes_and_asks(crime, person)

    def _comes_and_asks(self, crime: str, person: str) -> None:
        self.add(told.SignIn(person=person, by=self.draw.choice(("text", "text", "email"))))
        self.add(told.Ask(person=person, crime=crime, text=self.draw.choice(QUESTIONS)))

    def _wants_an_officer(self, crime: str, person: str) -> None:
        if self.draw.random() < 0.5:
            self._comes_and_asks(crime, person)
        else:
            self.add(told.SignIn(person=person, by=self.draw.choice(("text", "text", "email"))))
            self.add(told.WithdrawSupport(person=person, crime=crime))

    def _reply(self, crime: str, person: str) -> told.Step:
        text = f"Thank you for writing on {self.now:%d %B}."
        answers = self.draw.choice(get_args(told.AnswerTo))
        return told.Reply(person=person, text=text, answers=answers, **self._event(crime))
