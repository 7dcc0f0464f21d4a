"""Makes a failing story as short as it can be: fewer steps, fewer people, plainer values.

Every change is kept only if the story still fails with the same fingerprint. A step that is no
longer lawful goes with what it needed.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence

from msgspec import structs

from simulator.explore.held_addresses import HeldAddresses
from simulator.explore.lawful import lawful_steps
from simulator.explore.plainer_values import (
    PLAINER_PEOPLE,
    officers_of,
    plainer_begins,
    plainer_steps,
    plainest_person,
    with_plain_officer,
)
from simulator.explore.steps import RecordCrime, Step
from simulator.explore.story import Person, Story

#: Whether a story still fails in the same way.
StillFails = Callable[[Story], bool]
_DAY = 86_400
#: A story is played so often at most: a few seconds in process.
TRIES_MAX = 400


def shrunk(story: Story, still_fails: StillFails) -> Story:
    """Return the shortest story found that still fails; the story itself if none is shorter."""
    tries = _Tries(still_fails)
    while True:
        before = story
        story = _fewer_steps(story, tries)
        story = _first_that_fails(story, tries, _without_people(story))
        story = _first_that_fails(story, tries, _with_the_forces_order(story))
        story = _plainer(story, tries)
        if story == before or tries.are_used_up:
            return story


class _Tries:
    """Asks whether a story still fails, so often at most."""

    def __init__(self, still_fails: StillFails) -> None:
        self._still_fails = still_fails
        self._count = 0

    @property
    def are_used_up(self) -> bool:
        return self._count >= TRIES_MAX

    def fails(self, story: Story) -> bool:
        if self.are_used_up:
            return False
        self._count += 1
        return self._still_fails(story)


def _fewer_steps(story: Story, tries: _Tries) -> Story:
    """Drop runs of steps, from half the story down to single ones, the last steps first."""
    size = max(1, len(story.steps) // 2)
    while size:
        at = len(story.steps) - size
        while at >= 0:
            steps = story.steps[:at] + story.steps[at + size :]
            shorter = _lawful(structs.replace(story, steps=steps))
            if len(shorter.steps) < len(story.steps) and tries.fails(shorter):
                story = shorter
                at = min(at, len(story.steps)) - size
            else:
                at -= size
        size //= 2
    return story


def _without_people(story: Story) -> Iterator[Story]:
    """Leave out each person and stranger that the story may do without."""
    for person in story.people:
        if len(story.people) > 1:
            yield _without(story, person.label)
    for stranger in story.strangers:
        rest = tuple(each for each in story.strangers if each is not stranger)
        yield _lawful(structs.replace(story, strangers=rest))


def _with_the_forces_order(story: Story) -> Iterator[Story]:
    """Give the story the force's own order, whole or in one field more."""
    if story.order:
        yield structs.replace(story, order=())
    for at in range(len(story.order)):
        yield structs.replace(story, order=story.order[:at] + story.order[at + 1 :])


def _without(story: Story, label: str) -> Story:
    people = _people_without(story.people, label)
    steps = []
    for step in story.steps:
        if isinstance(step, RecordCrime) and label in step.people:
            kept = [n for n, each in enumerate(step.people) if each != label]
            if not kept:
                continue
            step = structs.replace(  # noqa: PLW2901  the same step, without the person
                step,
                people=tuple(step.people[n] for n in kept),
                roles=tuple(step.roles[n] for n in kept),
            )
        if label not in (getattr(step, "person", ""), getattr(step, "other", "")):
            steps.append(step)
    return _lawful(structs.replace(story, people=people, steps=tuple(steps)))


def _people_without(people: Sequence[Person], label: str) -> tuple[Person, ...]:
    """Leave one person out: other records of theirs are one person's still."""
    kept: list[Person] = []
    heir = next(each.same_as for each in people if each.label == label)
    for each in people:
        if each.same_as == label:
            kept.append(structs.replace(each, same_as=heir))
            heir = heir or each.label
        elif each.label != label:
            kept.append(each)
    return tuple(kept)


def _plainer(story: Story, tries: _Tries) -> Story:
    """Give each step, each person and the days their plainest values, one after another."""
    for at in range(len(story.steps)):
        shorter = _with_plainer_step(story, at, tries)
        if len(shorter.steps) < len(story.steps):
            return shorter
        story = shorter
    for at in range(len(officers_of(story))):
        changed = _lawful(with_plain_officer(story, at))
        if changed != story and tries.fails(changed):
            story = changed
    for at in range(len(story.people)):
        story = _with_plainer_person(story, at, tries)
    begins = (structs.replace(story, begins_at=each) for each in plainer_begins(story))
    story = _first_that_fails(story, tries, begins)
    for seconds in (_DAY, 2 * _DAY, 10 * _DAY):
        if seconds < story.ends_after_seconds:
            sooner = structs.replace(story, ends_after_seconds=seconds)
            if tries.fails(sooner):
                return sooner
    return story


def _with_plainer_step(story: Story, at: int, tries: _Tries) -> Story:
    """Give one step each of its values as plain as the failure allows, one after another.

    A step that goes, with what is plainer, ends it.
    """
    for plainer in plainer_steps(story.steps[at]):
        for step in plainer(story.steps[at]):
            steps = (*story.steps[:at], step, *story.steps[at + 1 :])
            changed = _lawful(structs.replace(story, steps=steps))
            if tries.fails(changed):
                if len(changed.steps) < len(story.steps):
                    return changed
                story = changed
                break
    return story


def _with_plainer_person(story: Story, at: int, tries: _Tries) -> Story:
    """Give one person everything plain, or else as much of it as the failure allows."""
    for change in (plainest_person, *PLAINER_PEOPLE):
        changed = _lawful(change(story, at))
        if changed != story and tries.fails(changed):
            story = changed
    return story


def _first_that_fails(story: Story, tries: _Tries, changed: Iterable[Story]) -> Story:
    return next((each for each in changed if tries.fails(each)), story)


def _lawful(story: Story) -> Story:
    """Leave out what may not follow the steps before it, and spellings of what nobody holds."""
    held = HeldAddresses((*story.people, *story.strangers))
    kept: list[Step] = []
    for step in lawful_steps(story):
        held.take(step)
        is_right = held.are_written_in(step)
        kept.append(step if is_right else structs.replace(step, written=""))
    return structs.replace(story, steps=tuple(kept))
