"""The Victims' Code by row: the same words in the terminal and on the page."""

from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs
from rich.console import Console

from simulator.report.code_tables import SHARED_OVER_MIN, code_tables, not_measured_sentences
from simulator.report.html import rehearsal_html
from simulator.report.terminal import show_rehearsal
from simulator.results.values import CodeRow, CodeRowNotMeasured, GroupReached, RehearsalResult
from tests.simulator.report import samples

IN_TIME = CodeRow(
    right="Right 6",
    what="a suspect arrested",
    news=12,
    told_in_time=10,
    late_by={"force": 1, "integration": 1},
    hours_to_record=0.1,
    hours_to_receive=2.0,
    hours_to_tell=1.0,
    hours_to_tell_most=1234.5,
    told_by="the police",
    time="5 working days, 1 with enhanced rights",
    source="Right 6, a page",
)
NO_TIME = structs.replace(
    IN_TIME, right="Right 3", what="confirmed in writing", told_in_time=None, late_by={}, time=""
)
OTHERS = structs.replace(
    NO_TIME, right="Right 8", what="a hearing listed", told_by="Witness Care", time="1 working day"
)
UNMEASURED = CodeRowNotMeasured(
    right="Right 4", what="needs assessed", told_by="the police", reason="no event says when"
)


def result() -> RehearsalResult:
    """Give a rehearsal with a row of each sort."""
    return structs.replace(
        samples.rehearsal(),
        code_rows=[NO_TIME, IN_TIME, OTHERS],
        code_not_measured=[UNMEASURED],
    )


def test_only_what_has_a_time_is_in_time_or_late() -> None:
    """The others have a dash, and the note says why: no time, or a clock that is not ours."""
    first, second = code_tables(result())[:2]
    cells = {row.label: row.cells for row in first.rows}

    assert cells["Right 6: a suspect arrested"] == ("yes", "12", "10", "force 1, integration 1")
    assert cells["Right 3: confirmed in writing"] == ("no", "12", "–", "–")
    assert cells["Right 8: a hearing listed"] == ("not ours", "12", "–", "–")
    assert "there is no time in the Code" in first.note
    assert "is told by Witness Care (1 working day)" in first.note
    assert second.rows[0].cells == ("0.1 h", "2.0 h", "1.0 h", "1,234.5 h")


def test_without_other_clocks_the_note_speaks_of_none() -> None:
    """A run with rows of the order alone says nothing of Witness Care."""
    alone = structs.replace(result(), code_rows=[IN_TIME])

    assert code_tables(alone)[0].note == (
        "Yes: 5 working days, 1 with enhanced rights, from when it happened."
    )


@pytest.mark.usefixtures("undrawn")
def test_what_is_not_measured_says_why_in_the_terminal_and_on_the_page() -> None:
    """Both have the sentence; no line of the terminal is wider than 80."""
    out = StringIO()
    show_rehearsal(result(), Console(file=out, width=80), verbose=True)
    sentence = "No event says when: Right 4, needs assessed (the police, no time that we know)."

    assert not_measured_sentences(result()) == [sentence]
    assert sentence in " ".join(out.getvalue().split())
    assert max(map(len, out.getvalue().splitlines())) <= 80
    page = rehearsal_html(result())
    assert sentence in page
    assert "Right 6, a suspect arrested: Right 6, a page" in page


def group(victims: int, *, excluded: int = 0, registered: int = 0) -> GroupReached:
    """Give a group of victims of whom so many are excluded and so many registered."""
    return GroupReached(
        by="Language",
        group="other, reads English",
        victims=victims,
        excluded=excluded,
        unreached=0,
        told_late=0,
        registered=registered,
        read_again=0,
    )


def cells(found: GroupReached) -> dict[str, str]:
    """Give what the table says of one group, by the name of the column."""
    [table] = code_tables(structs.replace(samples.rehearsal(), groups=[found]))
    return dict(zip(table.columns, table.rows[0].cells, strict=True))


def test_a_share_of_a_group_has_its_interval() -> None:
    """13 of 38 register: Wilson's interval of it is 21% to 50%."""
    assert cells(group(65, excluded=27, registered=13))["Registers"] == "34% (21 to 50)"


def test_an_interval_has_the_decimals_that_it_bears() -> None:
    """Among many more people the same share is known to a tenth of a point, and is written so."""
    found = cells(group(65_000, excluded=27_000, registered=13_000))

    assert found["Registers"] == "34.2% (33.7 to 34.7)"


@given(others=st.integers(0, 60), excluded=st.integers(0, 60))
def test_few_people_have_no_share(others: int, excluded: int) -> None:
    """Below the least number the table says "too few", and of nobody a dash."""
    found = cells(group(others + excluded, excluded=excluded))

    for whole, name in ((others, "Registers"), (others + excluded, "Excluded")):
        if not whole:
            assert found[name] == "–"
        else:
            assert (found[name] == "too few") is (whole < SHARED_OVER_MIN)
            assert ("%" in found[name]) is (whole >= SHARED_OVER_MIN)


def test_the_note_says_what_no_victim_does_because_of_age() -> None:
    """A reader is told that behaviour does not depend on age, marker, rights or channel."""
    [table] = code_tables(structs.replace(samples.rehearsal(), groups=[group(40)]))

    assert "because of their age, marker, rights or channel" in table.note
