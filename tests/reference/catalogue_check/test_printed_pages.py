"""The printed pages of the documentation say what the tables say."""

from functools import cache

import pytest

from reference.catalogue_check import printed_pages
from reference.catalogue_check.printed_pages import DOCS
from reference.contract.lawful_words import ROWS, SOURCES
from reference.contract.outcomes import OUTCOMES
from tests.reference.catalogue_check.spoiled_words import READ

NAMES = ("lawful_words.md", "readings.md", "reading_ages.md")


@cache
def pages() -> dict[str, str]:
    """Print the pages, once: what reckons reading ages is slow to import."""
    return dict(printed_pages.pages())


def test_no_page_is_left_out() -> None:
    """The pages that are compared are all that there are."""
    assert tuple(pages()) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_each_page_is_as_it_would_be_written_now(name: str) -> None:
    """`python -m reference.catalogue_check.printed_pages` writes it again."""
    assert (DOCS / name).read_text(encoding="utf-8") == pages()[name]


def test_every_row_of_the_law_is_printed_with_its_source() -> None:
    """One line for each outcome of each row; every source is explained below."""
    lines = pages()["lawful_words.md"].splitlines()
    printed = [line for line in lines if line[2:3].isdigit()]

    assert len(printed) == sum(len(row.outcomes) for row in ROWS)
    assert {int(line.split()[1]) for line in printed} == OUTCOMES.keys()
    for line in printed:
        cited = line.rstrip(" |").rpartition("| ")[2].split(", ")
        assert set(cited) <= SOURCES.keys()
        assert cited


def test_every_message_template_and_page_has_a_reading_age() -> None:
    """None is left out, and none is above the age that a template may state."""
    page = pages()["reading_ages.md"]
    names = [each.id for each in READ.template] + [each.id for each in READ.message]

    assert all(f"| {name}" in page for name in names)
    assert "| your-rights |" in page
    assert "| sign_in |" in page
