"""An address that many unrelated people gave is no one's own; a family may share one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference.contract.events import VictimRecord
from reference.portal.rules import shared_addresses
from tests.reference.portal.crimes import alex

texts = st.text(max_size=200)


@pytest.mark.parametrize(
    ("names", "people_max", "is_shared"),
    [
        (["Marsh", "Marsh", "Marsh", "Marsh"], 1, False),  # a family
        (["Marsh", "marsh ", "MARSH"], 1, False),
        (["Marsh", "Reed"], 1, True),
        (["Marsh", "Reed"], 2, False),
        (["Marsh", "Reed", "Hill"], 2, True),
        (["", "", ""], 2, True),  # without a name nobody is known to be related
        (["Marsh", "Reed", "Hill"], None, False),  # nobody ordered it
    ],
)
def test_a_family_may_share_and_strangers_may_not(
    names: list[str], people_max: int | None, *, is_shared: bool
) -> None:
    """People of one family name count once."""
    records = [alex(f"p{n}", family_name=name) for n, name in enumerate(names)]

    assert shared_addresses.shares_unrelated(records, people_max) == is_shared


@given(st.lists(st.builds(alex, family_name=texts), max_size=5), st.none() | st.integers(1, 5))
def test_no_names_break_the_question_of_sharing(
    records: list[VictimRecord], people_max: int | None
) -> None:
    """Fewer people than may share are never too many."""
    found = shared_addresses.shares_unrelated(records, people_max)

    assert not (found and (people_max is None or len(records) <= people_max))
