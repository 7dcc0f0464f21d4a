"""What an officer must look at again before a victim reads it, as the contract names it."""

import msgspec
import pytest

from reference.contract.events import VictimRecord
from reference.portal.rules.others_data import data_about_others
from simulator.judge.text.data_about_others import holds_others_data

ALEX = VictimRecord(
    person_id="p-1",
    given_name="Alex",
    family_name="Doe",
    mobile_phone="07700 900123",
    email="Alex@mail.example",
)
SAM = VictimRecord(person_id="p-2", given_name="Sam", family_name="Lee")
OWN = ("07700 900123", "", "Alex@mail.example")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ring the shop on 01632 960456.", True),
        ("Ring the shop on +44 1632 960456.", True),
        ("Write to sam.lee@mail.example.", True),
        ("It was seen near RG1 9ZZ.", True),
        ("The van was AB12CDE.", True),
        ("He was born on 3 May 1990.", True),
        ("His DOB is 03/05/1990.", True),
        ("I will ring you on 07700900123 or +447700 900123.", False),
        ("I wrote to alex@mail.example.", False),
        ("Call 101, or 999 in danger; your reference is 43260001234.", False),
        ("We looked at 3 cameras on 3 May 2026 at 10.30, and at 12.", False),
        ("I was born to be an officer.", False),
        ("We spoke to Sam Lee, who saw it.", True),
        ("We spoke to SAM  LEE.", True),
        ("Mrs. Lee was there.", True),
        ("Dr Lee treated you.", True),
        ("Sam was there, and so was a Lee.", False),
        ("Sam Leeson sells bicycles.", False),
        ("Alex Doe, thank you for writing.", False),
        ("", False),
    ],
)
def test_data_of_others_is_found(text: str, *, expected: bool) -> None:
    """Judge and reference read alike, each on its own; the victim's own addresses may go."""
    others = (SAM, msgspec.structs.replace(ALEX, person_id="p-3"))
    assert holds_others_data(text, ALEX, others) is expected
    assert bool(data_about_others(text, OWN, [("Sam", "Lee"), ("", "Lee")])) is expected
