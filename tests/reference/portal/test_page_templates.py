"""The pages: that each is whole and accessible, escapes what people wrote, and loads nothing."""

import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import pytest

from reference.contract.messages import AdvicePage, ConversationPost, CrimeSummary, TimelineEntry
from reference.portal.advice import load_advice
from reference.portal.rendering import render

HOSTILE = "<script>alert('x')</script>\" onfocus=\"alert(1)"
AT = datetime(2026, 6, 3, 13, 15, tzinfo=UTC)
SIGN_IN_STEPS = ("address", "invitation", "agreed_word", "one_time_code")
VOID = frozenset({"meta", "link", "input", "br", "hr", "img"})


def crime(text: str) -> CrimeSummary:
    """Make a charged crime with `text` for what the crime system wrote."""
    return CrimeSummary(
        crime_reference="43260000123",
        offence=text,
        status="charged",
        force="thames_valley",
        officer_in_charge=text,
        updated_at=AT,
    )


def pages(text: str, error: str) -> dict[str, str]:
    """Every page with `text` wherever somebody's words can stand."""
    conversation = [
        ConversationPost(at=AT, author="victim", text=text, key="1"),
        ConversationPost(at=AT, author="officer", name=text, text=text, key="2"),
    ]
    timeline = [TimelineEntry(at=AT, kind="CrimeRecorded", title=text, text=text)]
    case: dict[str, Any] = {"crime": crime(text), "timeline": timeline, "csrf": text}
    asked = {"error": error, "typed": text, "csrf": text}
    advice = [AdvicePage(slug="your-rights", title=text, summary=text)]
    made = {
        f"sign_in {step}": render(
            "sign_in.html", step=step, step_id=text, token=text, force=text, **asked
        )
        for step in SIGN_IN_STEPS
    }
    return made | {
        "crimes": render("crimes.html", crimes=[crime(text)] * 2, force=text, csrf=text),
        "crimes, none": render("crimes.html", crimes=[], csrf=text),
        "crime, phase 1": render("crime.html", conversation=None, **case),
        "crime, nothing yet": render("crime.html", **{**case, "timeline": []}, conversation=[]),
        "crime": render("crime.html", conversation=conversation, error=error, typed=text, **case),
        "advice": render("advice.html", pages=advice, query=text, csrf=text, signed_in=True),
        "advice, none": render("advice.html", pages=[], query=text),
        "advice page": render(
            "advice_page.html", title=text, html=load_advice().html("your-rights")
        ),
        "not for me": render("not_for_me.html", **asked),
        "message": render("message.html", title=text, text=text, force=text),
        "message, bare": render("message.html", title="There is no such page", text=""),
    }


PLAIN = pages("Plain words", "")
WRONG = pages("Plain words", "Enter what we asked for")
EVIL = pages(HOSTILE, HOSTILE)


class Page(HTMLParser):
    """What a page holds, and whether its elements are closed in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.faults: list[str] = []
        self.feed(html)
        self.faults += self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Note an element closed out of order."""
        if not self.open or self.open.pop() != tag:
            self.faults.append(tag)

    def all(self, *tags: str) -> list[dict[str, str | None]]:
        """List the attributes of every element of these names."""
        return [attributes for tag, attributes in self.elements if tag in tags]


ALL = [
    pytest.param(html, id=f"{kind}: {name}")
    for kind, made in (("plain", PLAIN), ("wrong", WRONG), ("evil", EVIL))
    for name, html in made.items()
]


@pytest.mark.parametrize("html", ALL)
def test_a_page_is_whole(html: str) -> None:
    """Elements are closed in order, ids are unique, and one h1 stands in the one main landmark."""
    page = Page(html)
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]

    assert html.startswith("<!DOCTYPE html>")
    assert page.faults == []
    assert len(ids) == len(set(ids))
    assert len(page.all("h1")) == len(page.all("main")) == len(page.all("title")) == 1
    assert page.all("html") == [{"lang": "en-GB"}]
    assert html.index("<main") < html.index("<h1") < html.index("</main>")


@pytest.mark.parametrize("html", ALL)
def test_headings_skip_no_level(html: str) -> None:
    """Inside main, a heading is at most one level below the one before it."""
    main = html[html.index("<h1") : html.index("</main>")]
    levels = [int(level) for level in re.findall(r"<h([1-6])", main)]

    assert all(after - before <= 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("html", ALL)
def test_every_page_lets_people_leave_at_once(html: str) -> None:
    """The exit is a plain link near the top that tells the next site nothing."""
    links = Page(html).all("a")

    assert links[0]["href"] == "#main"
    assert links[1]["href"] == "https://www.bbc.co.uk/weather"
    assert "noreferrer" in str(links[1]["rel"])
    assert "Exit this page" in html


@pytest.mark.parametrize("html", ALL)
def test_every_page_says_how_to_get_help(html: str) -> None:
    """The footer has the emergency number, the other one, and a way to say 'not for me'."""
    footer = html[html.index("<footer") :]

    assert "In an emergency call" in footer
    for target in ("tel:999", "tel:101", "/not-for-me", "/advice"):
        assert f'href="{target}"' in footer


@pytest.mark.parametrize("html", ALL)
def test_every_input_has_a_label_and_its_hint_is_there(html: str) -> None:
    """Whatever can be filled in has a label, and what describes it exists."""
    page = Page(html)
    labelled = {attributes["for"] for attributes in page.all("label")}
    ids = {attributes.get("id") for _, attributes in page.elements}

    for attributes in page.all("input", "textarea", "select"):
        if attributes.get("type") == "hidden":
            continue
        assert attributes["id"] in labelled
        assert set(str(attributes.get("aria-describedby") or "").split()) <= ids
        assert attributes["maxlength"]
    for name in ("aria-labelledby", "aria-describedby"):
        for _, attributes in page.elements:
            assert set(str(attributes.get(name) or "").split()) <= ids


@pytest.mark.parametrize("html", ALL)
def test_every_form_that_changes_something_is_protected(html: str) -> None:
    """A POST form goes to this portal and holds csrf; a search by GET keeps csrf out of the URL."""
    forms = re.findall(r"<form.*?</form>", html, re.DOTALL)

    for form in forms:
        method = re.search(r'method="(\w+)"', form)
        assert method is not None
        assert re.search(r'action="/[^/]', form)
        assert ('name="csrf"' in form) == (method[1] == "post")


@pytest.mark.parametrize("html", ALL)
def test_a_page_loads_nothing_from_elsewhere(html: str) -> None:
    """No script, picture, frame or inline style; the one style sheet is our own."""
    page = Page(html)

    assert page.all("script", "img", "iframe", "object", "embed", "style", "base") == []
    assert [each["href"] for each in page.all("link")] == ["/static/portal.css"]
    for _, attributes in page.elements:
        assert not [name for name in attributes if name.startswith("on") or name == "style"]
        assert "src" not in attributes


@pytest.mark.parametrize(("name", "html"), EVIL.items())
def test_what_people_wrote_is_only_ever_text(name: str, html: str) -> None:
    """Hostile words appear escaped on each page that shows them, and never as markup."""
    assert "<script" not in html
    assert '" onfocus' not in html
    if name != "message, bare":
        assert "&lt;script&gt;" in html


@pytest.mark.parametrize(("name", "html"), WRONG.items())
def test_an_error_is_announced_and_leads_to_its_field(name: str, html: str) -> None:
    """A page with an error says so in its title and in a summary whose link leads to the field."""
    page = Page(html)
    summaries = [each for each in page.all("div") if each.get("role") == "alert"]
    if "Enter what we asked for" not in html:
        assert summaries == []
        return
    link = re.search(r'<a href="#([\w-]+)">Enter what we asked for</a>', html)

    assert len(summaries) == 1
    assert "<title>Error: " in html
    assert link is not None
    assert link[1] in {attributes.get("id") for _, attributes in page.elements}


def test_the_four_steps_ask_for_the_fields_the_portal_reads() -> None:
    """Each step of signing in posts to its own address with its own fields."""
    asked = {
        "address": ("/sign-in", ["csrf", "address"]),
        "invitation": ("/invitation", ["csrf", "token"]),
        "agreed_word": ("/sign-in/word", ["csrf", "step", "agreed_word"]),
        "one_time_code": ("/sign-in/code", ["csrf", "step", "code"]),
    }
    for step, (target, fields) in asked.items():
        page = Page(PLAIN[f"sign_in {step}"])
        assert [each["action"] for each in page.all("form")] == [target]
        assert [each["name"] for each in page.all("input")] == fields


def test_what_was_typed_stays_but_no_secret_does() -> None:
    """After an error an address and a message are shown again; the word and the code are not."""
    assert 'value="Plain words"' in WRONG["sign_in address"].replace('name="csrf" value', "")
    assert ">Plain words</textarea>" in WRONG["crime"]
    for step, field in (("agreed_word", "agreed_word"), ("one_time_code", "code")):
        inputs = Page(WRONG[f"sign_in {step}"]).all("input")
        assert [each["value"] for each in inputs if each["name"] == field] == [""]


def test_messages_are_there_only_when_two_way_is_live() -> None:
    """Before phase 3 there is no form; then it warns of danger and of disclosure."""
    assert "textarea" not in PLAIN["crime, phase 1"]
    assert 'action="/crimes/43260000123/questions"' in PLAIN["crime"]
    assert "may have to be shown to others" in PLAIN["crime"]
    assert "If you are in danger, do not write here. Call 999." in PLAIN["crime"]
    assert "There are no messages yet." in PLAIN["crime, nothing yet"]


def test_signing_out_is_offered_to_who_is_signed_in() -> None:
    """Somebody who reads their crimes can sign out; a page of advice must be told that they can."""
    assert 'action="/sign-out"' in PLAIN["crime"]
    assert 'action="/sign-out"' in PLAIN["advice"]
    assert 'action="/sign-out"' not in PLAIN["advice, none"]
    assert 'action="/sign-out"' not in PLAIN["sign_in address"]


def test_a_charged_case_does_not_read_as_closed() -> None:
    """The status of a charged crime says that someone has been charged."""
    assert "Someone has been charged" in PLAIN["crime"]
    assert "Closed" not in PLAIN["crime"]


def test_a_reference_cannot_leave_its_place_in_the_address() -> None:
    """A reference with characters of its own meaning is quoted in the address."""
    odd = CrimeSummary(
        crime_reference='4?x=#"', offence="Theft", status="open", force="x", updated_at=AT
    )

    assert 'href="/crimes/4%3Fx%3D%23%22"' in render("crimes.html", crimes=[odd], csrf="c")
