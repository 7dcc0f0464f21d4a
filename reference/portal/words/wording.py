"""The shape of the catalogue, and the rules its words on pages must keep.

`catalogue` reads the file into these tables; `message_rules` holds what is sent to stricter rules,
and `catalogue_coverage` finds what is missing or there twice.
"""

import re
import tomllib
from collections.abc import Iterator
from datetime import date
from string import Formatter
from typing import Annotated, Any, Literal, TypeAlias, get_args

import msgspec
from msgspec import Meta, Struct

# An organisation has no enhanced rights of its own; its named contact reads.
Audience: TypeAlias = Literal["standard", "enhanced", "organisation"]
AUDIENCES: tuple[Audience, ...] = get_args(Audience)
# Trigger, detail, variant, audience: one case of one reader.
Case: TypeAlias = tuple[str, str, str, Audience]
Said = Annotated[str, Meta(min_length=1)]
Years = Annotated[int, Meta(ge=5, le=18)]


class _Table(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of the file, in which a key nobody knows is a mistake."""


class MessageWords(_Table, frozen=True, kw_only=True):
    """What goes out under `id`, and under other names word for word; no email is a text alone."""

    id: Said
    also_as: tuple[Said, ...] = ()
    text: Said
    text_parts_max: Annotated[int, Meta(ge=1, le=6)] = 1
    email_subject: str = ""
    email_body: str = ""
    why: Said
    reading_age_max: Years
    review_date: date

    @property
    def ids(self) -> tuple[str, ...]:
        """Every name it is asked for by."""
        return (self.id, *self.also_as)


class TemplateWords(_Table, frozen=True, kw_only=True):
    """One case: what a victim is sent (`message`) and what they read (`title` and `text`)."""

    id: Said
    trigger: Said
    details: tuple[int | str, ...] = ()
    variant: str = ""
    phase: Annotated[int, Meta(ge=1, le=3)]
    audience: Literal["everyone", "standard", "enhanced", "organisation"] | tuple[Audience, ...]
    message: str
    title: str = ""
    text: str = ""
    why: Said
    reading_age_max: Years
    review_date: date

    @property
    def audiences(self) -> tuple[Audience, ...]:
        """Whom these words are for."""
        if isinstance(self.audience, tuple):
            return self.audience
        return AUDIENCES if self.audience == "everyone" else (self.audience,)

    @property
    def cases(self) -> list[Case]:
        """Every case these words are for; the detail "" is any that has no words of its own."""
        details = [str(each) for each in self.details] or [""]
        return [
            (self.trigger, detail, self.variant, audience)
            for detail in details
            for audience in self.audiences
        ]


class Blank(_Table, frozen=True, kw_only=True):
    """What a page says where the crime system gave nothing: every name that may stand there."""

    officer: Said
    collar_number: Said
    team: Said
    when: Said
    place: Said
    force: Said
    witness_care: Said
    reference: Said
    to_force: Said
    until: Said


class Longest(_Table, frozen=True, kw_only=True):
    """The longest values a text is likely to hold."""

    force: Said
    portal: Said
    link: Said
    code: Said
    non_emergency: Said


class Checks(_Table, frozen=True, kw_only=True):
    """What words are held against."""

    denied_in_messages: tuple[Said, ...]
    denied_on_pages: tuple[Said, ...]
    sentence_words_max: Annotated[int, Meta(ge=1)]
    reading_age_max: Years
    longest: Longest


class CatalogueWords(_Table, frozen=True, kw_only=True):
    """The whole file."""

    checks: Checks
    blank: Blank
    message: tuple[MessageWords, ...]
    template: tuple[TemplateWords, ...]


def read(toml: str) -> CatalogueWords:
    """Read a catalogue; raises ValueError with one sentence naming the table and field."""
    try:
        tables = tomllib.loads(toml)
    except ValueError as error:
        raise ValueError(f"is not TOML: {error}") from None
    try:
        return msgspec.convert(tables, CatalogueWords)
    except msgspec.ValidationError as error:
        raise ValueError(_explained(str(error), tables)) from None


def placeholders(words: str) -> set[str]:
    """Name the placeholders of some words, with whatever is written after the name.

    Raises ValueError where braces do not match.
    """
    return {
        name + (f"!{conversion}" if conversion else "") + (f":{how}" if how else "")
        for _, name, how, conversion in Formatter().parse(words)
        if name is not None
    }


def faults_of_page(template: TemplateWords, checks: Checks) -> Iterator[str]:
    """Find what the words of a page say that they may not."""
    for field in ("title", "text"):
        words = getattr(template, field).casefold()
        for denied in checks.denied_on_pages:
            if denied in words:
                yield f"{field} has {denied!r}, which blames or promises; say it another way"
        yield from faults_of_sentences(field, words, checks)
    yield from faults_of_stated_age(template, checks)


def faults_of_placeholders(field: str, words: str, allowed: frozenset[str]) -> Iterator[str]:
    """Find names in braces that nothing fills in there."""
    try:
        unknown = placeholders(words) - allowed
    except ValueError as error:
        yield f"{field} has a brace that does not match: {error}"
        return
    for name in sorted(unknown):
        known = ", ".join(sorted(allowed)) or "nothing"
        yield f"{field} has {{{name}}}; only {known} may stand there"


def faults_of_sentences(field: str, words: str, checks: Checks) -> Iterator[str]:
    """Find sentences that are too long to be read in one breath."""
    for sentence in _SENTENCE_ENDS.split(words.strip()):
        count = len(sentence.split())
        if count > checks.sentence_words_max:
            begins = " ".join(sentence.split()[:4])
            yield (
                f"{field} has a sentence of {count} words ({begins!r} …);"
                f" at most {checks.sentence_words_max}, so make two of it"
            )


def faults_of_stated_age(words: MessageWords | TemplateWords, checks: Checks) -> Iterator[str]:
    """Find a stated reading age that is above the catalogue's own limit."""
    if words.reading_age_max > checks.reading_age_max:
        yield (
            f"reading_age_max is {words.reading_age_max};"
            f" at most {checks.reading_age_max}, so use plainer words"
        )


# A sentence ends with its mark and a space, a paragraph without one.
_SENTENCE_ENDS = re.compile(r"(?<=[.!?])\s+|\n\s*\n")
_PLACE = re.compile(r" - at `\$\.?(?P<path>.*)`$")
_NAMED = re.compile(r"(?P<table>message|template)\[(?P<number>\d+)\]\.?(?P<field>.*)")


def _explained(error: str, tables: dict[str, Any]) -> str:
    """Say what msgspec found, by the id of the table and with the value that stands there."""
    place = _PLACE.search(error)
    what = error[: place.start()] if place else error
    path = place["path"] if place else ""
    named = _NAMED.fullmatch(path)
    holder: Any = tables
    if named:
        holder = tables[named["table"]][int(named["number"])]
        has_id = isinstance(holder, dict) and "id" in holder
        whose = repr(holder["id"]) if has_id else f"number {int(named['number']) + 1}"
        path, where = named["field"], f"{named['table']} {whose}: "
    else:
        where = ""
    if match := re.fullmatch(r"Object missing required field `(.*)`", what):
        return f"{where}{_joined(path, match[1])} is missing; add it"
    if match := re.fullmatch(r"Object contains unknown field `(.*)`", what):
        return f"{where}{_joined(path, match[1])} means nothing here; take it out"
    value = holder.get(path, "") if isinstance(holder, dict) else ""
    shown = f" is {_shortened(value)}" if value != "" else ""
    return f"{where}{path or 'the file'}{shown}: {what[:1].lower()}{what[1:]}"


def _shortened(value: object) -> str:
    """Show a value in an error, as much of it as fits a line."""
    shown = repr(value)
    return shown if len(shown) <= 60 else f"{shown[:60]}…"


def _joined(path: str, field: str) -> str:
    return f"{path}.{field}" if path else field
