"""Predicts which steps of a story will be done, from the story alone: who is invited and signed in.

It is a guess, made to choose stories without playing them; what was done is known after playing.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from simulator.clock import LONDON
from simulator.explore import steps as told
from simulator.explore.story import Story
from simulator.explore.story_drawing import order_of
from simulator.explore.told_people import is_told
from simulator.inputs.order import Order

#: When an invitation has surely come, by day and in the quiet hours.
_BY_DAY, _BY_NIGHT = timedelta(hours=1), timedelta(hours=13)
_MORNING_HOUR, _EVENING_HOUR = 9, 19
_NEEDS_A_LINK = (told.FollowLink, told.VisitLinks)
_NEEDS_A_SESSION = (
    told.Read,
    told.Ask,
    told.ChooseChannels,
    told.WithdrawSupport,
    told.Pry,
    told.SignOut,
    told.KeepReading,
)


def likely_steps(story: Story, order: Order) -> tuple[told.Step, ...]:
    """Leave out of a story the steps of people who most likely cannot take them."""
    return tuple(_Likely(story, order_of(story, order)).steps())


class _Likely:
    """A story that is gone through, with who has a link and a session by now."""

    def __init__(self, story: Story, order: Order) -> None:
        self._story = story
        self._order = order
        self._now = story.begins_at
        self._people = {each.label: each for each in story.people}
        self._links_at: dict[str, datetime] = {}
        self._came_in: set[str] = set()
        self._session_until: dict[str, datetime] = {}

    def steps(self) -> Iterator[told.Step]:
        """Give the steps that are likely done."""
        for step in self._story.steps:
            if isinstance(step, told.Wait):
                self._now += timedelta(seconds=step.seconds)
            elif isinstance(step, told.RecordCrime):
                self._invite(step)
            elif isinstance(step, told.Breakdown) and step.what == "portal restarted":
                self._session_until.clear()
            if self._is_likely(step):
                yield step

    def _invite(self, step: told.RecordCrime) -> None:
        is_in = step.offence_subgroup in self._order.eligibility.offence_subgroups
        if not is_in or step.safeguarding or step.carriage == "held back":
            return
        is_day = _MORNING_HOUR <= self._now.astimezone(LONDON).hour < _EVENING_HOUR
        comes_at = self._now + (_BY_DAY if is_day else _BY_NIGHT)
        for label, role in zip(step.people, step.roles, strict=True):
            person = self._people[label]
            if role == "victim" and is_told(person, person.record, self._now):
                self._links_at.setdefault(label, comes_at)

    def _is_likely(self, step: told.Step) -> bool:
        person = getattr(step, "person", "")
        has_link = person in self._links_at and self._links_at[person] <= self._now
        if isinstance(step, told.SignIn):
            return has_link and self._signs_in(person, step.by)
        if isinstance(step, _NEEDS_A_LINK):
            return has_link
        if isinstance(step, told.UseSession):
            return person in self._came_in
        if isinstance(step, _NEEDS_A_SESSION):
            is_in = self._now < self._session_until.get(person, self._now)
            if isinstance(step, told.SignOut):
                self._session_until.pop(person, None)
            return is_in
        return True

    def _signs_in(self, person: str, by: told.SignInBy) -> bool:
        if (by == "link") == (person in self._came_in):
            return False
        self._came_in.add(person)
        session = timedelta(minutes=self._order.sign_in.session_minutes)
        self._session_until[person] = self._now + session
        return True
