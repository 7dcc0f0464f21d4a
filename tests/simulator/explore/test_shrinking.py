"""A failing story becomes as short as it can be, and still fails."""

from msgspec import structs

from simulator.explore.drawing import draw_story
from simulator.explore.lawful import lawful_steps
from simulator.explore.shrinking import TRIES_MAX, shrunk
from simulator.explore.steps import Close, Deploy, RecordCrime, Wait
from simulator.explore.story import Story
from tests.simulator.explore.stories import CRIME, PLAIN, order, story


def has_a_closure(candidate: Story) -> bool:
    """Fail as a portal would that breaks at every closure."""
    return any(isinstance(each, Close) for each in candidate.steps)


def a_long_story_with_a_closure() -> Story:
    """Find a drawn story of many steps that fails so."""
    drawn = (draw_story(order(), phase=3, seed=1, number=number) for number in range(200))
    return next(each for each in drawn if has_a_closure(each) and len(each.steps) > 15)


def test_only_what_is_needed_is_left() -> None:
    """A closure needs its crime, one person, and nothing else."""
    shortest = shrunk(a_long_story_with_a_closure(), has_a_closure)
    assert [type(each) for each in shortest.steps] == [RecordCrime, Close]
    assert len(shortest.people) == 1


def test_a_shortened_story_is_lawful_and_fails() -> None:
    """What is left could happen, and shows the same."""
    shortest = shrunk(a_long_story_with_a_closure(), has_a_closure)
    assert lawful_steps(shortest) == shortest.steps
    assert has_a_closure(shortest)


def test_values_become_plain() -> None:
    """A fact that is late for no reason is recorded at once, and delivered once."""
    late = Deploy(crime=CRIME, event="e2", happened_seconds_ago=3_600, carriage="twice")
    failing = story(*PLAIN[:1], Wait(seconds=9 * 86_400), late)

    def fails(candidate: Story) -> bool:
        return any(isinstance(each, Deploy) for each in candidate.steps)

    assert shrunk(failing, fails).steps[-1] == Deploy(crime=CRIME, event="e2")


def test_records_of_one_person_stay_one_persons_without_the_first_of_them() -> None:
    """The story can be played again: each record names an earlier one, or none."""
    whole = story(*PLAIN)
    first = whole.people[0]
    others = [structs.replace(first, label=each, same_as=first.label) for each in ("A", "B", "C")]
    several = structs.replace(whole, people=(first, *others), steps=())

    def fails(candidate: Story) -> bool:
        return {"A", "B", "C"} <= {each.label for each in candidate.people}

    shortest = shrunk(several, fails)

    assert [(each.label, each.same_as) for each in shortest.people] == [
        ("A", ""),
        ("B", "A"),
        ("C", "A"),
    ]


def test_a_story_that_cannot_be_shortened_stays() -> None:
    """Nothing is lost when every part is needed."""
    whole = story(*PLAIN)

    def fails(candidate: Story) -> bool:
        return candidate.steps == whole.steps

    assert shrunk(whole, fails).steps == whole.steps


def test_the_number_of_tries_has_a_limit() -> None:
    """A portal that is slow to play is not played for ever."""
    tries = 0

    def fails(candidate: Story) -> bool:
        nonlocal tries
        tries += 1
        return has_a_closure(candidate)

    long = a_long_story_with_a_closure()
    shrunk(structs.replace(long, steps=long.steps), fails)
    assert tries <= TRIES_MAX
