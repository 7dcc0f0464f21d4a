"""The contents of each page: the numbers of the result, in the order a reader needs them."""

from datetime import date
from functools import cache

import pytest

from simulator.report import html
from simulator.results.values import HarmCount, Period, SeemingPhase
from tests.simulator.report import samples
from tests.simulator.report.page import Element, read_page

#: The drawings themselves are looked at in test_html.py and rehearsal_plots.
pytestmark = pytest.mark.usefixtures("undrawn")


def _region(page: Element, id: str) -> Element:
    return next(each for each in page.all("section") if each.attributes["aria-labelledby"] == id)


def _table(page: Element, caption: str) -> list[list[str]]:
    found = next(
        each for each in page.all("table") if each.all("caption")[0].text.startswith(caption)
    )
    return [[cell.text for cell in row.all("th", "td")] for row in found.all("tr")]


@cache
def _page(kind: str) -> Element:
    return read_page(getattr(html, f"{kind}_html")(getattr(samples, kind)()))


def test_an_acceptance_begins_with_the_defects() -> None:
    """The page has each defect first, then counts by phase, what was not tested, and the rest."""
    page = _page("acceptance")

    sections = [each.attributes["aria-labelledby"] for each in page.all("section")]
    assert sections == ["defects", "phases", "untested", "shortfalls", "scenarios"]
    assert [row[0] for row in _table(page, "Scenarios and requirements")[1:]] == [
        "Scenario 4 <OMIT>",
        "Scenario 7 <SKIP>",
        "A letter goes to who has neither number nor address.",
    ]
    assert [row[4] for row in _table(page, "Scenarios and requirements")[1:]] == ["no", "yes", "no"]


def test_a_portal_in_another_phase_is_told_before_its_defects() -> None:
    """The headline opens the defects; those that it explains are folded."""
    late = (samples.finding(harm="late", expected="a text in time", observed="an hour late"),)
    scenarios = [samples.scenario("FAIL", number, findings=late) for number in range(1, 9)]
    seems = SeemingPhase(
        phase=2,
        explained=tuple(each.name for each in scenarios),
        failed=8,
        live_in_run=date(2036, 7, 24),
        live_by_order=date(2026, 7, 27),
    )
    result = samples.acceptance(scenarios=scenarios, seems_in=seems, phase=1)
    defects = _region(read_page(html.acceptance_html(result)), "defects")

    assert "Your portal seems to be in phase 2" in defects.all("p")[0].text
    [folded, *_others] = defects.all("details")
    assert folded.all("summary")[0].text == "Defects that the other phase explains: 1"
    assert len(folded.all("article")) == 1


def test_requirements_are_counted_and_listed_by_phase() -> None:
    """The first table counts every requirement once; the second lists them under their phase."""
    page = _page("acceptance")
    heads, *rows = _table(page, "Requirements by phase")
    listed = [row[0] for row in _table(page, "Every requirement")[1:]]

    assert [row[:2] for row in rows] == [["Phase 1", "8"], ["Phase 2", "2"]]
    assert heads[2] == "ERROR (stopped by a fault of the suite)"
    assert [sum(int(cell) for cell in row[2:]) for row in rows] == [8, 2]
    assert listed == [
        "Phase 1",
        *(f"REQ-{number}" for number in range(1, 9)),
        "Phase 2",
        "REQ-9",
        "REQ-ALONE",
    ]


def test_a_failed_requirement_links_to_its_failure() -> None:
    """The table links to expected, observed, why it matters, requirement and command."""
    page = _page("acceptance")
    row = next(row for row in page.all("tr") if row.all("th")[0].text == "REQ-2")
    target = row.all("a")[0].attributes["href"].removeprefix("#")
    article = next(
        each for each in page.all("article") if each.attributes["aria-labelledby"] == target
    )

    facts = dict(
        zip(
            [each.text for each in article.all("dt")],
            [each.text for each in article.all("dd")],
            strict=True,
        )
    )
    assert facts["Expected"] == "one text within 15 minutes"
    assert facts["Observed"].startswith("<script>")
    assert "Why it matters" in facts
    assert facts["Requirement"] == "REQ-2 (must): The portal does what REQ-2 asks for."
    assert facts["To run only this one"].endswith("--only 'Scenario 2 <FAIL>'")
    assert "Then Alex is told (stopped here)" in article.text
    assert "SAFE-01 (order: contact.people_per_address_max). Expected: nothing" in article.text


def test_a_rehearsal_shows_every_period() -> None:
    """Each table has one column a period, whether testers or victims use the portal in it."""
    page = _page("rehearsal")

    for caption in ("Messages and questions", "What went wrong", "Calls, at full volume"):
        assert _table(page, caption)[0] == [
            "What is counted",
            "Building",
            "Phase 1 test",
            "Phase 1",
            "Phase 2 test",
            "Phase 2",
            "Phase 3 test",
            "Phase 3",
        ]


def test_a_rehearsal_begins_with_the_answer_and_its_numbers() -> None:
    """One paragraph and one table; the same in sentences is folded behind them."""
    short = _region(_page("rehearsal"), "short")
    first, *sentences = [each.text for each in short.all("p") if each.text]

    assert first == "Phase 3: the portal takes 0.50% off calls to 101."
    assert [row[0] for row in _table(short, "Phase 3: 12 weeks")[1:]] == [
        "Calls to 101 fewer: Hampshire",
        "Calls to 101 fewer: Thames Valley",
        "People wrongly told",
        "Harms by the portal since go-live",
    ]
    [folded] = short.all("details")
    in_sentences = [each.text for each in folded.all("p")]
    assert len(in_sentences) == 3
    assert sentences[-3:] == in_sentences


def test_a_drawing_has_words_and_numbers_beside_it() -> None:
    """Each drawing has a title, a description, and a table of every week that a reader can open."""
    page = _page("rehearsal")
    drawings = page.all("svg")

    assert len(drawings) == len(page.all("figure")) == 11
    # The first page in sentences, what may happen to a crime, to two groups with tables, and the
    # parameters are folded.
    assert len(page.all("details")) == 9 + 2 + 2 * 2
    for drawing in drawings:
        assert drawing.attributes["role"] == "img"
        assert [each.tag for each in drawing.children[:2]] == ["title", "desc"]
    assert len(_table(page, "Calls to 101 a week")) == 1 + 47
    assert _table(page, "Update calls")[-1] == [
        "5 April 2027",
        "4,000",
        "2,850",
        "1,150",
        "3,876",
        "4,124",
    ]


def test_every_parameter_has_its_source_or_is_said_to_be_assumed() -> None:
    """Each value has its source, or "assumed" and the reason."""
    rows = _table(_page("rehearsal"), "Every number")

    assert rows[1][1:] == [
        "0.1",
        "share of victims",
        "College of Policing shared practice, 16 April 2024",
    ]
    assert rows[2][1:] == ["360", "seconds", "assumed: no figure was found"]


def test_harms_are_grouped_by_owner() -> None:
    """The portal's harms come first, worst first, then each other owner's."""
    rows = _table(_page("rehearsal"), "Harms by who")

    assert [row[:4] for row in rows[1:]] == [
        ["For the portal"],
        ["misdirected", "FAIL", "yes", "21"],
        ["late", "FAIL", "yes", "9"],
        ["For the integration"],
        ["lost", "WARNING", "yes", "2"],
        ["For the force's contact data"],
        ["misdirected", "WARNING", "no", "61"],
    ]


def test_many_similar_failures_do_not_hide_the_rest() -> None:
    """Of many similar failures some are shown, with their number; a rare one is still shown."""
    many = [samples.finding() for _ in range(1_200)]
    rare = samples.finding(harm="noise", expected="nothing more")
    counts = [
        HarmCount(kind="FAIL", harm="misdirected", owner="portal", avoidable=True, count=1_300),
        HarmCount(kind="FAIL", harm="noise", owner="portal", avoidable=True, count=1),
    ]
    result = samples.rehearsal(failures=[*many, rare], harms=counts)
    page = read_page(html.rehearsal_html(result))
    rows = _table(page, "Failures: what was expected")

    assert len(rows) == 1 + html.FINDINGS_SHOWN_MAX + 1
    assert rows[-1][3:5] == ["SAFE-01 (order: contact.people_per_address_max)", "nothing more"]
    told = _region(page, "failures").text
    assert "misdirected (portal): 20 of 1,300 are shown" in told
    assert "noise (portal)" not in told


def test_a_page_says_how_many_failures_the_result_left_out() -> None:
    """If the result holds only some of the failures, the page still counts them all."""
    failures = [samples.finding() for _ in range(3)]
    page = read_page(html.rehearsal_html(samples.rehearsal(failures=failures)))

    assert "misdirected (portal): 3 of 21 are shown" in _region(page, "failures").text


def test_a_run_in_which_nothing_happened_makes_a_page() -> None:
    """No periods, weeks, harms, numbers or notes: the page says so."""
    periods: list[Period] = []
    page = read_page(
        html.rehearsal_html(
            samples.rehearsal(
                periods=periods, weeks=[], harms=[], failures=[], parameters=[], notes=[], life=None
            )
        )
    )

    assert not page.all("svg")
    assert _region(page, "weeks").text.endswith("The rehearsal has no whole week.")
    assert _region(page, "harms").text.endswith("The judge found no harm.")
    assert _region(page, "failures").text.endswith("Nothing failed.")


def test_a_broken_portal_that_was_not_caught_is_marked() -> None:
    """The table says yes or NO, why, and what else failed."""
    page = _page("proof")
    rows = _table(page, "Broken portals")

    assert [row[4] for row in rows[1:]] == ["yes", "yes", "NO"]
    assert rows[3][5:] == ["the scenario passed", "nothing else", "not tried"]
    assert rows[1][6] == "No noise"
    assert "PASS No scenario may fail the reference." in _region(page, "reference").text


def test_what_failed_the_reference_is_named() -> None:
    """The page lists the scenarios that failed the reference."""
    result = samples.proof(reference_failed=("Told once",), reference_verdict="FAIL")

    assert "Failed: Told once" in read_page(html.proof_html(result)).text


def test_a_burst_shows_its_times_beside_what_is_allowed() -> None:
    """The page has each share and the longest, a dash for what was not timed, and the limits."""
    times, limits = _table(_page("load"), "From due"), _table(_page("load"), "What was measured")

    assert times[1] == ["update to message", "0.41 s", "31.50 s", "44.12 s", "–", "61.00 s"]
    assert times[2] == ["visit to signed in", "–", "1.25 s", "–", "–", "–"]
    assert limits[1] == ["must: update to message, p95", "31.50 s", "30.00 s", "FAIL"]
