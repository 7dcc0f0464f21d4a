"""Makes one story of several that were played side by side: what fails only in company is in it."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from msgspec import structs

from simulator.explore import steps as told
from simulator.explore.new_people import LABELS
from simulator.explore.story import Story


def in_company(stories: Sequence[Story]) -> Story:
    """Return one story with the people and steps of all, each step at its own time."""
    apart = [_with_own_labels(story, place) for place, story in enumerate(stories)]
    first = min(apart, key=lambda story: story.begins_at)
    timed = [
        (at, place, turn, step)
        for place, story in enumerate(apart)
        for at, turn, step in _timed(story)
    ]
    timed.sort(key=lambda found: found[:3])
    now, steps = first.begins_at, list[told.Step]()
    for at, _place, _turn, step in timed:
        if at > now:
            steps.append(told.Wait(seconds=int((at - now).total_seconds())))
            now = at
        steps.append(step)
        now += _takes(step)
    ends = max(_ends_at(story) for story in apart)
    return structs.replace(
        first,
        people=tuple(person for story in apart for person in story.people),
        strangers=tuple(stranger for story in apart for stranger in story.strangers),
        steps=tuple(steps),
        ends_after_seconds=max(1, int((ends - now).total_seconds())),
    )


def _timed(story: Story) -> Iterator[tuple[datetime, int, told.Step]]:
    now = story.begins_at
    for turn, step in enumerate(story.steps):
        if not isinstance(step, told.Wait):
            yield now, turn, step
        now += _takes(step)


def _takes(step: told.Step) -> timedelta:
    return timedelta(seconds=told.lasts_seconds(step))


def _ends_at(story: Story) -> datetime:
    taken = sum(map(_takes, story.steps), timedelta(seconds=story.ends_after_seconds))
    return story.begins_at + taken


def _with_own_labels(story: Story, place: int) -> Story:
    if not place:
        return story
    labels = {person.label for person in story.people}
    labels |= {stranger.label for stranger in story.strangers}

    def walk(value: Any, key: str) -> Any:
        if isinstance(value, dict):
            return {name: walk(part, name) for name, part in value.items()}
        if isinstance(value, list | tuple):
            return [walk(part, key) for part in value]
        return f"{value} {place + 1}" if key in LABELS and value in labels else value

    return msgspec.convert(walk(msgspec.to_builtins(story), ""), Story)
