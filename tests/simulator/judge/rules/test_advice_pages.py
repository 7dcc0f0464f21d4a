"""The advice begins with what fits the reader's own crimes, and has the Victims' Code's rights."""

import pytest

from simulator.judge.rules.advice_pages import AdvicePages
from tests.simulator.judge.expected import Harmed, fail
from tests.simulator.judge.pages import found, shown
from tests.simulator.judge.story import Story, one_invited

BICYCLE, HOME, OTHERS = "keep-your-bicycle-safe", "keep-your-home-safe", "after-a-robbery"
RIGHTS = "your-rights"
AFTER = [fail("lost", "JOUR-06")]
LOOK = [("REVIEW", "lost", "portal", "JOUR-01", True)]


def harms(story: Story) -> list[Harmed]:
    """Ask the rule alone."""
    return found(story, AdvicePages)


@pytest.mark.parametrize(
    ("slugs", "expected"),
    [
        ((BICYCLE, OTHERS, HOME, RIGHTS), []),
        ((RIGHTS, BICYCLE, OTHERS), []),
        ((OTHERS, BICYCLE, RIGHTS), AFTER),
        ((RIGHTS, OTHERS, BICYCLE), AFTER),
        ((OTHERS, RIGHTS), LOOK),
        (("page 1", "page 2"), LOOK),
        ((), []),
    ],
)
def test_the_page_for_the_readers_offence_comes_first(
    slugs: tuple[str, ...], expected: list[Harmed]
) -> None:
    """Before pages for other offences. A portal without it is looked at by a person, once."""
    story, alex, _crime = one_invited(phase=2)
    for _time in range(2):
        shown(story, alex, "advice", slugs=slugs, texts=("Your rights",))

    assert harms(story) == expected


@pytest.mark.parametrize(
    ("slugs", "expected"),
    [((BICYCLE, RIGHTS), []), ((BICYCLE, RIGHTS, RIGHTS), [fail("lost", "JOUR-01")])],
)
def test_no_two_pages_have_one_name(slugs: tuple[str, ...], expected: list[Harmed]) -> None:
    """By which they are reached."""
    story, alex, _crime = one_invited(phase=2)
    shown(story, alex, "advice", slugs=slugs, texts=("Your rights",))

    assert harms(story) == expected


def test_the_order_of_pages_is_of_phase_2() -> None:
    """Before it there may be advice, in any order."""
    story, alex, _crime = one_invited()
    shown(story, alex, "advice", slugs=(OTHERS, BICYCLE), texts=("Your rights",))

    assert harms(story) == []


def test_both_pages_of_a_victim_of_two_crimes_come_first() -> None:
    """In any order; and until the news is due that of a new crime may be missing."""
    story, alex, _crime = one_invited(phase=2)
    story.crime(alex, offence_subgroup="Residential burglary")
    shown(story, alex, "advice", slugs=(BICYCLE, OTHERS, HOME), texts=("Your rights",))
    story.wait(minutes=15)
    shown(story, alex, "advice", slugs=(HOME, BICYCLE, OTHERS), texts=("Your rights",))

    assert harms(story) == []

    shown(story, alex, "advice", slugs=(BICYCLE, OTHERS, HOME), texts=("Your rights",))

    assert harms(story) == AFTER


def test_the_advice_follows_the_offence() -> None:
    """As last classified."""
    story, alex, crime = one_invited(phase=2)
    story.reclassified(crime, "Residential burglary")
    story.wait(hours=1)
    shown(story, alex, "advice", slugs=(HOME, BICYCLE), texts=("Your rights",))

    assert harms(story) == []

    shown(story, alex, "advice", slugs=(BICYCLE, HOME), texts=("Your rights",))

    assert harms(story) == AFTER


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (("Your rights\nWhat we do",), []),
        (("Locks", "What the Victims\u2019 Code says"), []),
        (("Locks", "Bells"), [fail("lost", "CASE-16")]),
        ((), []),
    ],
)
def test_the_rights_of_the_victims_code_are_among_it(
    texts: tuple[str, ...], expected: list[Harmed]
) -> None:
    """In every phase; a list with nothing in it may not have been read."""
    story, alex, _crime = one_invited()
    shown(story, alex, "advice", texts=texts)

    assert harms(story) == expected
