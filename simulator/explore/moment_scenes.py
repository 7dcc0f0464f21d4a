"""Has news come within a minute of a moment that the order or a record names.

Each story that has one such scene draws it apart: the rest of the story stays as it is drawn.
"""

from datetime import UTC, datetime, time, timedelta
from typing import Any

from simulator.clock import LONDON
from simulator.explore.scene_steps import SceneSteps
from simulator.explore.times import WAIT_SECONDS_MAX

_HOUR, _DAY = 3_600, 86_400
_BESIDE_SECONDS = (-60, -1, 0, 0, 1, 60)
_NEWS = ("_deploy", "_allocate", "_close", "_make_appointment")


class MomentScenes(SceneSteps):
    """Draws one such scene."""

    def before_it_is_live(self) -> None:
        """Have news come as the phase goes live, if the story begins before that."""
        live_at = self.order.go_live_at(self.phase)
        if self.now < live_at:
            self._news_at(live_at)

    def as_the_code_changes(self) -> None:
        """Have news come as a version of the Victims' Code comes into force, if one does."""
        to_come = [each for each in self._versions() if each > self.now]
        if to_come:
            self._news_at(to_come[0])

    def scene(self) -> None:
        """Draw a scene at the end of a story: at a moment that is still to come."""
        scenes = [self._at_a_time_of_day, self._as_an_approval_runs_out]
        if self.phase > 1:
            scenes.append(self._as_agreed_days_are_over)
        self.draw.choice(scenes)()

    def _at_a_time_of_day(self) -> None:
        local = self.now.astimezone(LONDON)
        daily = (self.order.messages.quiet_from, self.order.messages.quiet_until)
        hours = [each for each in daily if each is not None]
        if hours:
            at = datetime.combine(local.date(), self.draw.choice(hours), tzinfo=LONDON)
            days = timedelta(days=at <= local + timedelta(minutes=1))
            self._news_at(at + days)

    def _as_an_approval_runs_out(self) -> None:
        until = self.now + timedelta(seconds=self.draw.choice((3 * _HOUR, _DAY, 2 * _DAY)))
        until = until.replace(microsecond=0)
        channel = self.draw.choice(("text", "email"))
        victim = self._tells_the_force({"safe_channel": channel, "safe_until": until})
        if victim:
            self._news_at(until)

    def _as_agreed_days_are_over(self) -> None:
        days = self.draw.choice((1, 2, 7, 14))
        crime = self.force.a_crime()
        if self._tells_the_force({"update_frequency_days": days}) and crime is not None:
            self._pause(_HOUR, _DAY)
            self._has_news(crime, _NEWS)
            self.wait(days * _DAY + self.draw.choice(_BESIDE_SECONDS))
            self._looks(crime)

    def _versions(self) -> list[datetime]:
        return [
            datetime.combine(each.in_force_from, time(0), tzinfo=LONDON).astimezone(UTC)
            for each in self.order.deadlines.code
        ]

    def _tells_the_force(self, changes: dict[str, Any]) -> str:
        chosen = self.crime_and_victim()
        if not chosen:
            return ""
        crime, victim = chosen
        self._writes(crime, victim, **changes)
        return victim

    def _news_at(self, moment: datetime) -> None:
        crime = self.force.a_crime()
        seconds = int((moment - self.now).total_seconds()) + self.draw.choice(_BESIDE_SECONDS)
        if crime is None or not 0 < seconds <= WAIT_SECONDS_MAX:
            return
        self.wait(seconds)
        self._has_news(crime, _NEWS, 60, 2 * _HOUR, _DAY)
        self._looks(crime)

    def _looks(self, crime: str) -> None:
        for victim in self.so_far.crimes[crime].victims[:1]:
            self._reads(victim)
