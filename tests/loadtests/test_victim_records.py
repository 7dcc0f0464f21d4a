"""The force's records of a burst's victims have the faults of real records, as in a rehearsal."""

from collections import Counter
from datetime import UTC, datetime

from msgspec import structs

from loadtests.burst_victims import BurstVictims
from loadtests.victim_records import TrueVictim, victim_records
from simulator.neighbours.gateway.notify_recipients import phone

AT = datetime(2026, 6, 1, 9, tzinfo=UTC)
RATES = "scenarios/data-quality/practice-note.toml"
COUNT, VISITORS = 2000, 50
CROWD = BurstVictims(
    run="test",
    count=COUNT,
    force="thames_valley",
    reference_prefix="43",
    offence_subgroup="Bicycle theft",
    data_quality=RATES,
    rightly_recorded=VISITORS,
)


def test_records_are_wrong_where_a_fault_is_listed_and_only_there() -> None:
    """A record without a fault holds the truth; spaces in a number mean the same."""
    wrong = 0
    for number in range(COUNT):
        known, truth = CROWD.known(number, AT), TrueVictim(number)
        victims = CROWD.recorded(number, AT, "key").victims
        if known.faults:
            wrong += 1
            continue
        [victim] = victims
        assert phone(victim.mobile_phone).address == truth.mobile_phone
        assert (victim.given_name, victim.family_name, victim.born) == (
            truth.given_name,
            truth.family_name,
            truth.born,
        )

    assert 0.1 * COUNT < wrong < 0.5 * COUNT


def test_whoever_visits_is_recorded_rightly() -> None:
    """They can only sign in if the portal reaches them."""
    plain = structs.replace(CROWD, data_quality="")

    for number in range(VISITORS):
        assert CROWD.known(number, AT) == plain.known(number, AT)
        assert CROWD.recorded(number, AT, "key") == plain.recorded(number, AT, "key")


def test_some_are_omitted_some_recorded_twice_and_some_in_another_role() -> None:
    """The truth beside each record says so; both records are of one person."""
    records = victim_records(COUNT, RATES, 1)
    counted: Counter[str] = Counter()
    for number in range(VISITORS, COUNT):
        victims = CROWD.recorded(number, AT, "key").victims
        known = list(CROWD.known_records(number, AT))
        counted[f"{len(victims)} records"] += 1
        counted[victims[0].role if victims else "nobody"] += 1
        assert {each.person_id for each in victims} <= {each.person_id for each in known}
        assert all(each.same_as == known[0].person_id for each in known[1:])

    assert counted["0 records"] == int(records.omitted[VISITORS:].sum()) > 0
    assert counted["2 records"] > 0
    assert counted["witness"] + counted["reporter"] > 0


def test_another_process_makes_the_same_records() -> None:
    """The burst is judged by what was sent, which Locust's process makes from the number alone."""
    first = [CROWD.recorded(number, AT, "key") for number in range(100)]
    victim_records.cache_clear()

    assert [CROWD.recorded(number, AT, "key") for number in range(100)] == first
    other = structs.replace(CROWD, seed=2)
    assert [other.recorded(number, AT, "key") for number in range(100)] != first
