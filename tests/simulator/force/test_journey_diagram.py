"""The drawings and the table of journeys are those of the data."""

import importlib.util
from datetime import date
from pathlib import Path

import pytest

from simulator.force.crime_journey import Journey, read_journey
from simulator.force.crimes import make_crimes
from simulator.force.figures import load_figures
from simulator.force.journey_diagram import (
    CHARGED,
    NO_SUSPECT,
    Step,
    beside_it,
    courses,
    main_course,
    steps,
)
from simulator.streams import Streams

DOCS = Path(__file__).parents[3] / "docs"


def counted(journey: Journey) -> dict[str, float]:
    """Give each thing that may happen a share of its own, as if counted from crimes."""
    names = [e.event for e in journey.states if e.after] + [e.name for e in journey.further]
    return {name: (place + 1) / 100 for place, name in enumerate(names)}


def test_every_state_and_further_event_is_drawn() -> None:
    """Each state has its box, each further event its arrow; each arrow has the counted share."""
    journey = read_journey()
    shares = counted(journey)
    course, beside = main_course(journey, shares, "Theft"), beside_it(journey, shares, "Theft")

    for state in journey.states:
        assert f"  {state.event}" in course
    assert f'CrimeRecorded -->|"{shares["CrimeAllocated"]:.0%}, 20 hours"| CrimeAllocated' in course
    assert beside.count("-.->") == len(journey.further)
    for each in journey.further:
        assert f'"{each.name}"' in beside
        assert f'-.->|"{shares[each.name]:.0%}, ' in beside


def test_the_list_of_steps_has_every_arrow_of_the_drawings() -> None:
    """With the same shares and times: those counted, not those of the data."""
    journey = read_journey()
    shares = counted(journey)
    found = steps(journey, shares)

    arrows = main_course(journey, shares, "Theft").count("-->")
    arrows += beside_it(journey, shares, "Theft").count("-.->")
    assert len(found) == arrows
    assert [each.share for each in found] == list(shares.values())
    share = shares["CrimeAllocated"]
    assert Step("Crime allocated", "Crime recorded", share, "20 hours") in found
    assert Step("samples sent", "a scene examined", shares["samples sent"], "2 days") in found


def test_a_drawing_says_itself_in_words() -> None:
    """Each has a title and a sentence for each of its arrows; a rare share is never "0%"."""
    journey = read_journey()
    shares = {**counted(journey), "the victim dies": 0.0002}
    course, beside = main_course(journey, shares, "Theft"), beside_it(journey, shares, "Theft")

    assert "\n  accTitle: Theft: main course\n" in course
    assert "\n  accTitle: Theft: what else\n" in beside
    for drawing, arrow in ((course, "-->"), (beside, "-.->")):
        [words] = [line for line in drawing.splitlines() if line.startswith("  accDescr: ")]
        assert words.count("half within") == drawing.count(arrow)
    assert "Crime allocated after Crime recorded: 2%, half within 20 hours." in course
    assert "the victim dies after Crime recorded: under 0.1%, half within 20 days." in beside
    assert '-.->|"under 0.1%, 20 days"|' in beside


def test_outcomes_by_group_come_out_as_published() -> None:
    """Charges and crimes without a suspect are within 1 in 50 of the published shares."""
    figures = load_figures()
    crimes = make_crimes(
        figures=figures,
        start=date(2026, 1, 1),
        end=date(2026, 7, 1),
        journey=read_journey(),
        streams=Streams(1),
    )
    for course in courses(crimes):
        if course.crimes < 2000:
            continue
        # The published outcomes of a force count by its crimes of the group.
        weight = {
            force: sum(
                e.count for e in figures.offences if (e.force, e.group) == (force, course.group)
            )
            for force in figures.forces
        }
        for codes, share in ((CHARGED, course.charged), (NO_SUSPECT, course.no_suspect)):
            published = 0.0
            for force, crimes_there in weight.items():
                mine = [e for e in figures.outcomes if (e.force, e.group) == (force, course.group)]
                of_all = sum(e.count for e in mine)
                part = sum(e.count for e in mine if e.outcome in codes) / of_all
                published += part * crimes_there / sum(weight.values())
            assert share == pytest.approx(published, abs=0.02), course.group


def test_shares_of_a_group_add_up() -> None:
    """Each crime is charged, closed in one of three ways, or undecided."""
    crimes = make_crimes(
        figures=load_figures(),
        start=date(2026, 1, 1),
        end=date(2026, 2, 1),
        journey=read_journey(),
        streams=Streams(2),
    )
    found = courses(crimes)

    assert sum(each.crimes for each in found) == len(crimes)
    for e in found:
        assert e.charged + e.no_suspect + e.no_support + e.other + e.undecided == pytest.approx(1)


def test_the_page_draws_every_offence_group() -> None:
    """Two drawings each, folded under its name, beside the two of all crimes."""
    page = (DOCS / "journeys.md").read_text(encoding="utf-8")
    groups = {each.group for each in load_figures().offences}

    assert len(groups) == 9
    for group in groups:
        [_before, folded] = page.split(f"<summary>{group}</summary>")
        assert folded.partition("</details>")[0].count("```mermaid\nflowchart LR\n") == 2
    assert page.count("```mermaid") == 2 + 2 * len(groups)


def test_the_page_is_made_from_the_data() -> None:
    """docs/journeys.md is what docs/journeys.py writes today."""
    spec = importlib.util.spec_from_file_location("journeys", DOCS / "journeys.py")
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)

    assert (DOCS / "journeys.md").read_text(encoding="utf-8") == script.written()
