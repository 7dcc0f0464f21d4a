"""The page of a rehearsal in a browser: accessible, narrow, and its numbers can be downloaded."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, ViewportSize

from simulator.report.html import rehearsal_html
from tests.reference.portal.browser import NARROW, browsing, sticking_out, violations
from tests.simulator.report import samples


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    """The page, with everything unfolded; its own policy allows no script, so axe goes round it."""
    with browsing() as browser:
        size = ViewportSize(width=1280, height=900)
        shown = browser.new_context(bypass_csp=True, viewport=size).new_page()
        shown.set_content(rehearsal_html(samples.rehearsal()))
        shown.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        yield shown


def test_the_page_is_accessible(page: Page) -> None:
    """axe-core finds no violation of WCAG 2.2 AA, in the folded tables and the plots either."""
    assert not violations(page)


def test_the_numbers_of_a_plot_are_downloaded_from_inside_the_page(page: Page) -> None:
    """The link gives a file of its name, with the columns of the table."""
    with page.expect_download() as begun:
        page.click("a[download='funnel.csv']")
    saved = begun.value

    assert saved.suggested_filename == "funnel.csv"
    assert saved.path().read_text(encoding="utf-8").startswith('Step,"Counted, since go-live",')


def test_the_page_fits_a_narrow_screen(page: Page) -> None:
    """Only tables and plots scroll, each within its own frame."""
    page.set_viewport_size(NARROW)
    page.add_style_tag(content=".scroll * { display: none !important }")

    assert not sticking_out(page)
