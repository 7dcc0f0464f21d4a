"""Plays a story again with other people: the same story, other names, numbers, ids and mailboxes.

A portal that does right by one of the two alone knows people by what says nothing of their case,
as a portal does that was built to pass this suite. The judge's findings are compared, not words.
"""

from random import Random

from msgspec import structs

from simulator.explore.judged_story import FailingStory, Failure, Judged
from simulator.explore.new_people import Used, with_new_people
from simulator.explore.story import Story
from simulator.explore.tried import Tried
from simulator.inputs.order import Order
from simulator.inputs.own_people import OwnPeople
from simulator.population.people import AGREED_WORDS
from simulator.verdicts import Kind

#: One story in so many is played with other people too.
COMPARED_EVERY = 10
#: How the fingerprint of such a finding begins.
DIFFERENTLY = "these people are treated differently"
_EXPECTED = (
    "the same end for people who differ in nothing but names, numbers, ids and mailboxes: a portal "
    "that knows the people of this suite passes here, and fails real victims"
)


def is_compared(number: int) -> bool:
    """Say whether the story of this number is played with other people too."""
    return number % COMPARED_EVERY == 0


def with_other_people(story: Story, order: Order, own: OwnPeople | None = None) -> Story:
    """Return the story with other names, numbers, ids, mailboxes and words, and nothing else.

    Spellings stay as they are: a number in capital letters, spaces or the wrong field stays so.
    The first story decides, so it is the same for one story every time.
    """
    # Not for secrets: the same story always has the same other people.
    draw = Random(f"other people/{story.seed}")  # noqa: S311
    other = with_new_people(story, Used(), draw, order, all_new=True, own=own, other_domains=True)
    before = dict.fromkeys(each.word for each in story.people)
    after = (each for each in draw.sample(AGREED_WORDS, len(AGREED_WORDS)) if each not in before)
    words = {old: new + old[len(old.split()[0]) :] for old, new in zip(before, after, strict=False)}
    people = tuple(structs.replace(each, word=words[each.word]) for each in other.people)
    return structs.replace(other, people=people)


def treated_differently(tried: Tried, story: Story, judged: Judged) -> tuple[FailingStory, ...]:
    """Play a story that was judged with other people, and list what failed in one alone.

    Each comes with the one of the two stories that fails by itself. Both are played once more
    before it counts: a portal that fails now and then treats nobody differently. Then it is for
    REVIEW.
    """
    other_story = with_other_people(story, tried.order, tried.target.people)
    other = tried.judged(other_story)
    first, second = _kinds(judged, story), _kinds(other, other_story)
    if first == second:
        return ()
    is_steady = first == _kinds(tried.judged(story), story) and second == _kinds(
        tried.judged(other_story), other_story
    )
    found: dict[str, FailingStory] = {}
    for these, those, who in ((judged, second, story), (other, first, other_story)):
        for each in these.failures:
            if (_kind(each), _place(each, who)) not in those:
                failure = _differently(each, who, "FAIL" if is_steady else "REVIEW")
                failing = FailingStory.of(who, failure, these)
                found.setdefault(failure.fingerprint, failing)
    return tuple(found.values())


def _kind(failure: Failure) -> tuple[str, str, str]:
    rests_on = failure.finding.rests_on if failure.finding else ""
    return failure.requirement, failure.harm, rests_on


def _place(failure: Failure, story: Story) -> int:
    person_id = failure.finding.person_id if failure.finding else ""
    places = {each.record.person_id: place for place, each in enumerate(story.people)}
    return places.get(person_id, -1)


def _kinds(judged: Judged, story: Story) -> set[tuple[tuple[str, str, str], int]]:
    return {(_kind(each), _place(each, story)) for each in judged.failures}


def _differently(failure: Failure, story: Story, kind: Kind) -> Failure:
    who = "; ".join(
        f"{each.record.given_name} {each.record.family_name}, {each.record.person_id}, "
        f"{each.phone or 'no phone'}, {each.mailbox or 'no mailbox'}"
        for each in story.people
    )
    return structs.replace(
        failure,
        fingerprint=f"{DIFFERENTLY}|{'|'.join(_kind(failure))}",
        expected=_EXPECTED,
        observed=f"only with {who}: {failure.observed}",
        kind=kind,
    )
