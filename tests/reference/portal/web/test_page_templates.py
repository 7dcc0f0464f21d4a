"""The pages: that each is whole and accessible, escapes what people wrote, and loads nothing."""

import re
from html.parser import HTMLParser
from itertools import pairwise
from typing import get_args, get_type_hints

import jinja2
import pytest

from reference.contract.messages import CrimeSummary
from reference.operations.api_pages import documentation_page
from reference.portal.web.rendering import render
from tests.each_of import each_of
from tests.reference.contract.document import DOCUMENT
from tests.reference.portal.gallery import AT, SIGN_IN_STEPS, STATUSES, crime, gallery

HOSTILE = "<script>alert('x')</script>\" onfocus=\"alert(1)"
VOID = frozenset({"meta", "link", "input", "br", "hr", "img"})
# Pages that show nobody's words.
BARE = ("message: bare", "not for me: thanks", "docs")

DOCS = {"docs": documentation_page(DOCUMENT)}
PLAIN = gallery("Plain words") | DOCS
WRONG = gallery("Plain words", "Enter what we asked for")
EVIL = gallery(HOSTILE, HOSTILE)


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


ALL = {
    f"{kind}: {name}": (html,)
    for kind, made in (("plain", PLAIN), ("wrong", WRONG), ("evil", EVIL))
    for name, html in made.items()
}


@each_of(ALL)
def test_a_page_is_whole(html: str) -> None:
    """Elements are closed in order, ids are unique, and one h1 stands in the one main landmark."""
    page = Page(html)
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]

    assert html.startswith("<!DOCTYPE html>")
    assert page.faults == []
    assert len(ids) == len(set(ids))
    assert len(page.all("h1")) == len(page.all("main")) == len(page.all("title")) == 1
    assert page.all("html") == [{"lang": "en-GB", "dir": "ltr"}]
    assert html.index("<main") < html.index("<h1") < html.index("</main>")


@each_of(ALL)
def test_headings_skip_no_level(html: str) -> None:
    """Inside main, a heading is at most one level below the one before it."""
    main = html[html.index("<h1") : html.index("</main>")]
    levels = [int(level) for level in re.findall(r"<h([1-6])", main)]

    assert all(after - before <= 1 for before, after in pairwise(levels))


@each_of(ALL)
def test_every_page_lets_people_leave_at_once(html: str) -> None:
    """The exit is a plain link near the top that tells the next site nothing."""
    links = Page(html).all("a")

    assert links[0]["href"] == "#main"
    assert links[1]["href"] == "https://www.bbc.co.uk/weather"
    assert "noreferrer" in str(links[1]["rel"])
    assert "Exit this page" in html


@each_of(ALL)
def test_every_page_says_how_to_get_help(html: str) -> None:
    """The footer has the emergency number, the other one, and a way to say 'not for me'."""
    footer = html[html.index("<footer") :]

    assert "In an emergency call" in footer
    for target in ("tel:999", "tel:101", "/advice"):
        assert f'href="{target}"' in footer
    assert '<a href="/not-for-me">This is not for me</a>' in footer


@each_of(ALL)
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
        # A text too long is refused with a word why; cut short in the browser it would be lost.
        assert attributes["maxlength"] if attributes.get("type") in ("text", "search") else True
    for name in ("aria-labelledby", "aria-describedby"):
        for _, attributes in page.elements:
            assert set(str(attributes.get(name) or "").split()) <= ids


@each_of(ALL)
def test_every_form_that_changes_something_is_protected(html: str) -> None:
    """A POST form goes to this portal and holds csrf; a search by GET keeps csrf out of the URL."""
    forms = re.findall(r"<form.*?</form>", html, re.DOTALL)

    for form in forms:
        method = re.search(r'method="(\w+)"', form)
        assert method is not None
        assert re.search(r'action="/[^/]', form)
        assert ('name="csrf"' in form) == (method[1] == "post")


@each_of(ALL)
def test_a_page_loads_nothing_from_elsewhere(html: str) -> None:
    """No script, picture, frame or inline style; the one style sheet is our own."""
    page = Page(html)

    assert page.all("script", "img", "iframe", "object", "embed", "style", "base") == []
    assert [each["href"] for each in page.all("link")] == ["/static/portal.css"]
    for _, attributes in page.elements:
        assert not [name for name in attributes if name.startswith("on") or name == "style"]
        assert "src" not in attributes


@each_of({name: (name, html) for name, html in EVIL.items()})
def test_what_people_wrote_is_only_ever_text(name: str, html: str) -> None:
    """Hostile words appear escaped on each page that shows them, and never as markup."""
    assert "<script" not in html
    assert '" onfocus' not in html
    if name not in BARE:
        assert "&lt;script&gt;" in html


@each_of({name: (name, html) for name, html in WRONG.items()})
def test_an_error_is_announced_and_leads_to_its_field(name: str, html: str) -> None:
    """A page with an error says so in its title and in a summary whose link leads to the field."""
    page = Page(html)
    summaries = [each for each in page.all("div") if each.get("class") == "error-summary"]
    if "Enter what we asked for" not in html:
        assert summaries == []
        return
    link = re.search(r'<a href="#([\w-]+)">Enter what we asked for</a>', html)

    assert len(summaries) == 1
    assert '<div class="error-summary">\n  <div role="alert">' in html
    assert "<title>Error: " in html
    assert link is not None
    assert link[1] in {attributes.get("id") for _, attributes in page.elements}


def test_each_step_asks_for_the_fields_the_portal_reads() -> None:
    """Each step of signing in posts to its own address with its own fields."""
    asked = {
        "address": ("/sign-in", ["csrf", "address"]),
        "invitation": ("/invitation", ["csrf", "token"]),
        "agreed_word": ("/sign-in/word", ["csrf", "step", "agreed_word"]),
        "date_of_birth": ("/sign-in/date-of-birth", ["csrf", "step", "day", "month", "year"]),
        "one_time_code": ("/sign-in/code", ["csrf", "step", "code"]),
    }
    assert asked.keys() == set(SIGN_IN_STEPS)
    for step, (target, fields) in asked.items():
        page = Page(PLAIN[f"sign in: {step}"])
        assert [each["action"] for each in page.all("form")] == [target]
        assert [each["name"] for each in page.all("input")] == fields


def test_what_was_typed_stays_but_no_secret_does() -> None:
    """After an error an address and a message are shown again; the word and the code are not."""
    assert 'value="Plain words"' in WRONG["sign in: address"].replace('name="csrf" value', "")
    assert ">Plain words</textarea>" in WRONG["crime"]
    for step, field in (("agreed_word", "agreed_word"), ("one_time_code", "code")):
        inputs = Page(WRONG[f"sign in: {step}"]).all("input")
        assert [each["value"] for each in inputs if each["name"] == field] == [""]


def test_the_part_of_a_date_that_is_wrong_is_the_one_that_is_marked() -> None:
    """The summary leads to it and a screen reader hears it there; with none named, to all three."""
    for name, wrong in (
        ("sign in: date_of_birth, a month wrong", ["month"]),
        ("sign in: date_of_birth", ["day", "month", "year"]),
    ):
        page = Page(WRONG[name])

        assert [each["name"] for each in page.all("input") if "aria-invalid" in each] == wrong
        assert f'<a href="#{wrong[0]}">' in WRONG[name]
        assert not [each for each in Page(PLAIN[name]).all("input") if "aria-invalid" in each]


def test_the_invitation_says_which_proof_comes_next() -> None:
    """Nobody is told of a word who never agreed one, nor of a birthday who did."""
    by_word = PLAIN["sign in: invitation"]
    by_date = PLAIN["sign in: invitation, by date of birth"]

    assert "the word you agreed with us" in by_word
    assert "date of birth" not in by_word
    assert "your date of birth" in by_date
    assert not re.search(r"\bword\b", by_date + PLAIN["sign in: date_of_birth"])


def test_signing_out_is_offered_to_who_is_signed_in() -> None:
    """Someone who reads their crimes can sign out; a page of advice must be told that they can."""
    assert 'action="/sign-out"' in PLAIN["crime"]
    assert 'action="/sign-out"' in PLAIN["advice"]
    assert 'action="/sign-out"' not in PLAIN["advice: none found"]
    assert 'action="/sign-out"' not in PLAIN["sign in: address"]


def test_every_status_of_the_contract_has_words() -> None:
    """A status that is new in the contract must be said on the pages too, and nothing else is."""
    assert set(STATUSES) == set(get_args(get_type_hints(CrimeSummary)["status"]))

    for status in STATUSES:
        assert f'<strong class="tag {status}">' in PLAIN["crimes"]
    with pytest.raises(jinja2.UndefinedError, match="lost"):
        render("crimes.html", crimes=[crime("x", "lost")], csrf="c")


def test_a_reference_cannot_leave_its_place_in_the_address() -> None:
    """A reference with characters of its own meaning is quoted in the address."""
    odd = CrimeSummary(
        crime_reference='4?x=#"', offence="Theft", status="open", force="x", updated_at=AT
    )

    assert 'href="/crimes/4%3Fx%3D%23%22"' in render("crimes.html", crimes=[odd], csrf="c")


def test_how_we_contact_you_posts_what_the_portal_reads() -> None:
    """Channels and stopping are forms of one address, and nothing there withdraws."""
    page = Page(PLAIN["contact"])
    named = [
        (each["name"], each.get("value")) for each in page.all("input", "button") if "name" in each
    ]

    assert {each["action"] for each in page.all("form")} == {"/contact", "/sign-out"}
    assert [each for each in named if each[0] != "csrf"] == [
        ("channels", "text"),
        ("channels", "email"),
        ("stop", "yes"),
    ]
    assert [each.get("value") for each in page.all("input") if "checked" in each] == ["text"]
    assert PLAIN["contact: saved"].count('href="/crimes/43260000123/withdrawal"') == 2


def test_how_we_contact_you_shows_no_whole_address() -> None:
    """A person looking over a shoulder learns neither number nor mailbox."""
    for name, html in PLAIN.items():
        if name.startswith("contact"):
            assert "07700900123" not in html
            assert "alex@" not in html


def test_nobody_asks_to_talk_about_withdrawing_by_one_press() -> None:
    """The first page and its button only lead on; what asks an officer is on the second."""
    assert 'name="confirmed"' not in PLAIN["withdrawal: first"]
    assert 'name="confirmed" value="yes"' in PLAIN["withdrawal: again"]
    assert PLAIN["withdrawal: asked"].count("<form") == PLAIN["crimes"].count("<form")
    for step in ("first", "again"):
        assert "An officer will speak to you" in PLAIN[f"withdrawal: {step}"]
        assert "<title>Your report - " in PLAIN[f"withdrawal: {step}"]
    assert "nothing has changed" in PLAIN["withdrawal: asked"]
    assert "Stop all messages" not in PLAIN["contact: stopped"]
