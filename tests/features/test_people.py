"""Rules of the people of the scenarios: nobody twice, and everything written down of everybody."""

from datetime import UTC, date, datetime

import pytest

from features.people import Register, birthday, born_so_that
from reference.contract.events import Channel
from simulator.errors import CannotVerify
from simulator.inputs.own_people import OwnPeople
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


def test_names_are_those_of_the_features_with_the_first_seed_alone(register: Register) -> None:
    """With another one people and officers have other names, the same all through the run."""
    other = Register(Identity("agreed_word", "a key"), Recipients(), seed=1)

    assert [register.called(each) for each in ("Alex", "Sam")] == ["Alex", "Sam"]
    assert register.officers["PC Okafor"].name == "PC Okafor"
    names = [other.called(each) for each in ("Alex", "Sam", "Robin", "Kim")]
    assert len({*names}) == 4
    assert not {*names} & {"Alex", "Sam", "Robin", "Kim"}
    assert names == [other.called(each) for each in ("Alex", "Sam", "Robin", "Kim")]
    officers = [each.name for each in other.officers.values()]
    assert not {*officers} & {*register.officers}
    assert len({each.collar_number for each in other.officers.values()}) == 2


def test_a_tester_keys_in_the_names_of_the_features() -> None:
    """By hand nobody has to look up who is who."""
    by_hand = Register(Identity("agreed_word", "a key"), Recipients(), seed=1, is_by_hand=True)

    assert by_hand.called("Alex") == "Alex"
    assert "PC Okafor" in {each.name for each in by_hand.officers.values()}


def test_ids_and_mailboxes_differ_by_seed() -> None:
    """No prefix, form or domain is the same in every run, nor is anyone's number."""
    registers = [
        Register(Identity("agreed_word", "a key"), Recipients(), seed=seed) for seed in range(20)
    ]
    people = [each.person("Alex", ("text",), NOW, scenario="Invited") for each in registers]

    assert len({each.record.person_id for each in people}) == 20
    assert len({each.record.mobile_phone for each in people}) == 20
    assert len({each.record.email.partition("@")[2] for each in people}) > 10
    assert len({each.crime_reference("43", NOW) for each in registers}) == 20
    assert len({each.word for each in registers}) > 10


def test_a_target_brings_its_own_names() -> None:
    """They are then used with every seed."""
    names = tuple(f"Na{letter}ra" for letter in "bcdfghjklmnp")
    own = OwnPeople(given_names=names, mail_domains=("a.test",), person_id="N{number}")
    register = Register(Identity("agreed_word", "a key"), Recipients(), own=own)

    actor = register.person("Alex", ("email",), NOW)

    assert actor.record.given_name in names
    assert actor.record.email.endswith("@a.test")
    assert actor.record.person_id.startswith("N")
    assert actor.name == "Alex"
