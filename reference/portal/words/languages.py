"""The fixed words of the pages, one TOML file for each language in `languages/`.

`rendering.py` looks words up by key. Another language is a file more, with the same keys and
placeholders as English: `reference.catalogue_check` refuses one that differs.
"""

from functools import cache
from pathlib import Path
from string import Formatter
from typing import Annotated, Literal

import msgspec
from markdown_it import MarkdownIt
from markupsafe import Markup
from msgspec import Meta, Struct

from reference.portal.toml_text import read_toml

ENGLISH = "en"
_FOLDER = Path(__file__).with_name("languages")
_Said = Annotated[str, Meta(min_length=1)]


class Language(Struct, frozen=True, forbid_unknown_fields=True):
    """What a browser and a screen reader must know: `code` as BCP 47 has it."""

    code: Annotated[str, Meta(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]+)*$")]
    name: _Said
    direction: Literal["ltr", "rtl"]


class Words:
    """The words of one language, safe to stand in HTML: what is filled in is escaped."""

    def __init__(self, text: str) -> None:
        """Read a language's file; raises ValueError naming the key that is wrong."""
        read = read_toml(text)
        self.language = msgspec.convert(read.pop("language", {}), Language)
        self._problems = msgspec.convert(read.pop("problems", {}), dict[str, _Said])
        tables = msgspec.convert(read, dict[str, dict[str, _Said]])
        said = {
            f"{table}.{name}": words
            for table, each in tables.items()
            for name, words in each.items()
        }
        self.placeholders = {key: _names(key, words) for key, words in said.items()}
        self._plain = said
        self._said = {key: _marked_up(words) for key, words in said.items()}

    def __call__(self, key: str, **values: object) -> Markup:
        """Return the words for a key, filled in; raises KeyError for an unknown one or no value."""
        words = self._said[key]
        return words.format(**values) if self.placeholders[key] else words

    def plain(self, key: str, **values: object) -> str:
        """Return the words for a key as they are written, filled in but not escaped: for dates."""
        return self._plain[key].format(**values)

    def problem(self, title: str) -> str:
        """Translate the title of a refusal, where the language's file has it."""
        return self._problems.get(title, title)


@cache
def words_of(language: str = ENGLISH) -> Words:
    """Read a language once; raises ValueError naming the file and what is wrong in it."""
    path = _FOLDER / f"{language}.toml"
    if language not in languages():
        raise ValueError(f"language {language!r}: not there; one of {', '.join(languages())}")
    try:
        return Words(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ValueError(f"languages/{path.name}: {error}") from None


@cache
def languages() -> tuple[str, ...]:
    """List the languages there are files for."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.toml")))


# Emphasis and links are obeyed, HTML is shown.
_MARKDOWN = MarkdownIt("commonmark", {"html": False})


def _marked_up(words: str) -> Markup:
    return Markup(_MARKDOWN.renderInline(words))  # noqa: S704  our own words, and no HTML of theirs


def _names(key: str, words: str) -> frozenset[str]:
    try:
        return frozenset(name for _, name, _, _ in Formatter().parse(words) if name is not None)
    except ValueError as error:
        raise ValueError(f"{key}: has a brace that does not match ({error})") from None
