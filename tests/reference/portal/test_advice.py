"""The advice: that it is whole, found by offence and by word, and safe to show."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference.portal.advice import Advice, load_advice

ROOT = Path(__file__).parents[3]
ORDER: dict[str, Any] = tomllib.loads(
    (ROOT / "scenarios/orders/two-forces.toml").read_text(encoding="utf-8")
)
ADVICE = load_advice()
SLUGS = [page.slug for page in ADVICE.pages()]
PAGE = """+++
title = "{title}"
summary = "What it says."
for_subgroups = ["Bicycle theft"]
area = ""
review_date = 2027-04-01
+++
{body}
"""


def test_without_a_wish_the_pages_are_in_order_of_title() -> None:
    """Nobody asked for anything: every page, alphabetically."""
    titles = [page.title for page in ADVICE.pages()]

    assert titles == sorted(titles, key=str.casefold)
    assert len(titles) == 10


def test_pages_for_the_offence_come_first() -> None:
    """The victim of a bicycle theft reads about bicycles first, and still finds the rest."""
    pages = ADVICE.pages(for_subgroups=["Bicycle theft"])

    assert pages[0].slug == "keep-your-bicycle-safe"
    assert [page.title for page in pages[1:]] == sorted(
        (page.title for page in pages[1:]), key=str.casefold
    )
    assert {page.slug for page in pages} == set(SLUGS)


def test_a_query_keeps_pages_that_have_every_word_asked_for() -> None:
    """Words are found in title, summary and body, from their beginning, in any case."""
    assert [page.slug for page in ADVICE.pages(query="FRAME num")] == ["keep-your-bicycle-safe"]
    assert "how-we-contact-you" in [page.slug for page in ADVICE.pages(query="7726")]
    assert ADVICE.pages(query="xylophone") == []
    assert ADVICE.pages(query="  ") == ADVICE.pages()


@given(st.text(max_size=300))
def test_no_query_is_an_error(query: str) -> None:
    """Whatever is typed, the answer is some of the pages."""
    assert {page.slug for page in ADVICE.pages(query=query)} <= set(SLUGS)


@pytest.mark.parametrize("slug", SLUGS)
def test_a_page_can_be_shown_under_its_own_title(slug: str) -> None:
    """A body is HTML without a first-level heading of its own, and every link in it leads on."""
    html = ADVICE.html(slug)
    page = ADVICE.page(slug)

    assert html
    assert page is not None
    assert page.slug == slug
    assert page.summary
    assert "<h1" not in html
    for link in html.split('href="')[1:]:
        target = link.split('"')[0]
        assert target == "/not-for-me" or target.removeprefix("/advice/") in SLUGS


def test_the_pages_the_order_sends_people_to_are_there() -> None:
    """The page that the order names for an offence is the first that its victim finds."""
    for subgroup, slug in ORDER["journey"]["advice_for"].items():
        assert ADVICE.pages(for_subgroups=[subgroup])[0].slug == slug


def test_offences_named_by_pages_are_offences_of_the_order() -> None:
    """No page is for an offence that nobody asks about: a misspelt one would help nobody."""
    known = set(ORDER["eligibility"]["offence_subgroups"])
    for path in sorted((ROOT / "reference/portal/advice").glob("*.md")):
        matter = tomllib.loads(path.read_text(encoding="utf-8").split("+++")[1])
        assert set(matter["for_subgroups"]) <= known


def test_nothing_but_our_own_pages_can_be_asked_for() -> None:
    """An unknown slug, or a path, is no page."""
    for slug in ("", "nothing", "../catalogue", "your-rights.md"):
        assert ADVICE.html(slug) is None
        assert ADVICE.page(slug) is None


def test_html_in_a_page_is_shown_and_not_obeyed() -> None:
    """A script in a page is text, and a link that would run something is no link."""
    body = "<script>alert(1)</script> [x](javascript:alert(1))"
    html = Advice({"page": PAGE.format(title="A page", body=body)}).html("page")

    assert html is not None
    assert "<script" not in html
    assert "href" not in html


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("no front matter", "'page': begins with no front matter"),
        (PAGE.format(title="", body="x"), "'page': .*title"),
        (PAGE.format(title="T", body="x").replace("area", "region"), "'page': .*region"),
        (PAGE.format(title="T", body="x").replace("[", ""), "'page': "),
    ],
)
def test_a_bad_page_is_refused_by_name(text: str, fault: str) -> None:
    """A page whose front matter is wrong stops the portal from starting, and is named."""
    with pytest.raises(ValueError, match=fault):
        Advice({"page": text})
