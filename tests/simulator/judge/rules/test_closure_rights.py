"""What a page says of the trial, and of a right to review."""

from typing import Any

import pytest

from reference.contract.events import CrimeClosed, OutcomeRecorded
from simulator.judge.rules.closure_rights import ClosureRights
from tests.simulator.judge.expected import Harmed, fail
from tests.simulator.judge.pages import found, reads, shown
from tests.simulator.judge.story import Story, one_invited

OFFERED = "We know who it may have been. You have a right to review."
DENIED = "There is no right to review of this decision."
SILENT = "There is too little evidence."
NOISE = [fail("noise", "CASE-14")]
LOST = [fail("lost", "CASE-17")]
NO_ROUTE = [fail("lost", "CASE-31")]
GUILT = [fail("noise", "CASE-33")]
NO_TIME = [fail("lost", "CASE-32")]
CPS_ROUTE = "The CPS decided this. You can ask it to look again, within 10 working days."


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
        (("CPS", True, 15), SILENT, NO_ROUTE),
        (("CPS", True, 15), OFFERED, NO_ROUTE),
        (("CPS", None, 15), CPS_ROUTE, []),
        (("CPS", None, 9), "The CPS decided this, and you can ask it for a review.", NO_TIME),
        (("CPS", True, 15), "You have the right to ask us to look again.", [*NOISE, *NO_ROUTE]),
        (("CPS", True, 12), SILENT, []),
        (("CPS", True, 12), CPS_ROUTE, []),
        (("police", None, 18), CPS_ROUTE, NOISE),
        (("police", True, 21), OFFERED, NOISE),
        (("police", True, 21), "Ask a supervisor to review it with you, or complain.", []),
        (("police", True, 15), "If you do not agree, you can ask for a review.", []),
        (("unknown", None, 15), "If the police decided, you have a right to review.", []),
        (
            ("police", None, 6),
            "Somebody admitted this and was convicted.",
            [fail("noise", "CASE-33")],
        ),
        (("police", None, 6), "It is not a conviction. They may ask for a hearing.", []),
        (("police", None, 3), "Somebody who admitted this was cautioned.", []),
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


@pytest.mark.parametrize(
    ("to_body", "words", "expected"),
    [
        ("Harbour Authority", "The Harbour Authority now deals with this.", []),
        ("Harbour Authority", "Another body deals with this.", [fail("lost", "OUT-20")]),
        ("", "Another body deals with this.", []),
    ],
)
def test_the_body_that_takes_a_case_over_is_named(
    to_body: str, words: str, expected: list[Harmed]
) -> None:
    """Where the crime system names it; an older one does not."""
    story, alex, crime = one_invited()
    story.happens(
        CrimeClosed(
            crime_reference=crime.crime_reference,
            outcome=20,
            closed_at=story.now,
            to_body=to_body,
        )
    )
    story.wait(hours=1)
    reads(story, alex, crime, ("CrimeClosed", words))

    assert harms(story) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("The Harbour Authority now deals with this: call 01632 960188.", []),
        ("The Harbour Authority now deals with this.", [fail("lost", "OUT-20")]),
    ],
)
def test_the_page_says_how_to_reach_that_body(words: str, expected: list[Harmed]) -> None:
    """Where the crime system says it: CrimeClosed.to_body_contact."""
    story, alex, crime = one_invited()
    story.happens(
        CrimeClosed(
            crime_reference=crime.crime_reference,
            outcome=20,
            closed_at=story.now,
            to_body="Harbour Authority",
            to_body_contact="01632 960188",
        )
    )
    story.wait(hours=1)
    reads(story, alex, crime, ("CrimeClosed", words))

    assert harms(story) == expected


@pytest.mark.parametrize("is_dated", [True, False])
@pytest.mark.parametrize(
    ("words", "expected"),
    [((OFFERED, SILENT), []), ((OFFERED, OFFERED), NOISE), ((SILENT, SILENT), LOST)],
)
def test_each_of_two_closures_is_judged_by_its_own_decision(
    words: tuple[str, str], expected: list[Harmed], *, is_dated: bool
) -> None:
    """The first has a review, and the second has none. Without dates either may be either."""
    story, alex, crime = one_invited()
    dated = []
    for was_interviewed in (True, False):
        dated.append(story.now)
        closed = CrimeClosed(
            crime_reference=crime.crime_reference,
            outcome=15,
            closed_at=story.now,
            decided_by="police",
            interviewed_under_caution=was_interviewed,
        )
        story.happens(closed)
        story.wait(hours=1)
        if was_interviewed:
            story.reopened(crime)
    shown(
        *(story, alex, "timeline", crime.crime_reference),
        kinds=("CrimeClosed", "CrimeClosed"),
        texts=words,
        dated=tuple(dated) if is_dated else (),
    )

    assert harms(story) == (expected if is_dated else [])
