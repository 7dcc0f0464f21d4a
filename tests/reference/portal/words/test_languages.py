"""The words of the pages: all in one file, all used, and a second language is a file more."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment, nodes

from reference.operations.api_pages import LIMITS
from reference.portal.web.rendering import render
from reference.portal.words import languages
from reference.portal.words.languages import Words, words_of
from tests.each_of import each_of

PORTAL = Path(__file__).parents[4] / "reference/portal"
PAGES = PORTAL / "web/pages"
ENGLISH = (PORTAL / "words/languages/en.toml").read_text(encoding="utf-8")
SMALL = """
[language]
code = "en-GB"
name = "English"
direction = "ltr"
[page]
title = "Hello {name}"
exit = "Exit"
"""
# What Python asks for by key; everything else is asked for in templates.
ASKED_IN_PYTHON = {"dates.months", "dates.day", "dates.moment", "dates.am", "dates.pm"} | set(
    LIMITS.values()
)


def asked_for() -> dict[str, list[set[str]]]:
    """Collect every key that a template asks for, with the names it fills in each time."""
    found: dict[str, list[set[str]]] = {}
    for path in sorted(PAGES.glob("*.html")):
        tree = Environment(autoescape=True).parse(path.read_text(encoding="utf-8"))
        for call in tree.find_all(nodes.Call):
            if isinstance(call.node, nodes.Name) and call.node.name == "say":
                key = call.args[0]
                if isinstance(key, nodes.Const):
                    found.setdefault(key.value, []).append({each.key for each in call.kwargs})
    return found


def test_every_key_that_is_asked_for_is_there_and_none_is_idle() -> None:
    """A word that a page needs is never missing, and nobody translates what nobody reads."""
    assert asked_for().keys() | ASKED_IN_PYTHON == words_of().placeholders.keys()


@each_of(asked_for().items())
def test_a_page_fills_in_what_its_words_hold(key: str, given: list[set[str]]) -> None:
    """Each time, with every value and with none too many."""
    for names in given:
        assert names == words_of().placeholders[key]


@pytest.mark.parametrize("path", sorted(PAGES.glob("*.html")), ids=lambda path: str(path.name))
def test_a_template_has_no_words_of_its_own(path: Path) -> None:
    """Whatever a page says can be translated: no letter stands between its marks."""
    tree = Environment(autoescape=True).parse(path.read_text(encoding="utf-8"))
    text = "\0".join(each.data for each in tree.find_all(nodes.TemplateData))
    inside, shown = False, ""
    for letter in text:
        inside = letter == "<" or (inside and letter != ">")
        shown += "" if inside else letter

    assert not [letter for letter in shown if letter.isalpha()]


def test_words_may_lead_somewhere_and_stress_something() -> None:
    """Emphasis and links in the file are marks on the page; HTML is only text."""
    words = Words(SMALL.replace('"Exit"', "'[Exit](/x) **now** <b>'"))

    assert words("page.exit") == '<a href="/x">Exit</a> <strong>now</strong> &lt;b&gt;'


@given(st.text())
def test_what_is_filled_in_is_only_ever_text(name: str) -> None:
    """Whatever someone is called, no mark of theirs is one of the page's."""
    said = Words(SMALL)("page.title", name=name)

    assert not {"<", ">", '"', "'"} & set(said)
    assert said.unescape() == f"Hello {name}"


@pytest.fixture
def second(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A second language, in a folder of its own: Welsh, for the words that tests look at."""
    (tmp_path / "en.toml").write_text(ENGLISH, encoding="utf-8")
    changed = ENGLISH.replace('code = "en-GB"', 'code = "cy"').replace(
        'exit = "Exit this page"', 'exit = "Gadael y dudalen hon"'
    )
    problem = '"There is no such page" = "Nid oes tudalen o\'r fath"'
    (tmp_path / "cy.toml").write_text(f"{changed}\n[problems]\n{problem}\n", encoding="utf-8")
    monkeypatch.setattr(languages, "_FOLDER", tmp_path)
    languages.languages.cache_clear()
    yield "cy"
    languages.languages.cache_clear()


def test_a_second_language_is_a_file_more(second: str) -> None:
    """With the same keys it speaks on every page, and says what code it is."""
    html = render("message.html", language=second, title="There is no such page", text="")

    assert '<html lang="cy" dir="ltr">' in html
    assert ">Gadael y dudalen hon</a>" in html
    assert "<h1>Nid oes tudalen o&#39;r fath</h1>" in html


def test_what_is_there_in_english_only_is_marked_in_another_language(second: str) -> None:
    """A screen reader reads it as English there; on an English page nothing needs saying."""
    page: dict[str, Any] = {"title": "Advice", "html": "<p>In English.</p>"}

    assert '<article lang="en-GB">' in render("advice_page.html", language=second, **page)
    assert "<article>" in render("advice_page.html", **page)


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        (SMALL.replace("{name}", "{name"), "page.title: has a brace that does not match"),
        (SMALL.replace('"Exit"', '""'), "Expected `str` of length >= 1"),
        (SMALL.replace('"Exit"', "3"), "Expected `str`, got `int`"),
        (SMALL.replace('code = "en-GB"', 'code = "English!"'), "code"),
        (SMALL.replace('direction = "ltr"', 'direction = "up"'), "direction"),
        (SMALL.replace("[language]", "[languages]"), "code"),
    ],
)
def test_a_language_that_is_not_whole_is_refused_by_its_key(wrong: str, fault: str) -> None:
    """Nobody meets half a page: the file is refused, and what is wrong with it is named."""
    with pytest.raises(ValueError, match=re.escape(fault)):
        Words(wrong)


@pytest.mark.parametrize("language", ["xx", "", "../en", "en.toml"])
def test_a_language_that_is_not_there_is_refused(language: str) -> None:
    """A code leads to a file of ours or to nothing."""
    with pytest.raises(ValueError, match="not there; one of en"):
        words_of(language)


def test_a_key_that_is_not_there_is_an_error() -> None:
    """A page with a misspelt key is never shown with a gap."""
    says: Any = words_of()

    with pytest.raises(KeyError, match=r"page\.exits"):
        says("page.exits")
    with pytest.raises(KeyError, match="number"):
        says("crimes.none")
