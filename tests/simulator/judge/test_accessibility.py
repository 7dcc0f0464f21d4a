"""Rules of judging pages: each barrier once for each path, each against one requirement."""

from datetime import UTC, datetime

import pytest

from simulator.evidence.records import PageChecked, PhaseEntered
from simulator.inputs.requirements import read_requirements
from simulator.judge.accessibility import (
    LANGUAGE,
    REFLOW,
    RULES,
    UNSEEN,
    WARNING,
    Barrier,
    barriers,
    paths_met,
)

AT = datetime(2026, 6, 1, 9, tzinfo=UTC)


def checked(
    path: str = "/crimes",
    *,
    language: str = "en-GB",
    violations: dict[str, int] | None = None,
    wider: int = 0,
    title: str | None = "Your report",
    exits: tuple[str, ...] | None = ("Exit this page",),
    beside_writing: str = "",
) -> PageChecked:
    """Make a page that was checked; without arguments, one without barriers."""
    return PageChecked(
        at=AT,
        path=path,
        language=language,
        violations=violations or {},
        wider_than_320_pixels_by=wider,
        title=title,
        exits=exits,
        beside_writing=beside_writing,
    )


def test_a_good_page_has_no_barrier() -> None:
    """No false alarm."""
    assert barriers([checked(), PhaseEntered(at=AT, phase=1)]) == []


def test_every_rule_is_a_barrier_of_its_page() -> None:
    """Two rules on one page are two barriers, and so is one rule on two pages."""
    found = barriers(
        [
            checked(violations={"label": 2, "color-contrast": 1}),
            checked("/contact", violations={"label": 1}),
        ]
    )

    assert found == [
        Barrier(requirement=RULES, path="/crimes", what="color-contrast"),
        Barrier(requirement=RULES, path="/crimes", what="label"),
        Barrier(requirement=RULES, path="/contact", what="label"),
    ]


@pytest.mark.parametrize(
    ("page", "what"),
    [
        (checked(exits=()), ["there is no way to leave quickly"]),
        (checked(exits=None, title=None), []),
        (checked(title="Your report: updates"), []),
        (checked(title="Follow your crime"), ["its title says 'crime'"]),
        (checked(title="Theft of a pedal cycle"), ["its title says 'Theft'"]),
        (checked(title="Victims' portal"), ["its title says 'Victims'"]),
        (checked(title="Thames Valley Police"), ["its title says 'Police'"]),
        (checked(title="Advice and support"), []),
    ],
)
def test_a_page_is_left_quickly_and_its_title_tells_nothing(
    page: PageChecked, what: list[str]
) -> None:
    """Evidence of a run that did not look proves nothing."""
    assert barriers([page]) == [
        Barrier(requirement=UNSEEN, path="/crimes", what=each) for each in what
    ]


def test_a_barrier_is_told_once_a_path() -> None:
    """However often it was met."""
    page = checked(violations={"label": 1}, language="", wider=1)

    assert barriers([page] * 3) == barriers([page])


@pytest.mark.parametrize("language", ["en", "en-GB", "cy", "zh-Hant-TW", "EN"])
def test_a_language_is_one_that_a_reader_knows(language: str) -> None:
    """Any well-formed tag will do: the force decides the language."""
    assert barriers([checked(language=language)]) == []


@pytest.mark.parametrize("language", ["", "english", "en_GB", "-", "e"])
def test_no_language_is_a_barrier_of_its_own(language: str) -> None:
    """axe-core reports the same fault: it counts once."""
    found = barriers(
        [checked(language=language, violations={"html-has-lang": 1, "html-lang-valid": 1})]
    )

    assert [each.requirement for each in found] == [LANGUAGE]


def test_a_page_that_must_be_scrolled_sideways_is_a_barrier() -> None:
    """A pixel too wide is too wide."""
    assert [each.requirement for each in barriers([checked(wider=1)])] == [REFLOW]


def test_the_paths_met_are_listed_once() -> None:
    """The verdict rests on these paths."""
    assert paths_met([checked("/b"), checked("/a"), checked("/b")]) == ["/a", "/b"]
    assert paths_met([PhaseEntered(at=AT, phase=1)]) == []


@pytest.mark.parametrize(
    "unseen",
    [checked("/a", exits=None), checked("/a", title=None), checked("/a", exits=None, title=None)],
)
def test_a_path_is_met_where_somebody_looked(unseen: PageChecked) -> None:
    """Evidence without exits or titles shows no page to be left quickly."""
    assert paths_met([unseen], UNSEEN) == []
    assert paths_met([unseen], RULES) == ["/a"]
    assert paths_met([unseen, checked("/b", exits=())], UNSEEN) == ["/b"]
    assert paths_met([unseen, checked("/a")], UNSEEN) == ["/a"]


def test_what_is_judged_of_pages_is_what_is_required_of_them() -> None:
    """Each requirement of pages can fail, and no other can."""
    required = {each.id for each in read_requirements() if each.of_pages}

    assert required == {RULES, LANGUAGE, REFLOW, UNSEEN, WARNING}


@pytest.mark.parametrize(
    "says",
    [
        "In danger? Call 999. Messages are not read day and night. They are kept. A court may see.",
        "This inbox is not monitored. In an emergency ring 999. We keep it and may disclose it.",
        "We read these in office hours. 999 is for emergencies. It is stored, and a court may ask.",
    ],
)
def test_a_page_that_warns_those_who_write(says: str) -> None:
    """Any words will do that say the four things."""
    assert barriers([checked(beside_writing=says)]) == []


def test_a_page_that_warns_nobody_who_writes() -> None:
    """Each of the four things is missed by its name; a page without a form need not say them."""
    found = barriers([checked(beside_writing="Write to your officer. Send")])

    assert [each.requirement for each in found] == [WARNING] * 4
    assert found[0].what == "it does not say to call 999 in danger"
    assert paths_met([checked("/a"), checked("/b", beside_writing="Write")], WARNING) == ["/b"]
