"""Where the date of birth is ordered, a portal that takes nearly the birthday is caught.

tests/features/test_another_calendar.py has every feature pass by the date of birth.
"""

from pathlib import Path

import pytest

from simulator.accept.features_run import run_features
from simulator.processes.features_process import Run
from tests.simulator.real_files import ORDER, ROOT, TARGET, spoiled

LINK_ALONE = "The link alone does not open the portal"


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """The reference, for a force that orders the date of birth."""
    order = spoiled(tmp_path, ORDER, ('proof = "agreed_word"', 'proof = "date_of_birth"'))
    return spoiled(tmp_path, TARGET, (str(ORDER.relative_to(ROOT)), str(order)))


@pytest.mark.parametrize(
    ("portal", "guess"),
    [
        ("forgets_the_year", "another year"),
        ("takes_month_and_day_either_way", "day and month the other way"),
        ("takes_a_day_more_or_less", "another day"),
    ],
)
def test_a_portal_that_takes_nearly_the_birthday_is_caught(
    target: Path, tmp_path: Path, warm: Run, portal: str, guess: str
) -> None:
    """What a stranger may guess by a slip is not what the victim proves."""
    [link_alone] = run_features(
        target,
        phase=1,
        out=tmp_path / "out",
        only=LINK_ALONE,
        application=f"tests.features.inexact_birthdays:{portal}",
        run=warm,
    )

    assert link_alone.verdict == "FAIL"
    assert link_alone.observed == f"the stranger was let in by {guess}"
