"""Draws scenes that hardly come together by themselves, each in some stories, near their end.

Each scene has a draw of its own: other stories, and this one until then, stay as they are drawn.
"""

from msgspec import structs

from simulator.explore import steps as told
from simulator.explore.scene_steps import SceneSteps

_DAY, _HOUR = 86_400, 3_600
#: What a page shows, each in its place, in whatever order it comes.
_SHOWN = ("_deploy", "_allocate", "_make_appointment", "_charge", "_close", "_reopen")
_PLAIN_NEWS = ("_deploy", "_allocate", "_allocate")


class RareScenes(SceneSteps):
    """Draws scenes that hardly come together by themselves."""

    def comes_late(self) -> None:
        """Have a step come after newer ones of other kinds, and a victim read them."""
        crime = self.force.a_crime()
        victims = self.force.so_far.crimes[crime].victims if crime is not None else []
        if crime is None or not victims:
            return
        kinds = [*_SHOWN, *(("milestone",) if self.phase >= 2 else ())]
        kinds += ["reply_in"] * 2 if self.phase >= 3 else []
        late, *newer = self.draw.sample(kinds, self.draw.choice((2, 3)))
        event = self._held_back(late, crime)
        for kind in newer:
            self.wait(self.draw.choice((60, _HOUR, _DAY)))
            self._now(self.force.step_of(kind, crime))
        self.wait(self.draw.choice((60, _HOUR, _DAY)))
        self._sends(event)
        self.wait(self.draw.choice((2 * _HOUR, _DAY)))
        self._reads(self.draw.choice(victims))

    def merged_and_parted(self) -> None:
        """Have a victim follow another's crime for a time, and older news of theirs come late."""
        likely = self._likely_told()
        others = [each for each in self.force.people if each not in likely]
        chosen = [*likely, *self.draw.sample(others, len(others))][:2]
        crimes = [self._records_crime_of(each) for each in chosen]
        if len(chosen) < 2 or not all(crimes):
            return
        crime, into = crimes
        self.wait(self.draw.choice((2 * _HOUR, _DAY)))
        for each in chosen:
            self.come_in(each)
        is_late = self.draw.random() < 0.6
        event = self._held_back(self.draw.choice(_PLAIN_NEWS), crime) if is_late else ""
        self.wait(self.draw.choice((60, _HOUR)))
        if not self.force.may_be_merged(crime, into):
            return
        self.add(told.Merge(into=into, **self._event(crime)))
        self.wait(self.draw.choice((60, 2 * _HOUR, _DAY)))
        self._sends(event)
        self.wait(self.draw.choice((2 * _HOUR, _DAY)))
        self._reads(chosen[0])
        if self.draw.random() < 0.7:
            self.add(told.Unmerge(**self._event(crime)))
            self.wait(self.draw.choice((60, 2 * _HOUR, _DAY)))
        for about in self.draw.sample((crime, into), self.draw.choice((1, 2))):
            self._now(self.force.step_of(self.draw.choice(_PLAIN_NEWS), about))
            self.wait(self.draw.choice((2 * _HOUR, _DAY)))
        for each in chosen:
            self._reads(each)

    def rights_come_late(self) -> None:
        """Have news wait in a full week, and its victim's enhanced rights recorded then."""
        standard = [e for e in self._likely_told() if not self.force.records[e].enhanced_rights]
        crime = self._records_crime_of(standard[0]) if standard else ""
        if not crime:
            return
        victim = standard[0]
        self.wait(2 * _HOUR)
        self.come_in(victim)
        apart = 60 * (self.order.messages.bundle_minutes + 1)
        for _message in range(self.order.messages.per_week_max):
            self._by_day()
            self._now(self.force.step_of("_deploy", crime))
            self.wait(apart)
        self._by_day()
        waiting = structs.replace(self.force.milestone(crime), milestone="suspect_released")
        self._now(waiting if self.phase >= 2 else self.force.step_of("_charge", crime))
        self.wait(self.draw.choice((2 * _HOUR, _DAY, 2 * _DAY)))
        record = structs.replace(self.force.records[victim], enhanced_rights=True)
        self.force.records[victim] = record
        self._now(self.force.details(crime, victim, record))
        self.wait(10 * _DAY)

    def another_code(self) -> None:
        """Have a stranger use up the wrong codes of a sign-in, and ask for another between them."""
        likely = self._likely_told()
        if not likely or not self._records_crime_of(likely[0]):
            return
        self.wait(2 * _HOUR)
        self.come_in(likely[0])
        self.wait(self.draw.choice((2 * _HOUR, _DAY)))
        most = self.order.sign_in.attempts_max
        guess = told.Guess(
            person=likely[0],
            by=self.draw.choice(("text", "text", "email")),
            wrong="code",
            times=self.draw.choice((most, most + 1)),
            then_right=True,
            another_code=True,
        )
        self.add(guess)
