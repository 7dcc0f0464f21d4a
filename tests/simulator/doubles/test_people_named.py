"""A tester can say something only of a person whom the records name, in a crime that names them."""

from reference.contract.events import CrimeMerged, CrimeRecorded, PersonsMerged, VictimRecord
from simulator.doubles.people_named import PeopleNamed
from tests.simulator.doubles.crimes import NOW


def _crime(reference: str, person_id: str) -> CrimeRecorded:
    return CrimeRecorded(
        crime_reference=reference,
        force="f",
        offence_code="1",
        offence_subgroup="g",
        offence="o",
        recorded_at=NOW,
        victims=(VictimRecord(person_id=person_id),),
    )


def test_a_person_is_in_the_crimes_that_name_them() -> None:
    """In no other one, and nobody else is known."""
    people = PeopleNamed()
    people.learn(_crime("c-1", "p-1"))
    people.learn(_crime("c-2", "p-2"))

    assert people.knows("p-1")
    assert not people.knows("p-3")
    assert people.are_in("c-1", "p-1")
    assert not people.are_in("c-2", "p-1")
    assert not people.are_in("c-3", "p-1")


def test_mergers_carry_people_over() -> None:
    """Of crimes, and of records of one person."""
    people = PeopleNamed()
    people.learn(_crime("c-1", "p-1"))
    people.learn(_crime("c-2", "p-2"))
    people.learn(CrimeMerged(crime_reference="c-1", into="c-2", merged_at=NOW))
    merged = PersonsMerged(crime_reference="c-2", person_id="p-2", into="p-3", merged_at=NOW)
    people.learn(merged)

    assert people.are_in("c-2", "p-1")
    assert people.are_in("c-1", "p-2")
    assert people.are_in("c-2", "p-3")
    assert people.knows("p-3")
