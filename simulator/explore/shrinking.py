"""Makes a failing story as short as it can be: fewer steps and people, and plainer values.

Each of these is an edit. As many of them as the failure allows are made at once: all, else halves,
else each alone. To ask is dear, so several candidates are asked about at once, and none twice.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import TypeAlias

import msgspec
from msgspec import Struct, structs

from simulator.explore.held_addresses import HeldAddresses
from simulator.explore.judged_story import FailingStory
from simulator.explore.lawful import lawful_steps
from simulator.explore.plainer_values import Edit, Place, plainer_places
from simulator.explore.steps import ForceStep, RecordCrime, Step, Wait, lasts_seconds
from simulator.explore.story import Person, Story, Stranger

#: Given candidates in order of preference: the place of the first that still fails in the same way.
StillFails = Callable[[Sequence[Story]], int | None]
#: So many candidates are asked about at once.
BATCH = 8
#: No story is asked about more often, however slow it is to become short.
BATCHES_MAX = 100
#: Edits that are made together, each by its place and by which it is there.
_Part: TypeAlias = tuple[tuple[int, int], ...]
_NOTHING = Wait(seconds=0)
#: No story may have a longer wait.
_WAIT_SECONDS_MAX = 366 * 86_400
#: The fields by which steps name crimes, events and appointments of earlier ones.
_NAMING = ("crime", "into", "event", "along", "as_event", "appointment")


class About(Struct, frozen=True, kw_only=True):
    """What a failure is about: how long after the beginning; which crime and person, by label."""

    seconds: float | None = None
    crime: str = ""
    person: str = ""

    @classmethod
    def of(cls, failing: FailingStory) -> "About":
        """Say what the failure of a story is about, as far as it names it."""
        failure, story, crimes = failing.failure, failing.story, failing.labels.crimes
        reference = failure.finding.crime_reference if failure.finding else ""
        person_id = failure.finding.person_id if failure.finding else ""
        people = (each.label for each in story.people if each.record.person_id == person_id)
        return cls(
            seconds=(failure.at - story.begins_at).total_seconds() if failure.at else None,
            crime=next((label for label, each in crimes.items() if each == reference), ""),
            person=next(people, ""),
        )

    def own_steps(self, story: Story) -> list[int]:
        """List the places of the steps about this crime, or about the person and their crimes."""
        names = {self.crime, self.person} - {""}
        if not self.crime:
            names |= {step.crime for step in _crimes(story) if self.person in step.people}
        return [place for place, step in enumerate(story.steps) if names & _named(step)]

    def near_steps(self, story: Story) -> list[int]:
        """List these, all crimes, what is nobody's, and what those do who could be taken for them.

        Those are strangers, the others of the crime, and who has the same phone or mailbox.
        """
        own = {each for who in story.people if who.label == self.person for each in _held(who)}
        everyone: list[Person | Stranger] = [*story.people, *story.strangers]
        names = {"", *(who.label for who in everyone if _held(who) & own)}
        names |= {who for step in _crimes(story) if step.crime == self.crime for who in step.people}
        near = {place for place, step in enumerate(story.steps) if names & _named(step)}
        crimes = {place for place, step in enumerate(story.steps) if isinstance(step, RecordCrime)}
        return sorted(near | crimes | {*self.own_steps(story)})


def shrunk(story: Story, still_fails: StillFails, about: About | None = None) -> Story:
    """Return the shortest story found that still fails; the story itself if none is shorter."""
    asking = _Asking(still_fails)
    about = about or About()
    story = asking.with_first(story, _cuts(story, about))
    count = len(story.steps) + 1
    while len(story.steps) < count:
        count = len(story.steps)
        for places_of in (partial(_steps, about=about), _people, plainer_places):
            story = asking.with_most(story, [*places_of(story)])
    return story


def one_by_one(fails: Callable[[Story], bool]) -> StillFails:
    """Ask about one candidate after another, until one fails."""

    def still_fails(candidates: Sequence[Story]) -> int | None:
        return next((at for at, each in enumerate(candidates) if fails(each)), None)

    return still_fails


class _Asking:
    def __init__(self, still_fails: StillFails) -> None:
        self._still_fails = still_fails
        self._passed: set[bytes] = set()
        self._batches = 0

    def with_first(self, story: Story, edits: Iterable[Edit]) -> Story:
        """Make the first edit, in order of preference, that the failure allows."""
        candidates = [_tidy(edit(story)) for edit in edits]
        failing = self._ask(story, candidates)
        return story if failing is None else candidates[failing]

    def with_most(self, story: Story, places: Sequence[Place]) -> Story:
        """Make as many edits as the failure allows: at each place the first of its edits."""
        made: dict[int, Edit] = {}
        plainest = tuple((place, 0) for place in range(len(places)))
        self._make_most(story, places, made, [plainest])
        others = sorted(
            (at, place) for place, each in enumerate(places) for at in range(1, len(each))
        )
        self._make_most(story, places, made, [((place, at),) for at, place in others])
        return _made(story, made.values())

    def _make_most(
        self, story: Story, places: Sequence[Place], made: dict[int, Edit], pending: list[_Part]
    ) -> None:
        """Add to what is made as many more edits as the failure allows."""
        while pending:
            left = (tuple(each for each in part if each[0] not in made) for part in pending)
            asked, later = _widened([*dict.fromkeys(part for part in left if part)])
            candidates = [
                _made(story, [*made.values(), *(places[place][at] for place, at in part)])
                for part in asked
            ]
            failing = self._ask(_made(story, made.values()), candidates)
            pending = later
            if failing is not None:
                made |= {place: places[place][at] for place, at in asked[failing]}
                pending = [*asked[failing + 1 :], *later]

    def _ask(self, story: Story, candidates: Sequence[Story]) -> int | None:
        """Give the place of the first candidate that still fails and is another story than this."""
        known = {msgspec.json.encode(story)} | self._passed
        new: dict[bytes, int] = {}
        for place, each in enumerate(candidates):
            new.setdefault(msgspec.json.encode(each), place)
        asked = [(key, place) for key, place in new.items() if key not in known]
        if not asked or self._batches >= BATCHES_MAX:
            return None
        self._batches += 1
        failing = self._still_fails([candidates[place] for _key, place in asked])
        self._passed |= {key for key, _place in asked[:failing]}
        return None if failing is None else asked[failing][1]


def _made(story: Story, edits: Iterable[Edit]) -> Story:
    for edit in edits:
        story = edit(story)
    return _tidy(story)


def _widened(parts: Sequence[_Part]) -> tuple[list[_Part], list[_Part]]:
    """Give the parts to ask about now, with their halves if there is room; and those for later."""
    now, later = [*parts[:BATCH]], [*parts[BATCH:]]
    for part in now:
        middle = (len(part) + 1) // 2
        halves = [part[:middle], part[middle:]] if len(part) > 1 else []
        (now if len(now) + len(halves) <= BATCH else later).extend(halves)
    return now, later


def _tidy(story: Story) -> Story:
    """Leave out what may not follow the steps before it; join waits that follow one another."""
    held = HeldAddresses((*story.people, *story.strangers))
    kept: list[Step] = []
    for step in lawful_steps(story):
        held.take(step)
        if step == _NOTHING:
            continue
        last = kept[-1] if kept else None
        if (
            isinstance(step, Wait)
            and isinstance(last, Wait)
            and step.seconds + last.seconds <= _WAIT_SECONDS_MAX
        ):
            kept[-1] = Wait(seconds=step.seconds + last.seconds)
        else:
            is_right = held.are_written_in(step)
            kept.append(step if is_right else structs.replace(step, written=""))
    return structs.replace(story, steps=tuple(kept))


def _cuts(story: Story, about: About) -> Iterator[Edit]:
    """Leave out what is after the failure, and of what is before it all but steps about it."""
    at, ends = 0, len(story.steps)
    for place, step in enumerate(story.steps):
        if about.seconds is not None and at > about.seconds:
            ends = place
            break
        at += lasts_seconds(step)
    own = [place for place in about.own_steps(story) if place < ends]
    of_force = [place for place in own if isinstance(story.steps[place], ForceStep)]
    of_force += own[-3:]  # They may have to sign in, and to read it.
    for kept in (own[-1:], own[-2:], own[-4:], own[-8:], of_force, own, about.near_steps(story)):
        yield _keeping(_needed(story, kept), ends)
    yield _keeping({*range(ends)}, ends)


def _keeping(places: set[int], ends: int) -> Edit:
    def edit(story: Story) -> Story:
        steps = (
            step if place in places else Wait(seconds=lasts_seconds(step))
            for place, step in enumerate(story.steps[:ends])
        )
        return structs.replace(story, steps=tuple(steps))

    return edit


def _needed(story: Story, places: Iterable[int]) -> set[int]:
    """Add to some steps the first that names a crime, event or appointment of theirs."""
    first: dict[str, int] = {}
    for place, step in enumerate(story.steps):
        for label in _labels(step):
            first.setdefault(label, place)
    needed, new = set[int](), {*places}
    while new:
        needed |= new
        new = {first[label] for place in new for label in _labels(story.steps[place])} - needed
    return needed


def _labels(step: Step) -> set[str]:
    one = {getattr(step, name, "") for name in _NAMING}
    return {*one, *getattr(step, "events", ())} - {""}


def _named(step: Step) -> set[str]:
    people = {getattr(step, name, "") for name in ("person", "other", "survivor")} - {""}
    return (_labels(step) | people | {*getattr(step, "people", ())}) or {""}


def _crimes(story: Story) -> list[RecordCrime]:
    return [step for step in story.steps if isinstance(step, RecordCrime)]


def _held(who: Person | Stranger) -> set[str]:
    return {who.phone, who.mailbox} - {""}


def _steps(story: Story, about: About) -> Iterator[Place]:
    """Leave out each step, first those that have nothing to do with the failure.

    The time that it took stays: shorter waits are for later.
    """
    needed = Counter(each for place in about.own_steps(story) for each in _needed(story, [place]))
    for place in sorted(range(len(story.steps)), key=lambda place: (needed[place], place)):
        if not isinstance(story.steps[place], Wait):
            yield (_keeping({*range(len(story.steps))} - {place}, len(story.steps)),)


def _people(story: Story) -> Iterator[Place]:
    everyone: list[Person | Stranger] = [*story.people, *story.strangers]
    for who in everyone:
        yield (_without(who.label),)


def _without(label: str) -> Edit:
    def edit(story: Story) -> Story:
        return structs.replace(
            story,
            people=_people_without(story.people, label),
            strangers=tuple(each for each in story.strangers if each.label != label),
            steps=tuple(_crime_without(each, label) for each in story.steps),
        )

    return edit


def _crime_without(step: Step, label: str) -> Step:
    if not isinstance(step, RecordCrime) or label not in step.people:
        return step
    kept = [n for n, each in enumerate(step.people) if each != label]
    if not kept:
        return _NOTHING
    return structs.replace(
        step,
        people=tuple(step.people[n] for n in kept),
        roles=tuple(step.roles[n] for n in kept),
    )


def _people_without(people: Sequence[Person], label: str) -> tuple[Person, ...]:
    kept: list[Person] = []
    heir = next((each.same_as for each in people if each.label == label), "")
    for each in people:
        if each.same_as == label:
            kept.append(structs.replace(each, same_as=heir))
            heir = heir or each.label
        elif each.label != label:
            kept.append(each)
    return tuple(kept) or (*people,)
