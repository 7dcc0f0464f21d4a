"""A failing story becomes as short as it can be, and still fails."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from reference.contract.events import Officer, ToldInstead, VictimRecord
from simulator.explore import shrinking
from simulator.explore.lawful import lawful_steps
from simulator.explore.plainer_values import plain_words
from simulator.explore.shrinking import BATCH, About, one_by_one
from simulator.explore.steps import (
    Allocate,
    Ask,
    Close,
    Deploy,
    ForceStep,
    OfficerAway,
    RecordCrime,
    Reply,
    SignIn,
    Transfer,
    Wait,
)
from simulator.explore.story import Person, Story
from simulator.explore.story_check import check_story
from simulator.explore.story_drawing import draw_story
from simulator.world.recipient_guard import Recipients
from tests.simulator.explore.stories import (
    CRIME,
    DAY,
    PLAIN,
    RECORDED,
    SAM,
    order,
    reference,
    story,
)


def shrunk(story: Story, fails: Callable[[Story], bool]) -> Story:
    """Make a story shorter, asking about one candidate after another."""
    return shrinking.shrunk(story, one_by_one(fails))


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


def test_what_is_after_the_failure_goes_at_once() -> None:
    """And what is about another crime: one question is enough, if the rest is all it needs."""
    other = structs.replace(RECORDED, crime="0004712", event="e9")
    later = Deploy(crime=CRIME, event="e10")
    whole = story(other, *PLAIN[:4], Deploy(crime=CRIME, event="e2"), Wait(seconds=DAY), later)
    asked: list[Sequence[Story]] = []

    def still_fails(candidates: Sequence[Story]) -> int | None:
        asked.append(candidates)
        return one_by_one(lambda each: _has_event(each, "e2"))(candidates)

    shrinking.shrunk(whole, still_fails, About(seconds=3_600, crime=CRIME, person="Sam"))

    kept = [each.event for each in asked[0][0].steps if isinstance(each, ForceStep)]
    assert kept == ["e1", "e2"]


def _has_event(story: Story, event: str) -> bool:
    return any(getattr(each, "event", "") == event for each in story.steps)


@given(number=st.integers(0, 5_000), chances=st.randoms())
@settings(deadline=None, max_examples=20)
def test_a_story_of_eighty_steps_becomes_minimal_by_few_questions(
    number: int, chances: Random
) -> None:
    """Each question may cost seconds on a slow portal."""
    whole = draw_story(order(), phase=3, seed=5, number=number)
    of_force = [each for each in whole.steps if isinstance(each, ForceStep)]
    crime = chances.choice(of_force).crime
    of_crime = [each.event for each in of_force if each.crime == crime]
    needed = chances.sample(of_crime, min(2, len(of_crime)))
    count = 0

    def still_fails(candidates: Sequence[Story]) -> int | None:
        nonlocal count
        count += 1
        assert len(candidates) <= BATCH
        return one_by_one(_fails)(candidates)

    def _fails(candidate: Story) -> bool:
        return all(_has_event(candidate, each) for each in needed)

    shortest = shrinking.shrunk(whole, still_fails, About(crime=crime))

    assert count < 40
    for place in range(len(shortest.steps)):
        steps = (*shortest.steps[:place], *shortest.steps[place + 1 :])
        without = structs.replace(shortest, steps=steps)
        assert not _fails(structs.replace(without, steps=lawful_steps(without)))


PARENT = structs.replace(
    SAM,
    label="Christine",
    record=VictimRecord(
        person_id="P0000009",
        given_name="Zoë",
        family_name="NUÑEZ",
        born=date(2015, 3, 1),
        mobile_phone="07700900555",
        who_is_told="another",
        told_instead=ToldInstead(
            given_name="Christine",
            family_name="D'Arcy",
            mobile_phone="+44 (0)7700900123",
            email=" sam@example.com",
            safe_to_contact=True,
        ),
        has_died=True,
    ),
    own_phone="07700900555",
)
CLOSED = Close(
    crime=CRIME,
    event="e3",
    outcome=20,
    to_body="Marlow Harbour Authority",
    confirmed=False,
    decided_by="police",
)


def closed_for(person: Person) -> Story:
    """Give a story of one person, whose crime is closed at an odd time of a Thursday."""
    recorded = structs.replace(RECORDED, people=(person.label,))
    whole = story(recorded, CLOSED, people=(person,))
    return structs.replace(whole, begins_at=datetime(2026, 6, 4, 22, 59, 59, tzinfo=UTC))


def test_a_victim_becomes_plain() -> None:
    """Alive, told themselves, with a name, a number and a mailbox as everyone writes them."""
    shortest = shrunk(closed_for(PARENT), has_a_closure)

    (person,) = shortest.people
    assert person.record == VictimRecord(
        person_id="P0000009",
        given_name="Christine",
        family_name="Hart",
        born=person.born,
        mobile_phone=person.phone,
        email=person.mailbox,
        safe_to_contact=True,
    )
    assert person.own_phone == ""


@pytest.mark.parametrize(
    "name", ["", "SMITH", "jones", " Sam ", "Mary Jane", "O'Brien", "J", "王", "Smith-" * 30]
)
def test_a_particular_name_becomes_plain(name: str) -> None:
    """One that is blank, long, of two words or of another script: none is needed here."""
    record = structs.replace(SAM.record, given_name=name, family_name=name)
    shortest = shrunk(closed_for(structs.replace(SAM, record=record)), has_a_closure)

    (person,) = shortest.people
    assert (person.record.given_name, person.record.family_name) == ("Sam", "Hart")


def test_an_outcome_and_the_day_become_plain() -> None:
    """A closure without a suspect, on a Monday morning."""
    shortest = shrunk(closed_for(SAM), has_a_closure)

    assert shortest.steps[-1] == Close(crime=CRIME, event="e3", outcome=18)
    assert shortest.begins_at == datetime(2026, 6, 8, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("needed", "plain"),
    [
        (lambda each: each.record.has_died, ("who_is_told", "told_instead")),
        (lambda each: each.record.told_instead is not None, ("has_died",)),
        (lambda each: each.record.born == date(2015, 3, 1), ("has_died",)),
        (lambda each: each.record.family_name == "NUÑEZ", ("has_died",)),
    ],
)
def test_what_the_failure_needs_stays(
    needed: Callable[[Person], bool], plain: tuple[str, ...]
) -> None:
    """Everything else becomes plain all the same."""
    shortest = shrunk(closed_for(PARENT), lambda each: needed(each.people[0]))

    (person,) = shortest.people
    assert needed(person)
    defaults = {each.name: each.default for each in structs.fields(VictimRecord)}
    assert {each: getattr(person.record, each) for each in plain} == {
        each: defaults[each] for each in plain
    }


LONG = "Ann-Marie " * 20
OFFICER = Officer(f"PC {LONG}", "9" * 60)


def with_long_words() -> Story:
    """Give a story in which officers, teams and texts are as long as they may be."""
    event: dict[str, Any] = {"crime": CRIME, "event": "e3"}
    return story(
        RECORDED,
        Allocate(officer=OFFICER, team=LONG, **event),
        SignIn(person="Sam", by="link"),
        Ask(person="Sam", crime=CRIME, text="कृपया " * 400),
        Reply(person="Sam", text="أرجو " * 500, officer=OFFICER, crime=CRIME, event="e4"),
        OfficerAway(officer=OFFICER, crime=CRIME, event="e5"),
        Transfer(to_force=LONG, crime=CRIME, event="e6"),
        phase=3,
    )


def test_officers_teams_and_texts_become_plain() -> None:
    """An officer has one name and number in every step; what is written is one short sentence."""
    whole = with_long_words()
    kinds = [type(each) for each in whole.steps]

    shortest = shrunk(whole, lambda each: [type(step) for step in each.steps] == kinds)

    _recorded, allocated, _signed_in, asked, replied, away, transferred = shortest.steps
    officer = Officer("PC Jo Bridge", "4271")
    assert allocated == Allocate(officer=officer, crime=CRIME, event="e3")
    assert asked == Ask(person="Sam", crime=CRIME, text="Is there any news?")
    assert isinstance(replied, Reply)
    assert (replied.officer, replied.text) == (officer, "Thank you. We are looking into it.")
    assert away == OfficerAway(officer=officer, crime=CRIME, event="e5")
    assert transferred == Transfer(to_force="Sussex Police", crime=CRIME, event="e6")


@pytest.mark.parametrize(("least", "left"), [(100, 161), (500, 1_001), (1_500, 2_500)])
def test_a_text_stays_as_long_as_the_failure_needs(least: int, left: int) -> None:
    """In plain words, so that its length alone is odd."""

    def fails(candidate: Story) -> bool:
        texts = [each.text for each in candidate.steps if isinstance(each, Reply)]
        return any(len(each) >= least for each in texts)

    shortest = shrunk(with_long_words(), fails)

    [reply] = [each for each in shortest.steps if isinstance(each, Reply)]
    assert reply.text == plain_words(left)


@given(number=st.integers(0, 5_000), phase=st.integers(1, 3), chances=st.randoms())
@settings(deadline=None, max_examples=20)
def test_every_story_that_is_tried_is_lawful(number: int, phase: int, chances: Random) -> None:
    """Whichever of them fail: each could have been written by hand, and would be played."""
    recipients = Recipients.of(reference().target)
    tried: list[Story] = []

    def fails(candidate: Story) -> bool:
        tried.append(candidate)
        return chances.random() < 0.3

    whole = draw_story(order(), phase=phase, seed=5, number=number)
    shrunk(whole, fails)

    # Half an order may be none: such a story is not played, and does not fail.
    orders = ((), whole.order)
    asked = [each for each in tried if each.order in orders]
    assert asked
    for each in asked[:: max(1, len(asked) // 40)]:
        check_story(each, order(), recipients, file=Path("tried.json"))
