"""Words about an ending, held against the law: what is found, and what nearly the same is not."""

from typing import Literal

import pytest

from reference.contract.closing_words import faults
from reference.contract.lawful_words import Decider, Ending

OURS = "You have the right to ask us to look again. It is the Victims' Right to Review."
ROUTE = "The Crown Prosecution Service decided this. Ask it to look again within 10 working days."


UNEXPLAINED = "should explained_or_complaint"


def found(words: str, ending: Ending, page: str = "") -> list[str]:
    """Name what is wrong, but for whether it says who explains a decision."""
    found = (f"{each.say} {each.what}" for each in faults(words, ending, page=page))
    return [each for each in found if each != UNEXPLAINED]


def ending(outcome: int, decided_by: Decider = "police", *, was: bool | None = None) -> Ending:
    """Make an ending without ages."""
    return Ending(outcome, decided_by, was)


@pytest.mark.parametrize(
    "words",
    [
        OURS,
        "You can ask for a review.",
        "You may ask, for three months, that somebody more senior reviews this decision.",
        "If you do not agree, you have a right to review.",
        "If you think that we made the wrong decision, you have a right to review.",
        "You can ask us to review this. You do not need to give a reason.",
    ],
)
def test_an_offer_of_the_polices_review_is_found(words: str) -> None:
    """It is right after an interview under caution, and wrong without one."""
    assert found(words, ending(15, was=True)) == []
    assert found(words, ending(15, was=False)) == ["must not police_review"]
    assert found(words, ending(21, was=True)) == ["must not police_review"]


@pytest.mark.parametrize(
    "words",
    [
        "There is no right to review of this decision.",
        "The Right to Review does not apply, because nobody was interviewed.",
        "You cannot ask us to review this.",
        "If the police interviewed somebody under caution, you have a right to review.",
        "You can ask a supervisor to explain or review this, or you can complain.",
        "If something new comes to light, we can look again.",
        "We review all we have if something new comes to light.",
    ],
)
def test_what_offers_nothing_is_no_offer(words: str) -> None:
    """A denial, a condition about who decided, a supervisor, and new evidence are all lawful."""
    assert found(words, ending(15, was=False)) == []
    assert found(words, ending(18)) == []


def test_a_denial_is_no_offer_where_one_must_be() -> None:
    """A page of a reviewable decision that denies the review fails."""
    assert found("There is no right to review.", ending(15, was=True)) == ["must police_review"]
    assert found("There is too little evidence.", ending(10, was=True)) == ["must police_review"]


def test_what_must_be_said_may_stand_elsewhere_on_the_page() -> None:
    """A section of its own will do."""
    told = "There is too little evidence."

    assert found(told, ending(15, was=True), page=OURS) == []
    assert found(told, ending(15, "CPS"), page=ROUTE) == []


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (ROUTE, []),
        ("The CPS decided this. You have a right to review: ask soon.", []),
        ("The CPS made this decision and can tell you how to ask it to look again, soon.", []),
        ("The CPS made this decision. You can ask for a review.", ["should cps_time"]),
        ("The CPS decided that it is not in the public interest.", ["must cps_review"]),
        (
            "The CPS decided this. You have the right to ask us to look again.",
            ["must not police_review", "must cps_review"],
        ),
        ("You have a right to review.", ["must cps_review"]),
        ("The CPS decided this, and there is no review of it.", ["must cps_review"]),
    ],
)
def test_the_route_of_a_prosecutors_decision_is_the_prosecutors(
    words: str, expected: list[str]
) -> None:
    """It must be named, should say how soon, and is never the police's."""
    assert found(words, ending(15, "CPS")) == expected


@pytest.mark.parametrize("decided_by", ["police", "CPS"])
def test_a_page_that_names_both_is_read_either_way(decided_by: Decider) -> None:
    """Of "we and not the CPS" nobody can say whose review a next sentence means."""
    words = "The police decided this, not the CPS. You can ask for a review soon."

    assert found(words, ending(15, decided_by, was=True)) == []


def test_a_route_to_the_prosecutors_that_leads_nowhere_is_found() -> None:
    """They decided nothing about a crime where nobody was identified; that they exist is true."""
    assert found("You can ask the CPS to review this.", ending(18)) == ["must not cps_review"]
    assert found("The CPS has a scheme of its own.", ending(18)) == []


def test_who_decided_may_be_left_open_where_nobody_recorded_it() -> None:
    """Neither route is promised, and both may be told with their condition."""
    both = "If the police decided this, you have a right to review. If the CPS did, ask it again."

    assert found(both, ending(15, "unknown")) == []
    assert found(OURS, ending(15, "unknown")) == ["must not police_review"]


@pytest.mark.parametrize(
    ("outcome", "words", "is_found"),
    [
        (6, "Somebody admitted this.", True),
        (22, "The person who was found guilty takes part in an activity.", True),
        (6, "It is not a conviction. They can pay or be found guilty by a court.", False),
        (3, "The person who admitted it was given a caution.", False),
        (4, "Somebody admitted this to a court.", False),
        (22, "It needs no admission, and does not mean that somebody admitted it.", False),
    ],
)
def test_guilt_is_said_only_where_it_was_admitted(
    outcome: int, words: str, *, is_found: bool
) -> None:
    """A penalty notice and an activity need no admission; a caution does."""
    assert found(words, ending(outcome)) == (["must not guilt"] if is_found else [])


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Somebody has been charged. Your case is now closed.", ["must not ended"]),
        ("Somebody has been charged. Your case is not closed: it goes to court.", []),
    ],
)
def test_a_charge_is_no_end(words: str, expected: list[Literal["must not ended"]]) -> None:
    """The case is live with the court."""
    assert found(words, ending(1, "CPS")) == expected


@pytest.mark.parametrize(
    ("words", "is_said"),
    [
        ("You can ask a supervisor to explain this.", True),
        ("If you are not content, you can complain.", True),
        ("Your officer can tell you the reasons.", False),
    ],
)
def test_where_no_review_is_somebody_explains(words: str, *, is_said: bool) -> None:
    """A supervisor, or a complaint: our advice where enquiries ended or nobody was interviewed."""
    for each in (ending(21), ending(15, was=False)):
        said = [f"{fault.say} {fault.what}" for fault in faults(words, each)]

        assert said == ([] if is_said else [UNEXPLAINED])
    assert [fault.what for fault in faults(words, ending(18))] == []
