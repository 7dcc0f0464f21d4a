"""The instructions: a tester can key in every event completely."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from msgspec import structs

from reference.contract.events import (
    EVENT_TYPES,
    AnyEvent,
    CrimeAllocated,
    CrimeClosed,
    CrimeRecorded,
    Officer,
    OfficerDeployed,
    OfficerReplied,
    ToldInstead,
    VictimDetailsChanged,
    VictimRecord,
)
from simulator.by_hand import wording
from simulator.by_hand.wording import instruction, note_instruction
from tests.simulator.worlds import START

ALEX = VictimRecord(
    person_id="person-00001",
    given_name="Alex",
    family_name="Example",
    born=date(1984, 5, 1),
    mobile_phone="07700 900123",
    email="alex@example.com",
    preferred_channels=("text",),
    safe_to_contact=True,
    agreed_word_digest="a digest that nobody keys in",
)
RECORDED = CrimeRecorded(
    crime_reference="43260000001",
    force="thames_valley",
    offence_code="44",
    offence_subgroup="Bicycle theft",
    offence="Theft of a pedal cycle",
    recorded_at=START,
    victims=(ALEX,),
)


def told(event: AnyEvent, reference: str = "T-1") -> str:
    """Return the instruction to the tester."""
    return instruction(
        event,
        reference=reference,
        name_of={"person-00001": "Alex"}.__getitem__,
        proof_of=lambda person_id: "kingfisher" if person_id == "person-00001" else "",
        now=START,
    )


def test_a_crime_is_recorded_for_its_victim() -> None:
    """It has the victim, the offence, the addresses and the proof, in the force's words."""
    words = told(RECORDED)

    assert words.splitlines()[0] == (
        "Record this crime for Alex Example in the test crime system: Theft of a pedal cycle."
    )
    for fact in (
        "Force: Thames Valley",
        "Offence code and subgroup: 44, Bicycle theft",
        "Born: 1 May 1984",
        "Mobile phone: 07700 900123",
        "Other phone: leave empty",
        "Preferred channels: text",
        "Safe to contact: yes",
        "Proof of identity: kingfisher",
    ):
        assert f"\n  {fact}" in words
    assert "digest" not in words
    assert "person-00001" not in words
    assert "back-dated" not in words


def test_a_back_dated_crime_says_so() -> None:
    """A crime from before the portal went live is recorded with its day."""
    before = structs.replace(RECORDED, recorded_at=START - timedelta(days=30))

    assert "Recorded on, back-dated: 2 May 2026, 10:00" in told(before)


@pytest.mark.parametrize(
    ("changes", "fact"),
    [
        ({"safe_to_contact": None}, "Safe to contact: not recorded"),
        ({"safe_to_contact": False}, "Safe to contact: no"),
        ({"mobile_phone": "N/A"}, "Mobile phone: N/A"),
        ({"update_frequency_days": 60}, "Wants an update every: 60 days"),
        ({"role": "witness"}, "Role: witness"),
        ({"has_died": True}, "Has died: yes"),
        ({"is_suspect_in_linked_crime": True}, "Suspect in linked crime: yes"),
        (
            {"who_is_told": "another", "told_instead": ToldInstead(given_name="Robin")},
            "Told instead, given name: Robin",
        ),
    ],
)
def test_every_detail_of_a_victim_is_in_the_instruction(
    changes: Mapping[str, Any], fact: str
) -> None:
    """Details are given as the scenario has them, right or wrong."""
    victim = structs.replace(ALEX, **changes)

    assert f"\n  {fact}" in told(structs.replace(RECORDED, victims=(victim,)))
    changed = VictimDetailsChanged(crime_reference="43260000001", victim=victim)
    name, _, said = fact.partition(": ")
    assert f"\n  {name} of Alex Example: {said}" in told(changed)


@pytest.mark.parametrize(
    ("event", "facts"),
    [
        (
            OfficerDeployed(crime_reference="43260000001", deployed_at=START),
            [
                "On crime T-1, record that an officer was deployed.",
                "Deployed at: 1 June 2026, 10:00",
            ],
        ),
        (
            CrimeAllocated(
                crime_reference="43260000001",
                allocated_at=START,
                officer_in_charge=Officer("PC Okafor", "4271"),
            ),
            ["Officer in charge: PC Okafor, collar number 4271", "Team: none"],
        ),
        (
            CrimeClosed(
                crime_reference="43260000001",
                outcome=18,
                closed_at=START,
                decided_by="police",
                interviewed_under_caution=False,
            ),
            ["Outcome: 18: Investigation complete: no suspect", "Interviewed under caution: no"],
        ),
        (
            OfficerReplied(
                crime_reference="43260000001",
                person_id="person-00001",
                reply_id="r-1",
                text="We have seen it.",
                officer=Officer("PC Okafor", "4271"),
                replied_at=START,
            ),
            ["Victim: Alex", "Text: We have seen it.", "Officer: PC Okafor, collar number 4271"],
        ),
    ],
)
def test_each_fact_is_keyed_in_on_its_crime(event: AnyEvent, facts: list[str]) -> None:
    """The instruction has the test crime system's reference, and none of ours."""
    words = told(event)

    for fact in facts:
        assert fact in words
    assert "43260000001" not in words
    assert "r-1" not in words


def test_every_event_has_words_of_its_own() -> None:
    """Every event of the contract has its own sentence."""
    assert set(EVENT_TYPES) - set(wording._DONE) == {"CrimeRecorded"}


def test_a_note_is_for_the_force_alone() -> None:
    """The tester is told that it is not a reply."""
    words = note_instruction("T-1", "The suspect is known.", "PC Okafor")

    assert "for the force only (not as a reply to the victim)" in words
    assert words.endswith("The suspect is known.")
