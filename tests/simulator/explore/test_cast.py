"""People are synthetic, and the ways their details are written are ways that people write them."""

import re
from datetime import date
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.explore.cast import PEOPLE_MAX, Casting
from simulator.explore.spellings import (
    MAILBOX_SPELLINGS,
    NOT_NAMES,
    PARTICULAR_NAMES,
    PHONE_SPELLINGS,
    form_of_mailbox,
    form_of_name,
    form_of_phone,
)
from simulator.explore.story import Person, Stranger
from simulator.judge.facts.contact_fields import as_email, as_mobile
from simulator.neighbours.gateway.notify_recipients import mailbox, phone
from simulator.world.recipient_guard import Recipients
from tests.simulator.explore.stories import order

#: The first example loads the lists of names.
NO_DEADLINE = settings(deadline=None)

SEEDS = st.integers(0, 1_000_000)
NUMBER = "07700900123"


def cast(seed: int) -> tuple[tuple[Person, ...], tuple[Stranger, ...]]:
    """Draw a cast."""
    return Casting(Random(seed), order(), date(2026, 6, 1)).people()  # noqa: S311  it is no secret


@NO_DEADLINE
@given(seed=SEEDS)
def test_no_address_could_be_a_real_persons(seed: int) -> None:
    """Every phone and mailbox that is held or written down is Ofcom's or a reserved domain's."""
    people, strangers = cast(seed)
    guard = Recipients()
    held = [each.phone for each in people] + [each.phone for each in strangers]
    held += [each.mailbox for each in people] + [each.mailbox for each in strangers]
    assert all(guard.is_nobodys(each) for each in held if each)
    for person in people:
        assert guard.could_reach(person.record) in ("", "mobile_phone")
        written = as_mobile(person.record.mobile_phone)
        assert not written or guard.is_nobodys(written)


@NO_DEADLINE
@given(seed=SEEDS)
def test_a_cast_is_small_and_its_labels_are_its_own(seed: int) -> None:
    """One to five people, each under a label that nobody else has."""
    people, strangers = cast(seed)
    labels = [each.label for each in people] + [each.label for each in strangers]
    assert 1 <= len(people) <= PEOPLE_MAX
    assert len(set(labels)) == len(labels)


@pytest.mark.parametrize("name", PHONE_SPELLINGS)
def test_a_spelling_of_a_number_is_the_same_number(name: str) -> None:
    """The judge and the gateway's own rules both read it; and it is known again by its form."""
    written = PHONE_SPELLINGS[name](NUMBER)
    assert as_mobile(written) == NUMBER
    if name != "a label before it":
        assert phone(written).address == NUMBER
    assert form_of_phone(written) == name


@pytest.mark.parametrize("name", MAILBOX_SPELLINGS)
def test_a_spelling_of_a_mailbox_is_a_mailbox(name: str) -> None:
    """The judge and the gateway's own rules both read it; and it is known again by its form."""
    written = MAILBOX_SPELLINGS[name]("sam.ellwood@example.com")
    assert as_email(written) == mailbox(written.strip()).address
    assert form_of_mailbox(written) == name


def test_what_is_wrong_with_a_number_or_mailbox_has_a_name() -> None:
    """Blank, one digit short, in the wrong field."""
    assert form_of_phone("") == "blank"
    assert form_of_phone(NUMBER[:-1]) == "one digit missing"
    assert form_of_phone("sam@example.com") == "a mailbox"
    assert form_of_phone("101") == "none of these"
    assert form_of_mailbox(" ") == "blank"
    assert form_of_mailbox("sam at example.com") == "no mailbox"


def test_what_is_particular_about_a_name_has_a_name() -> None:
    """Each name in the lists is known by its kind, and others are plain."""
    for kind, names in PARTICULAR_NAMES.items():
        assert {form_of_name(each) for each in names} == {kind}
    assert {form_of_name(each) for each in NOT_NAMES} == {"no name"}
    assert form_of_name("Sam") == "a plain one"
    assert form_of_name("") == "blank"


def test_some_numbers_have_a_warning_beside_them() -> None:
    """An officer wrote that the number must not be used: no careful reader takes it."""
    people = [each for seed in range(800) for each in cast(seed)[0]]
    written = [each.record.mobile_phone for each in people if "@" not in each.record.mobile_phone]
    warned = [each for each in written if re.search(r"text|husband|the ex|old", each)]

    assert len(warned) > 3
    assert not any(map(as_mobile, warned))


def test_some_family_names_stand_in_both_name_fields() -> None:
    """Nobody is greeted by it."""
    people = [each.record for seed in range(800) for each in cast(seed)[0]]

    assert sum(each.given_name == each.family_name != "" for each in people) > 1


def test_some_people_are_written_down_twice() -> None:
    """By one name and date of birth, with one proof, at the same phone and mailbox or at others.

    The name may be in capitals the second time.
    """
    casts = [cast(seed)[0] for seed in range(400)]
    twice = [
        (one, other)
        for people in casts
        for one in people
        for other in people
        if other.label == f"{one.label} in another record"
    ]
    assert len(twice) > 10
    for one, other in twice:
        assert one.record.person_id != other.record.person_id
        assert one.record.born == other.record.born
        assert one.record.family_name.lower() == other.record.family_name.lower()
        assert (one.word, one.born) == (other.word, other.born)
    assert {one.phone == other.phone for one, other in twice} == {True, False}
    names = {one.record.family_name == other.record.family_name for one, other in twice}
    assert names == {True, False}


def test_some_who_share_a_phone_prove_who_they_are_by_the_same() -> None:
    """As twins may."""
    casts = [
        [each for each in cast(seed)[0] if "in another record" not in each.label]
        for seed in range(600)
    ]
    twins = [
        (one, other)
        for people in casts
        for one in people
        for other in people
        if one.word == other.word and one is not other
    ]
    assert twins
    assert all((one.phone, one.born) == (other.phone, other.born) for one, other in twins)


def test_a_stranger_may_hold_the_mailbox_that_is_on_record() -> None:
    """As one may hold the phone."""
    held = {
        "mailbox" if stranger.mailbox else "phone"
        for people, strangers in map(cast, range(300))
        for stranger in strangers
        for person in people
        if (stranger.mailbox and person.record.email == stranger.mailbox)
        or (stranger.phone and person.record.mobile_phone == stranger.phone)
    }
    assert held == {"mailbox", "phone"}
