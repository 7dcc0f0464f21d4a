"""The printed pages of the documentation say what the tables say."""

import pytest

from reference.catalogue_check.printed_pages import DOCS, pages
from reference.contract.lawful_words import ROWS, SOURCES
from reference.contract.outcomes import OUTCOMES
from tests.reference.catalogue_check.spoiled_words import READ

PAGES = pages()


@pytest.mark.parametrize("name", PAGES)
def test_each_page_is_as_it_would_be_written_now(name: str) -> None:
    """`python -m reference.catalogue_check.printed_pages` writes it again."""
    assert (DOCS / name).read_text(encoding="utf-8") == PAGES[name]


def test_every_row_of_the_law_is_printed_with_its_source() -> None:
    """One line for each outcome of each row; every source is explained below."""
    lines = PAGES["lawful_words.md"].splitlines()
    printed = [line for line in lines if line[2:3].isdigit()]

    assert len(printed) == sum(len(row.outcomes) for row in ROWS)
    assert {int(line.split()[1]) for line in printed} == OUTCOMES.keys()
    for line in printed:
        cited = line.rstrip(" |").rpartition("| ")[2].split(", ")
        assert set(cited) <= SOURCES.keys()
        assert cited


def test_every_message_template_and_page_has_a_reading_age() -> None:
    """None is left out, and none is above the age that a template may state."""
    page = PAGES["reading_ages.md"]
    names = [each.id for each in READ.template] + [each.id for each in READ.message]

    assert all(f"| {name}" in page for name in names)
    assert "| your-rights |" in page
    assert "| sign_in |" in page
