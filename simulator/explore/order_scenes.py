"""Has what a story's order has otherwise than the force's own decide something in the story.

A portal that has a value of the order built in is right until the value decides: a question comes
on a day on which the one order takes it and the other does not. Each story that has such a scene
draws it apart: the rest of the story stays as it is drawn.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, time, timedelta
from operator import attrgetter
from typing import Any

from msgspec import structs

from reference.contract.events import Channel, ClosingOutcome
from simulator.clock import LONDON
from simulator.explore import steps as told
from simulator.explore.order_changes import TEAM_WITH_SUPERVISORS
from simulator.explore.scene_steps import SceneSteps, scene_about
from simulator.inputs.order import BANK_HOLIDAYS, Order
from simulator.judge.text.danger_sentences import danger_sentences

_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400
#: A case that a suspect was interviewed in, and that the police ended: they may review that.
_REVIEWED: ClosingOutcome = 15
#: An outcome that no force orders a supervisor to confirm, or an officer to tell first.
_PLAIN: ClosingOutcome = 18
_SECONDS_MAX = 280 * _DAY
#: How often a contact is told in a scene of another proof, where a story has one.
_CONTACTS = 0.5


class OrderScenes(SceneSteps):
    """Draws one scene for a portal that may have the force's own order built in."""

    @property
    def _usual(self) -> Order:
        return self.drawn.which.usual

    def scene(self, fields: Iterable[str]) -> None:
        """Draw a scene for one of the fields that a story's order has otherwise, if any has one."""
        scenes = {
            "sign_in.session_minutes": self._idle_for_so_long,
            "sign_in.session_hours_max": self._in_session_for_so_long,
            "sign_in.proof": self._proves_who_they_are,
            "contact.falls_back": self._only_channel_fails,
            "eligibility.safeguarding_exclusions": self._marked_otherwise,
            "eligibility.blank_safe_to_contact": lambda: self._blank(safe_to_contact=None),
            "eligibility.unmarked_police_employee": lambda: self._blank(
                is_police_employee=True, is_restricted=None
            ),
            "closures.supervisor_confirms": self._unconfirmed_closure,
            "deadlines.working_days": self._told_in_person,
            BANK_HOLIDAYS: self._before_a_holiday,
        }
        if self.phase >= 3:
            scenes |= {
                "two_way.closed_case_days": lambda: self._asks_when_closed(_PLAIN),
                "two_way.review_days": lambda: self._asks_when_closed(_REVIEWED),
                "two_way.danger_minutes": self._danger,
                "supervisors": self._asks_a_team,
            }
        able: list[Callable[[], None]] = [scenes[each] for each in fields if each in scenes]
        has_contacts = any(e.told_instead is not None for e in self.force.records.values())
        if has_contacts and self._proves_who_they_are in able:
            # Few stories have another proof and somebody who is told in a victim's place.
            able += [self._proves_who_they_are] * len(able)
        if able:
            self.draw.choice(able)()

    def invited_for_so_long(self, victim: str) -> None:
        """Have a victim of the first crime come in by its invitation when that may be over."""
        self._waits(self._between("sign_in.invitation_days", _DAY))
        self._comes_in(victim, "link")

    @scene_about(SceneSteps.told_and_in)
    def _idle_for_so_long(self, victim: str, _crime: str) -> None:
        self._waits(self._between("sign_in.session_minutes", _MINUTE))
        self.add(told.UseSession(person=victim))

    @scene_about(SceneSteps.told_and_in)
    def _in_session_for_so_long(self, victim: str, _crime: str) -> None:
        seconds = self._between("sign_in.session_hours_max", _HOUR)
        self.add(told.KeepReading(person=victim, seconds=seconds))
        self.add(told.UseSession(person=victim))

    def _proves_who_they_are(self) -> None:
        likely, records = self._likely_told(), self.force.records
        if self.draw.random() < _CONTACTS:
            likely = [e for e in records if records[e].told_instead is not None] or likely
        chosen = self._told_of_theirs(likely)
        if not chosen:
            return
        victim = chosen[0]
        self.come_in(victim)
        self._waits(_HOUR)
        self._now(structs.replace(self.force.report(), person=victim, safeguarding=()))
        self._waits(2 * _HOUR)
        self._comes_in(victim, self.draw.choice(("text", "email")))

    @scene_about(SceneSteps.told_of_a_crime)
    def _only_channel_fails(self, victim: str, crime: str) -> None:
        channel: Channel = self.draw.choice(("text", "email"))
        person = self.force.people[victim]
        held = {"mobile_phone": person.phone, "email": person.mailbox}
        self._writes(crime, victim, **held, preferred_channels=(channel,))
        self.wait(60)
        failed = told.TellReceipt(person=victim, channel=channel, receipt="permanent-failure")
        self.add(failed)
        for _news in range(2):
            self._by_day()
            self._deploys(crime, _DAY)

    def _marked_otherwise(self) -> None:
        likely = self._likely_told()
        step = self.force.record_crime()
        if not likely or not isinstance(step, told.RecordCrime):
            return
        one, other = (
            each.eligibility.safeguarding_exclusions for each in (self.order, self._usual)
        )
        markers = sorted({*one} ^ {*other})
        self._records(step, likely[0], safeguarding=(self.draw.choice(markers),))
        self.wait(2 * _HOUR)
        self._deploys(step.crime, _DAY)
        self._reads(likely[0])

    @scene_about(SceneSteps.told_of_a_crime)
    def _blank(self, victim: str, crime: str, **changes: Any) -> None:
        self._writes(crime, victim, **changes)
        self.wait(60)
        self.wait(2 * _HOUR)
        self._deploys(crime, _DAY)
        self._reads(victim)

    @scene_about(SceneSteps.told_of_a_crime)
    def _unconfirmed_closure(self, victim: str, crime: str) -> None:
        one, other = (each.closures.supervisor_confirms for each in (self.order, self._usual))
        outcome: Any = self.draw.choice(sorted({*one} ^ {*other}))
        self.add(told.Close(outcome=outcome, confirmed=False, **self._event(crime)))
        self._reads(victim, _DAY)

    @scene_about(SceneSteps.told_of_a_crime)
    def _told_in_person(self, _victim: str, crime: str) -> None:
        outcome: Any = self.draw.choice(self.order.sensitive_closures.outcomes)
        self.add(told.Close(outcome=outcome, **self._event(crime)))
        self.wait(2 * _HOUR)

    def _before_a_holiday(self) -> None:
        one, other = ({*each.working_days.bank_holidays} for each in (self.order, self._usual))
        days = [datetime.combine(each, time(10), tzinfo=LONDON) for each in sorted(one ^ other)]
        to_come = [e for e in days if e - timedelta(days=2) > self.now.astimezone(LONDON)]
        if not to_come or (to_come[0] - self.now).total_seconds() > _SECONDS_MAX // 4:
            return
        before = to_come[0].astimezone(UTC) - timedelta(days=self.draw.choice((1, 2)))
        self._waits(max(1, int((before - self.now).total_seconds())))
        if self.phase < 3 or self.draw.random() < 0.5:
            self._told_in_person()
            return
        self._asks_in_vain()

    @scene_about(SceneSteps.told_of_a_crime)
    def _asks_in_vain(self, victim: str, crime: str) -> None:
        self._asks(victim, crime, "Is there any news?")
        self._waits((2 * self.order.two_way.reply_working_days + 4) * _DAY)

    @scene_about(SceneSteps.told_of_a_crime)
    def _asks_when_closed(self, victim: str, crime: str, outcome: ClosingOutcome) -> None:
        field = "two_way.review_days" if outcome == _REVIEWED else "two_way.closed_case_days"
        event = self._event(crime)
        self.add(told.Close(outcome=outcome, decided_by="police", interviewed=True, **event))
        self.wait(_HOUR)
        self.add(told.NoteContact(person=victim, **self._event(crime)))
        self._waits(self._between(field, _DAY) - _HOUR)
        self._asks(victim, crime, "Why did it end so?")

    @scene_about(SceneSteps.told_and_in)
    def _danger(self, victim: str, crime: str) -> None:
        text = self.draw.choice(danger_sentences().certain)
        self.add(told.Ask(person=victim, crime=crime, text=text))
        self.wait(_HOUR)

    @scene_about(SceneSteps.told_of_a_crime)
    def _asks_a_team(self, victim: str, crime: str) -> None:
        team, officer = TEAM_WITH_SUPERVISORS, self.draw.choice((None, *self.force.officers))
        self._now(told.Allocate(team=team, officer=officer, **self._event(crime)))
        self.wait(_HOUR)
        text = self.draw.choice(("Is there any news?", danger_sentences().certain[0]))
        self._asks(victim, crime, text)
        self._waits((2 * self.order.two_way.reply_working_days + 4) * _DAY)

    def _between(self, field: str, unit_seconds: int) -> int:
        """Draw a time at which one of the orders has a duration over, and the other not yet."""
        read = attrgetter(field)
        ordered: list[int] = [unit_seconds * read(each) for each in (self.order, self._usual)]
        one, other = sorted(ordered)
        return max(1, self.draw.choice(((one + other) // 2, one + _DAY // 24, other - 60)))
