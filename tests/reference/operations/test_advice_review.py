"""An editor learns which pages of advice to read again, and which to fill in."""

from datetime import date

from reference.operations.advice_review import TO_FILL_IN, overdue, to_fill_in
from reference.portal.words.advice import Advice, load_advice
from tests.reference.portal.words.test_advice import GOOD


def test_pages_past_their_review_date_are_named_the_oldest_first() -> None:
    """On the day itself a page still stands; the day after it is overdue."""
    advice = Advice(
        {
            slug: GOOD.replace("2027-04-01", on)
            for slug, on in (("b", "2027-03-02"), ("a", "2027-03-02"), ("c", "2027-03-01"))
        }
    )

    assert overdue(advice, date(2027, 3, 1)) == {}
    assert list(overdue(advice, date(2027, 3, 3)).items()) == [
        ("c", date(2027, 3, 1)),
        ("a", date(2027, 3, 2)),
        ("b", date(2027, 3, 2)),
    ]


def test_what_only_the_force_knows_is_left_for_it_to_write() -> None:
    """Such pages are named, so that none goes live with a gap in it."""
    assert to_fill_in(load_advice()) == [
        "another-language-or-format",
        "how-we-use-your-information",
        "local-hampshire",
        "local-thames-valley",
    ]
    assert to_fill_in(Advice({"page": GOOD})) == []
    assert to_fill_in(Advice({"page": GOOD + f"\n\n> **{TO_FILL_IN}:** a number."})) == ["page"]
