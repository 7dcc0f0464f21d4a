"""Every verdict's decision and cells are seen in a browser, on screen and in print."""

from collections.abc import Iterator
from typing import Literal

import pytest
from msgspec import structs
from playwright.sync_api import Page

from simulator.papers.paper_files import page_of_sheet
from simulator.papers.requirement_sheets import traceability_sheet
from simulator.report.html import (
    acceptance_html,
    exploration_html,
    load_html,
    proof_html,
)
from simulator.verdicts import KINDS, Kind
from tests.reference.portal.browser import browsing
from tests.simulator.papers.made_up import papers, run, scenario
from tests.simulator.report import samples

#: What has no box on the page, or one to the left of it.
_UNSEEN = """() => [...document.querySelectorAll('#decision, .verdict')]
  .filter((each) => { const box = each.getBoundingClientRect();
    return box.width < 1 || box.height < 1 || box.right < 1; })
  .map((each) => each.outerHTML.slice(0, 100))"""


@pytest.fixture(scope="module")
def shown() -> Iterator[Page]:
    """A tab of a browser."""
    with browsing() as browser:
        yield browser.new_context(bypass_csp=True).new_page()


def pages(kind: Kind) -> dict[str, str]:
    """Make the pages of runs that have this verdict."""
    requirements = [
        structs.replace(each, verdict=kind) for each in samples.acceptance().requirements
    ]
    limits = [structs.replace(each, verdict=kind) for each in samples.load().slos]
    made = papers(run(found=[scenario("ONCE-01", kind)]))
    return {
        "report": acceptance_html(samples.acceptance(verdict=kind, requirements=requirements)),
        "load": load_html(samples.load(verdict=kind, slos=limits)),
        "proof": proof_html(samples.proof(verdict=kind)),
        "exploration": exploration_html(samples.exploration(verdict=kind)),
        "paper": page_of_sheet(traceability_sheet(made), made),
    }


@pytest.mark.parametrize("media", ["screen", "print"])
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_verdict_is_seen_wherever_it_stands(
    shown: Page, kind: Kind, media: Literal["screen", "print"]
) -> None:
    """No style that is meant for something else hides a verdict: SKIP once had the skip link's."""
    shown.emulate_media(media=media)
    for name, page in pages(kind).items():
        shown.set_content(page)
        shown.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        assert shown.locator("#decision").count() == 1, name
        assert shown.locator(f".{kind.lower()}").count() > 0, name
        assert not shown.evaluate(_UNSEEN), name
