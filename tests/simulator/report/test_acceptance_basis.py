"""What a verdict rests on stands in a small table: a name and its words a row."""

from datetime import date

import pytest
from msgspec import structs

from simulator.report import decisions
from simulator.report.acceptance_basis import acceptance_basis, driver_words
from simulator.results.values import Awaits, DriverBetween, EdgesMet, PagesSampled, ReviewResult
from tests.simulator.report import samples


def test_an_acceptance_counts_every_requirement_once() -> None:
    """The counts add up to the requirements, worst first."""
    assert acceptance_basis(samples.acceptance(verdict="ERROR")) == (
        (
            "Requirements",
            (
                "10: 1 stopped by a fault of the suite, 1 not met, 1 inconclusive, 1 not verified, "
                "1 for a person to review, 1 with a warning, 2 met, "
                "2 of other phases or not testable"
            ),
        ),
        ("Musts asked", "7 of 7"),
    )


@pytest.mark.parametrize(
    ("awaits", "said"),
    [
        ("a person", "10 for a person to review"),
        ("a browser", "10 to check in a browser"),
        ("a claim", "10 not claimed"),
    ],
)
def test_a_requirement_that_waits_is_not_counted_as_of_another_phase(
    awaits: Awaits, said: str
) -> None:
    """An audit that nobody has read is not counted as one that was not asked for."""
    rows = [
        structs.replace(each, verdict="OMIT", awaits=awaits, level="should")
        for each in samples.acceptance().requirements
    ]

    assert acceptance_basis(samples.acceptance(requirements=rows)) == (
        ("Requirements", f"10: {said}"),
    )


def test_an_acceptance_without_made_up_stories_says_why() -> None:
    """Only if none were played, and only if the result knows why."""
    why = "this portal is reached by URL"
    met = samples.acceptance(edges_not_tried=why, edges=EdgesMet(judged=1, every=2, stories=3))

    assert ("Edges judged", f"not tried, because {why}") in acceptance_basis(
        samples.acceptance(edges_not_tried=why)
    )
    assert ("Edges judged", "1 of 2, by 3 made-up stories") in acceptance_basis(met)
    assert "Edges judged" not in dict(acceptance_basis(samples.acceptance()))


@pytest.mark.parametrize(
    ("met", "said"),
    [
        (
            EdgesMet(judged=430, every=726, stories=9, chosen=72, kept=38),
            (
                "430 of 726, by 9 of 72 made-up stories; then their time was up: give more by "
                "--minutes"
            ),
        ),
        (
            EdgesMet(judged=30, every=726, stories=9, chosen=72, stopped="no number is left"),
            "30 of 726, by 9 of 72 made-up stories; then no number is left",
        ),
        (
            EdgesMet(
                judged=600, every=726, stories=72, chosen=72, kept=1, not_reached={"a": "an order"}
            ),
            (
                "600 of 726, by 72 of 72 made-up stories; 1 kept story could not be played on this "
                "portal"
            ),
        ),
    ],
)
def test_an_acceptance_says_how_many_of_its_stories_were_played(met: EdgesMet, said: str) -> None:
    """On a busy machine few are, and a pass then says less."""
    assert ("Edges judged", said) in acceptance_basis(samples.acceptance(edges=met))


@pytest.mark.parametrize(
    ("driver", "signatory", "pages", "said"),
    [
        (
            "tried",
            "Dana Okafor",
            4,
            "it answered nothing while the portal was stopped; 4 pages opened without it",
        ),
        ("vouched for", "Dana Okafor", 1, "Dana Okafor vouches for it; 1 page opened without it"),
        ("vouched for", " ", 0, "nobody vouches for it; nothing was seen without it"),
    ],
)
def test_a_driver_that_stood_between_is_named_with_who_vouches(
    driver: DriverBetween, signatory: str, pages: int, said: str
) -> None:
    """The headline says so; the table has who vouches for it, and what was seen without it."""
    sampled = PagesSampled(followed=5, pages=pages)
    result = structs.replace(
        samples.acceptance(verdict="FAIL"), driver=driver, signatory=signatory, sampled=sampled
    )

    words = dict(acceptance_basis(result))["Driver"]

    assert ", by its driver's word" in decisions.acceptance_decision(result)
    assert words.startswith("the suite saw the portal through it alone; ")
    assert words.endswith(said)


def test_what_was_seen_without_the_driver_is_said() -> None:
    """Enough was seen; or a named person looked, and the word is still the driver's."""
    enough = PagesSampled(followed=5, pages=5, agreed=4)
    result = structs.replace(samples.acceptance(), driver="tried", sampled=enough)
    by_hand = ReviewResult(
        verdict="PASS",
        reviewer="A. Reader",
        role="tester",
        on=date(2026, 6, 2),
        note="I looked",
        evidence=(),
    )
    looked = structs.replace(result, sampled=PagesSampled(left="no address", review=by_hand))

    assert driver_words(result) == (
        "what it says was seen without it too; it answered nothing while the portal was stopped; "
        "5 pages opened without it; 4 victims saw there what it says"
    )
    assert "(driver: what it says was seen without it too; " in (
        decisions.acceptance_decision(structs.replace(result, only="S-001"))
    )
    assert driver_words(looked).startswith("A. Reader, tester, looked into it on 2 June 2026; ")
