"""The lawful-words oracle: one answer for every ending, each with its source."""

from typing import get_args

import pytest

from reference.contract.events import ClosingOutcome
from reference.contract.lawful_words import (
    ROWS,
    SOURCES,
    Ending,
    Row,
    every_ending,
    lawful_words,
)
from reference.contract.outcomes import CHARGED

ENDINGS = list(every_ending())


def _fits(row: Row, ending: Ending) -> bool:
    return (
        ending.outcome in row.outcomes
        and ending.decided_by in row.deciders
        and ending.interviewed in row.interviews
    )


def test_every_ending_has_exactly_one_row() -> None:
    """21 outcomes, 3 deciders, 3 answers about an interview: none is missing, none is in two."""
    assert {each.outcome for each in ENDINGS} == {CHARGED, *get_args(ClosingOutcome)}
    assert len(ENDINGS) == 21 * 3 * 3
    assert [each for each in ENDINGS if sum(_fits(row, each) for row in ROWS) != 1] == []


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.outcomes} {row.deciders}")
def test_every_row_has_a_source(row: Row) -> None:
    """Advice of ours fails no portal: a row that rests on it alone has no must."""
    assert row.lawful.sources
    assert set(row.lawful.sources) <= SOURCES.keys()
    if set(row.lawful.sources) == {"ours"}:
        assert "must" not in (row.lawful.police_review, row.lawful.cps_review)


def test_no_source_is_there_for_nothing() -> None:
    """Each is cited by a row, or by what age changes."""
    cited = {source for row in ROWS for source in row.lawful.sources}

    assert SOURCES.keys() - cited == {"restorative justice"}


def test_a_police_review_needs_a_police_decision_after_an_interview() -> None:
    """Everywhere else it must not be offered."""
    for each in ENDINGS:
        says = lawful_words(each).police_review
        if says != "must not":
            assert (each.decided_by, each.interviewed) == ("police", True), each


def test_a_review_must_be_offered_where_the_schemes_leave_no_doubt() -> None:
    """The police's for 10 and 15, the CPS's for 9 and 15; the rest is the force's to say."""
    police = {e.outcome for e in ENDINGS if lawful_words(e).police_review == "must"}
    cps = {e.outcome for e in ENDINGS if lawful_words(e).cps_review == "must"}

    assert police == {10, 15}
    assert cps == {9, 15}
    assert all(
        lawful_words(e).cps_review in ("must not", "may") for e in ENDINGS if e.decided_by != "CPS"
    )


@pytest.mark.parametrize("interviewed", [True, False, None])
@pytest.mark.parametrize("outcome", [2, 3, 6, 7, 8, 18, 20, 21])
def test_no_review_is_offered_after_these(outcome: int, *, interviewed: bool | None) -> None:
    """Out-of-court disposals, nobody identified, another body, enquiries not gone on with."""
    for decided_by in ("police", "CPS", "unknown"):
        lawful = lawful_words(Ending(outcome, decided_by, interviewed))

        assert (lawful.police_review, lawful.cps_review) == ("must not", "must not")


def test_a_guardian_asks_for_a_child() -> None:
    """The police scheme lets a parent or guardian ask for a victim under 18."""
    adult = lawful_words(Ending(15, "police", interviewed=True, victim="adult"))
    child = lawful_words(Ending(15, "police", interviewed=True, victim="child"))

    assert adult.review_asked_by == "the victim"
    assert "guardian" in child.review_asked_by
    assert child.police_review == adult.police_review == "must"


@pytest.mark.parametrize(
    ("outcome", "suspect", "expected"),
    [
        (8, "adult", "the police"),
        (8, "child", "the youth offending team"),
        (2, "unknown", "the youth offending team"),
        (3, "unknown", "the police"),
        (2, "adult", "the youth offending team"),
        (8, "unknown", "the police, or the youth offending team"),
    ],
)
def test_who_offers_restorative_justice_depends_on_the_suspects_age(
    outcome: int, suspect: str, expected: str
) -> None:
    """A caution for young people or for adults says the age by itself."""
    ending = Ending(outcome, "police", interviewed=True, suspect=suspect)  # type: ignore[arg-type]

    assert lawful_words(ending).restorative_justice_from == expected


def test_an_outcome_that_there_is_not_is_refused() -> None:
    """Outcome 19 is fraud, recorded elsewhere."""
    with pytest.raises(LookupError, match="19"):
        lawful_words(Ending(19, "police", interviewed=True))
