"""The drawing of a journey: each step beside what it follows, and the same in words."""

from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from simulator.force.crime_journey import read_journey
from simulator.force.journey_diagram import steps
from simulator.report.html import rehearsal_html
from simulator.report.rehearsal_plots.journey import journey
from simulator.report.rehearsal_plots.numbered_plot import NumberedPlot
from simulator.results.portal_life import JourneyStep
from tests.simulator.report import samples
from tests.simulator.report.page import read_xml


def drawing_of(found: list[JourneyStep]) -> NumberedPlot:
    """Draw these steps."""
    life = samples.rehearsal().life
    assert life is not None
    [plot] = journey(samples.rehearsal(life=structs.replace(life, journey=found)))
    return plot


def real_steps() -> list[JourneyStep]:
    """Give the steps of the suite's own journey."""
    given = read_journey()
    names = [*(each.event for each in given.states), *(each.name for each in given.further)]
    found = steps(given, {**dict.fromkeys(names, 0.5), "an arrest": 0.35})
    return [JourneyStep(name=e.name, after=e.after, share=e.share, soon=e.soon) for e in found]


def boxes(plot: NumberedPlot) -> list[tuple[float, float, float, float]]:
    """Give left, top, right and bottom of each box."""
    found = []
    for each in ET.fromstring(plot.svg).iter("{http://www.w3.org/2000/svg}rect"):  # noqa: S314
        x, y, width, height = (float(each.get(name, "")) for name in ("x", "y", "width", "height"))
        found.append((x, y, x + width, y + height))
    return found


def test_every_step_of_the_data_is_drawn_and_said() -> None:
    """A box for each step and for what comes first; the words name each step with its share."""
    found = real_steps()
    plot = drawing_of(found)
    _title, description = list(read_xml(plot.svg))[:2]
    names = {each.name for each in found} | {each.after for each in found}

    assert len(boxes(plot)) == len(names) > 30
    assert "an arrest, 35%, half within 2 days" in (description.text or "")
    for each in found:
        assert each.name in (description.text or "")
    assert len(plot.rows) == len(found)


def test_a_step_stands_to_the_right_of_what_it_follows() -> None:
    """Of a chain of three, each begins after the one before has ended."""
    chain = [
        JourneyStep(name="b", after="a", share=0.5, soon="1 day"),
        JourneyStep(name="c", after="b", share=0.25, soon="2 days"),
    ]
    ordered = sorted(boxes(drawing_of(chain)))

    assert len(ordered) == 3
    assert ordered[0][2] < ordered[1][0] < ordered[1][2] < ordered[2][0]


@given(
    found=st.lists(
        st.builds(
            JourneyStep,
            name=st.sampled_from("bcdefgh"),
            after=st.sampled_from("abcdefgh"),
            share=st.floats(0, 1),
            soon=st.sampled_from(["1 day", "4 minutes to 16 hours after that and more"]),
        ),
        min_size=1,
        max_size=12,
    )
)
@settings(deadline=None)
def test_no_two_boxes_overlap(found: list[JourneyStep]) -> None:
    """Whatever follows what, even round in a ring, the drawing ends and its boxes are apart."""
    drawn = boxes(drawing_of(found))

    for place, (left, top, right, bottom) in enumerate(drawn):
        for other in drawn[place + 1 :]:
            assert left >= other[2] or other[0] >= right or top >= other[3] or other[1] >= bottom


@pytest.mark.usefixtures("undrawn")
def test_the_page_has_the_drawing_with_its_table() -> None:
    """It stands in the page itself, and fetches nothing."""
    page = rehearsal_html(samples.rehearsal())

    assert '<title id="journey-title">The journey of a crime, step by step</title>' in page
    assert 'download="journey.csv"' in page
    assert '<caption id="journey-caption">The journey of a crime, step by step</caption>' in page


def test_a_run_without_a_journey_draws_none() -> None:
    """There is no empty drawing."""
    assert journey(samples.rehearsal(life=None)) == []


@pytest.mark.usefixtures("undrawn")
def test_each_offence_group_is_folded_with_its_drawing_and_words() -> None:
    """Closed until it is opened; each with its own title, words for a screen reader, and file."""
    page = rehearsal_html(samples.rehearsal())

    for number, group, share in ((1, "Robbery", "85%"), (2, "Theft offences", "90%")):
        [_before, folded] = page.split(f"<details>\n<summary>{group}</summary>")
        drawing = folded.partition("</svg>")[0]
        title = f'<title id="journey-{number}-title">The journey of a crime: {group}</title>'
        assert title in drawing
        assert f"After Crime recorded: Crime closed, {share}, half within 4 days." in drawing
        assert f'download="journey-{number}.csv"' in folded


def test_a_rare_step_is_not_said_to_happen_to_nobody() -> None:
    """Of 0.02% the box says under 0.1%."""
    plot = drawing_of([JourneyStep(name="b", after="a", share=0.0002, soon="1 day")])

    assert "b, under 0.1%, half within 1 day" in plot.svg
