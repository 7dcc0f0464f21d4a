"""What an order may not say, and the sentence that says so."""

from pathlib import Path

import pytest

from reference.contract.events import EVENT_TYPES
from simulator.inputs.order import read_order
from tests.simulator.real_files import ORDER, refusal, spoiled

FIRST_TRIGGER = 'event = "CrimeRecorded"\nannounces = "invitation"\nphase = 1'


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('name = "Two forces"', "", "name: missing; add it"),
        ("[two_way]", "[two_ways]", "two_ways: no such key; did you mean 'two_way'?"),
        (
            "bundle_minutes =",
            "bundle_minute =",
            "messages.bundle_minute: no such key; did you mean 'bundle_minutes'?",
        ),
        (
            "per_week_max = 5",
            "per_week_max = -5",
            "messages.per_week_max: expected a whole number >= 1 (it is -5)",
        ),
        (
            "per_week_max = 5",
            'per_week_max = "five"',
            "messages.per_week_max: expected a whole number, got text (it is 'five')",
        ),
        (
            'proof = "agreed_word"',
            'proof = "shoe_size"',
            "sign_in.proof: it is 'shoe_size'; one of agreed_word, date_of_birth",
        ),
        (
            "quiet_from = 21:00:00",
            "",
            "messages: quiet_from and quiet_until come together; give both or neither",
        ),
        (
            "quiet_until = 08:00:00",
            "",
            "messages: quiet_from and quiet_until come together; give both or neither",
        ),
        (
            "quiet_until = 08:00:00",
            "quiet_until = 22:00:00",
            "messages: quiet hours span midnight; give a quiet_from later than quiet_until",
        ),
        (
            "working_days_enhanced = 1",
            "working_days_enhanced = 6",
            "deadlines: working_days_enhanced is 6; enhanced rights are no slower than others",
        ),
        (
            "in_force_from = 2021-04-01",
            "in_force_from = 2024-01-29",
            "deadlines: code: give the versions oldest first, each from a day of its own",
        ),
        (
            "in_force_from = 2021-04-01",
            "in_force_from = 2021-04-01\nworking_days_enhanced = 9",
            "deadlines: working_days_enhanced is 9; enhanced rights are no slower than others",
        ),
        (
            "in_force_from = 2021-04-01",
            'in_force_from = 2021-04-01\ntells_of = ["suspect_sighted"]',
            "deadlines.code[0]: tells_of has 'suspect_sighted'; name events and milestones",
        ),
        (
            "retention_days = 365",
            "retention_days = 27",
            "records.retention_days is 27; give at least two_way.closed_case_days",
        ),
        (
            'website = "https://www.hampshire.police.example"',
            'website = "www.hampshire.police.example"',
            "forces.hampshire.website",
        ),
        (
            "outcomes = [5, 13]",
            "outcomes = [1, 5]",
            "sensitive_closures: outcomes has 1, which does not close a case",
        ),
        (
            "outcomes = [5, 13]",
            "outcomes = [19]",
            "sensitive_closures: outcomes has 19, which does not close a case",
        ),
        (
            'hampshire = "Hampshire and Isle of Wight Victim Contact Supervisors"',
            "",
            "supervisors.hampshire is missing; name the queue of that force's",
        ),
        (
            "phase_2 = 2026-07-27",
            "phase_2 = 2026-05-18",
            "go_live: phases go live one after another; give phase_1 < phase_2 < phase_3",
        ),
        (
            "phase_3 = 2026-10-12",
            "phase_3 = 2026-07-26",
            "go_live: phases go live one after another; give phase_1 < phase_2 < phase_3",
        ),
        (
            FIRST_TRIGGER,
            FIRST_TRIGGER.replace("1", "0"),
            "triggers[0].phase: expected a whole number >= 1 (it is 0)",
        ),
        (
            FIRST_TRIGGER,
            FIRST_TRIGGER.replace("1", "4"),
            "triggers[0].phase: expected a whole number <= 3 (it is 4)",
        ),
        (
            FIRST_TRIGGER,
            FIRST_TRIGGER.replace("Recorded", "Reported"),
            f"triggers[0]: event is 'CrimeReported'; one of {', '.join(EVENT_TYPES)}",
        ),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    """The sentence names the field, the value and the mend."""
    assert refusal(read_order, spoiled(tmp_path, ORDER, (old, new))).startswith(said)


@pytest.mark.parametrize(
    ("old", "new", "choices"),
    [
        ('announces = "invitation"', 'announces = "invite"', ["invitation", "update", "reply"]),
        ('"not_invited"', '"invited"', ["not_invited"]),
    ],
)
def test_a_word_that_is_no_choice_names_the_choices(
    tmp_path: Path, old: str, new: str, choices: list[str]
) -> None:
    """Where the order chooses from a few words, the sentence says which there are."""
    said = refusal(read_order, spoiled(tmp_path, ORDER, (old, new)))

    assert [each for each in choices if each not in said] == []


def test_the_force_with_the_mistake_is_named(tmp_path: Path) -> None:
    """With several forces, the sentence says whose prefix is wrong, and what it is."""
    said = refusal(read_order, spoiled(tmp_path, ORDER, ('"44"', '"4455"')))

    assert "hampshire" in said
    assert "4455" in said


def test_quiet_hours_are_london_s(tmp_path: Path) -> None:
    """Quiet hours with an offset, which London's clocks would contradict, are refused."""
    path = spoiled(
        tmp_path, ORDER, ("= 21:00:00", '= "21:00:00Z"'), ("= 08:00:00", '= "08:00:00Z"')
    )

    assert "quiet" in refusal(read_order, path)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("phase_3 = 2026-10-12", "phase_3 = 9999-12-31"),
        ("phase_1 = 2026-05-18", "phase_1 = 0001-01-01"),
    ],
)
def test_a_day_far_away_is_a_mistake(tmp_path: Path, old: str, new: str) -> None:
    """A go-live day around which no rollout can be laid out is refused when the order is read."""
    assert "go_live" in refusal(read_order, spoiled(tmp_path, ORDER, (old, new)))
