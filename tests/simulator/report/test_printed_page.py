"""The page of a failing run, printed: defects on the first sheets, and few sheets in all."""

import re

import pytest

from simulator.report.html import acceptance_html
from tests.reference.portal.browser import browsing
from tests.simulator.report import samples

SHEETS_MAX = 10


@pytest.mark.proof
def test_a_portal_that_fails_nearly_everything_is_ten_sheets_of_a4() -> None:
    """463 failures of four causes: each cause is told once, and every scenario is folded."""
    page = acceptance_html(samples.acceptance_of_a_portal_that_fails_nearly_everything())

    with browsing() as browser:
        shown = browser.new_page()
        shown.set_content(page)
        printed = shown.pdf(format="A4", prefer_css_page_size=True)

    assert 1 < len(re.findall(rb"/Type\s*/Page\b", printed)) <= SHEETS_MAX
