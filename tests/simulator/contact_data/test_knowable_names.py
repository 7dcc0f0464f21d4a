"""What can be known of a wrong name: by the lists, by the email, by how likely it is."""

import pytest

from simulator.contact_data.knowable_names import Knower, Written, known_share
from simulator.population.faults.names import wrong_name

RATES = {
    "letter_substituted": 0.03,
    "letter_deleted": 0.01,
    "names_swapped": 0.01,
    "married_name": 0.01,
    "nickname": 0.003,
    "accents_lost": 0.002,
}


@pytest.mark.parametrize(
    ("written", "is_known"),
    [
        (Written("Sarah", "Bennett", ""), False),
        (Written("Sarah", "Bennett", "sarah.bennett7@post.example"), False),
        (Written("Sarah", "Bengett", ""), True),
        (Written("Unknown", "Bennett", ""), True),
        (Written("Bennett", "Sarah", ""), True),
        (Written("James", "Lewis", ""), False),
        (Written("James", "Lewis", "lewis.james7@post.example"), True),
        # Married: the name is as good as any, and the address alone has the other.
        (Written("Anne", "Webb", ""), False),
        (Written("Anne", "Webb", "anne.cole7@post.example"), True),
        # A mailbox that somebody else at home holds says nothing; a nickname's does.
        (Written("Thomas", "Webb", "sarah.webb7@post.example"), False),
        (Written("Liz", "Shaw", "elizabeth.shaw7@post.example"), True),
        # An address that is another person's.
        (Written("Sarah", "Bennett", "james.lewis7@post.example"), False),
    ],
)
def test_what_can_be_known(written: Written, is_known: bool) -> None:  # noqa: FBT001
    """A name off the lists, or that the email has otherwise; a likely name alone cannot be."""
    assert Knower(RATES).knows(written) == is_known


def test_hardly_any_right_name_is_known_to_be_wrong() -> None:
    """A limit that called right names wrong would be none."""
    pairs = [("Sarah", "Bennett"), ("James", "Lewis"), ("Priya", "Shah"), ("Joan", "Clarke")]
    knower = Knower(RATES)

    assert known_share(knower, [Written(*each, "") for each in pairs]) == 0
    wrong = [wrong_name("letter_deleted", *each, "", 12) for each in pairs]
    assert known_share(knower, [Written(*each, "") for each in wrong]) >= 0.75
