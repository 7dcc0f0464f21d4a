"""Plays stories in cloths, where to start a portal takes longer than to play: one start for many.

Stories that break something down follow one another; what needs a portal of its own plays alone.
One in ten of the rest plays alone too, and must come to the same. What fails in a cloth is played
again alone; if it fails only in company, its company is shown with it.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import ClassVar, Protocol

from msgspec import Struct, structs

from simulator.explore import steps as told
from simulator.explore.company import in_company
from simulator.explore.judged_story import FailingStory, Failure, Judged
from simulator.explore.story import Story

#: A portal that fails in a cloth has failed for all of its stories.
STEPS_MAX, STORIES_MAX = 320, 40


class Woven(Struct, frozen=True, kw_only=True):
    """A story as it was played, and how it was judged; `number` is the one that it was given.

    `company` has what failed beside other stories and not alone, by a story of them all.
    """

    number: int
    story: Story
    judged: Judged
    company: tuple[FailingStory, ...] = ()


class Ground(Protocol):
    """Where stories are played: portals that are fresh for each cloth, or one that runs already."""

    #: One story in so many plays alone too; 0 for none.
    alone_every: ClassVar[int]

    def alone(self, number: int, story: Story) -> Woven:
        """Play a story alone, as it can be played there."""

    def side_by_side(
        self, cloth: Sequence[tuple[int, Story]]
    ) -> tuple[list[tuple[int, Story]], dict[int, Judged]]:
        """Play stories; give each as it was played, and how those were judged by place.

        What was broken off is not there: nobody can say whose failure that is.
        """


def is_alone(story: Story) -> bool:
    """Say whether a story needs a portal of its own: another order, or floods that limits stop."""
    return bool(story.order) or any(
        isinstance(step, told.CompareAnswers)
        or (isinstance(step, told.Guess) and step.sign_ins > 1)
        or (isinstance(step, told.SayNotForMe) and not step.as_holder)
        for step in story.steps
    )


def cloths_of(
    stories: Sequence[tuple[int, Story]], *, steps_max: int = STEPS_MAX
) -> Iterator[list[tuple[int, Story]]]:
    """Put stories together, in their order, as far as they may be played side by side."""
    open_cloths: dict[tuple[int, bool], list[tuple[int, Story]]] = {}
    for number, story in stories:
        if is_alone(story):
            yield [(number, story)]
            continue
        kind = (story.phase, breaks_down(story))
        cloth = open_cloths.setdefault(kind, [])
        steps = sum(len(woven.steps) for _number, woven in cloth) + len(story.steps)
        if cloth and (steps > steps_max or len(cloth) == STORIES_MAX):
            yield open_cloths.pop(kind)
            cloth = open_cloths.setdefault(kind, [])
        cloth.append((number, story))
    yield from open_cloths.values()


def play_cloth(
    ground: Ground,
    cloth: Sequence[tuple[int, Story]],
    *,
    is_over: Callable[[], bool] = lambda: False,
) -> list[Woven]:
    """Play a cloth; the stories that a failure broke off, and those that failed, play alone.

    After `is_over` no more is begun.
    """
    if len(cloth) == 1:
        return [ground.alone(*cloth[0])]
    renewed, found = ground.side_by_side(cloth)
    stories = [story for _number, story in renewed]
    result, seen = list[Woven](), set[str]()
    for place, (number, story) in enumerate(renewed):
        judged = found.get(place)
        is_checked = judged is None or bool(ground.alone_every and not number % ground.alone_every)
        if judged is not None:
            new = {failure.fingerprint for failure in judged.failures} - seen
            is_checked |= bool(new)
            seen |= new
        if not is_checked or is_over():
            if judged is not None:
                result.append(Woven(number=number, story=story, judged=judged))
            continue
        alone = ground.alone(number, story)
        if judged is not None and (missing := _missing(judged, alone.judged)):
            alone = structs.replace(alone, company=_in_company(ground, stories, missing))
        result.append(alone)
    return result


def can_be_woven(story: Story) -> bool:
    """Say whether a story can be played beside others at all."""
    return not (is_alone(story) or breaks_down(story))


def _missing(judged: Judged, alone: Judged) -> list[Failure]:
    left = {failure.fingerprint for failure in alone.failures}
    return [failure for failure in judged.failures if failure.fingerprint not in left]


def _in_company(
    ground: Ground, stories: Sequence[Story], missing: Sequence[Failure]
) -> tuple[FailingStory, ...]:
    """Play all stories of a cloth as one, to show what was seen only in company.

    What does not come again is only suspected.
    """
    both, shown = ground.alone(0, in_company(stories)), list[Failure]()
    again = {failure.fingerprint: failure for failure in both.judged.failures}
    for failure in missing:
        came = again.get(failure.fingerprint)
        seen = "seen only in company" + ("" if came else ", and not when played again")
        came = came or structs.replace(failure, kind="REVIEW")
        shown.append(structs.replace(came, observed=f"{seen}: {came.observed}"))
    return tuple(FailingStory.of(both.story, failure, both.judged) for failure in shown)


def breaks_down(story: Story) -> bool:
    """Say whether a story has an outage or a restart, which all beside it would have too."""
    return any(isinstance(step, told.Breakdown | told.StartSecondWorker) for step in story.steps)
