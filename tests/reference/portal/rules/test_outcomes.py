"""What the outcome of a crime means: its status, and whether a review may be offered."""

import pytest

from reference.contract.outcomes import OUTCOMES
from reference.portal.rules import outcomes
from tests.reference.portal import crimes


def test_a_charge_is_not_a_closure() -> None:
    """Only a closure closes: after a charge the case is live with the court."""
    assert outcomes.status_after(crimes.charged()) == "charged"
    assert outcomes.status_after(crimes.closed()) == "closed"


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_review_is_offered_only_where_the_scheme_has_it(outcome: int) -> None:
    """A police decision about someone interviewed; no disposal, and no unwilling victim."""
    offered = outcomes.may_offer_review(decided_by="police", interviewed=True, outcome=outcome)

    assert offered == (outcome in {9, 10, 11, 12, 13, 15, 17})
    for decided_by, interviewed in (
        ("CPS", True),
        ("unknown", True),
        ("police", False),
        ("police", None),
    ):
        assert not outcomes.may_offer_review(
            decided_by=decided_by, interviewed=interviewed, outcome=outcome
        )
