"""Portals that are started for the stories played on them: one for a story alone, or for a cloth.

A portal in process starts so soon that each story has its own; others are woven.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import ClassVar

import msgspec

from simulator.errors import PortalUnreachable, SuiteError
from simulator.explore.cloths import Woven, breaks_down
from simulator.explore.judged_story import FailingStory, Judged
from simulator.explore.later import moved
from simulator.explore.new_people import NumbersUsedUp, Used, with_new_people
from simulator.explore.other_people import DIFFERENTLY, treated_differently
from simulator.explore.story import Story
from simulator.explore.timeline import BrokeOff, fresh_timeline
from simulator.explore.tried import Tried
from simulator.world.made_up_records import MadeUpRecords


@dataclass(frozen=True)
class FreshPortals:
    """A ground on which every cloth, and every story that plays alone, has a portal of its own."""

    tried: Tried
    alone_every: ClassVar[int] = 10
    ends: ClassVar[tuple[type[SuiteError], ...]] = (NumbersUsedUp,)

    @property
    def is_woven(self) -> bool:
        """Say whether stories are sooner played side by side."""
        return self.tried.is_woven

    def alone(self, number: int, story: Story) -> Woven:
        """Play a story on a portal of its own."""
        story = self._re_dated(story) if self.tried.is_woven else story
        return Woven(number=number, story=story, judged=self.tried.judged(story))

    def side_by_side(
        self, cloth: Sequence[tuple[int, Story]]
    ) -> tuple[list[tuple[int, Story]], dict[int, Judged]]:
        """Play stories on one portal; those with outages follow one another."""
        tried, stories = self.tried, [story for _number, story in cloth]
        used, draw = Used(), Random(stories[0].seed)  # noqa: S311  the same cloth each time
        renewed: list[tuple[int, Story]] = []
        found: dict[int, Judged] = {}
        order = tried.order.staying_in(stories[0].phase)
        source = MadeUpRecords(stories[0].seed).source
        with (
            suppress(BrokeOff, PortalUnreachable),
            fresh_timeline(
                tried.target, order, tried.secrets, stories, source=source, puts_away=True
            ) as timeline,
        ):
            follow = breaks_down(stories[0])
            for number, story in cloth:
                new = self._re_dated(story, timeline.world.now if follow else None)
                new = with_new_people(new, used, draw, tried.order, own=tried.target.people)
                renewed.append((number, new))
                if follow:
                    [found[len(renewed) - 1]] = timeline.play([new])
            if not follow:
                try:
                    timeline.play([story for _number, story in renewed])
                finally:
                    found = dict(timeline.judged)
        renewed += [(number, self._re_dated(story)) for number, story in cloth[len(renewed) :]]
        return renewed, found

    def failing(self, story: Story, fingerprint: str) -> FailingStory | None:
        """Play a story; return it with the failure of this fingerprint, if it has that."""
        try:
            judged = self.tried.judged(story)
            if fingerprint.startswith(DIFFERENTLY):
                differing = treated_differently(self.tried, story, judged)
                return next((e for e in differing if e.failure.fingerprint == fingerprint), None)
        except msgspec.ValidationError:
            # An order without one of two fields that belong together is no order.
            return None
        return judged.failing(story, fingerprint)

    def _re_dated(self, story: Story, after: datetime | None = None) -> Story:
        """Return a story on the go-live days of the target's own order, unless it has another.

        It begins after the phase goes live, and after this time if one is given.
        """
        order = self.tried.order
        if story.order:
            return story
        live = order.go_live_at(story.phase) - timedelta(seconds=1)
        return moved(story, max(live, after or live), order, keeps_month=after is None)
