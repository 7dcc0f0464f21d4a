"""Plays stories in cloths, where to start a portal takes longer than to play: one start for many.

Stories that break something down follow one another; what needs a portal of its own plays alone.
One in ten of the rest plays alone too, and must come to the same. What fails in a cloth is played
again alone; if it fails only in company, its company is shown with it.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from random import Random

from msgspec import Struct, structs

from simulator.errors import PortalUnreachable
from simulator.explore import steps as told
from simulator.explore.company import in_company
from simulator.explore.judged_story import Failure, Judged
from simulator.explore.later import moved
from simulator.explore.new_people import Used, with_new_people
from simulator.explore.story import Story
from simulator.explore.timeline import BrokeOff, fresh_timeline
from simulator.explore.tried import Tried
from simulator.world.made_up_records import MadeUpRecords

#: A portal that fails in a cloth has failed for all of its stories.
STEPS_MAX, STORIES_MAX = 320, 40
#: One story in so many plays alone too.
ALONE_EVERY = 10


class Woven(Struct, frozen=True, kw_only=True):
    """A story as it was played, and how it was judged; `number` is the one that it was given."""

    number: int
    story: Story
    judged: Judged


def is_alone(story: Story) -> bool:
    """Say whether a story needs a portal of its own: another order, or floods that limits stop."""
    return bool(story.order) or any(
        isinstance(step, told.CompareAnswers)
        or (isinstance(step, told.Guess) and step.sign_ins > 1)
        or (isinstance(step, told.SayNotForMe) and not step.as_holder)
        for step in story.steps
    )


def cloths_of(stories: Sequence[tuple[int, Story]]) -> Iterator[list[tuple[int, Story]]]:
    """Put stories together, in their order, as far as they may be played side by side."""
    open_cloths: dict[tuple[int, bool], list[tuple[int, Story]]] = {}
    for number, story in stories:
        if is_alone(story):
            yield [(number, story)]
            continue
        kind = (story.phase, breaks_down(story))
        cloth = open_cloths.setdefault(kind, [])
        steps = sum(len(woven.steps) for _number, woven in cloth) + len(story.steps)
        if cloth and (steps > STEPS_MAX or len(cloth) == STORIES_MAX):
            yield open_cloths.pop(kind)
            cloth = open_cloths.setdefault(kind, [])
        cloth.append((number, story))
    yield from open_cloths.values()


def play_cloth(
    tried: Tried,
    cloth: Sequence[tuple[int, Story]],
    *,
    is_over: Callable[[], bool] = lambda: False,
) -> list[Woven]:
    """Play a cloth on a portal of its own; the stories that a failure broke off play alone.

    After `is_over` no more is begun.
    """
    if len(cloth) == 1:
        [(number, story)] = cloth
        story = re_dated(tried, story) if tried.is_woven else story
        return [Woven(number=number, story=story, judged=tried.judged(story))]
    renewed, found = _woven(tried, cloth)
    stories = [story for _number, story in renewed]
    result, seen = list[Woven](), set[str]()
    for place, (number, story) in enumerate(renewed):
        judged = found.get(place)
        is_checked = number % ALONE_EVERY == 0 or judged is None
        if judged is not None:
            new = {failure.fingerprint for failure in judged.failures} - seen
            is_checked |= bool(new)
            seen |= new
        if is_checked and is_over():
            if judged is None:
                continue
            is_checked = False
        if is_checked:
            alone = tried.judged(story)
            if judged is not None:
                missing = _missing(judged, alone)
                if missing:
                    result.append(_company(tried, number, stories, missing))
            judged = alone
        assert judged is not None
        result.append(Woven(number=number, story=story, judged=judged))
    return result


def failing_places(tried: Tried, stories: Sequence[Story], fingerprint: str) -> list[int]:
    """Play forms of one story side by side; give the places of those that may fail in this way.

    One that was broken off may.
    """
    _renewed, found = _woven(tried, list(enumerate(stories)))
    return [
        place
        for place in range(len(stories))
        if place not in found or fingerprint in {each.fingerprint for each in found[place].failures}
    ]


def can_be_woven(story: Story) -> bool:
    """Say whether a story can be played beside others at all."""
    return not (is_alone(story) or breaks_down(story))


def re_dated(tried: Tried, story: Story, after: datetime | None = None) -> Story:
    """Return a story on the go-live days of the target's own order, unless it has another.

    It begins after the phase goes live, and after this time if one is given.
    """
    if story.order:
        return story
    live = tried.order.go_live_at(story.phase) - timedelta(seconds=1)
    return moved(story, max(live, after or live), tried.order, keeps_month=after is None)


def _woven(
    tried: Tried, cloth: Sequence[tuple[int, Story]]
) -> tuple[list[tuple[int, Story]], dict[int, Judged]]:
    """Play stories on one portal; give each as it was played, and how those were judged by place.

    What was broken off is not there: nobody can say whose failure that is.
    """
    stories = [story for _number, story in cloth]
    used, draw = Used(), Random(stories[0].seed)  # noqa: S311  the same cloth each time
    renewed: list[tuple[int, Story]] = []
    found: dict[int, Judged] = {}
    order, source = tried.order.staying_in(stories[0].phase), MadeUpRecords(stories[0].seed).source
    with (
        suppress(BrokeOff, PortalUnreachable),
        fresh_timeline(
            tried.target, order, tried.secrets, stories, source=source, puts_away=True
        ) as timeline,
    ):
        follow = breaks_down(stories[0])
        for number, story in cloth:
            after = timeline.world.now if follow else None
            new = re_dated(tried, story, after)
            new = with_new_people(new, used, draw, tried.order, own=tried.target.people)
            renewed.append((number, new))
            if follow:
                [found[len(renewed) - 1]] = timeline.play([new])
        if not follow:
            try:
                timeline.play([story for _number, story in renewed])
            finally:
                found = dict(timeline.judged)
    renewed += [(number, re_dated(tried, story)) for number, story in cloth[len(renewed) :]]
    return renewed, found


def _missing(judged: Judged, alone: Judged) -> list[Failure]:
    """List the failures that a story had in company, and has not alone."""
    left = {failure.fingerprint for failure in alone.failures}
    return [failure for failure in judged.failures if failure.fingerprint not in left]


def _company(
    tried: Tried, number: int, stories: Sequence[Story], missing: Sequence[Failure]
) -> Woven:
    """Play all stories of a cloth as one, to show what fails only in company."""
    story = in_company(stories)
    judged = tried.judged(story)
    again = {failure.fingerprint for failure in judged.failures}
    unsteady = tuple(
        in_company_alone(failure) for failure in missing if failure.fingerprint not in again
    )
    wanted = {failure.fingerprint for failure in missing}
    shown = tuple(failure for failure in judged.failures if failure.fingerprint in wanted)
    return Woven(
        number=number, story=story, judged=structs.replace(judged, failures=(*shown, *unsteady))
    )


def in_company_alone(failure: Failure) -> Failure:
    """Return a failure that came beside other stories, and not again: it is only suspected."""
    observed = f"beside other stories, and not when played again: {failure.observed}"
    return structs.replace(failure, kind="REVIEW", observed=observed)


def breaks_down(story: Story) -> bool:
    """Say whether a story has an outage or a restart, which all beside it would have too."""
    return any(isinstance(step, told.Breakdown | told.StartSecondWorker) for step in story.steps)
