"""Names, ids and domains differ by seed, and are nobody's; a target may bring its own."""

from datetime import UTC, datetime

import pytest

from simulator.inputs.own_people import OwnPeople
from simulator.population.people import MAIL_DOMAINS
from simulator.world.made_up_records import MadeUpRecords
from simulator.world.recipient_guard import Recipients

SEEDS = range(40)
NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
NAMES = tuple(f"Na{letter}ra" for letter in "bcdfghjklmnp")


def drawn(seed: int) -> MadeUpRecords:
    """Make what one seed draws."""
    return MadeUpRecords(f"tests/{seed}")


@pytest.mark.parametrize("seed", SEEDS)
def test_a_domain_is_nobodys(seed: int) -> None:
    """No person can own it; one of a run's three is usual, and the others are not."""
    domains = drawn(seed).mail_domains

    assert all(Recipients().is_nobodys(f"alex@{each}") for each in domains)
    assert len({*domains}) == 3
    assert sum(each in MAIL_DOMAINS for each in domains) == 1


def test_nothing_is_the_same_over_all_seeds() -> None:
    """No prefix, length, name or system tells a portal that the suite is there."""
    ids = [drawn(seed).person_id(123_456) for seed in SEEDS]

    assert len({each.replace("123456", "#") for each in ids}) > 4
    assert len({drawn(seed).given_names[0] for seed in SEEDS}) > 30
    assert len({drawn(seed).source for seed in SEEDS}) == len(SEEDS)
    assert len({drawn(seed).first_number for seed in SEEDS}) == len(SEEDS)
    assert len({drawn(seed).agreed_words[0] for seed in SEEDS}) > 20


def test_one_seed_draws_the_same_again() -> None:
    """A run can be repeated."""
    assert drawn(3).mail_domains == drawn(3).mail_domains
    assert drawn(3).given_names == drawn(3).given_names
    assert drawn(3).person_id(7) == drawn(3).person_id(7)


def test_a_person_has_one_domain_whoever_else_is_there() -> None:
    """It depends on the seed and the person alone, and not everyone has the same."""
    records = drawn(1)
    domains = [records.mail_domain(f"scenario {each}/Alex") for each in range(60)]

    assert domains == [records.mail_domain(f"scenario {each}/Alex") for each in range(60)]
    assert {*domains} == {*records.mail_domains}


def test_no_name_is_also_a_word() -> None:
    """A message that says "will" or "may" does not name a victim."""
    names = {*drawn(0).given_names, *drawn(0).family_names}

    assert len(names) > 300
    assert not names & {"Will", "May", "Grace", "Hope", "Case", "Page", "Church", "Lane", "Price"}


def test_a_target_brings_its_own() -> None:
    """Names, domains, ids and references are then as the target says, whatever the seed."""
    own = OwnPeople(
        mail_domains=("post.forces.test",),
        given_names=NAMES,
        family_names=NAMES,
        person_id="NOM-{number}-X",
        crime_reference="{prefix}-{number}",
    )
    records = MadeUpRecords("tests/0", own)

    assert {*records.mail_domains} == {"post.forces.test"}
    assert {*records.given_names} == {*records.family_names} == {*NAMES}
    assert records.person_id(12) == "NOM-000012-X"
    assert records.crime_reference("43", NOW, "0000012") == "43-0000012"
    assert drawn(0).crime_reference("43", NOW, "0000012") == "43260000012"
    assert drawn(0).crime_reference("43", NOW, "0000013") == "43/0000013/26"
