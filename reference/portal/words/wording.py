"""The shape of the catalogue file: its tables and their fields.

`catalogue` makes messages and entries of them, `safe_wording` refuses what may never be said, and
`reference.catalogue_check` finds what is missing, there twice, or hard to read.
"""

from datetime import date
from string import Formatter
from typing import Annotated, Literal, TypeAlias, get_args

import msgspec
from msgspec import Meta, Struct

from reference.portal.toml_text import read_toml

# An organisation has no enhanced rights of its own; its named contact reads.
Audience: TypeAlias = Literal["standard", "enhanced", "organisation"]
AUDIENCES: tuple[Audience, ...] = get_args(Audience)
# Trigger, detail, variant, audience: one case of one reader.
Case: TypeAlias = tuple[str, str, str, Audience]
Said = Annotated[str, Meta(min_length=1)]
Years = Annotated[int, Meta(ge=5, le=18)]


class _Table(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of the file; an unknown key is a mistake."""


class _Agreed(_Table, frozen=True, kw_only=True):
    """Words that somebody in the force agreed, and when they are to be read again."""

    id: Said
    why: Said
    reading_age_max: Years
    agreed_by: Said
    role: Said
    agreed_on: date
    review_date: date


class MessageWords(_Agreed, frozen=True, kw_only=True):
    """What is sent under `id` and its other names; without an email it is a text alone."""

    also_as: tuple[Said, ...] = ()
    text: Said
    text_parts_max: Annotated[int, Meta(ge=1, le=6)] = 1
    email_subject: str = ""
    email_body: str = ""

    @property
    def ids(self) -> tuple[str, ...]:
        """Every name it is asked for by."""
        return (self.id, *self.also_as)


class TemplateWords(_Agreed, frozen=True, kw_only=True):
    """One case: what a victim is sent (`message`) and what they read (`title` and `text`).

    `source_field` is the field of the crime system that sets it off, as `CrimeClosed.outcome`, or
    "portal: …" for what the portal notices itself.
    """

    trigger: Said
    source_field: Said
    details: tuple[int | str, ...] = ()
    variant: str = ""
    phase: Annotated[int, Meta(ge=1, le=3)]
    audience: Literal["everyone", "standard", "enhanced", "organisation"] | tuple[Audience, ...]
    message: str
    title: str = ""
    text: str = ""

    @property
    def audiences(self) -> tuple[Audience, ...]:
        """The readers these words are for."""
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
    to_body: Said
    to_body_contact: Said
    told_by: Said


class Longest(_Table, frozen=True, kw_only=True):
    """The longest values a text is likely to hold."""

    force: Said
    portal: Said
    link: Said
    code: Said
    non_emergency: Said


class Checks(_Table, frozen=True, kw_only=True):
    """What the words are checked against."""

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
    """Read a catalogue; raises ValueError where it is not TOML or not of this shape."""
    return msgspec.convert(read_toml(toml), CatalogueWords)


def placeholders(words: str) -> set[str]:
    """List the placeholders of some words, with everything that is written after the name.

    Raises ValueError where braces do not match.
    """
    return {
        name + (f"!{conversion}" if conversion else "") + (f":{how}" if how else "")
        for _, name, how, conversion in Formatter().parse(words)
        if name is not None
    }


def described(trigger: str, detail: str = "", variant: str = "") -> str:
    """Name a case in words."""
    return (
        trigger
        + (f", {detail!r}" if detail else "")
        + (f", variant {variant!r}" if variant else "")
    )
