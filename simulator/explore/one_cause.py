"""Joins failures that one mistake of a portal caused, once each has its shortest story.

Two are joined only if nothing speaks for two mistakes, or if they differ in the kind of event or
task alone. None is hidden: the one that fewer stories showed is named under the other, with its own
words and its own story.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, get_args

from reference.contract.events import EVENT_TYPES
from reference.contract.messages import TaskKind
from simulator.evidence.records import MessageAccepted
from simulator.explore.judged_story import FailingStory, Failure

_EVENT_KIND = re.compile(rf"\b(?:{'|'.join(EVENT_TYPES)})\b")
_TASK_KIND = re.compile(rf"\b(?:{'|'.join(get_args(TaskKind))})\b")


@dataclass
class OneCause:
    """A failure with the numbers of the stories that showed it, and those that are named under it.

    Each of those under it comes with the numbers of its stories too.
    """

    failing: FailingStory
    numbers: Sequence[int]
    under: list[tuple[FailingStory, Sequence[int]]] = field(default_factory=list)


def by_cause(found: Iterable[tuple[FailingStory, Sequence[int]]]) -> list[OneCause]:
    """Join failures of one cause, in their order: the first of them stands for it."""
    causes: list[OneCause] = []
    for failing, numbers in found:
        cause = next((each for each in causes if _is_same(each.failing, failing)), None)
        if cause is None:
            causes.append(OneCause(failing, numbers))
        else:
            cause.under.append((failing, numbers))
    return causes


def kind_alone_differs(one: FailingStory, other: FailingStory) -> str:
    """Give the kind of event or task of the other failure if nothing else of the two differs.

    "" if they differ in more: the other breaks another sentence, or this one in another way.
    """
    if not (
        _is_of_another_event(one, other) or _without_task_kind(one) == _without_task_kind(other)
    ):
        return ""
    own, others = _kinds(one), _kinds(other)
    return ", ".join(each for each in others if each not in own) or ", ".join(others)


def _is_same(one: FailingStory, other: FailingStory) -> bool:
    if one.failure.kind != other.failure.kind:
        return False
    return (
        _without_task_kind(one) == _without_task_kind(other)
        or _is_same_story(one, other)
        or _is_of_another_event(one, other)
    )


def _without_task_kind(failing: FailingStory) -> str:
    return _TASK_KIND.sub("task", failing.failure.fingerprint)


def _is_same_story(one: FailingStory, other: FailingStory) -> bool:
    """Say whether each fails in the other's shortest story, and the evidence is of one mistake.

    A story that could be shorter proves nothing: another mistake may be left in it.
    """
    if one.cut_short or other.cut_short or _shape(one) != _shape(other):
        return False
    return all(_are_one(each, one.failure, other.failure) for each in (one, other))


def _is_of_another_event(one: FailingStory, other: FailingStory) -> bool:
    """Say whether the same thing is wrong with another event: nothing else is different.

    They may be two mistakes, so each stays listed with its own words and story.
    """
    return _without_event_kind(one) == _without_event_kind(other)


def _without_event_kind(failing: FailingStory) -> tuple[str, str]:
    failure = failing.failure
    return (
        _EVENT_KIND.sub("event", failure.fingerprint),
        _EVENT_KIND.sub("event", failure.rests_on),
    )


def _kinds(failing: FailingStory) -> dict[str, None]:
    words = failing.failure.fingerprint
    return dict.fromkeys(_EVENT_KIND.findall(words) + _TASK_KIND.findall(words))


def _are_one(story: FailingStory, this: Failure, that: Failure) -> bool:
    """Say whether a story has both, in the same messages and answers or of the same people.

    A portal that is wrong about whom it may tell shows it in pages, in sessions and by tasks that
    it does not raise, against one requirement. Two messages are each sent by themselves.
    """
    of_this, of_that = _of_kind(story, this), _of_kind(story, that)
    if not (of_this and of_that):
        return False
    if _are_equal([*map(_place, of_this)], [*map(_place, of_that)]):
        return True
    is_one_requirement = bool(this.requirement) and this.requirement == that.requirement
    are_messages = all(isinstance(it.found_in, MessageAccepted) for it in (*of_this, *of_that))
    return is_one_requirement and not are_messages and _people(of_this) == _people(of_that)


def _shape(failing: FailingStory) -> list[type]:
    return [type(each) for each in failing.story.steps]


def _of_kind(story: FailingStory, failure: Failure) -> list[Failure]:
    return [each for each in story.failures if each.fingerprint == failure.fingerprint]


def _place(failure: Failure) -> Any:
    """Give the message, page or answer in which a failure was found.

    What should have come and did not is known by its person, its crime and when it was missed.
    """
    finding = failure.finding
    if failure.found_in is not None or finding is None:
        return failure.found_in
    return finding.person_id, finding.crime_reference, failure.at


def _people(failures: Iterable[Failure]) -> set[str]:
    return {each.finding.person_id for each in failures if each.finding is not None}


def _are_equal(these: Sequence[Any], those: Sequence[Any]) -> bool:
    return all(each in those for each in these) and all(each in these for each in those)
