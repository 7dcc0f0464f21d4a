"""What a page says of the trial, and of a right to review."""

from typing import Any

import pytest

from reference.contract.events import CrimeClosed, OutcomeRecorded
from simulator.judge.rules.closure_rights import ClosureRights
from tests.simulator.judge.expected import Harmed, fail
from tests.simulator.judge.pages import found, reads
from tests.simulator.judge.story import Story, one_invited

OFFERED = "We know who it may have been. You have a right to review."
DENIED = "There is no right to review of this decision."
SILENT = "There is too little evidence."
NOISE = [fail("noise", "CASE-14")]
LOST = [fail("lost", "CASE-17")]


def harms(story: Story) -> list[Harmed]:
    """Ask the rule alone."""
    return found(story, ClosureRights)


@pytest.mark.parametrize(
    ("words", "is_named"),
    [
        ("The Thames Valley Witness Care Unit keeps you informed.", True),
        ("Your witness care officer keeps you informed.", True),
        ("The court keeps you informed.", False),
    ],
)
def test_after_a_charge_the_page_says_who_informs(words: str, *, is_named: bool) -> None:
    """Once it has to be there, and not before."""
    story, alex, crime = one_invited()
    charged = OutcomeRecorded(
        crime_reference=crime.crime_reference, outcome=1, decided_at=story.now, decided_by="CPS"
    )
    story.happens(charged)
    reads(story, alex, crime, ("OutcomeRecorded", words))

    assert harms(story) == []

    story.wait(minutes=15)
    reads(story, alex, crime, ("OutcomeRecorded", words))

    assert harms(story) == ([] if is_named else [fail("lost", "CASE-08")])


@pytest.mark.parametrize(
    ("closed", "words", "expected"),
    [
        (("police", True, 15), OFFERED, []),
        (("police", True, 15), "You may ask us to look again.", []),
        (("police", True, 15), SILENT, LOST),
        (("police", True, 15), DENIED, LOST),
        (("police", True, 11), SILENT, []),
        (("CPS", True, 15), SILENT, []),
        (("CPS", True, 15), OFFERED, []),
        (("CPS", None, 15), OFFERED, []),
        (("police", False, 15), OFFERED, NOISE),
        (("police", None, 15), OFFERED, NOISE),
        (("police", None, 15), DENIED, []),
        (("police", True, 8), OFFERED, NOISE),
        (("police", True, 16), OFFERED, NOISE),
        (("police", None, 18), "We review all we have if something new comes to light.", []),
    ],
)
def test_a_review_is_offered_where_there_is_one(
    closed: tuple[Any, Any, Any], words: str, expected: list[Harmed]
) -> None:
    """What depends on the force is left open: a decision of the CPS, and rarer outcomes."""
    story, alex, crime = one_invited()
    decided_by, interviewed, outcome = closed
    story.happens(
        CrimeClosed(
            crime_reference=crime.crime_reference,
            outcome=outcome,
            closed_at=story.now,
            confirmed_at=story.now,
            decided_by=decided_by,
            interviewed_under_caution=interviewed,
        )
    )
    story.wait(hours=1)
    reads(story, alex, crime, ("CrimeRecorded", "We have it."), ("CrimeClosed", words))

    assert harms(story) == expected


def test_two_closures_on_one_page_are_not_told_apart() -> None:
    """Nobody can say which of them an entry is about."""
    story, alex, crime = one_invited()
    story.closed(crime, 18)
    story.wait(hours=1)
    reads(story, alex, crime, ("CrimeClosed", OFFERED))

    assert harms(story) == NOISE

    story, alex, crime = one_invited()
    story.closed(crime, 18)
    story.reopened(crime)
    story.closed(crime, 18)
    story.wait(hours=1)
    reads(story, alex, crime, ("CrimeClosed", OFFERED))

    assert harms(story) == []
