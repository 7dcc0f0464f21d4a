"""Addresses that the portal had reason to leave alone: shared, known, or typed to fill a field."""

import pytest
from msgspec import structs

from simulator.inputs.order import Order
from tests.simulator.judge.expected import fail, warning
from tests.simulator.judge.force_story import ORDER, Person
from tests.simulator.judge.story import Story

SHARED = "07700900777"
NOT_LOOKED_AT = fail("lost", "DATA-01")
AVOIDABLE = fail("misdirected", "SAFE-01")


def order(*, people_max: int | None = 2, known: tuple[str, ...] = ()) -> Order:
    """Give the order with another limit to people at one address."""
    contact = structs.replace(ORDER.contact, people_per_address_max=people_max, not_a_victims=known)
    return structs.replace(ORDER, contact=contact)


def unrelated(story: Story, letter: str) -> Person:
    """Make a person recorded at the one number, with a family name of their own."""
    return story.person(
        f"Alex{letter}", channels=("text",), mobile_phone=SHARED, family_name=f"Ash{letter}"
    )


def sharing(story: Story, count: int) -> list[Person]:
    """Record so many victims of a crime each at one number, and invite them if they are few."""
    people = [unrelated(story, letter) for letter in "abcdef"[:count]]
    for each in people:
        story.crime(each)
    return people


@pytest.mark.parametrize(("count", "expected"), [(2, []), (3, [NOT_LOOKED_AT])])
def test_an_address_of_too_many_is_looked_at(count: int, expected: list[object]) -> None:
    """Up to the order's number it is a household; beyond it the force is asked to look."""
    story = Story(order=order())
    people = sharing(story, count)
    for each in people[:2]:
        story.message(each, "text", carries="invitation")
    harms = [each for each in story.harms() if each[1] == "lost" and each[3] == "DATA-01"]

    assert harms == expected


def test_a_family_may_be_large() -> None:
    """They share a name and a number, so it is in doubt: telling them or asking will both do."""
    for invites in (False, True):
        story = Story(order=order())
        people = [
            story.person(f"Alex{letter}", channels=("text",), mobile_phone=SHARED)
            for letter in "abc"
        ]
        crimes = [story.crime(each) for each in people]
        for person, crime in zip(people, crimes, strict=True):
            story.holds(person.person_id, mobile_phone=SHARED)
            if invites:
                story.invite(person, crime)

        assert story.harms() == []


def test_who_was_there_before_is_owed_nothing_there() -> None:
    """News that waited when too many people had the number may go, and need not."""
    story = Story(order=order())
    people = [unrelated(story, letter) for letter in "abc"]
    crimes = [story.crime(each) for each in people]
    for person, crime in zip(people, crimes, strict=True):
        story.task(person, crime)

    assert [each for each in story.harms() if each[1] == "lost"] == []


@pytest.mark.parametrize(("people_max", "is_avoidable"), [(2, True), (3, False), (None, False)])
def test_a_stranger_told_there_could_have_been_spared(
    people_max: int | None, *, is_avoidable: bool
) -> None:
    """With too many people at the number the portal held a sign; with few it had none."""
    story = Story(order=order(people_max=people_max))
    story.stranger(mobile_phone=SHARED)
    people = [unrelated(story, letter) for letter in "abc"]
    crimes = [story.crime(each) for each in people]
    story.task(people[2], crimes[2])
    story.invite(people[2], crimes[2])
    found = [each for each in story.harms() if each[1] == "misdirected"]

    residual = warning("misdirected", "DATA-02", "contact data", avoidable=False)
    assert found == [AVOIDABLE if is_avoidable else residual]


def test_nobody_is_counted_twice_and_a_person_who_moved_not_at_all() -> None:
    """A person with three crimes counts once; one whose details moved does not count."""
    story = Story(order=order())
    alex = story.person(channels=("text",), mobile_phone=SHARED)
    for _crime in range(3):
        story.invite(alex, story.crime(alex))

    assert [each for each in story.harms() if each[3] == "DATA-01"] == []


@pytest.mark.parametrize(
    ("written", "known"),
    [
        ("07000000000", ()),
        ("07777777777", ()),
        ("07700 900888", ("07700900888",)),
        ("07700900888", ("+44 7700 900888",)),
    ],
)
def test_what_is_nobodys_is_not_silently_lost(written: str, known: tuple[str, ...]) -> None:
    """The force is asked to look; nothing is owed there, and a try is no second harm."""
    story = Story(order=order(known=known))
    alex = story.person(channels=("text",), mobile_phone=written)
    crime = story.crime(alex)

    assert story.harms() == [NOT_LOOKED_AT]

    story.task(alex, crime)

    assert story.harms() == []


@pytest.mark.parametrize("written", ["07700900321", "07707700770"])
def test_an_ordinary_number_is_an_ordinary_number(written: str) -> None:
    """The invitation is owed there."""
    story = Story(order=order())
    story.crime(story.person(channels=("text",), mobile_phone=written))

    assert story.harms() == [fail("lost", "INV-01")]


@pytest.mark.parametrize("written", ["none@none.example", "NoEmail@example.test", "refused@x.test"])
def test_a_mailbox_called_none_is_nobodys(written: str) -> None:
    """So are other ways to say that there is none."""
    story = Story(order=order())
    alex = story.person(channels=("email",), email=written)
    crime = story.crime(alex)

    assert story.harms() == [NOT_LOOKED_AT]

    story.task(alex, crime)

    assert story.harms() == []


def test_a_stranger_at_the_forces_own_number_could_have_been_spared() -> None:
    """The order names the number: a text there is avoidable."""
    story = Story(order=order(known=("07700900888",)))
    story.stranger(mobile_phone="07700900888")
    alex = story.person(channels=("text",), mobile_phone="07700900888")
    crime = story.crime(alex)
    story.task(alex, crime)
    story.message(alex, "text", crime, to="07700900888", carries="invitation")

    assert story.harms() == [AVOIDABLE]
