"""What the labels of a story stood for when it was played: references of crimes, ids of events.

A finding names these. The steps of a failing story are told with them, so that both say the same.
"""

from typing import Any

from msgspec import Struct, structs

from simulator.explore.steps import ForceStep, Forge, StoryStep
from simulator.explore.story import Story


class Labels(Struct, frozen=True, kw_only=True):
    """The reference of each crime that was recorded, and the id of each event, by its label."""

    crimes: dict[str, str] = {}
    events: dict[str, str] = {}

    def in_story(self, story: Story) -> Story:
        """Give a story whose steps name crimes and events as findings do."""
        return structs.replace(story, steps=tuple(self._in_step(each) for each in story.steps))

    def _in_step(self, step: Any) -> Any:
        changes: dict[str, Any] = {}
        for name, known in (
            ("crime", self.crimes),
            ("into", self.crimes),
            ("event", self.events),
            ("along", self.events),
            ("as_event", self.events),
        ):
            label = getattr(step, name, "")
            if label in known:
                changes[name] = known[label]
        if hasattr(step, "events"):
            changes["events"] = tuple(self.events.get(each, each) for each in step.events)
        if isinstance(step, Forge):
            changes["claim"] = self._in_step(step.claim)
        return structs.replace(step, **changes)

    def id_of(self, step: StoryStep) -> str:
        """Give the id of the event that a step records ("" if it was not recorded).

        The step is one of `in_story`.
        """
        event = step.event if isinstance(step, ForceStep) else ""
        return event if event in self.events.values() else ""
