"""Every page is whole, accessible and self-contained, and shows hostile text as text."""

import re
from collections.abc import Callable
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from simulator.report import html
from simulator.report.window import window_html
from simulator.results.values import EdgesMet
from tests.simulator.report import samples
from tests.simulator.report.page import Element, read_page
from tests.simulator.report.window_sample import window

_HEADINGS = ("h1", "h2", "h3", "h4")

PAGES: dict[str, Callable[[Any], str]] = {
    "rehearsal": html.rehearsal_html,
    "acceptance": html.acceptance_html,
    "proof": html.proof_html,
    "load": html.load_html,
    "window": window_html,
    "exploration": html.exploration_html,
    "coverage": html.coverage_html,
}
#: Pages of a result that has another name.
_OF = {"coverage": "exploration"}


def _sample(kind: str) -> Any:
    return window() if kind == "window" else getattr(samples, _OF.get(kind, kind))()


@cache
def _made(kind: str, *, is_poisoned: bool) -> str:
    result = _sample(kind)
    return PAGES[kind](samples.poisoned(result) if is_poisoned else result)


@pytest.fixture(params=[*PAGES, *(f"poisoned {each}" for each in PAGES)])
def page(request: pytest.FixtureRequest) -> Element:
    """Every page, with ordinary text and with hostile text in every field."""
    kind = request.param.removeprefix("poisoned ")
    return read_page(_made(kind, is_poisoned=request.param != kind))


def test_every_id_is_there_once_and_every_reference_meets_one(page: Element) -> None:
    """No id twice; every link but a file to download, and every label, is to an element here."""
    elements = page.everything()
    ids = [each.attributes["id"] for each in elements if "id" in each.attributes]
    links = [each.attributes["href"] for each in elements if "href" in each.attributes]
    labels = [
        label
        for each in elements
        for name in ("aria-labelledby", "aria-describedby")
        for label in each.attributes.get(name, "").split()
    ]

    inside = [each for each in links if not each.startswith("data:text/csv;base64,")]
    assert len(ids) == len(set(ids))
    assert inside
    assert {link.removeprefix("#") for link in inside} <= set(ids)
    assert all(link.startswith("#") for link in inside)
    assert set(labels) <= set(ids)


def test_nothing_is_fetched_and_nothing_runs(page: Element) -> None:
    """A page has no script, no handler, no frame, and no address outside itself."""
    elements = page.everything()
    outside = ("src", "srcset", "data", "action", "formaction", "poster", "xlink:href")

    assert not page.all("script", "link", "iframe", "img", "object", "form", "base")
    assert not [name for each in elements for name in each.attributes if name.startswith("on")]
    assert not [name for each in elements for name in each.attributes if name in outside]
    styles = [each.words for each in page.all("style")]
    styles += [each.attributes.get("style", "") for each in elements]
    assert not [style for style in styles if re.search(r"@import|url\((?!#)", style)]


def test_a_page_has_its_landmarks(page: Element) -> None:
    """The language, one title, one first heading, landmarks, and a skip link."""
    assert page.all("html")[0].attributes["lang"] == "en-GB"
    assert page.all("title")[0].text
    assert len(page.all("h1")) == len(page.all("main")) == len(page.all("nav")) == 1
    assert page.all("header")
    assert page.all("footer")
    assert page.all("a")[0].attributes == {"class": "skip-link", "href": "#main"}
    assert "initial-scale=1" in page.all("meta")[1].attributes["content"]
    levels = [_HEADINGS.index(each.tag) for each in page.all(*_HEADINGS)]
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_every_table_says_what_it_holds(page: Element) -> None:
    """A table has a caption, headed columns and rows, and a region that the keyboard can scroll."""
    regions = [each for each in page.all("div") if each.attributes.get("role") == "region"]
    tables = page.all("table")

    assert [table for region in regions for table in region.all("table")] == tables
    assert all(each.attributes["tabindex"] == "0" for each in regions)
    for table in tables:
        assert table.all("caption")[0].text
        assert all(
            each.attributes["scope"] in {"col", "row", "rowgroup"} for each in table.all("th")
        )
        columns = table.all("thead")[0].all("th")
        assert all(each.attributes["scope"] == "col" and each.text for each in columns)
        for row in (row for body in table.all("tbody") for row in body.all("tr")):
            cells = row.all("th", "td")
            width = sum(int(each.attributes.get("colspan", 1)) for each in cells)
            assert cells[0].tag == "th"
            assert width == len(columns)


@pytest.mark.parametrize("kind", PAGES)
def test_hostile_text_is_shown_and_is_only_text(kind: str) -> None:
    """Markup, template code and control characters are shown as plain text."""
    made = _made(kind, is_poisoned=True)
    text = read_page(made).all("main")[0].text

    assert "<script>alert(1)</script> \"'> &amp; ]]> [bold]not bold[/bold] {{ 7 * 7 }}" in text
    assert r"\x1b[31mred\x1b[0m \x00 \u202egnp.exe \ufffe \ud800" in text
    assert not re.search("[\x00-\x09\x0b-\x1f\u202e\ufffe\ud800]", made)
    assert made.encode()


@pytest.mark.parametrize("kind", PAGES)
def test_the_decision_comes_first(kind: str) -> None:
    """The decision stands straight after the heading and begins with the verdict.

    The page of edges is about the stories: it begins with the share that they met.
    """
    main = read_page(_made(kind, is_poisoned=False)).all("main")[0]
    begins = "1 of 3 edges were met" if kind == "coverage" else f"{_sample(kind).verdict}: "

    assert [each.tag for each in main.children[:3]] == ["h1", "p", "nav"]
    assert main.children[1].text.startswith(begins)


def test_one_result_gives_one_page() -> None:
    """The same values give the same page, byte for byte."""
    assert _made("rehearsal", is_poisoned=False) == html.rehearsal_html(_sample("rehearsal"))


def test_words_stand_out_from_their_background() -> None:
    """Each text colour has a contrast of at least 4.5 to 1 on its backgrounds."""
    css = (Path(html.__file__).parent / "templates" / "report.css").read_text(encoding="utf-8")
    colours = dict(re.findall(r"--(\w+): (#[0-9a-f]{6});", css))

    for text in ("ink", "quiet", "link", "bad", "care", "good"):
        for ground in ("paper", "band"):
            assert _contrast(colours[text], colours[ground]) >= 4.5, (text, ground)
    assert _contrast(colours["paper"], colours["top"]) >= 4.5
    assert _contrast(colours["ink"], colours["focus"]) >= 4.5
    assert set(re.findall(r"#[0-9a-f]{3,6}\b", css)) == set(colours.values())


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    """Calculate relative luminance as WCAG 2.2 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_an_acceptance_lists_the_kept_stories_it_could_not_play() -> None:
    """A number of them in the decision is no answer to which, and why."""
    met = EdgesMet(judged=1, every=2, stories=3, not_reached={"two-mergers": "another order"})
    page = html.acceptance_html(samples.acceptance(edges=met))

    assert '<tr><th scope="row">two-mergers</th><td>another order</td></tr>' in page
