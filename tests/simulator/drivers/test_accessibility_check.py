"""Rules of looking at pages: what is wrong is written down once for pages built alike.

Without a Chromium these are skipped, and where one is required they fail: see `browser.chromium`.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from simulator.drivers import accessibility_check
from simulator.drivers.accessibility_check import AccessibilityCheck
from simulator.evidence.records import EvidenceLog, PageChecked
from tests.reference.portal.browser import browsing
from tests.simulator.drivers.strange_portals import NOW

URL = "https://portal.example/crimes/43260000001?token=secret"
WHOLE = '<!doctype html><html lang="en"><title>Crimes</title><main><h1>Crimes</h1>{}</main></html>'


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    """One tab of one browser."""
    with browsing() as browser:
        yield browser.new_page()


class Looked:
    """A check of pages that says what it wrote down."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._evidence = EvidenceLog()
        self._check = AccessibilityCheck(self._evidence, lambda: NOW)

    def at(self, html: str, url: str = URL) -> list[PageChecked]:
        """Look at a page, and give all that is written down by now."""
        self._page.unroute_all()
        self._page.route(
            "**/*", lambda route: route.fulfill(body=html, content_type="text/html; charset=utf-8")
        )
        self._page.goto(url)
        self._check.look(self._page)
        found = self._evidence.records
        return [each for each in found if isinstance(each, PageChecked)]


@pytest.fixture
def looked(page: Page) -> Looked:
    """Nothing looked at so far."""
    return Looked(page)


def test_a_good_page_has_nothing_against_it(looked: Looked) -> None:
    """When, where without reference or token, in which language, and nothing found."""
    assert looked.at(WHOLE.format("<p>None.</p>")) == [
        PageChecked(
            at=NOW,
            path="/crimes/…",
            language="en",
            violations={},
            wider_than_320_pixels_by=0,
            title="Crimes",
            exits=(),
        )
    ]


@pytest.mark.parametrize(
    ("html", "exits"),
    [
        ("<a href='https://weather.example/'>Exit this page</a>", ("Exit this page",)),
        ("<button>Leave this site</button>", ("Leave this site",)),
        ("<a href='/sign-out'>Exit this page</a>", ()),
        ("<a href='https://weather.example/' hidden>Exit this page</a>", ()),
        ("<a href='https://weather.example/'>Weather</a>", ()),
    ],
)
def test_a_way_to_leave_quickly_leads_to_another_site(
    looked: Looked, html: str, exits: tuple[str, ...]
) -> None:
    """It can be seen, and says what it is for."""
    (found,) = looked.at(WHOLE.format(html))

    assert found.exits == exits


def test_what_breaks_a_rule_is_counted_by_the_rule(looked: Looked) -> None:
    """The name of the rule leads to what it asks; the elements are counted, and not quoted."""
    (found,) = looked.at(WHOLE.format("<input><input><img src='/map.png'>"))

    assert found.violations == {"label": 2, "image-alt": 1}


def test_good_practice_is_no_rule(looked: Looked) -> None:
    """WCAG asks for no order of headings: what is only good practice is not counted."""
    (found,) = looked.at(WHOLE.format("<h5>Too deep</h5>"))

    assert found.violations == {}


def test_a_page_without_a_language_has_none(looked: Looked) -> None:
    """It is kept as it is, for the judge to read."""
    (found,) = looked.at(WHOLE.replace(' lang="en"', "").format(""))

    assert found.language == ""
    assert "html-has-lang" in found.violations


def test_a_wide_page_is_measured_and_put_back(looked: Looked, page: Page) -> None:
    """Only the narrow screen counts, and the page gets its own size back."""
    before = page.viewport_size
    (found,) = looked.at(WHOLE.format("<canvas width='500' height='5'></canvas>"))

    assert found.wider_than_320_pixels_by >= 500 - 320
    assert page.viewport_size == before

    fluid = "<canvas style='width: 100%' width='500' height='5'></canvas>"
    found = looked.at(WHOLE.format(fluid))[-1]

    assert found.wider_than_320_pixels_by == 0


def test_pages_built_alike_are_looked_at_once(looked: Looked) -> None:
    """Other words and more of the same rows are no other page; another part is."""
    looked.at(WHOLE.format("<ul><li>One</li></ul>"))

    assert len(looked.at(WHOLE.format("<ul><li>Two</li><li>Three</li></ul>"))) == 1
    assert len(looked.at(WHOLE.format("<ul><li>Two</li></ul><p>More</p>"))) == 2
    assert len(looked.at(WHOLE.format("<ul><li>Two</li></ul>"), "https://portal.example/")) == 3


@pytest.mark.proof
def test_a_path_is_not_looked_at_for_ever(looked: Looked, monkeypatch: pytest.MonkeyPatch) -> None:
    """A portal that builds every page anew does not make a run endless."""
    monkeypatch.setattr(accessibility_check, "LOOKS_PER_PATH_MAX", 2)
    for depth in range(4):
        found = looked.at(WHOLE.format("<p>" + "<b>" * depth + "deep"))

    assert len(found) == 2
