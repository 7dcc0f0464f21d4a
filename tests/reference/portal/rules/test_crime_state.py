"""A crime as it stands after its events, in whatever order they come."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from reference.contract.events import AnyEvent, Officer
from reference.portal.rules.crime_state import Crime, after
from reference.portal.timestamps import seconds
from tests.reference.portal.crimes import (
    NOON,
    allocated,
    cancelled,
    charged,
    closed,
    deployed,
    merged,
    reclassified,
    reopened,
    transferred,
    unavailable,
)

CRIME = Crime(
    reference="43260000001",
    force="thames_valley",
    offence="Theft of a pedal cycle",
    offence_subgroup="Bicycle theft",
    safeguarding="",
    status="open",
    officer="",
    collar_number="",
    team="",
    recorded_at=seconds(NOON),
    updated_at=seconds(NOON),
)
FACTS: list[AnyEvent] = [
    deployed(at=NOON + timedelta(hours=1)),
    allocated(officer=None, team="Burglary Team", at=NOON + timedelta(hours=2)),
    allocated(officer=Officer("PC Early", "1"), at=NOON + timedelta(hours=3)),
    allocated(officer=Officer("PC Late", "2"), at=NOON + timedelta(hours=4)),
    charged(at=NOON + timedelta(hours=5)),
    closed(at=NOON + timedelta(hours=6)),
    reclassified(subgroup="Rape", at=NOON + timedelta(hours=1)),
    reclassified(subgroup="Robbery", at=NOON + timedelta(hours=7)),
]
ENDS: list[AnyEvent] = [
    charged(at=NOON + timedelta(hours=1)),
    transferred(at=NOON + timedelta(hours=2)),
    reopened(at=NOON + timedelta(hours=3)),
    closed(at=NOON + timedelta(hours=4)),
    cancelled(at=NOON + timedelta(hours=5)),
    merged(at=NOON + timedelta(hours=6)),
    reopened(at=NOON + timedelta(hours=7)),
    closed(at=NOON + timedelta(hours=8)),
    transferred(at=NOON + timedelta(hours=9)),
    closed(outcome=4, at=NOON + timedelta(hours=10)),
]


STANDS = (
    *("charged", "transferred", "open", "closed", "cancelled", "merged"),
    *("open", "closed", "transferred", "transferred"),
)


def walked(facts: list[AnyEvent]) -> Crime:
    """Let a crime go through some facts, in this order."""
    crime = CRIME
    for fact in facts:
        crime = after(crime, fact, NOON)
    return crime


@given(st.permutations(FACTS))
def test_in_whatever_order_facts_come_a_crime_stands_the_same(facts: list[AnyEvent]) -> None:
    """The officer is who was named last, and the status is what was decided last."""
    crime = walked(facts)

    assert crime == walked(FACTS)
    assert (crime.officer, crime.status) == ("PC Late", "closed")
    assert crime.offence_subgroup == "Robbery"


@given(st.data(), st.integers(1, len(ENDS)))
def test_however_a_crime_ends_and_begins_again_the_order_is_no_matter(
    data: st.DataObject, many: int
) -> None:
    """What another force has stays so whatever is decided, until it is looked into again here."""
    facts = ENDS[:many]
    usual = walked(facts)

    assert walked(data.draw(st.permutations(facts))) == usual
    assert usual.status == STANDS[many - 1]
    assert usual.is_live == (usual.status in {"open", "charged", "closed"})


@given(st.lists(st.sampled_from(FACTS), max_size=12))
def test_a_fact_that_comes_twice_changes_nothing_more(facts: list[AnyEvent]) -> None:
    """However often a crime system repeats itself, the crime stands as after the first time."""
    once = [fact for number, fact in enumerate(facts) if fact not in facts[:number]]

    assert walked(facts) == walked(once)


def test_what_came_a_moment_later_counts() -> None:
    """Facts of one second have their order: the case that was closed after it was reopened is."""
    facts: list[AnyEvent] = [reopened(at=NOON), closed(at=NOON + timedelta(milliseconds=300))]
    for each in (facts, facts[::-1]):
        crime = walked(each)

        assert (crime.status, crime.ended_at) == ("closed", seconds(NOON))


def test_a_team_takes_the_place_of_an_officer() -> None:
    """When the newest allocation names nobody, nobody is shown as in charge."""
    crime = walked([FACTS[2], allocated(officer=None, team="CID", at=NOON + timedelta(hours=9))])

    assert (crime.officer, crime.collar_number, crime.team) == ("", "", "CID")


def test_the_same_allocation_again_brings_nobody_back() -> None:
    """An officer who has left is away still; a new allocation says that they are there."""
    later = allocated(team="CID", at=NOON + timedelta(hours=1))
    gone = walked([allocated(team="CID"), unavailable("left"), allocated(team="CID")])

    assert (gone.collar_number, gone.officer_is) == ("4271", "left")
    assert walked([allocated(team="CID"), unavailable("left"), later]).officer_is == ""


def test_an_older_absence_that_comes_late_brings_nobody_back() -> None:
    """The officer was to be back that evening, and then was away for nobody knows how long."""
    until_evening = unavailable(at=NOON + timedelta(hours=1), until=NOON + timedelta(hours=8))
    for_long = unavailable(at=NOON + timedelta(hours=2))
    for absences in ([until_evening, for_long], [for_long, until_evening]):
        crime = walked([allocated(team="CID"), *absences])

        assert (crime.officer_is, crime.officer_until) == ("away", None)
