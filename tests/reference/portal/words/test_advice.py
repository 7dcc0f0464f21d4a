"""The advice: that it is whole, found by offence and by word, and safe to show."""

import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference.contract.messages import AdvicePage
from reference.portal.words.advice import Advice, load_advice

ROOT = Path(__file__).parents[4]
ORDER: dict[str, Any] = tomllib.loads(
    (ROOT / "scenarios/orders/two-forces.toml").read_text(encoding="utf-8")
)
ADVICE = load_advice()
SLUGS = [page.slug for page in ADVICE.pages()]
FOLDER = ROOT / "reference/portal/words/advice"
TEXTS = {path.stem: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.md"))}
MATTERS: dict[str, dict[str, Any]] = {
    slug: tomllib.loads(text.split("+++")[1]) for slug, text in TEXTS.items()
}
WRITTEN = date(2026, 11, 24)
PAGE = """+++
title = "{title}"
summary = "{summary}"
for_subgroups = {for_subgroups}
area = "{area}"
review_date = 2027-04-01
found_by = {found_by}
+++
{body}
"""
GOOD = """+++
title = "T"
summary = "S"
for_subgroups = []
area = ""
review_date = 2027-04-01
+++
x"""


def test_without_a_wish_the_pages_are_in_order_of_title() -> None:
    """Nobody asked for anything: every page, alphabetically."""
    titles = [page.title for page in ADVICE.pages()]

    assert titles == sorted(titles, key=str.casefold)
    assert len(titles) == len(TEXTS)


def made(**pages: dict[str, Any]) -> Advice:
    """Make pages by slug: each is given its subgroups, area, summary, found_by or body."""
    return Advice(
        {
            slug: PAGE.format(
                title=given.get("title", slug),
                summary=given.get("summary", "What it says."),
                for_subgroups=given.get("for_subgroups", []),
                area=given.get("area", ""),
                found_by=given.get("found_by", []),
                body=given.get("body", "Words."),
            )
            for slug, given in pages.items()
        }
    )


def slugs(pages: list[AdvicePage]) -> list[str]:
    """Name pages in their order."""
    return [page.slug for page in pages]


def test_what_fits_the_case_comes_first() -> None:
    """One's own offence, most particular first; then one's area; for everyone; for others."""
    advice = made(
        a_other={"for_subgroups": ["Robbery"]},
        b_all={},
        c_wide={"for_subgroups": ["Theft", "Robbery"]},
        d_local={"area": "north"},
        e_own={"for_subgroups": ["Theft"]},
    )

    found = slugs(advice.pages(for_subgroups=["Theft"], area="north"))

    assert found == ["e_own", "c_wide", "d_local", "b_all", "a_other"]


def test_another_areas_page_is_not_for_a_victim_of_this_one() -> None:
    """Who is known to be of one area sees its page alone; a stranger may choose."""
    advice = made(north={"area": "north"}, south={"area": "south"})

    assert slugs(advice.pages(area="north")) == ["north"]
    assert slugs(advice.pages(area="west")) == []
    assert slugs(advice.pages()) == ["north", "south"]


def test_a_word_in_the_title_counts_more_than_one_in_the_text() -> None:
    """What a page is about comes before what it mentions."""
    advice = made(
        a={"body": "About locks."},
        b={"summary": "Locks."},
        c={"title": "Locks", "for_subgroups": ["Theft"]},
        d={"found_by": ["padlock"]},
    )

    assert slugs(advice.pages(query="lock")) == ["c", "b", "a"]
    assert slugs(made(a={"body": "Cards."}, b={"body": "Car."}).pages(query="car")) == ["b", "a"]
    assert slugs(advice.pages(query="padlock")) == ["d"]


def test_among_pages_that_answer_as_well_the_case_decides() -> None:
    """A search too puts what fits the victim first."""
    advice = made(a={"body": "Locks."}, b={"body": "Locks.", "for_subgroups": ["Theft"]})

    assert slugs(advice.pages(query="locks", for_subgroups=["Theft"])) == ["b", "a"]


def test_a_query_keeps_pages_that_have_every_word_asked_for() -> None:
    """Words are found in title, summary and body, from their beginning, in any case."""
    assert slugs(ADVICE.pages(query="FRAME num")) == ["keep-your-bicycle-safe"]
    assert "how-we-contact-you" in slugs(ADVICE.pages(query="7726"))
    assert ADVICE.pages(query="xylophone") == []
    assert ADVICE.pages(query="  ") == ADVICE.pages()


def test_small_words_do_not_stand_in_the_way() -> None:
    """People ask in sentences; "the" and "my" say nothing of what they want."""
    assert slugs(ADVICE.pages(query="What do I do about my stolen phone?"))
    assert slugs(ADVICE.pages(query="the")) != []


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("burglary", "keep-a-business-or-club-safe"),
        ("graffiti", "after-damage-to-what-is-yours"),
        ("mugged", "after-a-robbery"),
        ("racist", "threats-or-abuse-in-public"),
        ("compensation", "compensation-property-and-expenses"),
        ("interpreter", "your-rights"),
        ("counselling", "support-for-you"),
        ("bike", "keep-your-bicycle-safe"),
        ("car", "keep-your-vehicle-safe"),
        ("burgled", "keep-your-home-safe"),
        ("scam", "how-we-contact-you"),
    ],
)
def test_people_find_it_by_the_words_they_use(asked: str, answer: str) -> None:
    """Not only by the words the page happens to use."""
    assert answer in slugs(ADVICE.pages(query=asked))[:2]


@given(st.text(max_size=300))
def test_no_query_is_an_error(query: str) -> None:
    """Whatever is typed, the answer is some of the pages."""
    assert {page.slug for page in ADVICE.pages(query=query)} <= set(SLUGS)


@pytest.mark.parametrize("slug", SLUGS)
def test_a_page_can_be_shown_under_its_own_title(slug: str) -> None:
    """A body is HTML without a first-level heading of its own, and every link in it leads on."""
    article = ADVICE.article(slug)
    page = next(each for each in ADVICE.pages() if each.slug == slug)

    assert article is not None
    assert article.html
    assert page.title == article.title
    assert page.summary
    assert "<h1" not in article.html
    for link in article.html.split('href="')[1:]:
        target = link.split('"')[0]
        assert target in ("/not-for-me", "/contact", "/advice") or target[8:] in SLUGS


def test_the_pages_the_order_sends_people_to_are_there() -> None:
    """The page that the order names for an offence is the first that its victim finds."""
    for subgroup, slug in ORDER["journey"]["advice_for"].items():
        assert ADVICE.pages(for_subgroups=[subgroup])[0].slug == slug


def test_offences_and_areas_named_by_pages_are_those_of_the_order() -> None:
    """No page is for an offence or a force that nobody has: a misspelt one would help nobody."""
    for matter in MATTERS.values():
        assert set(matter["for_subgroups"]) <= set(ORDER["eligibility"]["offence_subgroups"])
        assert matter["area"] in {"", *ORDER["forces"]}


@pytest.mark.parametrize("subgroup", ORDER["eligibility"]["offence_subgroups"])
def test_every_offence_of_the_order_has_a_page_of_its_own(subgroup: str) -> None:
    """Its victim finds that page first, and a page of support right after what fits."""
    first, *rest = slugs(ADVICE.pages(for_subgroups=[subgroup]))

    assert MATTERS[first]["for_subgroups"] == [subgroup]
    assert "support-for-you" in rest[:3]


@pytest.mark.parametrize("force", ORDER["forces"])
def test_every_force_of_the_order_has_a_page_of_its_own(force: str) -> None:
    """Local information is there for each, and among the first things its victims see."""
    local = next(slug for slug, matter in MATTERS.items() if matter["area"] == force)

    assert slugs(ADVICE.pages(area=force))[0] == local
    assert ORDER["forces"][force]["name"] in TEXTS[local]


def test_the_twelve_rights_are_there_and_say_what_they_mean_here() -> None:
    """Each right of the Victims' Code has its heading, by number, and a word on this portal."""
    parts = TEXTS["your-rights"].split("\n## ")[1:]

    assert [part.partition(". ")[0] for part in parts[:12]] == [str(n) for n in range(1, 13)]
    assert all("**Here:**" in part for part in parts[:12])


def test_no_page_is_due_for_review_when_it_is_written() -> None:
    """Every page has its next review within a year."""
    for matter in MATTERS.values():
        assert 0 < (matter["review_date"] - WRITTEN).days <= 366


@pytest.mark.parametrize("slug", SLUGS)
def test_no_page_has_a_number_or_address_that_could_be_somebodys(slug: str) -> None:
    """Only short numbers that everyone has, and no address of the web or of a mailbox."""
    numbers = set(re.findall(r"[0-9][0-9 ]{1,}[0-9]", TEXTS[slug].split("+++")[2]))

    short = {"101", "111", "116 123", "999", "7726", "55", "12", "18", "10", "18000", "18001 101"}
    assert numbers <= short
    assert not re.search(r"https?:|www\.|@", TEXTS[slug])


def test_headings_can_be_led_to() -> None:
    """Each second-level heading has an id, and the contents name it without its marks."""
    article = Advice({"page": GOOD + "\n## One *two*\n\ntext\n\n## Three"}).article("page")

    assert article is not None
    assert article.contents == (("part-1", "One two"), ("part-2", "Three"))
    for id_, _ in article.contents:
        assert f'<h2 id="{id_}">' in article.html


def test_nothing_but_our_own_pages_can_be_asked_for() -> None:
    """An unknown slug, or a path, is no page."""
    for slug in ("", "nothing", "../catalogue", "your-rights.md"):
        assert ADVICE.article(slug) is None


def test_html_in_a_page_is_shown_and_not_obeyed() -> None:
    """A script in a page is text, and a link that would run something is no link."""
    body = "<script>alert(1)</script> [x](javascript:alert(1))"
    article = Advice({"page": GOOD + body}).article("page")

    assert article is not None
    assert "<script" not in article.html
    assert "href" not in article.html


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("no front matter", "'page': begins with no front matter"),
        (GOOD.replace('"T"', '""'), "'page': .*title"),
        (GOOD.replace("area", "region"), "'page': .*region"),
        (GOOD.replace("[", ""), "'page': "),
        (GOOD.replace("2027-04-01", '"soon"'), "'page': .*review_date"),
    ],
)
def test_a_bad_page_is_refused_by_name(text: str, fault: str) -> None:
    """A page whose front matter is wrong stops the portal from starting, and is named."""
    with pytest.raises(ValueError, match=fault):
        Advice({"page": text})
