"""A few stories have two records that the force merges; the others stay as they were drawn."""

from collections import Counter
from functools import cache, partial

from msgspec import structs

from simulator.explore.lawful import lawful_steps, without_unclaimed
from simulator.explore.steps import MergePersons, Read, RecordCrime, SignIn, UnmergePersons
from simulator.explore.story import Story
from tests.simulator.explore.stories import drawn_stories

stories = partial(drawn_stories, 800, phase=3, seed=5)


@cache
def mergers() -> list[tuple[Story, MergePersons]]:
    """List the mergers of persons, each with its story."""
    return [
        (story, step)
        for story in stories()
        for step in story.steps
        if isinstance(step, MergePersons)
    ]


def is_about(story: Story, step: MergePersons) -> bool:
    """Say whether both records are in a crime that was recorded before."""
    recorded = story.steps[: story.steps.index(step)]
    people = {who for each in recorded if isinstance(each, RecordCrime) for who in each.people}
    return {step.person, step.survivor} <= people


def test_some_stories_have_a_merger_of_two_who_are_each_in_a_crime() -> None:
    """About one in fourteen; and over a third of these are taken back."""
    parted = [
        story for story, _ in mergers() if any(isinstance(e, UnmergePersons) for e in story.steps)
    ]

    assert len(stories()) / 25 < len(mergers()) < len(stories()) / 8
    assert len(parted) > len(mergers()) / 3
    assert all(is_about(story, step) for story, step in mergers())


def test_a_record_is_merged_with_one_of_the_same_person_or_by_mistake() -> None:
    """Both often; the names may be one though the people are two."""
    kinds: Counter[tuple[bool, bool]] = Counter()
    for story, step in mergers():
        people = {each.label: each for each in story.people}
        one, other = people[step.person], people[step.survivor]
        names = (one.record.given_name, one.record.family_name)
        is_one_name = names == (other.record.given_name, other.record.family_name)
        kinds[one.same_as == other.label, is_one_name] += 1
        assert {one.phone, one.mailbox}.isdisjoint({other.phone, other.mailbox})
        assert (one.word == other.word) == (one.same_as == other.label)

    assert min(kinds[same, named] for same in (True, False) for named in (True, False)) > 2


def test_the_survivor_comes_in_after_the_merger() -> None:
    """In most of these stories: there is something to be read."""
    read = 0
    for story, step in mergers():
        after = story.steps[story.steps.index(step) :]
        came = {each.person for each in after if isinstance(each, SignIn)}
        read += step.survivor in came & {e.person for e in after if isinstance(e, Read)}

    assert read > len(mergers()) / 2


def test_a_portal_without_the_claim_gets_none_of_it() -> None:
    """Nor does anybody ask about what only a merger let them read."""
    story, step = mergers()[0]
    left = without_unclaimed(story, ())

    assert not [e for e in left.steps if isinstance(e, MergePersons | UnmergePersons)]
    assert left.steps == lawful_steps(left)
    assert step in lawful_steps(structs.replace(story))
