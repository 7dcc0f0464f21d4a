"""The words of every ending keep to the table of the law."""

import pytest

from reference.catalogue_check.lawful_wording import faults_of_law
from reference.catalogue_check.wording_rules import faults_of_source
from tests.reference.catalogue_check.spoiled_words import READ, with_template


def test_every_ending_is_told_in_lawful_words() -> None:
    """Each outcome, whoever decided and whether or not somebody was interviewed."""
    assert list(faults_of_law(READ)) == []
    assert list(faults_of_source(READ)) == []


@pytest.mark.parametrize(
    ("template", "text", "said"),
    [
        ("closed_no_further_work", "You can ask us to review this. Or complain.", "is offered"),
        ("closed_evidence_cps", "There is too little evidence.", "ask the CPS to review"),
        ("closed_evidence_cps", "The CPS decided. You can ask for a review.", "how soon"),
        ("closed_penalty_notice", "Someone was convicted of this.", "nobody is called guilty"),
        ("review_evidence", "We have closed your case.", "there is a right to review"),
        (
            "closed_time_limit",
            "The time has passed.",
            "a supervisor can explain",
        ),
        ("charged", "Someone has been charged. Your case is closed.", "not called closed"),
    ],
)
def test_words_that_break_the_law_are_found(template: str, text: str, said: str) -> None:
    """A catalogue that a force has changed is held to it before the portal starts."""
    found = list(faults_of_law(with_template(template, text=text)))

    assert found
    assert all(template in each for each in found)
    assert said in found[0]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"source_field": "CrimeClosed.reason"}, "give a field of an event"),
        ({"source_field": "the officer ticks a box"}, "give a field of an event"),
        ({"agreed_on": READ.template[0].review_date}, "read again after they were agreed"),
    ],
)
def test_where_words_come_from_is_checked(changes: dict[str, object], said: str) -> None:
    """A template names a field that there is, and was agreed before it is read again."""
    [found] = faults_of_source(with_template("crime_recorded", **changes))

    assert said in found
