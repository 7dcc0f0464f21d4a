"""Every page in a browser: WCAG 2.2 AA by axe-core, narrow screens, large text, and the keyboard.

Without a Chromium these are skipped, and where one is required they fail: see `browser.chromium`.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, ViewportSize
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from reference.operations.api_pages import documentation_page
from reference.portal.web.rendering import render
from reference.portal.words.advice import load_advice
from simulator.processes.loopback import free_port, serving
from tests.reference.contract.document import DOCUMENT
from tests.reference.portal.browser import (
    NARROW,
    REQUIRED_BY,
    browsing,
    chromium,
    double_text,
    space_text,
    sticking_out,
    tab_through,
    violations,
)
from tests.reference.portal.gallery import SIGN_IN_STEPS, gallery

WIDE = ViewportSize(width=1280, height=900)
TWICE = ViewportSize(width=640, height=800)
STATIC = Path(__file__).parents[4] / "reference/portal/web/pages/static"
# What forms.py sends with each page; the walk below has the portal's own.
POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'"
# Pages that ask something, and may have to say what is wrong.
ASKING = (
    *(f"sign in: {step}" for step in SIGN_IN_STEPS),
    "sign in: date_of_birth, a month wrong",
    "crime: everything",
    "crime: in court",
    "crime: closed",
    "contact",
    "not for me",
)
# Long, with a word that no narrow screen has room for.
TEXT = "Theft from Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch station"
WRONG = "Enter a UK mobile number or an email address"


def advice_pages() -> dict[str, str]:
    """Make every page of advice, and the list of them."""
    advice, pages = load_advice(), {}
    for page in advice.pages():
        article = advice.article(page.slug)
        assert article is not None
        pages[f"advice: {page.slug}"] = render(
            "advice_page.html",
            title=article.title,
            html=article.html,
            contents=article.contents,
            review_date=article.review_date,
        )
    return {**pages, "advice: all": render("advice.html", pages=advice.pages(), query="")}


PAGES = {
    **gallery(TEXT),
    **{f"{name}, wrong": gallery(TEXT, WRONG)[name] for name in ASKING},
    **advice_pages(),
    "docs": documentation_page(DOCUMENT),
}
TO_WALK = (
    "sign in: address, wrong",
    "crimes",
    "crime: everything, wrong",
    "contact",
    "advice page",
)
SIGN_IN = PAGES["sign in: address"]
SMALL = '<button type="button" style="all: unset; width: 9px; height: 9px">a</button>'
PARTS = ("h1", ".summary", ".timeline", ".messages", ".exit", ".menu", "form", ".skip-link")
PLANTED = {
    "label": SIGN_IN.replace("<label", "<span"),
    "color-contrast": SIGN_IN.replace("<h1>", '<h1 style="color: #ccc">'),
    "target-size": SIGN_IN.replace("<h1>", SMALL + SMALL + "<h1>"),
    "html-has-lang": SIGN_IN.replace('lang="en-GB"', ""),
    "heading-order": SIGN_IN.replace("</h1>", "</h1><h4>Too deep</h4>"),
    "region": SIGN_IN.replace("<header", "<p>Nowhere</p><header"),
    "too wide": SIGN_IN.replace("<h1>", '<h1 style="width: 30rem">'),
    "no focus": SIGN_IN.replace("<input id", '<input style="outline: none; box-shadow: none" id'),
    "covered": SIGN_IN.replace(
        "<h1>", '<div style="position: fixed; inset: 0 0 0 0; background: white"></div><h1>'
    ),
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for all of these tests."""
    with browsing() as started:
        yield started


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    """Serve every page by its name, under the portal's policy; planted faults without it."""

    async def show(request: Request) -> Response:
        name = request.path_params["name"]
        if name in PLANTED:
            return HTMLResponse(PLANTED[name])
        html, status = (PAGES[name], 200) if name in PAGES else ("", 204)
        return HTMLResponse(html, status, headers={"content-security-policy": POLICY})

    routes = [Mount("/static", StaticFiles(directory=STATIC)), Route("/{name:path}", show)]
    with serving(Starlette(routes=routes), free_port()) as url:
        yield url


@pytest.fixture(scope="module")
def complaints() -> list[str]:
    """What the browser complained of: a style or an address that the policy forbids."""
    return []


@pytest.fixture(scope="module")
def page(browser: Browser, complaints: list[str]) -> Iterator[Page]:
    """One tab, in which each test opens what it looks at."""

    def note(message: ConsoleMessage) -> None:
        if message.type == "error":
            complaints.append(message.text)

    tab = browser.new_page(viewport=NARROW)
    tab.on("console", note)
    yield tab
    tab.close()


@pytest.fixture
def opened(page: Page, site: str, complaints: list[str]) -> Callable[..., Page]:
    """Open a page by name, on a narrow screen unless another is given."""

    def open_page(name: str, *, screen: ViewportSize = NARROW) -> Page:
        complaints.clear()
        page.set_viewport_size(screen)
        page.goto(f"{site}/{name}")
        return page

    return open_page


@pytest.mark.parametrize("name", PAGES)
def test_a_page_can_be_read_by_everybody(
    opened: Callable[..., Page], complaints: list[str], name: str
) -> None:
    """No violation, nothing to scroll sideways for on 320 pixels, nothing the policy forbids."""
    page = opened(name)

    assert violations(page) == []
    assert sticking_out(page) == []
    assert complaints == []


@pytest.mark.parametrize("name", [*TO_WALK, "docs"])
def test_a_page_can_be_read_on_a_wide_screen(opened: Callable[..., Page], name: str) -> None:
    """The layout of a wide screen is as accessible as that of a narrow one."""
    assert violations(opened(name, screen=WIDE)) == []


@pytest.mark.parametrize("name", [*TO_WALK, "docs"])
def test_a_reader_may_enlarge_and_space_the_text(opened: Callable[..., Page], name: str) -> None:
    """At twice the size, and with the spacing of WCAG 1.4.12, nothing sticks out."""
    page = opened(name, screen=TWICE)
    double_text(page)

    assert sticking_out(page) == []

    page = opened(name)
    space_text(page)

    assert sticking_out(page) == []


@pytest.mark.parametrize("name", TO_WALK)
def test_the_keyboard_reaches_everything_in_order(opened: Callable[..., Page], name: str) -> None:
    """Tab goes through the page as it is written; the focus shows, and is not under the exit."""
    expected, focused = tab_through(opened(name))

    assert [each["name"] for each in focused] == expected
    assert [each["name"] for each in focused if not each["shows"]] == []
    assert [each for each in focused if each["covers"]] == []


def test_the_first_stops_are_the_skip_link_and_the_exit(opened: Callable[..., Page]) -> None:
    """One key shows the way past the menu, and it leads into the main part."""
    page = opened("crime: everything")
    expected, _ = tab_through(page)
    page = opened("crime: everything")
    page.keyboard.press("Tab")
    box = page.locator(".skip-link").bounding_box()

    assert expected[:2] == [
        "a #main Skip to main content",
        "a https://www.bbc.co.uk/weather Exit this page",
    ]
    assert box is not None
    assert box["x"] >= 0

    page.keyboard.press("Enter")

    assert page.evaluate("document.activeElement.id") == "main"


def test_the_exit_stays_in_reach_far_down_a_page(opened: Callable[..., Page]) -> None:
    """A victim who must leave at once does not have to scroll up first."""
    for screen in (NARROW, WIDE):
        page = opened("docs", screen=screen)
        page.evaluate("window.scrollTo(0, 5000)")
        box = page.locator(".exit a").bounding_box()

        assert box is not None
        assert 0 <= box["y"] < 30
        assert box["height"] >= 24


def test_an_error_leads_to_its_field(opened: Callable[..., Page]) -> None:
    """Following the link in the summary puts the cursor where the mistake is."""
    for name, field in (("sign in: address", "address"), ("contact", "channels")):
        page = opened(f"{name}, wrong")
        page.click(".error-summary a")

        assert page.evaluate("document.activeElement.id") == field


def test_a_crime_can_be_printed(opened: Callable[..., Page]) -> None:
    """On paper stand the facts, and nothing that only a screen can do."""
    page = opened("crime: everything", screen=WIDE)
    page.emulate_media(media="print")
    try:
        shown = [each for each in PARTS if page.locator(each).first.is_visible()]
    finally:
        page.emulate_media(media="screen")

    assert shown == ["h1", ".summary", ".timeline", ".messages"]


@pytest.mark.parametrize(
    "rule", ["label", "color-contrast", "target-size", "html-has-lang", "heading-order", "region"]
)
def test_a_planted_fault_is_found(opened: Callable[..., Page], rule: str) -> None:
    """These tests can fail: a page with this one thing wrong is caught, and for that alone."""
    found = {each.partition(":")[0] for each in violations(opened(rule))}

    assert found - {"label-title-only"} == {rule}


def test_what_axe_does_not_look_at_is_found_too(opened: Callable[..., Page]) -> None:
    """A page too wide, a focus that does not show, and one that is covered."""
    too_wide = opened("too wide")

    assert violations(too_wide) == []
    assert sticking_out(too_wide)

    _, focused = tab_through(opened("no focus"))

    assert ["input address" in each["name"] for each in focused if not each["shows"]] == [True]

    _, focused = tab_through(opened("covered"))

    assert [each for each in focused if each["covers"]]


@pytest.mark.parametrize("name", ["", *REQUIRED_BY])
def test_without_a_browser_nothing_counts_as_seen(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    """Skipped with a reason on someone's machine, failed where the browser is required."""
    monkeypatch.setenv("PATH", str(tmp_path))
    for each in REQUIRED_BY:
        monkeypatch.delenv(each, raising=False)
    if name:
        monkeypatch.setenv(name, "1")
    expected = pytest.fail.Exception if name else pytest.skip.Exception

    with pytest.raises(expected, match="no Chromium: no page was seen"):
        chromium()
