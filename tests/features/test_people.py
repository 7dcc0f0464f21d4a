"""Rules of the people of the scenarios: nobody twice, and everything written down of everybody."""

from datetime import UTC, date, datetime

import pytest

from features.people import Register, birthday, born_so_that
from reference.contract.events import Channel
from simulator.errors import CannotVerify
from simulator.population.identity import Identity
from simulator.world.recipient_guard import Recipients

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
PEOPLE_MAX = 994


@pytest.fixture
def register() -> Register:
    """Nobody has been used yet."""
    return Register(Identity("agreed_word", "a key"), Recipients())


@pytest.mark.parametrize("channels", [("text",), ("email",), ("text", "email")])
def test_the_force_has_both_addresses_of_everybody(
    register: Register, channels: tuple[Channel, ...]
) -> None:
    """What a victim wants to hear by says nothing of what is written down of them."""
    actor = register.person("Alex", channels, NOW)

    assert actor.record.preferred_channels == channels
    assert (actor.record.mobile_phone, actor.record.email) == (
        actor.known.mobile_phone,
        actor.known.email,
    )
    assert all((actor.record.mobile_phone, actor.record.email))


def test_they_sign_in_by_what_they_want_to_hear_by(register: Register) -> None:
    """Somebody who wants emails is known to the portal by the mailbox."""
    by_email = register.person("Alex", ("email",), NOW)
    by_both = register.person("Sam", ("text", "email"), NOW)

    assert by_email.address == by_email.record.email
    assert by_both.address == by_both.record.mobile_phone


def test_nobody_is_used_twice(register: Register) -> None:
    """Every phone, mailbox and crime is somebody's alone, and no number is one of Notify's."""
    people = [register.person("Alex", ("text",), NOW) for _ in range(PEOPLE_MAX)]
    phones = {each.known.mobile_phone for each in people}

    assert len(phones) == len({each.known.email for each in people}) == PEOPLE_MAX
    assert not phones & {"07700900000", "07700900111", "07700900222"}
    assert register.crime_reference("43", NOW) != register.crime_reference("43", NOW)
    with pytest.raises(CannotVerify, match="994 people have been met"):
        register.person("Alex", ("text",), NOW)


def test_a_birthday_is_one_persons_and_can_be_taken_for_another() -> None:
    """Each has their own, of an adult, and it is another day with day and month the other way."""
    birthdays = [birthday(number) for number in range(6600)]

    assert len(set(birthdays)) == len(birthdays)
    assert all(each.day <= 12 and each.day != each.month for each in birthdays)
    assert max(birthdays) < date(1996, 1, 1)


@pytest.mark.parametrize("years", [15, 17, 18])
@pytest.mark.parametrize(
    "today", [date(2028, 3, 30), date(2027, 1, 10), date(2026, 3, 1), date(2026, 12, 31)]
)
def test_somebody_is_as_old_as_they_are_said_to_be(today: date, years: int) -> None:
    """Whatever the day: a leap day too, and when the birthday was last year."""
    born = born_so_that(today, is_years_old=years)

    assert today.year - born.year - ((today.month, today.day) < (born.month, born.day)) == years


def test_a_scenario_has_the_same_force_however_few_are_run(register: Register) -> None:
    """It is drawn by name and not by turn; of many scenarios each force has some."""
    forces, names = ["one", "another"], [f"Scenario {number}" for number in range(40)]
    drawn = [register.one_of(forces, name) for name in names]

    assert set(drawn) == set(forces)
    assert [register.one_of(forces, name) for name in reversed(names)] == drawn[::-1]


def test_another_seed_gives_a_scenario_the_other_force() -> None:
    """So that in the end every scenario is met with every force."""
    registers = [
        Register(Identity("agreed_word", "a key"), Recipients(), seed=seed) for seed in (0, 1)
    ]

    assert {each.one_of(["one", "another"], "Invited") for each in registers} == {"one", "another"}
