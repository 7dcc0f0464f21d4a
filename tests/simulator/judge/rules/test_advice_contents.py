"""The advice says how to ask for another format, who supports victims, and how to complain."""

import pytest

from simulator.judge.rules.advice_contents import AdviceContents
from tests.simulator.judge.expected import Harmed, fail
from tests.simulator.judge.force_story import ORDER
from tests.simulator.judge.pages import found, shown
from tests.simulator.judge.story import Story, one_invited

FORMATS = (
    "We have interpreters, British Sign Language, Easy Read and large print. "
    "In an emergency use 999 BSL or Relay UK."
)
COMPLAINTS = "To complain, write to us. The IOPC looks at it again."
SUPPORT = "If you agree, we refer you within 2 working days."
LACKING = {"formats": "ACC-01", "complaints": "CMP-01", "support": "SUPP-01"}


def service(force: str) -> str:
    """Name the support service of a force, as a page would."""
    support = ORDER.forces[force].support
    assert support is not None
    return f"{support.name}: {support.number}"


def pages(**others: str) -> tuple[str, ...]:
    """Write the three pages, some of them otherwise."""
    support = f"{SUPPORT} {service('thames_valley')}"
    return tuple(
        ({"formats": FORMATS, "complaints": COMPLAINTS, "support": support} | others).values()
    )


def harms(story: Story) -> list[Harmed]:
    """Ask the rule alone."""
    return found(story, AdviceContents)


def test_pages_that_say_it_all() -> None:
    """In any order, and on one page or on several."""
    for written in (pages(), pages()[::-1], ("\n".join(pages()),)):
        story, alex, _crime = one_invited()
        shown(story, alex, "advice", pages=written)

        assert harms(story) == []


@pytest.mark.parametrize("page", LACKING)
def test_a_page_that_is_missing_is_found_once(page: str) -> None:
    """However often the advice is read."""
    story, alex, _crime = one_invited()
    for _time in range(2):
        shown(story, alex, "advice", pages=pages(**{page: "Locks and bells"}))

    assert harms(story) == [fail("lost", LACKING[page])]


def test_one_part_that_is_missing() -> None:
    """Large print alone, or who looks at a complaint again."""
    for written, requirement in (
        (pages(formats=FORMATS.replace("large print", "more")), "ACC-01"),
        (pages(complaints="To complain, write to us."), "CMP-01"),
        (pages(support=f"We refer you. {service('thames_valley')}"), "SUPP-01"),
    ):
        story, alex, _crime = one_invited()
        shown(story, alex, "advice", pages=written)

        assert harms(story) == [fail("lost", requirement)]


def test_the_support_service_is_that_of_the_readers_force() -> None:
    """Another force's may stand beside it, and not in its place."""
    both = f"{SUPPORT} {service('thames_valley')} {service('hampshire')}"
    for written, expected in (
        (both, []),
        (f"{SUPPORT} {service('hampshire')}", [fail("lost", "SUPP-01")]),
    ):
        story, alex, _crime = one_invited()
        shown(story, alex, "advice", pages=pages(support=written))

        assert harms(story) == expected


def test_whose_force_it_is_may_not_be_known_yet() -> None:
    """A crime that the portal has only just had, and one that nobody is told of."""
    for happens in ("just recorded", "excluded"):
        story = Story()
        alex = story.person(channels=("text",), has_died=happens == "excluded")
        story.crime(alex)
        if happens == "excluded":
            story.wait(hours=1)
        shown(story, alex, "advice", pages=pages(support="Locks"))

        assert harms(story) == []


def test_a_list_without_whole_pages_proves_nothing() -> None:
    """A portal that does not claim to give them."""
    story, alex, _crime = one_invited()
    shown(story, alex, "advice", texts=("Locks",), slugs=("locks",))

    assert harms(story) == []
