"""Rendering: times, what a page must be given, and a style sheet that anyone can read by."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import jinja2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference.contract.messages import CrimeSummary, TimelineEntry
from reference.portal.web.rendering import masked, render
from reference.portal.words.dates import day_of, london

STYLE = (Path(__file__).parents[4] / "reference/portal/web/pages/static/portal.css").read_text(
    "utf-8"
)
AT = datetime(2026, 6, 3, 13, 15, tzinfo=UTC)
CRIME = CrimeSummary(
    crime_reference="43260000123", offence="Theft", status="open", force="x", updated_at=AT
)


def test_a_page_without_what_it_needs_is_an_error() -> None:
    """A form without csrf would fail for everyone, so the page is not made."""
    with pytest.raises(jinja2.UndefinedError, match="csrf"):
        render("not_for_me.html")


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (AT, "3 June 2026 at 2:15pm"),
        (datetime(2026, 1, 9, 0, 5, tzinfo=UTC), "9 January 2026 at 12:05am"),
        (datetime(2026, 12, 31, 12, 0, tzinfo=UTC), "31 December 2026 at 12:00pm"),
        (datetime(2026, 6, 3, 23, 30, tzinfo=UTC), "4 June 2026 at 12:30am"),
    ],
)
def test_times_are_said_as_in_london(at: datetime, said: str) -> None:
    """Summer time counts, and midnight and noon are told apart."""
    assert london(at) == said
    assert f">{said}</time>" in render(
        "crime.html",
        crime=CRIME,
        timeline=[TimelineEntry(at=at, kind="CrimeRecorded", title="It was recorded")],
        conversation=None,
        csrf="c",
    )


def test_a_time_without_a_zone_is_refused() -> None:
    """It could be an hour wrong, so it is not said at all."""
    with pytest.raises(ValueError, match="no time zone"):
        london(AT.replace(tzinfo=None))


def test_a_date_is_said_as_people_do() -> None:
    """Without a nought before it, and with the month as a word."""
    assert day_of(date(2027, 4, 1)) == "1 April 2027"


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("07700900123", "…123"),
        ("+447700900123", "…123"),
        ("alex@mail.example", "a…@mail.example"),
        ("@", "…@"),
        ("", "…"),
    ],
)
def test_an_address_is_shown_so_that_its_owner_knows_it(address: str, shown: str) -> None:
    """The end of a number, or the first letter and the domain of a mailbox."""
    assert masked(address) == shown


@given(st.from_regex(r"\+?[0-9]{9,15}", fullmatch=True) | st.emails())
def test_no_masked_address_can_be_written_to(address: str) -> None:
    """Whatever the address is, most of what is before the domain is not shown."""
    shown = masked(address)
    hidden = address.partition("@")[0]

    assert address not in shown
    assert len(shown.partition("@")[0]) <= 4
    assert hidden not in shown or len(hidden) <= 1


def test_the_style_sheet_fetches_nothing() -> None:
    """No import, font or picture."""
    assert not re.search(r"@import|@font-face|url\(|https?:", STYLE)


@pytest.mark.parametrize(
    ("front", "behind"),
    [
        ("ink", "paper"), ("ink", "band"), ("ink", "focus"), ("quiet", "paper"), ("quiet", "band"),
        ("link", "paper"), ("link", "band"), ("link", "focus"), ("error", "paper"),
        ("paper", "top"), ("paper", "act"), ("paper", "shade"), ("paper", "exit"),
        ("tagged", "tag"), ("ink", "ended"), ("ink", "line"),
    ],
)  # fmt: skip
def test_text_can_be_told_from_what_is_behind_it(front: str, behind: str) -> None:
    """Text has the contrast of WCAG 2.2 AA: at least 4.5 to 1."""
    assert contrast(front, behind) >= 4.5


@pytest.mark.parametrize(
    ("edge", "beside"),
    [
        ("ink", "paper"), ("edge", "paper"), ("error", "paper"), ("link", "paper"),
        ("ink", "focus"), ("focus", "top"), ("focus", "exit"), ("act", "paper"), ("top", "paper"),
    ],
)  # fmt: skip
def test_edges_and_focus_can_be_told_from_what_is_beside_them(edge: str, beside: str) -> None:
    """The borders of fields and buttons, and the focus, have at least 3 to 1 (WCAG 1.4.11)."""
    assert contrast(edge, beside) >= 3


def contrast(one: str, other: str) -> float:
    """Reckon the contrast of two colours of the style sheet."""
    colours = dict(re.findall(r"--(\w+): #([0-9a-f]{6});", STYLE))
    lighter, darker = sorted((luminance(colours[one]), luminance(colours[other])), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (
        each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
