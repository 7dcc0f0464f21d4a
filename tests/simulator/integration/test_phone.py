"""What an officer does in Dynamics makes the victim's phone ring, and the question comes back.

Dynamics, integration, the reference portal in a process of its own, and Notify: nothing is replaced
but the force and the phone. `python -m tests.clients` plays the same with Microsoft's own client.
"""

from contextlib import closing
from pathlib import Path

import pytest

from tests.simulator.integration.phone import (
    NAMED,
    QUESTION,
    OfficerByHttp,
    Victim,
    joined,
)


@pytest.mark.slow(seconds=8)
def test_a_case_in_dynamics_makes_the_victims_phone_ring_and_a_question_comes_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The text says only that there is something to see; the words are a note and a task."""
    for name, value in NAMED.items():
        monkeypatch.setenv(name, value)
    with (
        joined(tmp_path) as parts,
        closing(OfficerByHttp(parts)) as officer,
        closing(Victim(parts)) as victim,
    ):
        officer.record()
        text = victim.text()
        victim.ask()
        notes, tasks = officer.asked()

    assert "urglary" not in text
    assert notes == [QUESTION]
    assert tasks == ["victim_question"]
