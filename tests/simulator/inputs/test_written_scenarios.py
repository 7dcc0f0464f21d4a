"""Rules of the features as they are written: every scenario there is, by an id that stays."""

from pathlib import Path

import pytest

from simulator.inputs.written_scenarios import (
    FEATURES,
    gate_of,
    is_claimed,
    is_run_in,
    pickles_of,
    read_written,
)

FEATURE = """
Feature: A victim hears
  @S-901 @MSG-01 @needs_two_way
  Scenario Outline: Told by <channel>
    Given Alex wants to hear by <channel>
    When an hour passes
    Then Alex gets no message
    And Alex gets no more messages

    Examples:
      | channel |
      | text    |
      | email   |

  Rule: At night
    @S-902 @GATE-02 @before_phase_2 @quick
    Scenario: Not yet
      Then nothing is there
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder of one feature of phase 2."""
    (tmp_path / "phase2_more").mkdir()
    path = tmp_path / "phase2_more" / "what_is_heard.feature"
    path.write_text(FEATURE, encoding="utf-8")
    return tmp_path


def test_outlines_are_unfolded(folder: Path) -> None:
    """Each row of examples is a scenario of its own, by its number and with its cells."""
    text, email, gate = read_written(folder)

    assert (text.id, email.id) == ("S-901.1", "S-901.2")
    assert (email.whole_name, email.example) == ("Told by email (email)", ("email",))
    assert [(each.kind, each.text) for each in email.steps] == [
        ("Context", "Alex wants to hear by email"),
        ("Action", "an hour passes"),
        ("Outcome", "Alex gets no message"),
        ("Outcome", "Alex gets no more messages"),
    ]
    assert (gate.id, gate.example, gate.before_phase) == ("S-902", (), 2)


def test_tags_say_what_is_proved_and_needed(folder: Path) -> None:
    """Tags are requirements, capabilities or gates; other tags mean nothing."""
    text, _email, gate = read_written(folder)

    assert (text.requirements, text.needs, text.before_phase) == (["MSG-01"], ["two_way"], None)
    assert (gate.requirements, gate.needs) == (["GATE-02"], [])
    assert {each.phase for each in (text, gate)} == {2}


def test_an_id_does_not_change_with_what_stands_before_it(folder: Path) -> None:
    """A test-management tool knows a script again when another was added above it."""
    before = {each.id for each in read_written(folder)}
    path = folder / "phase2_more" / "what_is_heard.feature"
    first = "  @S-903 @MSG-01\n  Scenario: First\n    Then Alex gets no message\n\n"
    path.write_text(FEATURE.replace("  @S-901", f"{first}  @S-901"), "utf-8")

    assert before < {each.id for each in read_written(folder)}


def test_every_scenario_is_there_once() -> None:
    """As many as the reference parser compiles, and no two of the same id."""
    found = read_written()

    assert len(found) == sum(len(pickles_of(path)) for path in FEATURES.rglob("*.feature"))
    assert len({each.id for each in found}) == len(found)
    assert all(each.steps and each.requirements for each in found)


@pytest.mark.parametrize(
    ("tags", "of_phase", "phases"),
    [
        ((), 1, {1, 2, 3}),
        ((), 3, {3}),
        (("before_phase_2",), 1, {1}),
        (("before_phase_3",), 1, {1, 2}),
    ],
)
def test_a_scenario_is_run_in_its_phase_and_later(
    tags: tuple[str, ...], of_phase: int, phases: set[int]
) -> None:
    """A gate is run until the phase that it stands before."""
    assert {phase for phase in (1, 2, 3) if is_run_in(phase, tags, of_phase)} == phases


def test_what_is_needed_must_be_claimed() -> None:
    """All of it, and nothing else."""
    tags = ("MSG-01", "needs_two_way", "needs_receipts", "quick")

    assert is_claimed(tags, ("two_way", "receipts", "text"))
    assert not is_claimed(tags, ("two_way",))
    assert is_claimed(("MSG-01",), ())
    assert gate_of(tags) is None
