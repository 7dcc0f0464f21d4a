"""The victims of a burst are distinct, and none is a real person."""

from datetime import UTC, datetime

from msgspec import structs

from loadtests.burst_victims import BurstVictims
from loadtests.bursts import CRIMES_MAX, VISITORS_MAX
from reference.contract.identity import agreed_word_digest
from simulator.population.drama_numbers import MAGIC_MOBILES, mobile_phone

AT = datetime(2026, 6, 1, 9, tzinfo=UTC)


def crowd(run: str = "260601090000") -> BurstVictims:
    """Make the victims."""
    return BurstVictims(
        run=run,
        count=CRIMES_MAX,
        force="thames_valley",
        reference_prefix="43",
        offence_subgroup="Bicycle theft",
    )


def test_nobody_shares_what_tells_people_apart() -> None:
    """Each person, crime and agreed word belongs to one victim, in this run and the next."""
    both = [crowd(), crowd("260601090001")]
    numbers = range(CRIMES_MAX)

    people = {each.person_id(number) for each in both for number in numbers}
    crimes = {each.crime_reference(number) for each in both for number in numbers}
    words = {crowd().proof(number) for number in numbers}

    assert len(people) == len(crimes) == 2 * CRIMES_MAX
    assert len(words) == CRIMES_MAX


def test_no_two_visitors_share_a_telephone() -> None:
    """There are enough numbers for all visitors."""
    assert len({crowd().mobile_phone(number) for number in range(VISITORS_MAX)}) == VISITORS_MAX


def test_telephones_are_drama_numbers_without_a_meaning_to_the_gateway() -> None:
    """Nobody is given a number to which the gateway does something special."""
    given = {crowd().mobile_phone(number) for number in range(CRIMES_MAX)}

    assert all(each.startswith("07700900") and len(each) == 11 for each in given)
    assert not given & {mobile_phone(magic) for magic in MAGIC_MOBILES}


def test_the_record_agrees_with_the_truth() -> None:
    """The record of a victim is right, and has only the digest of the word."""
    known, recorded = crowd().known(7, AT), crowd().recorded(7, AT, "key")
    [victim] = recorded.victims

    assert (victim.person_id, victim.mobile_phone) == (known.person_id, known.mobile_phone)
    assert victim.agreed_word_digest == agreed_word_digest("key", known.person_id, crowd().proof(7))
    assert crowd().closed(7, AT).crime_reference == recorded.crime_reference


def test_nobody_at_one_telephone_shares_a_birthday() -> None:
    """If the order asks for the date of birth, each of them can sign in by it."""
    by_date = structs.replace(crowd(), ordered="date_of_birth")
    proofs = {(by_date.mobile_phone(number), by_date.proof(number)) for number in range(CRIMES_MAX)}
    [victim] = by_date.recorded(7, AT, "key").victims

    assert len(proofs) == CRIMES_MAX
    assert victim.date_of_birth_digest
    assert not victim.agreed_word_digest
