"""The list of a victim whose records were merged: the crimes of both, for who came in since."""

import pytest

from tests.simulator.judge.entries.test_record_mergers import merged
from tests.simulator.judge.expected import fail


@pytest.mark.parametrize("is_listed", [True, False])
def test_both_are_on_the_list_of_one_who_comes_in_after_the_merger(*, is_listed: bool) -> None:
    """One who came in before it may see only their own."""
    story, alex, _lex, crime, other = merged()
    rows = [(each.crime_reference, "open") for each in (crime, other)]
    story.sees(alex, None, where="crimes", statuses=(rows[0],))

    assert story.harms() == []

    story.signs_in(alex)
    story.sees(alex, None, where="crimes", statuses=tuple(rows if is_listed else rows[:1]))

    assert story.harms() == ([] if is_listed else [fail("lost", "PERS-01")])


def test_a_list_that_names_no_crime_proves_nothing() -> None:
    """A tester may have seen a list without its references."""
    story, alex, _lex, _crime, _other = merged()
    story.signs_in(alex)
    story.sees(alex, None, "Bicycle theft", where="crimes")

    assert story.harms() == []


def test_once_parted_nothing_of_the_other_is_asked_for() -> None:
    """Their own crime is enough."""
    story, alex, lex, crime, other = merged(same=False)
    story.persons_unmerged(other, lex)
    story.wait(hours=1)
    story.signs_in(alex)
    story.sees(alex, None, where="crimes", statuses=((crime.crime_reference, "open"),))

    assert story.harms() == []
