"""General advice: the pages a victim may read at any time, those that fit their crime first.

Each is a Markdown file with TOML front matter; all are read, checked and turned into HTML once.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Annotated

import msgspec
from markdown_it import MarkdownIt
from markdown_it.token import Token
from msgspec import Meta, Struct

from reference.contract.messages import AdvicePage
from reference.portal.settings import Support
from reference.portal.toml_text import read_toml

QUERY_CHARACTERS_MAX = 100
_FOLDER = Path(__file__).with_name("advice")
_FRONT_MATTER = re.compile(r"\+\+\+\n(?P<matter>.*?)\n\+\+\+\n(?P<body>.*)", re.DOTALL)
_TO_FILL_IN = re.compile(r"^> [^\n]* the support service's [^\n]*$", re.MULTILINE)
_WORD = re.compile(r"\w+")
# Words that say nothing of what is wanted, unless they are all that was asked.
_SMALL_WORDS = frozenset(
    _WORD.findall(
        "a about am an and are can do for from get have how i if in is it me my of on or our s"
        " should that the their to us was we what when where who will with you your"
    )
)


class FrontMatter(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What stands above a page.

    `for_subgroups` are the offences it is about, `area` the key of the force it is about ("" for
    everywhere), `found_by` words that people may search for and the page does not use.
    """

    title: Annotated[str, Meta(min_length=1)]
    summary: Annotated[str, Meta(min_length=1)]
    for_subgroups: tuple[str, ...]
    area: str
    review_date: date
    found_by: tuple[str, ...] = ()


class Article(Struct, frozen=True, kw_only=True):
    """One page to read: `html` is safe to show, `contents` lists its headings by id."""

    title: str
    html: str
    contents: tuple[tuple[str, str], ...]
    review_date: date


class Advice:
    """Every page, ready to list, search and show."""

    def __init__(self, texts: dict[str, str]) -> None:
        """Check pages by slug; raises ValueError naming the page and what is wrong with it."""
        read = [_Page(slug, text) for slug, text in texts.items()]
        self._pages = sorted(read, key=lambda page: page.shown.title.casefold())
        #: Whole pages to read, by slug.
        self.articles = {page.shown.slug: page.article for page in self._pages}

    def pages(
        self, *, for_subgroups: Iterable[str] = (), area: str = "", query: str = ""
    ) -> list[AdvicePage]:
        """List the pages, most relevant first.

        Those for these offence subgroups come first, the most particular before the others; then
        those for this area (the key of a force), those for everyone, and those for others' cases,
        each by title. Another area's are left out, unless no area is given. With a query, only
        pages in which some word begins with each word asked for: in the title before in the summary
        before in the text, and whole words before beginnings.
        """
        mine = frozenset(for_subgroups)
        wanted = _asked(query)
        found = [
            (page, worth)
            for page in self._pages
            if not (area and page.area and page.area != area)
            and (worth := page.worth(wanted)) is not None
        ]
        found.sort(key=lambda each: (-each[1], each[0].distance(mine, area)))
        return [page.shown for page, _ in found]

    def article(self, slug: str) -> Article | None:
        """Return a whole page to read, or None when there is no such page."""
        return self.articles.get(slug)


@cache
def load_advice(services: tuple[tuple[str, Support], ...] = ()) -> Advice:
    """Read the portal's own pages, once; raises ValueError naming the page.

    `services` are the support services by the key of their force. They stand on the page for its
    area, where a force without one is asked to fill it in.
    """
    texts = {path.stem: path.read_text(encoding="utf-8") for path in sorted(_FOLDER.glob("*.md"))}
    for area, support in services:
        said = f"Call **{support.name}** on **{support.number}**, or go to {support.website}."
        slug = f"local-{area.replace('_', '-')}"
        if slug in texts:
            texts[slug] = said.join(_TO_FILL_IN.split(texts[slug]))
    return Advice(texts)


class _Page:
    """One page as it was read."""

    def __init__(self, slug: str, text: str) -> None:
        match = _FRONT_MATTER.fullmatch(text)
        if match is None:
            raise ValueError(f"advice {slug!r}: begins with no front matter between +++ lines")
        try:
            matter = msgspec.convert(read_toml(match["matter"]), FrontMatter)
        except ValueError as error:
            raise ValueError(f"advice {slug!r}: {error}") from None
        self.shown = AdvicePage(
            slug=slug, title=matter.title, summary=matter.summary, text=match["body"]
        )
        self.area = matter.area
        html, contents = _rendered(match["body"])
        self.article = Article(
            title=matter.title, html=html, contents=contents, review_date=matter.review_date
        )
        self._for_subgroups = frozenset(matter.for_subgroups)
        summary = " ".join((matter.summary, *matter.found_by))
        self._words = [_Words(each) for each in (matter.title, summary, match["body"])]

    def worth(self, wanted: frozenset[str]) -> int | None:
        """Rank how well it answers a search; None when it lacks a word."""
        worths = [self._worth(each) for each in wanted]
        return sum(worths) if all(worths) else None

    def distance(self, mine: frozenset[str], area: str) -> tuple[int, bool]:
        """Rank how far it is from a victim's own case, and whether it is for another area."""
        subgroups = self._for_subgroups
        is_elsewhere = not (area and self.area == area)
        if not mine.isdisjoint(subgroups):
            return len(subgroups), is_elsewhere
        return _FAR + bool(mine and subgroups), is_elsewhere

    def _worth(self, start: str) -> int:
        places = zip((9, 3, 1), self._words, strict=True)
        return max(worth * words.match(start) for worth, words in places)


_FAR = 1000


class _Words:
    """The words of a text, to look up by their beginning."""

    def __init__(self, text: str) -> None:
        self._sorted = sorted(set(_WORD.findall(text.casefold())))

    def match(self, start: str) -> int:
        """Rate it: a word of the text (2), the beginning of one (1), or neither (0)."""
        at = bisect_left(self._sorted, start)
        if at == len(self._sorted) or not self._sorted[at].startswith(start):
            return 0
        return 2 if self._sorted[at] == start else 1


def _asked(query: str) -> frozenset[str]:
    words = frozenset(_WORD.findall(query[:QUERY_CHARACTERS_MAX].casefold()))
    return words - _SMALL_WORDS or words


# HTML in a page is shown, not obeyed; the renderer refuses links that would run something.
_MARKDOWN = MarkdownIt("commonmark", {"html": False})


def _rendered(body: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    tokens = _MARKDOWN.parse(body)
    contents: list[tuple[str, str]] = []
    for opening, inside in pairwise(tokens):
        if opening.type == "heading_open" and opening.tag == "h2":
            contents.append((f"part-{len(contents) + 1}", _plain(inside)))
            opening.attrSet("id", contents[-1][0])
    html: str = _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})
    return html, tuple(contents)


def _plain(inline: Token) -> str:
    return "".join(each.content for each in inline.children or ())
