"""General advice: the pages a victim may read at any time, those for their offence first.

Each is a Markdown file with TOML front matter; all are read, checked and turned into HTML once.
"""

import re
import tomllib
from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated

import msgspec
from markdown_it import MarkdownIt
from msgspec import Meta, Struct

from reference.contract.messages import AdvicePage

QUERY_CHARACTERS_MAX = 100
_FOLDER = Path(__file__).with_name("advice")
_FRONT_MATTER = re.compile(r"\+\+\+\n(?P<matter>.*?)\n\+\+\+\n(?P<body>.*)", re.DOTALL)
_WORD = re.compile(r"\w+")


class FrontMatter(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What stands above a page; `area` is "" where the page is for everywhere."""

    title: Annotated[str, Meta(min_length=1)]
    summary: Annotated[str, Meta(min_length=1)]
    for_subgroups: tuple[str, ...]
    area: str
    review_date: date


class Advice:
    """Every page, ready to list, search and show."""

    def __init__(self, texts: dict[str, str]) -> None:
        """Check pages by slug; raises ValueError naming the page and what is wrong with it."""
        read = [_Page(slug, text) for slug, text in texts.items()]
        self._pages = sorted(read, key=lambda page: page.shown.title.casefold())
        self._by_slug = {page.shown.slug: page for page in self._pages}

    def pages(self, *, for_subgroups: Iterable[str] = (), query: str = "") -> list[AdvicePage]:
        """List the pages, those for these offence subgroups first, then by title.

        With a query, only those in which some word begins with each word asked for.
        """
        mine = frozenset(for_subgroups)
        wanted = _words(query[:QUERY_CHARACTERS_MAX])
        found = [page for page in self._pages if page.has(wanted)]
        found.sort(key=lambda page: mine.isdisjoint(page.for_subgroups))
        return [page.shown for page in found]

    def page(self, slug: str) -> AdvicePage | None:
        """Find what a page is called, or None."""
        page = self._by_slug.get(slug)
        return page.shown if page else None

    def html(self, slug: str) -> str | None:
        """Give a page's body as HTML that is safe to show, or None when there is no such page."""
        page = self._by_slug.get(slug)
        return page.html if page else None


@cache
def load_advice() -> Advice:
    """Read the portal's own pages, once; raises ValueError naming the page."""
    return Advice(
        {path.stem: path.read_text(encoding="utf-8") for path in sorted(_FOLDER.glob("*.md"))}
    )


class _Page:
    """One page as it was read."""

    def __init__(self, slug: str, text: str) -> None:
        match = _FRONT_MATTER.fullmatch(text)
        if match is None:
            raise ValueError(f"advice {slug!r}: begins with no front matter between +++ lines")
        try:
            matter = msgspec.convert(tomllib.loads(match["matter"]), FrontMatter)
        except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
            raise ValueError(f"advice {slug!r}: {error}") from None
        self.shown = AdvicePage(slug=slug, title=matter.title, summary=matter.summary)
        self.for_subgroups = matter.for_subgroups
        self.html: str = _MARKDOWN.render(match["body"])
        self._words = _words(f"{matter.title} {matter.summary} {match['body']}")

    def has(self, wanted: frozenset[str]) -> bool:
        return all(any(word.startswith(each) for word in self._words) for each in wanted)


# HTML in a page is shown, not obeyed; the renderer refuses links that would run something.
_MARKDOWN = MarkdownIt("commonmark", {"html": False})


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.casefold()))
