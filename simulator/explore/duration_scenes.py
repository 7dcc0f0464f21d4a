"""Ends some stories where a duration of the order ends: nearly up, just up, or just over.

What it runs from happens, time passes, and then happens what is asked at its end.
"""

from reference.contract.events import Milestone
from simulator.explore import steps as told
from simulator.explore.duration_edges import DURATIONS, Duration
from simulator.explore.scene_steps import SceneSteps
from simulator.explore.times import WAIT_SECONDS_MAX
from simulator.explore.words import QUESTIONS
from simulator.judge.text.danger_sentences import danger_sentences

#: A story is over well before its first case may be deleted: what is shown then is open.
_SECONDS_MAX = 280 * 86_400
_HOUR = 3_600
#: How often what a duration runs from happens twice.
_BEGUN_AGAIN = 0.4


class DurationScenes(SceneSteps):
    """Draws one such scene."""

    def scene(self) -> None:
        """Draw it, of any duration of the order that this phase has."""
        recorded = (each for each in self.drawn.steps if isinstance(each, told.RecordCrime))
        people = {each.crime: each.people for each in recorded}
        crime = self.draw.choice(list(people))
        person = self.draw.choice(people[crime])
        beside = self.draw.choice((-60, -1, 0, 0, 1, 60))
        kinds = [each for each in DURATIONS if each.phase <= self.phase]
        chosen = self.draw.randrange(len(kinds) + 1)
        if chosen == len(kinds):
            after = 60 * self.order.sign_in.code_minutes + beside
            self.come_in(person)
            self.add(told.EnterCode(person=person, by="text", after_seconds=after))
            return
        duration = kinds[chosen]
        self._begin(duration, crime, person)
        if self.draw.random() < _BEGUN_AGAIN:
            self._begin_again(duration, crime, person)
        lasts = duration.lasts(self.order, self.now)
        if lasts is None:
            return
        seconds = lasts + beside
        if self.so_far.seconds + seconds > _SECONDS_MAX:
            return
        self._waits(seconds)
        self._end(duration, crime, person)

    def _begin_again(self, duration: Duration, crime: str, person: str) -> None:
        lasts = duration.lasts(self.order, self.now)
        if lasts is not None and lasts > 1:
            self.wait(min(lasts // 4, WAIT_SECONDS_MAX))
            self._begin(duration, crime, person)

    def _begin(self, duration: Duration, crime: str, person: str) -> None:
        begins = [each for each in self._beginnings(crime, person) if duration.is_begun_by(each)]
        if not begins:
            return
        step = self.draw.choice(begins)
        if isinstance(step, told.Ask):
            self.come_in(person)
        elif isinstance(step, told.Breakdown):
            self.add(told.Breakdown(what="crime system down"))
            self.wait(_HOUR)
        elif isinstance(step, told.SignIn):
            self.come_in(person)
            self.wait(60)
        elif isinstance(step, told.Close):
            # A case that is closed ends a second time once it was reopened.
            self.add(told.Reopen(**self._event(crime)))
        self.add(step)

    def _beginnings(self, crime: str, person: str) -> list[told.Step]:
        event = self.force.new_event()
        danger = self.draw.choice(danger_sentences().certain)
        return [
            told.Deploy(crime=crime, event=event),
            told.ReachMilestone(crime=crime, event=event, milestone="suspect_arrested"),
            told.ReachMilestone(crime=crime, event=event, milestone="suspect_on_bail"),
            told.Close(crime=crime, event=event, outcome=18),
            told.SignIn(person=person, by=self.draw.choice(("text", "email"))),
            told.Ask(person=person, crime=crime, text=self.draw.choice(QUESTIONS)),
            told.Ask(person=person, crime=crime, text=danger),
            told.Breakdown(what="crime system back"),
            told.SayNotForMe(person=person, channel=self.draw.choice(("text", "email"))),
        ]

    def _end(self, duration: Duration, crime: str, person: str) -> None:
        if told.ReachMilestone in duration.then:
            milestone: Milestone = self.draw.choice(("suspect_interviewed", "suspect_released"))
            self.add(told.ReachMilestone(milestone=milestone, **self._event(crime)))
        elif told.UseSession in duration.then:
            self.add(self.draw.choice((told.Read(person=person), told.UseSession(person=person))))
        elif told.FollowLink in duration.then:
            self.add(told.FollowLink(person=person))
        elif told.Ask in duration.then:
            self._asks(person, crime)
        elif self.draw.random() < 0.5:
            self._reads(person)
